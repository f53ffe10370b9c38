"""What is to be invoiced, credited and paid, in the rarer flows."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import OrderCycleCommon

SHIPPED = ("confirmed", "released", "picked", "packed", "loaded", "shipped")


class MoneyCommon(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_workflow(
            "OMS Money",
            ["confirmed", "released", "shipped", "invoiced", "paid"],
            company_id=cls.company.id,
            sequence=0,
        )
        cls.hours = cls.create_product(
            "OMS Hours", type="service", is_storable=False, invoice_policy="delivery"
        )
        cls.free_service = cls.create_product(
            "OMS Discount", type="service", is_storable=False
        )

    def why(self, order):
        """What *Why?* says of the stage the order stands in."""
        self.env.flush_all()
        order.invalidate_recordset(["oms_why"])
        return order.oms_why

    def credit(self, invoice, quantity=None):
        """A credit note of an invoice, for all of it or a quantity of each line."""
        note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        if quantity is not None:
            note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note

    def deposit(self, order, percent):
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": percent}
        ).create_invoices()
        invoice = order.invoice_ids.filtered(lambda move: move.state == "draft")
        invoice.action_post()
        return invoice

    def pay_on_account(self, amount, customer=None, **values):
        payment = self.env["account.payment"].create(
            {
                "partner_id": (customer or self.customer).id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                **values,
            }
        )
        payment.action_post()
        return payment


@tagged("post_install", "-at_install")
class TestMoney(MoneyCommon):
    # -- less than nothing ------------------------------------------------------

    def test_line_taken_back_as_ordered(self):
        order = self.create_order((self.product_a, 5), (self.product_b, -2))
        self.ship(order)
        self.assertStage(order, "To be invoiced")
        invoice = self.invoice(order, final=True)
        self.assertEqual(invoice.amount_total, 30)
        self.assertFacts(order, *SHIPPED, "invoiced")
        self.pay(invoice)
        self.assertStage(order, "closed")
        self.assertNoDrift(order)

    def test_line_taken_back_as_received(self):
        order = self.create_order((self.by_delivery, 5), (self.by_delivery, -2))
        outgoing = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        self.validate(outgoing)
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_total, 50)
        self.pay(invoice)
        self.assertNotIn("invoiced", self.facts(order))
        self.assertIn("2 to be credited", order._oms_explain_missing("invoiced"))
        self.ship(order)
        refund = self.invoice(order, final=True)
        self.assertEqual(refund.move_type, "out_refund")
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")
        self.assertNoDrift(order)

    def test_discount_line(self):
        order = self.create_order((self.product_a, 5), confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.free_service.id,
                    "product_uom_qty": 1,
                    "price_unit": -10,
                }
            )
        ]
        order.action_confirm()
        self.ship(order)
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_total, 40)
        self.pay(invoice)
        self.assertStage(order, "closed")

    def test_return_order_is_paid_when_the_credit_is_paid_out(self):
        order = self.create_order((self.by_delivery, -2))
        self.ship(order)
        refund = self.invoice(order, final=True)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 20))
        self.assertIn("invoiced", self.facts(order))
        self.assertNotIn("paid", self.facts(order))
        self.pay(refund)
        self.assertIn("paid", self.facts(order))
        self.assertStage(order, "closed")
        self.assertNoDrift(order)

    # -- more than ordered ------------------------------------------------------

    def test_service_beyond_the_order(self):
        order = self.create_order((self.hours, 10))
        order.order_line.qty_delivered = 10
        self.pay(self.invoice(order))
        self.assertStage(order, "closed")
        order.order_line.qty_delivered = 12
        self.assertStage(order, "To be invoiced")
        self.assertNoDrift(order)
        self.pay(self.invoice(order))
        self.assertStage(order, "closed")
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), 120)

    def test_services_of_two_orders_in_one_write(self):
        orders = self.create_order((self.hours, 1)) + self.create_order((self.hours, 1))
        orders.order_line.qty_delivered = 1
        self.invoice(orders)
        orders.order_line.qty_delivered = 2
        self.env.flush_all()
        self.assertEqual(orders.mapped("oms_invoiced_at"), [False, False])
        self.assertNoDrift(orders)

    # -- a credit that is owed --------------------------------------------------

    def test_returned_goods_are_to_be_credited(self):
        for product in (self.by_delivery, self.product_a):
            with self.subTest(policy=product.invoice_policy):
                order = self.create_order((product, 10))
                self.ship(order)
                invoice = self.invoice(order)
                self.pay(invoice)
                self.return_goods(order.picking_ids, 4)
                self.assertFacts(order, *SHIPPED)
                self.assertStage(order, "To be invoiced")
                self.assertIn("4 to be credited", self.why(order))
                self.credit(invoice, 4)
                self.assertFacts(order, *SHIPPED, "invoiced", "paid")
                self.assertNoDrift(order)

    def test_credited_before_the_goods_are_back(self):
        order = self.create_order((self.by_delivery, 10))
        self.ship(order)
        invoice = self.invoice(order)
        self.credit(invoice, 4)
        # as for Odoo, 4 are to be invoiced again
        self.assertFacts(order, *SHIPPED)
        self.return_goods(order.picking_ids, 4)
        self.assertFacts(order, *SHIPPED, "invoiced")

    def test_exchanged_goods_are_not_credited(self):
        for product in (self.by_delivery, self.product_a):
            with self.subTest(policy=product.invoice_policy):
                order = self.create_order((product, 10))
                self.ship(order)
                self.invoice(order)
                wizard = (
                    self.env["stock.return.picking"]
                    .with_context(
                        active_id=order.picking_ids.id, active_model="stock.picking"
                    )
                    .create({})
                )
                wizard.product_return_moves.quantity = 2
                wizard.action_create_exchanges()
                self.ship(order)
                self.assertIn("invoiced", self.facts(order))
                self.assertNoDrift(order)

    def test_ordered_quantity_lowered_after_the_invoice(self):
        order = self.create_order((self.service, 10))
        invoice = self.invoice(order)
        order.order_line.product_uom_qty = 6
        self.assertStage(order, "To be invoiced")
        self.assertIn("4 to be credited", self.why(order))
        self.credit(invoice, 4)
        self.assertIn("invoiced", self.facts(order))

    def test_paid_as_ordered_and_cut_short(self):
        order = self.create_order((self.product_a, 10))
        invoice = self.invoice(order)
        self.pay(invoice)
        self.validate(order.picking_ids, {self.product_a: 6}, backorder=False)
        self.assertNotIn("invoiced", self.facts(order))
        self.assertIn("4 to be credited", order._oms_explain_missing("invoiced"))
        self.credit(invoice, 4)
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")
        self.assertNoDrift(order)

    def test_several_lines_to_be_credited(self):
        order = self.create_order((self.service, 10), (self.hours, 3))
        order.order_line[1].qty_delivered = 3
        self.invoice(order)
        order.order_line[0].product_uom_qty = 6
        order.order_line[1].write({"product_uom_qty": 1, "qty_delivered": 1})
        self.assertIn("2 lines to be credited", self.why(order))

    # -- down payments ----------------------------------------------------------

    def test_down_payment_that_is_not_deducted(self):
        order = self.create_order((self.product_a, 10))
        self.pay(self.deposit(order, 30))
        self.ship(order)
        self.pay(self.invoice(order))
        self.assertStage(order, "To be invoiced")
        self.assertIn("30.00 of down payments to be deducted", self.why(order))
        refund = self.invoice(order, final=True)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 30))
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")
        self.assertNoDrift(order)

    def test_down_payment_that_is_credited(self):
        order = self.create_order((self.product_a, 10))
        deposit = self.deposit(order, 30)
        self.credit(deposit)
        self.ship(order)
        self.pay(self.invoice(order, final=True))
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")

    def test_down_payment_of_an_order_of_which_nothing_came(self):
        order = self.create_order((self.by_delivery, 10))
        deposit = self.deposit(order, 50)
        self.pay(deposit)
        order.picking_ids.action_cancel()
        self.assertNotIn("invoiced", self.facts(order))
        self.credit(deposit)
        self.assertEqual(order.oms_cycle_state, "closed")
        self.assertNoDrift(order)

    def test_final_invoice_that_is_credited(self):
        """What was deducted in it is to be deducted again (odoo/odoo#78999)."""
        order = self.create_order((self.product_a, 10))
        self.pay(self.deposit(order, 30))
        self.ship(order)
        final = self.invoice(order, final=True)
        self.assertEqual(final.amount_total, 70)
        self.credit(final)
        self.assertFacts(order, *SHIPPED)
        self.assertStage(order, "To be invoiced")
        self.assertNoDrift(order)

    def test_down_payment_that_is_credited_in_part(self):
        """odoo/odoo#133291."""
        order = self.create_order((self.product_a, 10))
        deposit = self.deposit(order, 50)
        note = deposit._reverse_moves([{"invoice_date": fields.Date.today()}])
        note.invoice_line_ids.price_unit = 30
        note.action_post()
        self.ship(order)
        # Odoo deducts nothing any more
        final = self.invoice(order, final=True)
        self.assertEqual(final.amount_total, 100)
        self.assertFacts(order, *SHIPPED)
        self.assertIn("20.00 of down payments", self.why(order))
        rest = deposit._reverse_moves([{"invoice_date": fields.Date.today()}])
        rest.invoice_line_ids.price_unit = 20
        rest.action_post()
        self.assertFacts(order, *SHIPPED, "invoiced")
        self.assertNoDrift(order)

    # -- kinds of difference that are none --------------------------------------

    def test_tax_corrected_on_the_invoice(self):
        tax = self.env["account.tax"].create({"name": "OMS 10 %", "amount": 10})
        self.product_a.taxes_id = tax
        order = self.create_order((self.product_a, 3))
        self.ship(order)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.tax_ids = False
        invoice.action_post()
        self.pay(invoice)
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")

    def test_invoice_in_another_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.5,
                "name": fields.Date.today() - timedelta(days=10),
            }
        )
        order = self.create_order((self.product_a, 3))
        self.ship(order)
        invoice = order._create_invoices()
        invoice.currency_id = euro
        invoice.action_post()
        self.pay(invoice)
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")
        self.assertNoDrift(order)

    def test_rounded_quantities_of_many_deliveries(self):
        order = self.create_order((self.by_delivery, 1, self.dozen))
        for _delivery in range(3):
            self.validate(self.open_transfers(order), {self.by_delivery: 4})
            self.invoice(order)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertFacts(order, *SHIPPED, "invoiced")
        self.assertNoDrift(order)

    # -- when -------------------------------------------------------------------

    def test_credit_note_moves_no_time(self):
        order = self.create_order((self.by_delivery, 10))
        self.ship(order)
        invoice = self.invoice(order)
        self.pay(invoice)
        self.env.flush_all()
        posted = fields.Datetime.now() - timedelta(days=30)
        paid = posted + timedelta(days=5)
        self.env.cr.execute(
            "UPDATE account_move SET oms_posted_at = %s WHERE id = %s",
            (posted, invoice.id),
        )
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = %s, max_date = %s"
            " WHERE debit_move_id IN %s",
            (paid, paid, tuple(invoice.line_ids.ids)),
        )
        self.env.invalidate_all()
        order._oms_rederive()
        times = (order.oms_invoiced_at, order.oms_paid_at)
        self.assertEqual(times, (posted, paid))
        self.return_goods(order.picking_ids, 2)
        refund = self.invoice(order, final=True)
        self.assertEqual((order.oms_invoiced_at, order.oms_paid_at), times)
        self.pay(refund)
        self.assertEqual((order.oms_invoiced_at, order.oms_paid_at), times)
        self.assertNoDrift(order)

    def test_paid_when_the_last_money_came(self):
        """The rest is credited: that is no payment."""
        order = self.create_order((self.by_delivery, 10))
        self.ship(order)
        invoice = self.invoice(order)
        self.pay(invoice, amount=80)
        self.env.flush_all()
        paid = fields.Datetime.now() - timedelta(days=3)
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = %s, max_date = %s"
            " WHERE debit_move_id IN %s",
            (paid, paid, tuple(invoice.line_ids.ids)),
        )
        self.env.cr.execute(
            "UPDATE account_move SET oms_posted_at = %s WHERE id = %s",
            (paid - timedelta(days=1), invoice.id),
        )
        self.env.invalidate_all()
        self.return_goods(order.picking_ids, 2)
        note = self.credit(invoice, 2)
        (invoice + note).line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        ).reconcile()
        self.env.flush_all()
        self.assertEqual(order.oms_paid_at, paid)

    def test_down_payment_of_all_is_the_last_payment(self):
        order = self.create_order((self.by_delivery, 10))
        deposit = self.deposit(order, 100)
        self.pay(deposit)
        self.env.flush_all()
        paid = fields.Datetime.now() - timedelta(days=3)
        for table in ("account_partial_reconcile", "account_move"):
            self.env.cr.execute(
                "UPDATE account_partial_reconcile SET create_date = %s, max_date = %s"
                " WHERE debit_move_id IN %s"
                if table == "account_partial_reconcile"
                else "UPDATE account_move SET oms_posted_at = %s, create_date = %s"
                " WHERE id = (SELECT move_id FROM account_move_line WHERE id IN %s"
                " LIMIT 1)",
                (paid, paid, tuple(deposit.line_ids.ids)),
            )
        self.env.invalidate_all()
        self.ship(order)
        final = self.invoice(order, final=True)
        self.assertEqual((final.amount_total, final.payment_state), (0, "paid"))
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")
        self.assertEqual(order.oms_paid_at, paid)
        self.assertGreater(order.oms_invoiced_at, paid)
        self.assertNoDrift(order)


