from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import RecordCapturer

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestCreditLimit(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit = cls.create_hold_type(
            "Credit",
            "credit_limit",
            recheck=True,
            block_ship=True,
            lift_group_ids=[Command.link(cls.credit_group.id)],
        )
        cls.customer.credit_limit = 1000

    def test_exactly_at_the_limit_passes(self):
        order = self.create_order(*self.lines(100))
        self.assertHeld(order)
        self.assertReleased(order)

    def test_above_the_limit_is_held_with_figures(self):
        order = self.create_order(*self.lines(101))
        self.assertHeld(order, self.credit)
        self.assertNotReleased(order)
        self.assertTrue(order.order_line.oms_release_pending)
        reason = order.oms_hold_ids.reason
        self.assertIn("1,010.00", reason)
        self.assertIn("1,000.00", reason)
        self.assertIn(self.customer.name, reason)

    def test_no_limit_no_hold(self):
        self.customer.credit_limit = 0
        self.assertHeld(self.create_order(*self.lines(900)))

    def test_default_limit_for_customers_without_one(self):
        self.customer.credit_limit = 0
        self.credit.credit_default_limit = 500
        self.assertHeld(self.create_order(*self.lines(50)))
        self.assertHeld(self.create_order(*self.lines(1)), self.credit)

    def test_earlier_order_counts_although_invoiced_on_delivery(self):
        # Odoo's own figure leaves out what is not delivered yet
        first = self.create_order(*self.lines(60, self.by_delivery))
        self.assertHeld(first)
        self.assertHeld(self.create_order(*self.lines(41)), self.credit)
        self.assertHeld(self.create_order(*self.lines(0.5)), self.credit)

    def test_two_orders_confirmed_together_count_both(self):
        orders = self.create_order(*self.lines(60), confirm=False)
        orders += self.create_order(*self.lines(60), confirm=False)
        orders.action_confirm()
        self.assertHeld(orders[0])
        self.assertHeld(orders[1], self.credit)
        self.assertReleased(orders[0])
        self.assertNotReleased(orders[1])

    def test_later_orders_do_not_stop_earlier_ones(self):
        first = self.create_order(*self.lines(60))
        second = self.create_order(*self.lines(60))
        self.assertHeld(second, self.credit)
        first._oms_recheck_holds("cron")
        self.assertHeld(first)

    def test_addresses_of_one_company_share_the_limit(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id, "type": "invoice"}
        )
        self.create_order(*self.lines(60))
        second = self.create_order(
            *self.lines(60), partner_id=branch.id, partner_invoice_id=branch.id
        )
        self.assertHeld(second, self.credit)

    def test_invoice_moves_exposure_from_order_to_receivable(self):
        order = self.create_order(*self.lines(100))
        self.ship(order)
        invoice = self.invoice(order)
        position = order._oms_get_credit_positions()[order]
        self.assertEqual(
            (position.receivable, position.ahead, position.own), (1000, 0, 0)
        )
        self.assertHeld(self.create_order(*self.lines(1)), self.credit)
        self.pay(invoice)
        self.assertHeld(self.create_order(*self.lines(99)))

    def test_draft_invoice_still_counts_as_order(self):
        order = self.create_order(*self.lines(100))
        order._create_invoices()
        position = order._oms_get_credit_positions()[order]
        self.assertEqual(
            (position.receivable, position.ahead, position.own), (0, 0, 1000)
        )

    def test_short_closed_rest_no_longer_counts(self):
        order = self.create_order(*self.lines(100, self.by_delivery))
        self.validate(order.picking_ids, {self.by_delivery: 40}, backorder=False)
        self.assertEqual(order._oms_get_credit_positions()[order].own, 400)

    def test_returned_and_not_invoiced_no_longer_counts(self):
        order = self.create_order(*self.lines(100, self.by_delivery))
        self.ship(order)
        self.return_goods(order.picking_ids, 30)
        self.assertEqual(order._oms_get_credit_positions()[order].own, 700)

    def test_down_payment_is_not_counted_twice(self):
        order = self.create_order(*self.lines(100))
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        position = order._oms_get_credit_positions()[order]
        self.assertEqual((position.receivable, position.own), (300, 700))
        self.pay(invoice)
        position = order._oms_get_credit_positions()[order]
        self.assertEqual((position.receivable, position.own), (0, 700))
        self.ship(order)
        self.invoice(order, final=True)
        position = order._oms_get_credit_positions()[order]
        self.assertEqual((position.receivable, position.own), (700, 0))

    def test_money_on_account_lowers_exposure(self):
        order = self.create_order(*self.lines(120))
        self.assertHeld(order, self.credit)
        self.pay_on_account(200)
        order._oms_recheck_holds("cron")
        self.assertHeld(order)
        self.assertReleased(order)

    def test_foreign_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": fields.Date.today() - timedelta(days=1),
                "rate": 0.5,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self.create_order(
            *self.lines(100), pricelist_id=pricelist.id, confirm=False
        )
        order.order_line.price_unit = 6
        order.action_confirm()
        # 600 EUR are 1200 USD
        self.assertEqual(order._oms_get_credit_positions()[order].own, 1200)
        self.assertHeld(order, self.credit)

    def test_companies_are_apart(self):
        other = self.create_company("Other Distributor")
        self.env["res.partner"].browse(self.customer.id).with_company(
            other
        ).credit_limit = 10
        self.assertHeld(self.create_order(*self.lines(100)))

    def test_number_of_queries_does_not_grow(self):
        customers = [
            self.create_customer(f"C{number}", credit_limit=50) for number in range(20)
        ]
        orders = self.env["sale.order"].union(
            *(
                self.create_order(
                    *self.lines(10), partner_id=customer.id, confirm=False
                )
                for customer in customers
            )
        )
        orders.write({"state": "sale"})
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            some.mapped("partner_invoice_id.commercial_partner_id.name")
            some.mapped("order_line.product_id.name")
            before = self.env.cr.sql_log_count
            reasons = self.credit._find_credit_limit(some)
            self.assertEqual(len(reasons), len(some))
            return self.env.cr.sql_log_count - before

        count(orders[:1])
        self.assertLessEqual(count(orders), count(orders[:2]) + 1)

    def test_lifting_many_asks_once(self):
        """A customer pays, and the holds of all his orders are lifted: each hold has a
        total of its own, and the journal is written once for all."""
        self.customer.credit_limit = 1
        orders = self.env["sale.order"].union(
            *(self.create_order(*self.lines(number)) for number in range(10, 32))
        )
        holds = orders.oms_hold_ids
        self.assertEqual(len(holds), 22)

        def count(some):
            self.env.flush_all()
            some.mapped("order_id.name")
            before = self.env.cr.sql_log_count
            some.sudo()._lift(automatic=True)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(holds[:1])
        few, many = count(holds[1:3]), count(holds[3:])
        self.assertLessEqual(many, few + 12)
        self.assertFalse(set(holds.mapped("amount")) - {0.0})

    def test_accepted_up_to_the_total_of_each(self):
        self.customer.credit_limit = 1
        orders = self.create_order(*self.lines(10)) | self.create_order(*self.lines(20))
        orders.oms_hold_ids.sudo()._lift(note="Known", accept=True)
        for order in orders:
            self.assertEqual(order.oms_hold_ids.amount, order.amount_total)


