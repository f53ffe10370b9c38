"""Accounting can do its work with its own role alone, and others are not offered it."""

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestAccountingRole(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.create_user(
                f"oms_{role}", f"base.group_user,oms_order_cycle.group_oms_{role}"
            )
            for role in ("accounting", "service", "dispatch", "warehouse", "sales")
        }

    def as_user(self, role, records):
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(self.users[role])

    def make_invoice(self, role, orders, **values):
        """What *Create Invoice* does."""
        wizard = (
            self.as_user(role, self.env["sale.advance.payment.inv"])
            .with_context(active_model="sale.order", active_ids=orders.ids)
            .create(values)
        )
        wizard.create_invoices()
        invoices = orders.sudo().invoice_ids
        return invoices.filtered(lambda move: move.state == "draft").with_user(
            self.users[role]
        )

    def get_buttons(self, role):
        model = self.as_user(role, self.env["sale.order"])
        arch = etree.fromstring(model.get_view(view_type="form")["arch"])
        return {
            button.get("id") or button.get("name")
            for button in arch.iterfind(".//header//button")
        }

    def read_form(self, role, records):
        """Read all that the form shows."""
        records = self.as_user(role, records)
        view = records.get_view(view_type="form")
        names = {
            field.get("name")
            for field in etree.fromstring(view["arch"]).iterfind(".//field")
            if field.get("name") in records._fields
        }
        return records.web_read({name: {} for name in names})

    def test_from_the_order_to_the_payment(self):
        order = self.create_order((self.product_a, 3))
        self.ship(order)
        self.read_form("accounting", order)
        invoice = self.make_invoice("accounting", order)
        self.read_form("accounting", invoice)
        invoice.action_post()
        self.env["account.payment.register"].with_user(
            self.users["accounting"]
        ).with_context(active_model="account.move", active_ids=invoice.ids).create(
            {}
        ).action_create_payments()
        self.assertStage(order, "closed")
        [values] = self.read_form("accounting", order)
        self.assertEqual(values["oms_cycle_state"], "closed")

    def test_down_payment_and_credit(self):
        order = self.create_order((self.by_delivery, 10))
        deposit = self.make_invoice(
            "accounting", order, advance_payment_method="percentage", amount=50
        )
        self.assertEqual(deposit.amount_total, 50)
        deposit.action_post()
        self.ship(order)
        final = self.make_invoice("accounting", order)
        self.assertEqual(final.amount_total, 50)
        final.action_post()
        self.return_goods(order.picking_ids, 2)
        self.assertIn("2 to be credited", self.why(order))
        refund = self.make_invoice("accounting", order)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 20))
        refund.action_post()
        self.assertIn("invoiced", self.facts(order))

    def test_selling_is_not_part_of_it(self):
        order = self.create_order(confirm=False)
        line = self.as_user("accounting", self.env["sale.order.line"])
        with self.assertRaises(AccessError):
            line.create({"order_id": order.id, "product_id": self.product_a.id})
        with self.assertRaises(AccessError):
            self.as_user("accounting", self.env["sale.order"]).create(
                {"partner_id": self.customer.id}
            )

    def test_others_are_refused_and_not_offered_it(self):
        order = self.create_order((self.service, 3))
        invoicing = {"create_invoice", "create_invoice_percentage"}
        for role in ("dispatch", "warehouse"):
            with self.subTest(role):
                self.assertFalse(self.get_buttons(role) & invoicing)
                self.assertNotIn("action_cancel", self.get_buttons(role))
                self.assertNotIn("action_confirm", self.get_buttons(role))
                with self.assertRaises(AccessError):
                    self.make_invoice(role, order)
        for role in ("accounting", "service", "sales"):
            self.assertLessEqual(invoicing, self.get_buttons(role))
        self.assertIn("action_cancel", self.get_buttons("sales"))
        self.assertNotIn("action_cancel", self.get_buttons("accounting"))

    def test_lists_offer_it_to_those_who_may(self):
        entry = self.env.ref("sale.action_view_sale_advance_payment_inv")
        for role, offered in (
            ("accounting", True),
            ("sales", True),
            ("service", True),
            ("dispatch", False),
            ("warehouse", False),
        ):
            actions = self.as_user(role, self.env["ir.actions.actions"])
            found = actions.get_bindings("sale.order").get("action", ())
            self.assertEqual(
                entry.id in [action["id"] for action in found], offered, role
            )

    def test_customer_service_reads_the_invoice_it_made(self):
        order = self.create_order((self.service, 3))
        invoice = self.make_invoice("service", order)
        self.read_form("service", invoice)
        payment = self.pay_on_account(10)
        invoice.sudo().matched_payment_ids = payment
        invoice = self.as_user("service", invoice)
        self.assertEqual(invoice.matched_payment_ids.mapped("amount"), [10])
        with self.assertRaises(AccessError):
            invoice.matched_payment_ids.write({"amount": 5})

    def test_filters(self):
        to_invoice = self.create_order((self.service, 1))
        to_collect = self.create_order((self.service, 2))
        self.invoice(to_collect)
        overdue = self.create_order((self.service, 3))
        invoice = overdue._create_invoices()
        invoice.write(
            {
                "invoice_payment_term_id": False,
                "invoice_date": "2020-01-01",
                "invoice_date_due": "2020-01-02",
            }
        )
        invoice.action_post()
        self.assertLess(invoice.invoice_date_due, fields.Date.today())
        model = self.as_user("accounting", self.env["sale.order"])
        view = model.get_view(
            self.env.ref("oms_order_cycle.sale_order_view_search_oms").id, "search"
        )
        domains = {
            item.get("name"): safe_eval(item.get("domain"))
            for item in etree.fromstring(view["arch"]).iterfind(".//filter[@domain]")
            if (item.get("name") or "").startswith("oms_") and item.get("domain")
        }
        orders = to_invoice + to_collect + overdue

        def found(name):
            domain = Domain(domains[name]) & Domain("id", "in", orders.ids)
            return model.search(domain).sudo()

        self.assertEqual(found("oms_to_invoice"), to_invoice)
        self.assertEqual(found("oms_to_collect"), overdue + to_collect)
        self.assertEqual(found("oms_overdue"), overdue)
