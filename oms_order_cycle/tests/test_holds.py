from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestHoldLife(HoldsCommon):
    """Placed, shown, lifted, journalled."""

    def test_confirmed_but_not_released(self):
        self.create_hold_type("Minimum", "min_value", min_amount=500)
        order = self.create_order()
        self.assertEqual(order.state, "sale")
        self.assertNotReleased(order)
        order.oms_hold_ids.action_lift("Good customer")
        self.assertReleased(order)
        hold = order.oms_hold_ids
        self.assertEqual(hold.state, "lifted")
        self.assertEqual(hold.lifted_by, self.env.user)
        self.assertTrue(hold.lifted_at)
        self.assertEqual(hold.note, "Good customer")

    def test_several_at_once_released_with_the_last(self):
        one = self.create_hold_type("Minimum", "min_value", min_amount=500)
        two = self.create_hold_type(
            "Note", "domain", domain="[('note', 'ilike', 'odd')]"
        )
        order = self.create_order(note="odd")
        self.assertHeld(order, one, two)
        self.open_holds(order).filtered(lambda h: h.type_id == one).action_lift()
        self.assertHeld(order, two)
        self.assertNotReleased(order)
        self.open_holds(order).action_lift()
        self.assertHeld(order)
        self.assertReleased(order)

    def test_locked_order_is_released(self):
        self.create_hold_type("Minimum", "min_value", min_amount=500)
        order = self.create_order()
        order.action_lock()
        order.oms_hold_ids.action_lift()
        self.assertReleased(order)
        self.assertTrue(order.locked)

    def test_placed_on_quotation(self):
        order = self.create_order(confirm=False)
        self.place_hold(order)
        self.assertTrue(order.oms_is_held)
        order.action_confirm()
        self.assertNotReleased(order)
        order.oms_hold_ids.action_lift()
        self.assertReleased(order)

    def test_journal_and_chatter(self):
        order = self.create_order()
        self.place_hold(order, reason="Call back")
        order.oms_hold_ids.action_lift("Called")
        events = order.oms_event_ids.filtered("hold_id").sorted("id")
        self.assertEqual(events.mapped("kind"), ["hold", "hold_lifted"])
        self.assertIn("Call back", events[0].name)
        self.assertIn("Called", events[1].name)
        self.assertIn("Call back", "".join(order.message_ids.mapped("body")))

    def test_search(self):
        held = self.create_order()
        free = self.create_order()
        self.place_hold(held)
        orders = held + free
        search = self.env["sale.order"].search
        mine = [("id", "in", orders.ids)]
        self.assertEqual(search([*mine, ("oms_is_held", "=", True)]), held)
        self.assertEqual(search([*mine, ("oms_is_held", "=", False)]), free)

    def test_late(self):
        self.manual_type.allowed_hours = 2
        order = self.create_order()
        hold = self.place_hold(order)
        self.assertEqual(hold.deadline, hold.opened_at + timedelta(hours=2))
        self.assertFalse(hold.is_late)
        hold.deadline = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(hold.is_late)
        self.assertIn(hold, self.env["oms.hold"].search([("is_late", "=", True)]))
        self.assertNotIn(hold, self.env["oms.hold"].search([("is_late", "=", False)]))
        hold.action_lift()
        self.assertFalse(hold.is_late)

    def test_working_hours(self):
        calendar = self.env["resource.calendar"].create({"name": "Office"})
        self.manual_type.write({"allowed_hours": 8, "calendar_id": calendar.id})
        hold = self.place_hold(self.create_order())
        self.assertGreater(hold.deadline, hold.opened_at + timedelta(hours=8))

    def test_twice_the_same_stays_one(self):
        order = self.create_order()
        self.assertEqual(len(self.place_hold(order)), 1)
        self.assertFalse(self.place_hold(order))
        self.assertEqual(order.oms_open_hold_count, 1)

    def test_lifted_twice_is_refused(self):
        hold = self.place_hold(self.create_order())
        hold.action_lift()
        with self.assertRaisesRegex(UserError, "no longer open"):
            hold.action_lift()

    def test_cancelled_order_is_held_by_nothing(self):
        order = self.create_order(confirm=False)
        self.place_hold(order)
        order.action_confirm()
        order._action_cancel()
        self.assertHeld(order)
        self.assertEqual(order.oms_hold_ids.state, "lifted")
        with self.assertRaisesRegex(UserError, "cancelled"):
            self.place_hold(order)

    def test_copy_has_no_holds(self):
        order = self.create_order()
        self.place_hold(order)
        copy = order.copy()
        self.assertHeld(copy)

    def test_holds_are_not_deleted(self):
        hold = self.place_hold(self.create_order())
        with self.assertRaises(UserError):
            hold.unlink()

    def test_stage_clock_pauses(self):
        waiting = self.create_hold_type("Customer", customer_caused=True)
        draft = self.create_workflow(
            "Timed",
            [{"name": "Ship", "milestone": "shipped", "allowed_hours": 5}],
            company_id=self.company.id,
            sequence=0,
        )
        order = self.create_order()
        self.assertEqual(order.oms_workflow_id, draft)
        self.assertTrue(order.oms_stage_deadline)
        before = order.oms_stage_deadline
        hold = self.place_hold(order, waiting)
        self.env.flush_all()
        self.assertFalse(order.oms_stage_deadline)
        hold.opened_at -= timedelta(0)
        hold.action_lift()
        self.env.flush_all()
        self.assertGreaterEqual(order.oms_stage_deadline, before)

    def test_empty_recordsets(self):
        none = self.env["sale.order"]
        self.assertEqual(none._oms_blocking_holds("ship"), {})
        none._oms_check_blocked("ship")
        none._oms_run_hold_checks("confirm")
        none._oms_recheck_holds()
        none._action_confirm()
        self.env["stock.move"]._action_done()
        self.env["account.move"]._post()
        self.env["oms.hold"].action_lift()
        self.env["oms.hold"]._open([])