@tagged("post_install", "-at_install")
class TestOverdue(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overdue = cls.create_hold_type(
            "Overdue", "overdue", overdue_days=10, overdue_amount=5
        )

    def make_invoice(self, days_overdue, amount=100, move_type="out_invoice"):
        due = fields.Date.today() - timedelta(days=days_overdue)
        invoice = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    def test_within_grace_passes(self):
        self.make_invoice(10)
        self.assertHeld(self.create_order())

    def test_past_grace_is_held(self):
        self.make_invoice(11)
        order = self.create_order()
        self.assertHeld(order, self.overdue)
        self.assertIn("100.00", order.oms_hold_ids.reason)

    def test_tolerated_amount_passes(self):
        self.make_invoice(11, amount=5)
        self.assertHeld(self.create_order())
        self.make_invoice(11, amount=0.01)
        self.assertHeld(self.create_order(), self.overdue)

    def test_unmatched_payment_and_credit_note_count(self):
        self.make_invoice(11)
        self.pay_on_account(60)
        self.assertHeld(self.create_order(), self.overdue)
        self.make_invoice(0, amount=40, move_type="out_refund")
        self.assertHeld(self.create_order())

    def test_disputed_invoice_does_not_stop(self):
        invoice = self.make_invoice(11)
        invoice.no_followup = True
        self.assertHeld(self.create_order())

    def test_supplier_bill_does_not_stop(self):
        self.make_invoice(30, move_type="in_invoice")
        self.assertHeld(self.create_order())

    def test_paid_asks_the_cron_and_lifts(self):
        invoice = self.make_invoice(11)
        order = self.create_order()
        self.assertHeld(order, self.overdue)
        cron = self.env.ref("oms_order_cycle.ir_cron_check_holds")
        with self.capture_triggers(cron.id) as captured:
            self.pay(invoice)
            self.env.cr.flush()
        self.assertTrue(captured.records)
        order._oms_recheck_holds("cron")
        self.assertHeld(order)
        self.assertReleased(order)
        self.assertTrue(order.oms_hold_ids.is_auto_lifted)

    def capture_triggers(self, cron_id):
        return RecordCapturer(
            self.env["ir.cron.trigger"].sudo(), [("cron_id", "=", cron_id)]
        )


@tagged("post_install", "-at_install")
class TestPrepayment(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepay = cls.create_hold_type("Prepay", "prepayment", prepayment_percent=50)

    def down_payment(self, order, amount):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        return invoice

    def test_held_until_the_share_is_paid(self):
        order = self.create_order()
        self.assertHeld(order, self.prepay)
        self.assertIn("50.00", order.oms_hold_ids.reason)
        invoice = self.down_payment(order, 50)
        order._oms_recheck_holds("cron")
        self.assertHeld(order, self.prepay)
        self.pay(invoice, 49)
        order._oms_recheck_holds("cron")
        self.assertHeld(order, self.prepay)
        self.pay(invoice)
        order._oms_recheck_holds("cron")
        self.assertHeld(order)
        self.assertReleased(order)

    def test_refunded_money_no_longer_counts(self):
        order = self.create_order()
        invoice = self.down_payment(order, 50)
        self.pay(invoice)
        self.assertEqual(order._oms_get_prepaid()[order], 50)
        refund = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        refund.action_post()
        # the customer's money is still here
        self.assertEqual(order._oms_get_prepaid()[order], 50)
        self.pay(refund)
        self.assertEqual(order._oms_get_prepaid()[order], 0)

    def test_money_on_account_pays_one_order_not_two(self):
        self.pay_on_account(100)
        first = self.create_order()
        second = self.create_order()
        self.assertHeld(first)
        self.assertHeld(second, self.prepay)

    def test_money_on_account_meets_an_open_down_payment_invoice(self):
        order = self.create_order()
        self.down_payment(order, 50)
        self.pay_on_account(50)
        order._oms_recheck_holds("cron")
        self.assertHeld(order)

    def test_online_payment_counts(self):
        order = self.create_order(confirm=False)
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id, "state": "test"}
        )
        method = self.env["payment.method"].search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": 100,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "reference": "OMS-TX",
                "state": "done",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        order.action_confirm()
        self.assertHeld(order)

    def test_share_of_a_common_invoice(self):
        orders = self.create_order() + self.create_order(*self.lines(30))
        self.place_hold(orders)
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.action_post()
        self.pay(invoice, 200)
        paid = orders._oms_get_prepaid()
        self.assertAlmostEqual(paid[orders[0]], 50)
        self.assertAlmostEqual(paid[orders[1]], 150)

    # -- money that counts once ------------------------------------------------------

    def pay_online(self, orders, amount, booked=True, **values):
        """What a payment provider says, and the payment that Odoo makes of it."""
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id, "state": "test"}
        )
        provider.support_manual_capture = "partial"
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": amount,
                "currency_id": orders.currency_id.id,
                "partner_id": self.customer.id,
                "reference": f"OMS-{provider.id}",
                "state": "done",
                "payment_id": booked and self.pay_on_account(amount).id,
                "sale_order_ids": [Command.set(orders.ids)],
                **values,
            }
        )

    def prepaid(self, *orders):
        """What is paid on each order."""
        orders = self.env["sale.order"].union(*orders)
        paid = orders._oms_get_prepaid()
        return [paid[order] for order in orders]

    def test_orders_of_one_second(self):
        """One that was let go is served before one that was not, in all sums."""
        first, second = self.create_order(), self.create_order()
        second.date_order = first.date_order
        self.pay_online(second, 100)
        self.pay_on_account(100)
        second._oms_recheck_holds("cron")
        self.assertReleased(second)
        self.assertEqual(self.prepaid(first, second), [100, 200])

    def test_a_quotation_is_served_last(self):
        quotation = self.create_order(confirm=False)
        quotation.date_order -= timedelta(days=5)
        paid_online = self.create_order()
        self.pay_online(paid_online, 100)
        self.pay_on_account(100)
        self.assertEqual(self.prepaid(quotation, paid_online), [100, 200])
        self.create_order()
        self.assertEqual(self.prepaid(quotation), [0])

    def test_paid_online_and_invoiced_in_part(self):
        order = self.create_order(*self.lines(10, self.by_delivery))
        other = self.create_order()
        self.pay_online(order, 100)
        order._oms_recheck_holds("cron")
        self.validate(order.picking_ids, {self.by_delivery: 4})
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_total, 40)
        self.assertEqual(self.prepaid(order, other), [100, 0])
        payment = order.transaction_ids.payment_id
        if invoice.amount_residual:
            lines = (payment.move_id + invoice).line_ids
            lines.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.prepaid(order, other), [100, 0])

    def test_later_order_paid_online_and_invoiced(self):
        """Its money meets its own invoice: neither is the earlier order's."""
        first, second = self.create_order(), self.create_order()
        second.date_order += timedelta(days=1)
        self.pay_online(second, 100)
        second._create_invoices().action_post()
        self.pay_on_account(60)
        self.assertEqual(self.prepaid(first), [60])

    def test_earlier_order_whose_payment_is_not_booked_takes_nothing(self):
        first, second = self.create_order(), self.create_order()
        second.date_order += timedelta(days=1)
        self.pay_online(first, 100, booked=False, state="authorized")
        self.pay_on_account(100)
        self.assertEqual(self.prepaid(second), [100])

    def test_one_online_payment_for_two_orders(self):
        orders = self.create_order() + self.create_order(*self.lines(30))
        self.pay_online(orders, 200, booked=False)
        self.assertEqual(self.prepaid(*orders), [50, 150])

    def test_online_payment_that_was_paid_back(self):
        order = self.create_order()
        paid = self.pay_online(order, 100)
        self.assertEqual(self.prepaid(order), [100])
        back = self.pay_on_account(30, payment_type="outbound")
        self.pay_online(
            order,
            -30,
            payment_id=back.id,
            booked=False,
            operation="refund",
            source_transaction_id=paid.id,
            sale_order_ids=False,
        )
        self.assertEqual(self.prepaid(order), [70])
        paid.payment_id.action_cancel()
        self.assertLessEqual(self.prepaid(order)[0], 0)

    def test_captured_in_parts(self):
        order = self.create_order()
        whole = self.pay_online(order, 100, booked=False, state="authorized")
        self.pay_online(
            order,
            40,
            source_transaction_id=whole.id,
            sale_order_ids=False,
        )
        self.assertEqual(self.prepaid(order), [100])
        self.pay_online(
            order,
            60,
            booked=False,
            state="cancel",
            source_transaction_id=whole.id,
            sale_order_ids=False,
        )
        self.assertEqual(self.prepaid(order), [40])


