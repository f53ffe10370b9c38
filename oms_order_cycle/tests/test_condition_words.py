from odoo import Command
from odoo.tests import tagged

from ..tools.condition_words import describe_condition
from .common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestConditionWords(OrderCycleCommon):
    """Nobody ever reads a domain."""

    def words(self, condition, user=None):
        model = self.env["sale.order"]
        if user:
            model = model.with_user(user)
        return describe_condition(model, condition)

    def test_plain_comparisons(self):
        for condition, words in [
            ([("commitment_date", "!=", False)], "Delivery Date is set"),
            ([("commitment_date", "=", False)], "Delivery Date is not set"),
            ([("state", "=", "sale")], "Status is Sales Order"),
            (
                [("state", "in", ["draft", "sent"])],
                "Status is one of Quotation, Quotation Sent",
            ),
            ([("state", "not in", ["cancel"])], "Status is not Cancelled"),
            ([("amount_total", ">=", 1000)], "Total is at least 1,000"),
            ([("amount_total", "<", 12.5)], "Total is less than 12.5"),
            ([("client_order_ref", "ilike", "x")], "Customer Reference contains “x”"),
            ([("locked", "=", True)], "Locked is set"),
            ([("locked", "!=", True)], "Locked is not set"),
            (
                [("date_order", ">=", "2026-11-01")],
                "Order Date is on or after 11/01/2026",
            ),
            ([("date_order", "<", "today -3d")], "Order Date is before 3 days ago"),
            ([("date_order.month_number", "=", 11)], "Order Date (month) is 11"),
            ([], "always"),
            ("", "always"),
        ]:
            with self.subTest(condition=condition):
                self.assertEqual(self.words(condition), words)
                self.assertEqual(self.words(repr(condition or [])), words)

    def test_nested(self):
        self.assertEqual(
            self.words(
                [
                    "|",
                    "&",
                    ("state", "=", "sale"),
                    ("commitment_date", "!=", False),
                    "!",
                    ("amount_total", ">", 5),
                ]
            ),
            "(Status is Sales Order and Delivery Date is set)"
            " or not (Total is more than 5)",
        )
        self.assertEqual(
            self.words([("order_line", "any", [("product_uom_qty", ">", 3)])]),
            "Order Lines has one where Quantity is more than 3",
        )

    def test_names_of_records(self):
        belgium = self.env.ref("base.be")
        self.assertEqual(
            self.words([("partner_id.country_id", "=", belgium.id)]),
            "Customer ➔ Country is Belgium",
        )
        self.assertEqual(
            self.words([("partner_id.country_id", "in", [belgium.id, 2**30])]),
            "Customer ➔ Country is one of Belgium, one that was deleted",
        )
        self.assertEqual(
            self.words([("partner_id", "ilike", "bakery")]),
            "Customer contains “bakery”",
        )

    def test_many_values_are_counted(self):
        ids = self.env["res.country"].search([], limit=9).ids
        words = self.words([("partner_id.country_id", "in", ids)])
        self.assertTrue(words.endswith("4 more"), words)

    def test_names_only_of_what_the_reader_may_see(self):
        other = self.create_company("OMS Other Company")
        secret = self.env["crm.team"].create(
            {"name": "OMS Secret Team", "company_id": other.id}
        )
        seller = self.create_user("oms_words", "oms_order_cycle.group_oms_sales")
        condition = [("team_id", "=", secret.id)]
        self.assertNotIn("Secret", self.words(condition, seller))
        self.assertIn("may not see", self.words(condition, seller))
        model = self.env["sale.order"].sudo()
        self.assertIn("Secret", describe_condition(model, condition))

    def test_what_cannot_be_read_is_no_program_text(self):
        for condition in (
            "[('no_such_field', '=', 1)]",
            "[('partner_id.no_such', '=', 1)]",
            "[('amount_total', '>'",
            "nonsense(",
            "[('company_id', 'no operator', 3)]",
            "[('date_order', '>', 'soon')]",
            "{'a': 1}",
        ):
            with self.subTest(condition=condition):
                self.assertEqual(
                    self.words(condition), "a condition that cannot be shown"
                )
        mixed = self.words("[('state', '=', 'sale'), ('gone', '=', 3)]")
        self.assertEqual(
            mixed, "Status is Sales Order and a condition that cannot be shown"
        )

    def test_every_wing_says_it_in_words(self):
        hold_type = self.env["oms.hold.type"].create(
            {
                "name": "OMS Without Date",
                "check": "domain",
                "domain": "[('commitment_date', '=', False)]",
                "company_id": self.company.id,
            }
        )
        workflow = self.create_workflow(
            "OMS Words",
            [
                "confirmed",
                {
                    "name": "To Promise",
                    "exit_kind": "domain",
                    "exit_domain": "[('commitment_date', '!=', False)]",
                },
                "shipped",
            ],
            sequence=0,
            company_id=self.company.id,
            domain="[('amount_total', '>', 1)]",
            hold_type_ids=[Command.set(hold_type.ids)],
        )
        promise = workflow.stage_ids[1]
        self.assertEqual(promise.exit_summary, "Delivery Date is set")
        self.assertIn("Delivery Date is set", workflow.preview)
        order = self.create_order()
        self.assertEqual(order.oms_workflow_id, workflow)
        self.assertEqual(order.oms_workflow_reason, "Total is more than 1")
        self.assertIn("Delivery Date is not set", order.oms_hold_ids.reason)
        self.assertIn("Waiting until Delivery Date is set", order.oms_why)
        self.assertNotIn("commitment_date", order.oms_why)
