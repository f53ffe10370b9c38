from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestSetupGuide(HoldsCommon):
    """What is left to set up, for who sets up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant = cls.create_user(
            "oms_guide_consultant", "oms_order_cycle.group_oms_consultant"
        )
        cls.company.oms_setup_dismissed = False

    def guide(self, user=None):
        return self.env["oms.setup.guide"].with_user(user or self.consultant)

    def done(self, key):
        steps = {step["key"]: step for step in self.guide().get_guide()["steps"]}
        return steps[key]["done"]

    def test_what_is_done_is_ticked(self):
        self.env["oms.workflow"].search([]).hold_type_ids = False
        self.assertTrue(self.done("roles"), "the consultant has one")
        self.assertTrue(self.done("workflow"))
        self.assertFalse(self.done("holds"))
        self.create_hold_type("OMS Overdue", "overdue")
        self.assertTrue(self.done("holds"))
        self.env["stock.package.type"].search([]).oms_is_carton = False
        self.assertFalse(self.done("cartons"))
        self.env["stock.package.type"].create(
            {"name": "OMS Box", "oms_is_carton": True}
            | dict.fromkeys(("packaging_length", "width", "height"), 100)
        )
        self.assertTrue(self.done("cartons"))
        self.env["oms.channel"].search([]).active = False
        self.assertFalse(self.done("channels"))

    def test_each_step_has_its_screen(self):
        for step in self.guide(self.env.user).get_guide()["steps"]:
            self.assertTrue(self.env.ref(step["action"]), step["key"])
        steps = self.guide().get_guide()["steps"]
        self.assertFalse(steps[0]["action"], "only administrators make users")

    def test_it_is_closed_for_a_company(self):
        self.env["stock.package.type"].search([]).oms_is_carton = False
        self.assertTrue(self.guide().get_guide()["show"])
        seller = self.create_user("oms_guide_seller", "oms_order_cycle.group_oms_sales")
        self.assertEqual(self.guide(seller).get_guide()["steps"], [])
        with self.assertRaises(AccessError):
            self.guide(seller).dismiss()
        other = self.create_company("OMS Guide Two")
        self.guide().dismiss()
        self.assertFalse(self.guide().get_guide()["show"])
        self.assertFalse(other.oms_setup_dismissed)

    def test_no_channel_no_question(self):
        order = self.create_order(confirm=False)
        channels = self.env["oms.channel"].search([])
        channels.active = False
        order.invalidate_recordset()
        self.assertFalse(order.oms_has_channels)
        self.env["oms.channel"].create({"name": "OMS Phone", "code": "oms_p"})
        order.invalidate_recordset()
        self.assertTrue(order.oms_has_channels)

    def test_lists_speak_for_themselves(self):
        words = "<p>Nothing waits to be packed</p>"
        pickings = self.env["stock.picking"]
        own = pickings.with_context(oms_own_help=True).get_empty_list_help(words)
        self.assertEqual(own, words)
        self.assertNotEqual(pickings.get_empty_list_help(words), words)

    def test_typical_cartons_are_asked_for_first(self):
        keeper = self.create_user("oms_guide_keeper", "stock.group_stock_manager")
        before = self.env["stock.package.type"].search([])
        dialog = self.env["oms.typical.cartons"].with_user(keeper).create({})
        self.assertEqual(self.env["stock.package.type"].search([]), before)
        dialog.action_add()
        self.assertGreater(self.env["stock.package.type"].search_count([]), len(before))

    def test_hold_types_of_one_name_are_told_apart(self):
        first = self.create_hold_type("OMS Paid", "prepayment", prepayment_percent=30)
        second = self.create_hold_type("OMS Paid", "prepayment", prepayment_percent=100)
        self.assertEqual(first.display_name, "OMS Paid (30 %)")
        self.assertEqual(second.display_name, "OMS Paid (100 %)")
        self.assertEqual(self.manual_type.display_name, "Something Odd")


@tagged("post_install", "-at_install")
class TestOwnVersion(HoldsCommon):
    """What a company has agreed with a carrier, without any setting of companies."""

    def rule(self, **version):
        return self.env["oms.dim.rule"].create(
            {
                "name": "OMS Carrier",
                "version_ids": [Command.create({"divisor": 5000, **version})],
            }
        )

    def test_it_takes_precedence(self):
        rule = self.rule()
        action = rule.action_own_version()
        own = self.env["oms.dim.rule.version"].browse(action["res_id"])
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(own.divisor, 5000)
        own.divisor = 6000
        self.assertEqual(rule.current_version_id, own)
        self.assertTrue(own.is_own)
        self.assertEqual(rule.action_own_version()["res_id"], own.id, "once")
        other = self.create_company("OMS Elsewhere")
        self.assertNotEqual(rule.with_company(other).current_version_id, own)

    def test_without_any_version_in_force(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        rule = self.rule(date_to=yesterday)
        action = rule.action_own_version()
        self.assertEqual(rule.current_version_id.id, action["res_id"])

    def test_hints_are_true_while_one_types(self):
        today = fields.Date.today()
        rule = self.rule()
        with Form(rule) as form:
            with form.version_ids.edit(0) as old:
                old.date_to = today - timedelta(days=1)
            with form.version_ids.new() as new:
                new.date_from = today
                new.divisor = 6000
                self.assertIn("6000", new.summary)
            self.assertIn("6000", form.summary)
            self.assertTrue(form.is_in_force)