@tagged("post_install", "-at_install")
class TestMinimumValue(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.minimum = cls.create_hold_type("Minimum", "min_value", min_amount=100)

    def test_golden(self):
        for quantity, held in ((9, True), (10, False), (11, False)):
            with self.subTest(quantity=quantity):
                order = self.create_order(*self.lines(quantity))
                self.assertHeld(order, *(self.minimum if held else ()))

    def test_delivery_fee_does_not_count(self):
        order = self.create_order((self.product_a, 9), (self.service, 5), confirm=False)
        order.order_line[1].write({"is_delivery": True})
        order.action_confirm()
        self.assertHeld(order, self.minimum)

    def test_adding_goods_lifts_and_releases_all_lines(self):
        order = self.create_order(*self.lines(9))
        self.assertNotReleased(order)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": self.product_b.id, "product_uom_qty": 1}
                    )
                ]
            }
        )
        self.assertHeld(order)
        self.assertReleased(order)
        self.assertEqual(
            sorted(order.picking_ids.move_ids.mapped("product_uom_qty")), [1, 9]
        )
        self.assertFalse(any(order.order_line.mapped("oms_release_pending")))

    def test_higher_price_lifts(self):
        order = self.create_order(*self.lines(9))
        order.order_line.price_unit = 12
        self.assertHeld(order)
        self.assertReleased(order)

    def test_minimum_is_asked_for(self):
        with self.assertRaises(ValidationError):
            self.create_hold_type("Nothing", "min_value")


