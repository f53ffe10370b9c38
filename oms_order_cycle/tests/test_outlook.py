from odoo import Command
from odoo.tests import Form, tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestOutlook(HoldsCommon):
    """What confirming will bring is said on the quotation, and comes true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit = cls.create_hold_type(
            "Credit Limit of the Test", "credit_limit", credit_default_limit=100
        )

    def outlook(self, order):
        order.invalidate_recordset(["oms_outlook"])
        return order.oms_outlook

    def assertForetold(self, order, *hold_types):
        names = [hold["name"] for hold in self.outlook(order)["holds"]]
        self.assertCountEqual(names, [hold_type.name for hold_type in hold_types])
        self.assertFalse(order.oms_hold_ids, "nothing was written")
        order.action_confirm()
        self.assertHeld(order, *hold_types)

    def test_credit(self):
        small = self.create_order(*self.lines(5), confirm=False)
        large = self.create_order(*self.lines(50), confirm=False)
        self.assertForetold(large, self.credit)
        large.oms_hold_ids.action_lift()
        # what was confirmed meanwhile counts
        self.assertForetold(small, self.credit)

    def test_nothing_to_fear(self):
        order = self.create_order(*self.lines(5), confirm=False)
        self.assertForetold(order)
        self.assertReleased(order)

    def test_other_checks(self):
        value = self.create_hold_type("Too Little", "min_value", min_amount=80)
        orders = [self.create_order(*self.lines(n), confirm=False) for n in (5, 9)]
        self.assertForetold(orders[1])
        self.assertForetold(orders[0], self.credit, value)

    def test_workflow_and_promise(self):
        order = self.create_order(*self.lines(5), confirm=False)
        outlook = self.outlook(order)
        self.assertEqual(outlook["workflow"], self.workflow.display_name)
        self.assertTrue(outlook["reason"])
        self.assertTrue(outlook["promised"])
        order.action_confirm()
        self.assertFalse(self.outlook(order), "the bar says it from now on")

    def test_reference(self):
        channel = self.env["oms.channel"].create(
            {"name": "OMS EDI", "code": "oms_edi", "require_client_ref": True}
        )
        order = self.create_order(
            *self.lines(5), confirm=False, oms_channel_id=channel.id
        )
        self.assertTrue(order.oms_asks_client_ref)
        self.assertIn("customer reference", self.outlook(order)["refused"][0])
        order.client_order_ref = "PO 1"
        self.assertEqual(self.outlook(order)["refused"], [])

    def test_approval(self):
        self.create_workflow(
            "OMS Approved",
            [
                "confirmed",
                {
                    "name": "OK of the Boss",
                    "exit_kind": "approval",
                    "approval_group_id": self.credit_group.id,
                },
                "released",
            ],
            company_id=self.company.id,
            sequence=0,
        )
        order = self.create_order(*self.lines(5), confirm=False)
        self.assertIn("OK of the Boss", self.outlook(order)["waits"][0])

    def test_who_may_not_read_holds_sees_no_reason(self):
        order = self.create_order(*self.lines(50), confirm=False)
        user = self.create_user("oms_outlook_seller", "oms_order_cycle.group_oms_sales")
        order.user_id = user
        self.assertTrue(self.outlook(order.with_user(user))["holds"][0]["reason"])

    # -- quotations that are typed and not saved yet --------------------------------

    def typed(self, quantity, **values):
        """The order of a test in memory: nothing of it is in the database."""
        return self.env["sale.order"].new(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                **values,
                "order_line": [
                    Command.create(
                        {"product_id": self.product_a.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )

    def assertForetoldTyped(self, order, *hold_types):
        holds = order.sudo()._oms_get_outlook()["holds"]
        self.assertCountEqual(
            [hold["name"] for hold in holds], [one.name for one in hold_types]
        )

    def test_typed_credit_and_value(self):
        value = self.create_hold_type("Too Little", "min_value", min_amount=80)
        self.assertForetoldTyped(self.typed(50), self.credit)
        self.assertForetoldTyped(self.typed(5), value)
        self.assertForetoldTyped(self.typed(9))
        self.create_order(*self.lines(9))
        self.assertForetoldTyped(self.typed(9), self.credit)

    def test_typed_condition(self):
        large = self.create_hold_type(
            "Large", "domain", domain="[('amount_total', '>', 60)]"
        )
        few = self.create_hold_type(
            "Few", "min_value", min_amount=80, domain="[('amount_total', '<', 20)]"
        )
        self.assertForetoldTyped(self.typed(7), large)
        self.assertForetoldTyped(self.typed(5))
        self.assertForetoldTyped(self.typed(1), few)
        # saved and typed ones together
        saved = self.create_order(*self.lines(7), confirm=False)
        both = saved | self.typed(8)
        self.assertEqual(set(large._run_check(both)), set(both))

    def test_typed_reference(self):
        twice = self.create_hold_type("Twice", "duplicate_ref")
        known = self.create_order(*self.lines(1), client_order_ref="PO 7")
        self.assertForetoldTyped(self.typed(1, client_order_ref="po-8"))
        order = self.typed(1, client_order_ref="po7")
        self.assertForetoldTyped(order, twice)
        self.assertIn(known.name, twice._run_check(order)[order])
        channel = self.env["oms.channel"].create(
            {"name": "OMS Typed", "code": "oms_typed", "require_client_ref": True}
        )
        asked = self.typed(1, oms_channel_id=channel.id)
        self.assertIn("reference", asked.sudo()._oms_get_outlook()["refused"][0])
        other = self.typed(1, oms_channel_id=channel.id, client_order_ref="PO7")
        self.assertIn(known.name, other.sudo()._oms_get_outlook()["refused"][0])

    def test_typed_prepayment(self):
        half = self.create_hold_type("Half", "prepayment", prepayment_percent=50)
        self.assertForetoldTyped(self.typed(9), half)
        self.pay_on_account(60)
        self.assertForetoldTyped(self.typed(9))


@tagged("post_install", "-at_install")
class TestHoldsForAll(HoldsCommon):
    """What a company checks on all its orders, whatever their workflow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit = cls.create_hold_type(
            "Credit Limit of the Test",
            "credit_limit",
            use=False,
            credit_default_limit=100,
        )

    def test_off_until_chosen(self):
        self.assertFalse(self.company.oms_hold_type_ids)
        order = self.create_order(*self.lines(50))
        self.assertReleased(order)
        self.company.oms_hold_type_ids = self.credit
        order = self.create_order(*self.lines(50))
        self.assertHeld(order, self.credit)
        self.assertNotReleased(order)
        self.company.oms_hold_type_ids = False
        self.assertReleased(self.create_order(*self.lines(50)))

    def test_orders_under_way(self):
        """Looked at when a check is chosen, set free with a note when it is not."""
        self.credit.recheck = True
        released = self.create_order(*self.lines(50))
        self.place_hold(released)
        self.company.oms_hold_type_ids = self.credit
        waiting = self.create_order(*self.lines(50))
        self.assertNotReleased(waiting)
        self.assertHeld(waiting, self.credit)
        self.assertHeld(released, self.credit, self.manual_type)
        self.company.oms_hold_type_ids = [Command.unlink(self.credit.id)]
        self.assertHeld(waiting)
        self.assertReleased(waiting)
        self.assertIn("not checked for this order", waiting.oms_hold_ids.note)
        # placed by hand: stays
        self.assertHeld(released, self.manual_type)

    def test_taken_away_where_another_list_names_it_still(self):
        other = self.create_company("OMS Other")
        (other + self.company).write({"oms_hold_type_ids": self.credit.ids})
        by_company = self.create_order(*self.lines(50))
        checking = self.create_workflow(
            "OMS Checking",
            ["released", "shipped"],
            company_id=self.company.id,
            sequence=0,
            hold_type_ids=[Command.set(self.credit.ids)],
        )
        by_both = self.create_order(*self.lines(50))
        self.assertEqual(by_both.oms_workflow_id, checking)
        self.company.oms_hold_type_ids = False
        self.assertHeld(by_company)
        self.assertHeld(by_both, self.credit)

    def test_checked_once_where_the_workflow_checks_it_too(self):
        self.company.oms_hold_type_ids = self.credit
        self.workflow.hold_type_ids = [Command.link(self.credit.id)]
        order = self.create_order(*self.lines(50))
        self.assertHeld(order, self.credit)
        self.assertEqual(len(order.oms_hold_ids), 1)

    def test_other_companies_are_left_alone(self):
        other = self.create_company("OMS Other")
        other.oms_hold_type_ids = self.credit
        self.assertReleased(self.create_order(*self.lines(50)))

    def test_settings(self):
        with Form(self.env["res.config.settings"]) as settings:
            settings.oms_hold_type_ids.add(self.credit)
        settings.record.execute()
        self.assertEqual(self.company.oms_hold_type_ids, self.credit)
