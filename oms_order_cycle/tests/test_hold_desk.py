"""What whoever decides about holds does, and what the others see of it."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .common_holds import HoldsCommon

START = "odoo.addons.oms_order_cycle.models.hold.oms_hold_type_start"


@tagged("post_install", "-at_install")
class TestHoldTypeInUse(HoldsCommon):
    """A type is added to a workflow in use, or taken away."""

    def test_added_type_checks_orders_under_way(self):
        self.create_hold_type("First", "min_value", min_amount=101)
        waiting, gone = self.create_order(), self.create_order(self.lines(20)[0])
        self.assertReleased(gone)
        added = self.create_hold_type("Large", "domain", domain="[('name', '!=', '')]")
        self.assertIn(added, self.open_holds(waiting).type_id)
        self.assertHeld(gone)
        # by its own form, or made with its workflows
        made = self.env["oms.hold.type"].create(
            {
                "name": "Made",
                "check": "domain",
                "domain": "[('name', '!=', '')]",
                "workflow_ids": [Command.set(self.workflow.ids)],
            }
        )
        self.assertIn(made, self.open_holds(waiting).type_id)
        # taken away: lifted with a note, and nothing else
        self.workflow.hold_type_ids = [Command.unlink(added.id)]
        hold = waiting.oms_hold_ids.filtered(lambda h: h.type_id == added)
        self.assertEqual(hold.state, "lifted")
        self.assertIn("not checked for this order", hold.note)
        self.assertFalse(hold.in_force)
        made.workflow_ids = [Command.clear()]
        self.assertEqual(len(self.open_holds(waiting)), 1)
        self.workflow.hold_type_ids = [Command.clear()]
        self.assertHeld(waiting)
        self.assertReleased(waiting)

    def test_many_orders_in_the_background(self):
        self.create_hold_type("First", "min_value", min_amount=101)
        orders = [self.create_order() for _n in range(3)]
        with patch(f"{START}.AT_ONCE_MAX", 2):
            added = self.create_hold_type(
                "Large", "domain", domain="[('name', '!=', '')]"
            )
            self.assertTrue(added.is_checking)
            self.assertEqual(added.orders_to_check, 3)
            for order in orders:
                self.assertNotIn(added, self.open_holds(order).type_id)
            self.run_cron()
            self.assertFalse(added.is_checking)
            for order in orders:
                self.assertIn(added, self.open_holds(order).type_id)
            self.workflow.hold_type_ids = [Command.clear()]
            self.assertEqual(len(self.open_holds(orders[0])), 1 + 1)
            self.run_cron()
        for order in orders:
            self.assertHeld(order)
            self.assertReleased(order)

    def test_one_taken_away_is_not_looked_for_again(self):
        added = self.create_hold_type("Paid First", "prepayment")
        order = self.create_order()
        self.assertHeld(order, added)
        self.workflow.hold_type_ids = [Command.clear()]
        order.order_line.price_unit = 12
        self.assertHeld(order)

    def test_nothing_is_archived_that_holds(self):
        order = self.create_order()
        self.place_hold(order)
        for record in (self.manual_type, self.workflow):
            with (
                self.assertRaisesRegex(RedirectWarning, order.name),
                self.env.cr.savepoint(),
            ):
                record.active = False
        self.open_holds(order).action_lift()
        self.manual_type.active = False

    def test_changes_of_who_may_lift_are_kept(self):
        consultant = self.create_user(
            "oms_tracing", "oms_order_cycle.group_oms_consultant"
        )
        hold_type = self.create_hold_type(
            "Money",
            "credit_limit",
            company_id=self.company.id,
            lift_group_ids=[Command.set(self.credit_group.ids)],
        )
        messages = hold_type.message_ids
        hold_type.with_user(consultant).with_context(tracking_disable=True).write(
            {"lift_group_ids": [Command.clear()], "credit_default_limit": 5}
        )
        self.env.cr.flush()
        tracked = (hold_type.message_ids - messages).sudo().tracking_value_ids
        self.assertEqual(
            set(tracked.field_id.mapped("name")),
            {"lift_group_ids", "credit_default_limit"},
        )


@tagged("post_install", "-at_install")
class TestHoldDesk(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.create_user("oms_clerk", "oms_order_cycle.group_oms_credit")
        cls.picker = cls.create_user("oms_desk_picker", "stock.group_stock_user")
        cls.seller = cls.create_user(
            "oms_desk_seller", "sales_team.group_sale_salesman_all_leads"
        )
        cls.accountant = cls.create_user(
            "oms_desk_accountant", "account.group_account_invoice"
        )
        cls.credit = cls.create_hold_type(
            "Credit",
            "credit_limit",
            use=False,
            block_ship=True,
            lift_group_ids=[Command.set(cls.credit_group.ids)],
        )

    def create_held(self):
        self.workflow.hold_type_ids = [Command.set(self.credit.ids)]
        self.customer.credit_limit = 50
        order = self.create_order()
        self.assertHeld(order, self.credit)
        return order, order.oms_hold_ids.with_user(self.clerk)

    # -- taking back ------------------------------------------------------------

    def test_taken_back_while_nothing_is_picked(self):
        for steps in ("ship_only", "pick_pack_ship"):
            self.set_steps(steps)
            for decide in ("action_lift", "action_override"):
                with self.subTest(steps=steps, decide=decide):
                    order, hold = self.create_held()
                    getattr(hold, decide)("Slip of the finger")
                    self.assertReleased(order)
                    notice = hold._get_decision_notice()
                    self.assertIn(order.picking_ids.name, notice["params"]["message"])
                    self.assertEqual(notice["params"]["hold_ids"], hold.ids)
                    hold.action_take_back()
                    self.env.flush_all()
                    self.assertHeld(order, self.credit)
                    self.assertFalse(order.oms_released_at)
                    self.assertFalse(self.open_transfers(order))
                    self.assertTrue(order.order_line.oms_release_pending)
                    self.assertQuantities(order.order_line, wanted=10, released=0)
                    self.assertNoDrift(order)
                    # and decided anew
                    hold.action_lift("Meant so")
                    self.assertReleased(order)
                    self.assertQuantities(order.order_line, wanted=10, released=10)
                    self.ship(order)
                    self.assertTrue(order.oms_shipped_at)

    def test_not_taken_back(self):
        order, hold = self.create_held()
        with self.assertRaisesRegex(UserError, "nobody decided"):
            hold.action_take_back()
        hold.action_lift()
        with self.assertRaisesRegex(AccessError, "These may"):
            hold.with_user(self.seller).action_take_back()
        self.validate(order.picking_ids, {self.product_a: 4})
        self.assertFalse(hold.can_take_back)
        with self.assertRaisesRegex(UserError, "too late"):
            hold.action_take_back()

    def test_what_was_with_the_warehouse_before_stays(self):
        order = self.create_order()
        self.place_hold(order)
        picking = order.picking_ids
        hold = self.open_holds(order)
        self.env.cr.execute(
            "UPDATE stock_move SET oms_released_at = now() - INTERVAL '1 day'"
            " WHERE sale_line_id = %s",
            [order.order_line.id],
        )
        self.env.invalidate_all()
        hold.action_lift()
        hold.action_take_back()
        self.assertHeld(order, self.manual_type)
        self.assertNotIn(picking.state, ("cancel", "done"))

    # -- who reads and lifts ----------------------------------------------------

    def test_who_picks_does_not_read_what_is_owed(self):
        order, hold = self.create_held()
        reason = "would owe"
        self.assertIn(reason, hold.reason)
        self.assertIn(reason, order.with_user(self.seller).oms_why)
        hidden = hold.with_user(self.picker)
        with self.assertRaises(AccessError):
            hidden.read(["reason"])
        self.assertEqual(
            hidden.public_reason, "The customer's credit limit is exceeded."
        )
        why = order.with_user(self.picker).oms_why
        self.assertNotIn(reason, why)
        self.assertIn("credit limit is exceeded", why)
        self.env.cr.flush()
        texts = order.oms_event_ids.mapped("name") + order.message_ids.mapped("body")
        self.assertNotIn(reason, " ".join(str(text) for text in texts))
        order.oms_hold_ids.action_lift()
        self.workflow.hold_type_ids = [Command.clear()]
        # what somebody wrote is for all
        self.place_hold(order, reason="Ask for a name")
        with self.assertRaisesRegex(UserError, "Ask for a name"):
            order.picking_ids.with_user(self.picker).button_validate()

    def test_hold_types_without_lifters(self):
        """Whoever sells and the owner; not whoever may write orders for other work."""
        order = self.create_order()
        hold = self.place_hold(order)
        holds = self.env["oms.hold"]
        for user, may in (
            (self.seller, True),
            (self.picker, False),
            (self.accountant, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(hold.with_user(user).can_lift, may)
                found = holds.with_user(user).search([("can_lift", "=", True)])
                self.assertEqual(hold in found, may)
        for user in (self.picker, self.accountant):
            with self.assertRaisesRegex(AccessError, "everybody who sells"):
                hold.with_user(user).action_lift()
        self.manual_type.owner_group_id = self.env.ref("stock.group_stock_user")
        hold.invalidate_recordset(["can_lift"])
        found = holds.with_user(self.picker).search([("can_lift", "=", True)])
        self.assertEqual(hold in found, hold.with_user(self.picker).can_lift)

    # -- a stop for all orders of a customer ------------------------------------

    def test_customer_is_stopped(self):
        child = self.create_customer("OMS Branch", parent_id=self.customer.id)
        other = self.create_customer("OMS Unconcerned")
        stop = self.create_hold_type(
            "Stopped", "customer_stopped", recheck=True, block_ship=True
        )
        orders = [
            self.create_order(partner_id=partner.id)
            for partner in (self.customer, child, other)
        ]
        for user in (self.seller, self.picker):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).write({"oms_is_stopped": True})
        self.customer.with_user(self.clerk).write(
            {"oms_is_stopped": True, "oms_stop_reason": "Insolvent"}
        )
        self.assertHeld(orders[0], stop)
        self.assertHeld(orders[1], stop)
        self.assertHeld(orders[2])
        self.assertEqual(self.open_holds(orders[1]).reason, "Insolvent")
        self.assertEqual(self.customer.oms_held_count, 2)
        # the button of a contact shows what his company waits for
        counts = (child + other).mapped("oms_held_count")
        self.assertEqual(counts, [2, 0])
        for partner in child + other:
            found = self.env["oms.hold"].search(
                [
                    *partner.action_oms_view_holds()["domain"],
                    ("state", "=", "open"),
                ]
            )
            self.assertEqual(len(found.order_id), partner.oms_held_count)
        later = self.create_order()
        self.assertNotReleased(later)
        self.customer.with_user(self.clerk).oms_is_stopped = False
        self.run_cron()
        self.assertHeld(orders[0])
        self.assertReleased(later)

    def test_stop_is_off_until_a_workflow_checks_it(self):
        order = self.create_order()
        self.customer.oms_is_stopped = True
        self.assertHeld(order)
        self.assertReleased(self.create_order())

    # -- screens ----------------------------------------------------------------

    def test_what_is_known_of_the_customer(self):
        order, hold = self.create_held()
        second = self.create_order()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2025-01-01",
                "invoice_date_due": "2025-01-02",
                "invoice_line_ids": [
                    Command.create({"name": "Old", "quantity": 1, "price_unit": 9})
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(hold.overdue_count, 1)
        self.assertEqual(hold.open_order_count, 2)
        self.assertEqual(hold.other_hold_count, 1)
        self.assertEqual(hold.credit_limit, 50)
        for action, records in (
            (hold.action_view_overdue(), invoice),
            (hold.action_view_open_orders(), order + second),
            (hold.action_view_other_holds(), second.oms_hold_ids),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, records.sorted(reverse=True) & found)
            self.assertEqual(set(found.ids), set(records.ids))

    def test_customer_is_whoever_is_invoiced(self):
        """Addresses of one company are one customer, another payer is another."""
        payer = self.create_customer("OMS Payer")
        address = self.env["res.partner"].create(
            {"name": "Gate 3", "parent_id": self.customer.id, "type": "delivery"}
        )
        invoices = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": payer.id, "type": "invoice"}
        )
        subsidiary = self.env["res.partner"].create(
            {"name": "Daughter", "parent_id": payer.id, "is_company": True}
        )
        first = self.create_order(partner_id=self.customer.id)
        by_address = self.create_order(
            partner_id=address.id, partner_invoice_id=self.customer.id
        )
        for_payer = self.create_order(partner_invoice_id=invoices.id)
        of_subsidiary = self.create_order(partner_id=subsidiary.id)
        orders = first + by_address + for_payer + of_subsidiary
        self.place_hold(orders)
        counted = {
            order: (hold.open_order_count, hold.other_hold_count)
            for order in orders
            for hold in order.oms_hold_ids
        }
        self.assertEqual(
            counted,
            {
                first: (2, 1),
                by_address: (2, 1),
                for_payer: (1, 0),
                of_subsidiary: (1, 0),
            },
        )
        self.assertEqual(
            for_payer.oms_hold_ids.action_view_customer()["res_id"], payer.id
        )

    def test_whose_turn_it_is(self):
        """Nobody is sent to work that cannot be done before a hold is lifted."""
        warehouse = self.env.ref("oms_order_cycle.group_oms_warehouse")
        stages = self.workflow.stage_ids.filtered(
            lambda stage: stage.milestone in ("picked", "packed", "shipped")
        )
        stages.write({"group_id": warehouse.id, "description": "Send it."})
        credit = self.create_hold_type(
            "Own Check",
            "min_value",
            min_amount=101,
            block_release=True,
            owner_group_id=self.credit_group.id,
            description="Ask for more.",
        )
        held, free = self.create_order(), self.create_order(self.lines(20)[0])
        self.assertHeld(held, credit)
        self.assertEqual(held._oms_get_turn(), ("Credit", "Ask for more."))
        self.assertEqual(free._oms_get_turn(), ("Warehouse", "Send it."))
        self.assertIn("It is the turn of Credit.", held._oms_explain())
        bar = held._oms_get_cycle_bar()
        here = [stage for stage in bar["stages"] if stage["state"] == "current"]
        self.assertEqual(
            [(stage["group"], stage["next"]) for stage in here],
            [("Credit", "Ask for more.")],
        )
        self.open_holds(held).action_lift("Agreed.")
        self.assertEqual(held._oms_get_turn(), ("Warehouse", "Send it."))
        # where no stage waits for the release, it is the warehouse's turn no sooner
        short = self.create_workflow(
            "Short",
            ["confirmed", {"name": "To Ship", "milestone": "shipped"}],
            hold_type_ids=[Command.set(credit.ids)],
        )
        order = self.create_order(confirm=False)
        order.oms_workflow_id = short
        order.action_confirm()
        self.assertNotReleased(order)
        self.assertEqual(order.oms_stage_id.name, "To Ship")
        self.assertEqual(order._oms_get_turn(), ("Credit", "Ask for more."))
        # what stops the invoice does not keep the warehouse from its work
        billing = self.create_hold_type("Later", block_invoice=True)
        billing.write({"block_release": False})
        self.place_hold(free, billing)
        self.assertEqual(free._oms_get_turn(), ("Warehouse", "Send it."))

    def test_customer_text(self):
        self.credit.customer_text = "We look at your account."
        self.credit.description = "Call him."
        order, _hold = self.create_held()
        self.assertEqual(order._oms_portal_waits(), ["We look at your account."])
        why = order.with_user(self.clerk).oms_why
        self.assertIn("What to do: Call him.", why)
        self.assertIn("Customer sees: We look at your account.", why)

    def test_queries_of_a_list_of_transfers_do_not_grow(self):
        names = {"oms_hold_summary": {}, "oms_is_blocked": {}, "oms_stage_summary": {}}

        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = orders.picking_ids.with_user(self.picker).web_read(names)
            self.assertTrue(all(row["oms_is_blocked"] for row in rows))
            self.assertIn(
                "Something Odd (Ask the customer)", rows[0]["oms_hold_summary"]
            )
            return self.env.cr.sql_log_count - before

        orders = self.env["sale.order"].union(*(self.create_order() for _n in range(6)))
        self.place_hold(orders)
        count(orders)
        self.assertLessEqual(count(orders), count(orders[:2]) + 1)

    # -- before the app goes ----------------------------------------------------

    def test_what_is_held_back_is_listed_and_released(self):
        held, _hold = self.create_held()
        settings = self.env["res.config.settings"].create({})
        self.assertGreaterEqual(settings.oms_unreleased_count, 1)
        action = settings.action_oms_view_unreleased()
        self.assertIn(held, self.env["sale.order"].search(action["domain"]))
        with self.assertRaises(AccessError):
            settings.with_user(self.seller).action_oms_release_all()
        settings.action_oms_release_all()
        self.assertHeld(held)
        self.assertReleased(held)

    def test_uninstalling_leaves_a_word(self):
        held, _hold = self.create_held()
        with self.assertLogs("odoo.addons.oms_order_cycle", "WARNING"):
            self.env["sale.order"]._oms_leave_a_word()
        self.assertIn("uninstalled", held.message_ids[0].body)
        self.env.invalidate_all()
        self.assertFalse(self.env["oms.hold"].search_count([]))