@tagged("post_install", "-at_install")
class TestDuplicateReference(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duplicate = cls.create_hold_type("Duplicate", "duplicate_ref")

    def test_golden(self):
        first = self.create_order(client_order_ref="PO 77")
        self.assertHeld(first)
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id, "type": "delivery"}
        )
        cases = (
            ("PO 77", self.customer, True),
            (" po 77 ", self.customer, True),
            ("PO 77", branch, True),
            ("PO 78", self.customer, False),
            ("", self.customer, False),
            (False, self.customer, False),
            ("  ", self.customer, False),
            ("PO 77", self.create_customer("Somebody Else"), False),
        )
        for reference, partner, held in cases:
            with self.subTest(reference=reference, partner=partner.name):
                order = self.create_order(
                    client_order_ref=reference, partner_id=partner.id
                )
                self.assertHeld(order, *(self.duplicate if held else ()))
                if held:
                    self.assertIn(first.name, order.oms_hold_ids.reason)
                order._action_cancel()

    def test_together_only_the_second_is_held(self):
        orders = self.create_order(client_order_ref="X", confirm=False)
        orders += self.create_order(client_order_ref="X", confirm=False)
        orders.action_confirm()
        self.assertHeld(orders[0])
        self.assertHeld(orders[1], self.duplicate)

    def test_cancelled_order_is_no_twin(self):
        first = self.create_order(client_order_ref="X")
        second = self.create_order(client_order_ref="X")
        self.assertHeld(second, self.duplicate)
        first._action_cancel()
        second.action_oms_recheck_holds()
        self.assertHeld(second)

    def test_corrected_reference_lifts_at_once(self):
        self.create_order(client_order_ref="X")
        second = self.create_order(client_order_ref="X")
        self.assertHeld(second, self.duplicate)
        second.client_order_ref = "Y"
        self.assertHeld(second)
        self.assertReleased(second)

    def test_look_back(self):
        self.duplicate.duplicate_days = 30
        first = self.create_order(client_order_ref="X")
        first.date_order = fields.Datetime.now() - timedelta(days=31)
        self.assertHeld(self.create_order(client_order_ref="X"))