@tagged("post_install", "-at_install")
class TestBlocking(HoldsCommon):
    """Each step is stopped in the model, with words that help."""

    def assertBlocks(self, order, *words):
        return self.assertRaisesRegex(
            UserError, "(?s)" + ".*".join([order.name, *words])
        )

    def test_error_names_hold_reason_and_who(self):
        order = self.create_order()
        self.manual_type.lift_group_ids = self.credit_group
        self.create_user(
            "carla", "oms_order_cycle.group_oms_credit", name="Carla Credit"
        )
        self.place_hold(order, reason="Wrong price")
        with self.assertBlocks(
            order, "shipped", "Something Odd", "Wrong price", "Order Cycle / Credit"
        ):
            self.ship(order)

    def test_one_step_delivery_is_all_three_steps(self):
        for step in ("pick", "pack", "ship"):
            with self.subTest(step=step):
                hold_type = self.create_hold_type(
                    step, block_release=False, **{f"block_{step}": True}
                )
                order = self.create_order()
                hold = self.place_hold(order, hold_type)
                with self.assertBlocks(order):
                    order.picking_ids.button_validate()
                hold.action_lift()
                order.picking_ids.button_validate()
                self.assertEqual(order.picking_ids.state, "done")

    def test_three_steps_each_its_own(self):
        self.set_steps("pick_pack_ship")
        hold_types = {
            step: self.create_hold_type(
                step, block_release=False, **{f"block_{step}": True}
            )
            for step in ("pick", "pack", "ship")
        }
        order = self.create_order()
        holds = {
            step: self.place_hold(order, hold_type)
            for step, hold_type in hold_types.items()
        }
        for step in ("pick", "pack", "ship"):
            picking = self.open_transfers(order)
            self.assertEqual(picking.picking_type_id.oms_step, step)
            with self.subTest(step=step):
                with self.assertBlocks(order, f"{step}"):
                    self.validate(picking)
                holds[step].action_lift()
                self.validate(picking)
                self.assertEqual(picking.state, "done")

    def test_two_steps_shipping_packs(self):
        self.set_steps("pick_ship")
        hold_type = self.create_hold_type("Pack", block_release=False, block_pack=True)
        order = self.create_order()
        self.place_hold(order, hold_type)
        self.validate(self.open_transfers(order))
        with self.assertBlocks(order):
            self.validate(self.open_transfers(order))

    def test_move_done_from_code_is_blocked(self):
        order = self.create_order()
        self.place_hold(order)
        moves = order.picking_ids.move_ids
        moves.picked = True
        with self.assertBlocks(order):
            moves._action_done()
        with self.assertBlocks(order):
            order.picking_ids._action_done()

    def test_batch_is_blocked_and_names_the_held_order(self):
        held, free = self.create_order(), self.create_order()
        self.place_hold(held)
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((held + free).picking_ids.ids)]}
        )
        batch.action_confirm()
        with self.assertBlocks(held) as caught:
            batch.action_done()
        self.assertNotIn(free.name, str(caught.exception))

    def merge_transfers(self, into, other):
        """Goods of two orders in one transfer, as a grouping addon makes them."""
        emptied = other.picking_ids
        emptied.move_ids.picking_id = into.picking_ids
        emptied.unlink()
        return into.picking_ids

    def test_transfer_of_several_orders_names_the_held_one(self):
        held, free = self.create_order(), self.create_order()
        picking = self.merge_transfers(free, held)
        self.place_hold(held)
        with self.assertBlocks(held) as caught:
            picking.button_validate()
        self.assertNotIn(f"{free.name} ", str(caught.exception))

    def test_other_orders_goods_of_the_transfer_may_go(self):
        held, free = self.create_order(), self.create_order()
        free_move = free.picking_ids.move_ids
        picking = self.merge_transfers(free, held)
        self.place_hold(held)
        free_move.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[]
        ).button_validate()
        self.assertEqual(free_move.state, "done")
        self.assertNotEqual(held.order_line.move_ids.state, "done")

    def test_returns_are_never_blocked(self):
        order = self.create_order()
        self.ship(order)
        self.place_hold(order)
        back = self.return_goods(order.picking_ids, 3)
        self.assertEqual(back.state, "done")

    def test_return_to_shelf_between_steps_is_not_blocked(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order()
        picking = self.open_transfers(order)
        self.validate(picking)
        self.place_hold(order)
        back = self.return_goods(picking, 10, refund=False)
        self.assertEqual(back.state, "done")

    def test_scrap_is_not_blocked(self):
        order = self.create_order()
        self.place_hold(order)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.product_a.id,
                "scrap_qty": 1,
                "picking_id": order.picking_ids.id,
                "location_id": self.warehouse.lot_stock_id.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")

    def test_line_added_to_a_held_order_is_kept_back(self):
        order = self.create_order()
        self.place_hold(order)
        order.order_line = [
            Command.create({"product_id": self.product_b.id, "product_uom_qty": 4})
        ]
        self.assertTrue(order.order_line[1].oms_release_pending)
        self.assertNotIn(self.product_b, order.picking_ids.move_ids.product_id)
        order.oms_hold_ids.action_lift()
        self.assertIn(self.product_b, order.picking_ids.move_ids.product_id)

    def test_invoicing(self):
        hold_type = self.create_hold_type(
            "Invoice", block_release=False, block_invoice=True
        )
        order = self.create_order()
        draft = order._create_invoices()
        hold = self.place_hold(order, hold_type)
        with self.assertBlocks(order, "invoiced", "Invoice"):
            draft.action_post()
        draft.unlink()
        with self.assertBlocks(order, "invoiced"):
            order._create_invoices()
        free = self.create_order()
        with self.assertBlocks(order, "invoiced"):
            (order + free)._create_invoices()
        for method in ("percentage", "fixed", "delivered"):
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.ids)],
                    "advance_payment_method": method,
                    "amount": 30,
                    "fixed_amount": 30,
                }
            )
            with self.subTest(method=method), self.assertBlocks(order, "invoiced"):
                wizard.create_invoices()
        hold.action_lift()
        self.assertEqual(self.invoice(order).state, "posted")

    def test_credit_note_is_not_blocked(self):
        hold_type = self.create_hold_type(
            "Invoice", block_release=False, block_invoice=True
        )
        order = self.create_order(*self.lines(10, self.by_delivery))
        self.ship(order)
        self.invoice(order)
        self.return_goods(order.picking_ids, 4)
        self.place_hold(order, hold_type)
        refund = order._create_invoices(final=True)
        self.assertEqual(refund.move_type, "out_refund")
        refund.action_post()
        self.assertEqual(refund.state, "posted")

    def test_shipped_goods_of_a_credit_hold_are_invoiced(self):
        order = self.create_order()
        self.ship(order)
        credit = self.env.ref("oms_order_cycle.oms_hold_type_credit_limit")
        self.env["oms.hold"]._open(
            [{"order_id": order.id, "type_id": credit.id, "reason": "Too much"}]
        )
        self.assertHeld(order, credit)
        self.assertEqual(self.invoice(order).state, "posted")

    def test_payment_goes_through_although_invoicing_is_held(self):
        hold_type = self.create_hold_type(
            "Invoice", block_release=False, block_invoice=True
        )
        order = self.create_order()
        self.place_hold(order, hold_type)
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id, "state": "test"}
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": 100,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "reference": "OMS-TX",
                "state": "done",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        transaction._invoice_sale_orders()
        self.assertFalse(order.invoice_ids)