@tagged("post_install", "-at_install")
class TestPaidBeforeRelease(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepaid = cls.create_workflow(
            "OMS Prepaid",
            ["confirmed", "paid", "released", "shipped", "invoiced"],
            company_id=cls.company.id,
            sequence=-1,
            domain="[('client_order_ref', '=', 'prepaid')]",
        )

    def create_prepaid(self, *lines, **values):
        order = self.create_order(
            *(lines or ((self.by_delivery, 10),)), client_order_ref="prepaid", **values
        )
        self.assertEqual(order.oms_workflow_id, self.prepaid)
        return order

    def run_crons(self):
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *a, **k: 60):
            self.env["oms.hold"]._cron_check()

    def assertReleased(self, order):
        self.assertStage(order, "To be shipped")
        self.assertTrue(order.picking_ids)
        self.assertNoDrift(order)
        self.ship(order)
        self.invoice(order, final=True)
        self.assertEqual(order.oms_cycle_state, "closed")
        self.assertNoDrift(order)

    def test_waits_and_says_for_what(self):
        order = self.create_prepaid()
        self.assertStage(order, "To be paid")
        self.assertFalse(order.picking_ids)
        self.assertIn("100.00 is to be paid before anything", self.why(order))
        self.pay(self.deposit(order, 50))
        self.run_crons()
        self.assertStage(order, "To be paid")

    def test_down_payment_of_all(self):
        order = self.create_prepaid()
        self.pay(self.deposit(order, 100))
        self.assertStage(order, "To be released")
        order.action_oms_release()
        self.assertReleased(order)

    def test_invoice_before_delivery(self):
        order = self.create_prepaid((self.product_a, 10))
        self.pay(self.invoice(order))
        order.action_oms_release()
        self.assertTrue(order.picking_ids)

    def test_money_on_account_of_two_orders(self):
        first, second = self.create_prepaid(), self.create_prepaid()
        self.pay_on_account(150)
        self.run_crons()
        self.assertStage(second, "To be paid")
        self.assertTrue(first.picking_ids)
        self.assertFalse(second.picking_ids)
        self.assertReleased(first)
        self.pay_on_account(50)
        self.run_crons()
        self.assertTrue(second.picking_ids)

    def test_only_what_is_booked_is_kept_for_a_later_order(self):
        """Of what a later order was paid online, only what is on the account already
        is not there for an earlier one."""
        first = self.create_prepaid()
        first.date_order -= timedelta(days=1)
        later = self.create_order()
        payment = self.pay_on_account(20)
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id, "state": "test"}
        )
        for amount, booked in ((20, payment.id), (50, False)):
            self.env["payment.transaction"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env["payment.method"]
                    .search([], limit=1)
                    .id,
                    "amount": amount,
                    "currency_id": later.currency_id.id,
                    "partner_id": self.customer.id,
                    "reference": f"OMS-{amount}",
                    "state": "done",
                    "payment_id": booked,
                    "sale_order_ids": [Command.set(later.ids)],
                }
            )
        self.pay_on_account(90)
        self.run_crons()
        self.assertFalse(first.picking_ids, "20 of the 110 are of the later order")
        self.pay_on_account(10)
        self.run_crons()
        self.assertTrue(first.picking_ids)

    def test_money_was_there_before_the_order(self):
        self.pay_on_account(100)
        order = self.create_prepaid()
        self.assertTrue(order.picking_ids)
        self.assertReleased(order)

    def test_release_button_looks_for_money(self):
        order = self.create_prepaid()
        with self.assertRaisesRegex(UserError, "still in the stage To be paid"):
            order.action_oms_release()
        self.pay_on_account(100)
        order.action_oms_release()
        self.assertTrue(order.picking_ids)

    def test_money_of_another_customer(self):
        order = self.create_prepaid()
        self.pay_on_account(100, self.create_customer("OMS Other"))
        self.run_crons()
        self.assertStage(order, "To be paid")

    def test_money_taken_back_before_the_release(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS By Hand", "check": "manual", "block_release": True}
        )
        order = self.create_order(client_order_ref="prepaid", confirm=False)
        order._oms_place_hold(hold_type, "Wait")
        order.action_confirm()
        payment = self.pay_on_account(100)
        self.run_crons()
        self.assertStage(order, "To be released")
        payment.action_draft()
        payment.action_cancel()
        self.run_crons()
        order.oms_hold_ids.action_lift()
        order.action_cancel()
        self.assertFalse(order.picking_ids)
        self.assertEqual(order._oms_get_prepayments(), {})

    def test_order_that_grew(self):
        self.pay_on_account(100)
        order = self.create_prepaid()
        order.order_line.product_uom_qty = 12
        self.assertStage(order, "To be paid")
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 10)
        self.pay_on_account(20)
        self.run_crons()
        self.assertStage(order, "To be shipped")
        self.assertNoDrift(order)

    def test_nothing_to_pay(self):
        order = self.create_order(client_order_ref="prepaid", confirm=False)
        order.order_line.price_unit = 0
        order.action_confirm()
        order.action_oms_release()
        self.assertTrue(order.picking_ids)

    def test_goods_back_after_the_release(self):
        order = self.create_prepaid()
        self.pay(self.deposit(order, 100))
        order.action_oms_release()
        self.ship(order)
        self.invoice(order, final=True)
        self.return_goods(order.picking_ids, 3)
        self.assertStage(order, "To be invoiced")
        self.invoice(order, final=True)
        self.assertEqual(order.oms_cycle_state, "closed")

    def test_stages_that_can_be_reached(self):
        for stages in (
            ["confirmed", "paid", "released", "shipped", "invoiced"],
            ["confirmed", "paid", "released", "shipped", "invoiced", "paid"],
        ):
            workflow = self.create_workflow("OMS Prepaid", stages)
            self.assertEqual(workflow.state, "published")
        for stages in (
            ["confirmed", "paid", "paid", "released", "shipped"],
            ["paid", "confirmed", "released", "shipped"],
            ["confirmed", "invoiced", "paid", "released", "shipped"],
            ["confirmed", "released", "shipped", "paid", "invoiced"],
        ):
            with self.subTest(stages), self.assertRaises(ValidationError):
                self.create_workflow("OMS Unreachable", stages)