@tagged("post_install", "-at_install")
class TestAddress(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = cls.create_hold_type("Address", "address")

    def test_complete_passes(self):
        self.customer.state_id = self.env.ref("base.state_us_5")
        self.assertHeld(self.create_order())

    def test_each_missing_field_is_named(self):
        self.customer.state_id = self.env.ref("base.state_us_5")
        for name, label in (
            ("street", "Street"),
            ("city", "City"),
            ("zip", "Zip"),
            ("country_id", "Country"),
        ):
            with self.subTest(name=name):
                partner = self.customer.copy({name: False})
                order = self.create_order(partner_id=partner.id)
                self.assertHeld(order, self.address)
                self.assertIn(label, order.oms_hold_ids.reason)

    def test_country_decides_about_state_and_zip(self):
        self.assertTrue(self.env.ref("base.us").state_required)
        self.assertHeld(self.create_order(), self.address)
        germany = self.env.ref("base.de")
        partner = self.customer.copy({"country_id": germany.id})
        self.assertHeld(self.create_order(partner_id=partner.id))
        germany.zip_required = False
        partner.zip = False
        self.assertHeld(self.create_order(partner_id=partner.id))

    def test_phone_and_email_when_asked_for(self):
        partner = self.customer.copy({"country_id": self.env.ref("base.de").id})
        partner.email = False
        self.address.write({"address_phone": True, "address_email": True})
        order = self.create_order(partner_id=partner.id)
        self.assertHeld(order, self.address)
        self.assertIn("Phone", order.oms_hold_ids.reason)
        self.assertIn("Email", order.oms_hold_ids.reason)

    def test_services_need_no_address(self):
        self.customer.street = False
        self.assertHeld(self.create_order((self.service, 1)))

    def test_another_address_lifts_at_once(self):
        order = self.create_order()
        self.assertHeld(order, self.address)
        order.partner_shipping_id = self.customer.copy(
            {"country_id": self.env.ref("base.de").id}
        )
        self.assertHeld(order)
        self.assertReleased(order)

    def test_completed_address_asks_the_cron(self):
        order = self.create_order()
        cron = self.env.ref("oms_order_cycle.ir_cron_check_holds")
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.customer.state_id = self.env.ref("base.state_us_5")
        self.env.cr.precommit.run()
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)
        order._oms_recheck_holds("cron")
        self.assertHeld(order)