@tagged("post_install", "-at_install")
class TestDecisions(HoldsCommon):
    """What a person accepted stays accepted, within its limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit = cls.create_hold_type(
            "Credit", "credit_limit", recheck=True, block_ship=True
        )
        cls.customer.credit_limit = 50

    def test_lifted_by_hand_is_accepted_for_the_order_as_it_is(self):
        order = self.create_order()
        order.oms_hold_ids.action_lift("Known")
        self.assertReleased(order)
        order._oms_recheck_holds("cron")
        self.assertHeld(order)
        self.ship(order)
        self.assertTrue(order.oms_shipped_at)

    def test_lifted_and_grown_is_held_again(self):
        order = self.create_order()
        order.oms_hold_ids.action_lift()
        order.order_line.product_uom_qty = 11
        self.assertHeld(order, self.credit)
        self.assertEqual(len(order.oms_hold_ids), 2)
        # what was released stays, the growth is kept back
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 10)
        with self.assertRaisesRegex(UserError, order.name):
            self.ship(order)

    def test_override_holds_until_the_amount(self):
        order = self.create_order()
        order.oms_hold_ids.action_override("Paid tomorrow", amount=150)
        hold = order.oms_hold_ids
        self.assertEqual(hold.state, "overridden")
        self.assertEqual((hold.note, hold.amount), ("Paid tomorrow", 150))
        self.assertReleased(order)
        order.order_line.product_uom_qty = 15
        self.assertHeld(order)
        order.order_line.product_uom_qty = 16
        self.assertHeld(order, self.credit)

    def test_override_without_amount_holds_for_any(self):
        order = self.create_order()
        order.oms_hold_ids.action_override("Whatever")
        order.order_line.product_uom_qty = 500
        self.assertHeld(order)

    def test_override_expires(self):
        order = self.create_order()
        order.oms_hold_ids.action_override(
            "Until Friday", expiry=fields.Datetime.now() + timedelta(days=2)
        )
        self.run_cron()
        self.assertHeld(order)
        order.oms_hold_ids.expiry = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron()
        self.assertHeld(order, self.credit)
        self.run_cron()
        self.assertEqual(len(order.oms_hold_ids), 2)

    def test_expired_and_solved_stays_free(self):
        order = self.create_order()
        order.oms_hold_ids.action_override(
            "Until Friday", expiry=fields.Datetime.now() + timedelta(days=2)
        )
        order.oms_hold_ids.expiry = fields.Datetime.now() - timedelta(seconds=1)
        self.customer.credit_limit = 5000
        self.run_cron()
        self.assertHeld(order)

    def test_override_that_ended_is_noticed_at_the_dock(self):
        self.customer.credit_limit = 0
        order = self.create_order()
        self.place_hold(order)
        hold = order.oms_hold_ids
        hold.action_override("Today", expiry=fields.Datetime.now() + timedelta(hours=2))
        hold.expiry = fields.Datetime.now() - timedelta(seconds=1)
        with self.assertRaisesRegex(UserError, "(?s)Something Odd.*is over"):
            self.ship(order)

    def test_override_by_hand_placed_hold_comes_back(self):
        self.customer.credit_limit = 0
        order = self.create_order()
        self.place_hold(order, reason="Odd quantity")
        order.oms_hold_ids.action_override("Ship some", amount=100)
        self.assertHeld(order)
        order.order_line.product_uom_qty = 20
        self.assertHeld(order, self.manual_type)
        self.assertIn("Odd quantity", self.open_holds(order).reason)

    def test_terms_are_checked(self):
        order = self.create_order()
        hold = order.oms_hold_ids
        now = fields.Datetime.now()
        for note, amount, expiry in (
            ("", 0, False),
            ("  ", 0, False),
            ("note", 99, False),
            ("note", -1, False),
            ("note", 0, now),
            ("note", 0, now - timedelta(days=1)),
        ):
            with (
                self.subTest(note=note, amount=amount, expiry=expiry),
                self.assertRaises(UserError),
            ):
                hold.action_override(note, amount, expiry)
        self.assertHeld(order, self.credit)

    def test_override_of_several_through_the_wizard(self):
        orders = self.create_order() + self.create_order()
        action = orders.oms_hold_ids.action_open_override()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(wizard.amount, 0)
        wizard.note = "Both are fine"
        wizard.save().action_override()
        for order in orders:
            self.assertHeld(order)
            self.assertReleased(order)

    def test_wizard_proposes_the_total(self):
        order = self.create_order()
        action = order.oms_hold_ids.action_open_override()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(wizard.amount, 100)


@tagged("post_install", "-at_install")
class TestRecheck(HoldsCommon):
    """Orders are looked at again: when they change, at shipping, by the cron."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit = cls.create_hold_type(
            "Credit", "credit_limit", recheck=True, block_ship=True
        )
        cls.customer.credit_limit = 100

    def lower_limit(self):
        self.customer.credit_limit = 50

    def test_stopped_at_the_dock(self):
        order = self.create_order()
        self.assertReleased(order)
        self.lower_limit()
        with self.assertRaisesRegex(UserError, f"(?s){order.name}.*Credit"):
            self.ship(order)

    def test_stopped_only_at_the_dock(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order()
        self.lower_limit()
        self.validate(self.open_transfers(order))
        self.validate(self.open_transfers(order))
        with self.assertRaisesRegex(UserError, order.name):
            self.validate(self.open_transfers(order))

    def test_hold_found_at_the_dock_is_kept(self):
        order = self.create_order()
        self.lower_limit()
        order._oms_run_hold_checks("ship")
        self.assertHeld(order, self.credit)

    def test_not_checked_at_shipping_unless_told(self):
        self.credit.recheck = False
        order = self.create_order()
        self.lower_limit()
        self.ship(order)
        self.assertTrue(order.oms_shipped_at)

    def test_cron_finds_orders_that_got_worse(self):
        order = self.create_order()
        self.lower_limit()
        self.run_cron()
        self.assertHeld(order, self.credit)
        self.customer.credit_limit = 100
        self.run_cron()
        self.assertHeld(order)
        self.ship(order)

    def test_cron_leaves_shipped_orders_alone(self):
        order = self.create_order()
        self.ship(order)
        self.lower_limit()
        self.run_cron()
        self.assertHeld(order)

    def test_growth_is_kept_back(self):
        order = self.create_order()
        order.order_line.product_uom_qty = 12
        self.assertHeld(order, self.credit)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 10)
        self.assertTrue(order.order_line.oms_release_pending)
        order.order_line.product_uom_qty = 10
        self.assertHeld(order)

    def test_not_lifting_itself(self):
        self.credit.auto_lift = False
        self.lower_limit()
        order = self.create_order()
        self.customer.credit_limit = 5000
        self.run_cron()
        self.assertHeld(order, self.credit)

    def test_reason_is_kept_up_to_date(self):
        self.lower_limit()
        order = self.create_order()
        before = order.oms_hold_ids.reason
        self.customer.credit_limit = 60
        order.oms_hold_ids.action_recheck()
        self.assertHeld(order, self.credit)
        self.assertNotEqual(order.oms_hold_ids.reason, before)

    def test_one_bad_order_does_not_stop_the_cron(self):
        orders = self.create_order() + self.create_order(
            partner_id=self.create_customer("Other", credit_limit=100).id
        )
        self.lower_limit()
        orders.partner_id.credit_limit = 50
        original = type(self.credit)._find_credit_limit

        def fail(hold_type, found):
            if orders[0] in found:
                raise ValueError("broken")
            return original(hold_type, found)

        with (
            patch.object(type(self.credit), "_find_credit_limit", fail),
            self.assertLogs("odoo.addons.oms_order_cycle", "ERROR"),
        ):
            self.run_cron()
        self.assertHeld(orders[0])
        self.assertHeld(orders[1], self.credit)


@tagged("post_install", "-at_install")
class TestCost(HoldsCommon):
    """Orders without holds pay nothing for them."""

    def count(self, method):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        method()
        return self.env.cr.sql_log_count - before

    def test_no_query_without_holds(self):
        self.create_hold_type("Unused", "credit_limit", use=False)
        order = self.create_order()
        moves = order.picking_ids.move_ids
        moves.picked = True
        moves.mapped("sale_line_id.order_id.name")
        moves.mapped("quantity")
        self.env["oms.hold.type"]._get_definitions()
        self.env["oms.hold.type"]._get_watched_fields()
        self.assertEqual(self.count(moves._oms_check_holds), 0)
        self.assertEqual(self.count(lambda: order._oms_blocking_holds("release")), 0)
        self.assertEqual(self.count(lambda: order._oms_run_hold_checks("confirm")), 0)
        self.assertEqual(self.count(order._oms_recheck_after_change), 0)

    def test_opening_many_costs_little_more_than_one(self):
        self.create_hold_type("Minimum", "min_value", min_amount=500)
        orders = self.env["sale.order"].union(
            *(self.create_order(confirm=False) for _number in range(10))
        )
        orders.write({"state": "sale"})
        orders._oms_assign_workflow()
        self.env.flush_all()
        one = self.count(lambda: orders[:1]._oms_run_hold_checks("confirm"))
        many = self.count(lambda: orders[1:]._oms_run_hold_checks("confirm"))
        self.assertLessEqual(many, one + 5)
        self.assertEqual(sum(orders.mapped("oms_open_hold_count")), 10)