@tagged("post_install", "-at_install")
class TestDimensions(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dimensions = cls.create_hold_type("Size", "dimensions")

    def test_golden(self):
        cases = (
            # need, weight, volume, held
            ("both", 1, 1, False),
            ("both", 0, 1, True),
            ("both", 1, 0, True),
            ("weight", 1, 0, False),
            ("weight", 0, 1, True),
            ("volume", 0, 1, False),
            ("volume", 1, 0, True),
            ("size", 1, 1, True),
            ("size_weight", 1, 1, True),
        )
        for need, weight, volume, held in cases:
            with self.subTest(need=need, weight=weight, volume=volume):
                self.dimensions.dimension_need = need
                self.product_a.write({"weight": weight, "volume": volume})
                order = self.create_order((self.product_a, 1), (self.service, 1))
                self.assertHeld(order, *(self.dimensions if held else ()))
                if held:
                    self.assertIn(self.product_a.name, order.oms_hold_ids.reason)

    def test_measured_size_is_a_size_and_a_volume(self):
        self.product_a.write({"weight": 1, "volume": 0})
        self.env["oms.product.size"].create(
            {
                "product_tmpl_id": self.product_a.product_tmpl_id.id,
                "length": 100,
                "width": 200,
                "height": 300,
            }
        )
        for need in ("volume", "both", "size", "size_weight"):
            with self.subTest(need=need):
                self.dimensions.dimension_need = need
                self.assertHeld(self.create_order())
        self.product_a.weight = 0
        self.assertHeld(self.create_order(), self.dimensions)


@tagged("post_install", "-at_install")
class TestCondition(HoldsCommon):
    def test_matching_orders_are_held(self):
        condition = self.create_hold_type(
            "Export",
            "domain",
            domain="[('partner_shipping_id.country_id.code', '=', 'DE')]",
            description="Export papers are needed.",
        )
        self.assertHeld(self.create_order())
        german = self.customer.copy({"country_id": self.env.ref("base.de").id})
        order = self.create_order(partner_id=german.id)
        self.assertHeld(order, condition)
        self.assertEqual(
            order.oms_hold_ids.reason,
            "Export papers are needed."
            " (Delivery Address ➔ Country ➔ Country Code is “DE”)",
        )

    def test_change_of_a_field_of_the_condition_is_noticed(self):
        condition = self.create_hold_type(
            "Urgent", "domain", domain="[('note', 'ilike', 'wait')]"
        )
        order = self.create_order(note="please wait")
        self.assertHeld(order, condition)
        order.note = "go"
        self.assertHeld(order)
        self.assertReleased(order)

    def test_other_checks_may_be_for_some_orders_only(self):
        minimum = self.create_hold_type(
            "Minimum",
            "min_value",
            min_amount=500,
            domain="[('client_order_ref', '=', 'small')]",
        )
        self.assertHeld(self.create_order())
        self.assertHeld(self.create_order(client_order_ref="small"), minimum)

    def test_bad_conditions_are_refused(self):
        for domain in ("[]", "[('no_such_field', '=', 1)]", "[('name', '='", "name"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.create_hold_type("Bad", "domain", domain=domain)

    def test_of_another_company(self):
        other = self.create_company("Other Distributor")
        self.create_hold_type(
            "Minimum", "min_value", min_amount=500, company_id=other.id
        )
        self.assertHeld(self.create_order())

    def test_used_type_is_archived_not_deleted(self):
        condition = self.create_hold_type(
            "Mine", "domain", domain="[('state', '=', 'sale')]"
        )
        order = self.create_order()
        self.assertHeld(order, condition)
        with self.assertRaisesRegex(UserError, "archive"):
            condition.unlink()
        self.open_holds(order).action_lift()
        condition.active = False
        self.assertHeld(self.create_order())
        self.create_hold_type("Unused", "min_value", min_amount=5).unlink()
