"""Workflows: which one, which stage, since when, until when."""

from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import OrderCycleCommon

APPROVAL_FIRST = "OMS Approve"


@tagged("post_install", "-at_install")
class TestWorkflow(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager_group = cls.env.ref("oms_order_cycle.group_oms_manager")
        cls.manager = cls.create_user(
            "oms_manager_user", "oms_order_cycle.group_oms_manager"
        )
        cls.channel = cls.env["oms.channel"].create(
            {
                "name": "OMS Web",
                "code": "OMSWEB",
                "kind": "web",
                "company_id": cls.company.id,
                "tz": "Europe/Berlin",
            }
        )

    def approval_workflow(self, **values):
        return self.create_workflow(
            APPROVAL_FIRST,
            [
                "confirmed",
                {
                    "name": "To approve",
                    "exit_kind": "approval",
                    "approval_group_id": self.manager_group.id,
                },
                "released",
                "shipped",
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
            **values,
        )

    # -- which workflow ---------------------------------------------------------

    def test_default_workflow_of_company(self):
        order = self.create_order(confirm=False)
        self.assertEqual(order.oms_workflow_id, self.workflow)
        self.assertIn("Default workflow", order.oms_workflow_reason)

    def test_workflow_by_channel_team_tag_carrier_and_condition(self):
        team = self.env["crm.team"].create({"name": "OMS Team"})
        tag = self.env["res.partner.category"].create({"name": "OMS Tag"})
        fee = self.create_product("OMS Fee", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create(
            {"name": "OMS Truck", "product_id": fee.id}
        )
        cases = {
            "channel": (
                {"channel_ids": self.channel},
                {"oms_channel_id": self.channel},
            ),
            "team": ({"team_ids": team}, {"team_id": team}),
            "carrier": ({"carrier_ids": carrier}, {"carrier_id": carrier}),
            "tag": ({"partner_category_ids": tag}, {"partner_id": None}),
            "condition": (
                {"domain": "[('client_order_ref', '=like', 'VIP%')]"},
                {"client_order_ref": "VIP 7"},
            ),
        }
        tagged_customer = self.create_customer(
            "OMS Tagged", category_id=[Command.set(tag.ids)]
        )
        for name, (criteria, values) in cases.items():
            with self.subTest(name):
                workflow = self.create_workflow(
                    f"OMS By {name}",
                    ["confirmed", "shipped"],
                    company_id=self.company.id,
                    **{
                        field: value
                        if isinstance(value, str)
                        else [Command.set(value.ids)]
                        for field, value in criteria.items()
                    },
                )
                other = self.create_order(confirm=False)
                self.assertEqual(other.oms_workflow_id, self.workflow)
                order = self.create_order(
                    confirm=False,
                    **{
                        field: tagged_customer.id
                        if value is None
                        else value
                        if isinstance(value, str)
                        else value.id
                        for field, value in values.items()
                    },
                )
                order.action_confirm()
                self.assertEqual(order.oms_workflow_id, workflow)
                self.assertTrue(order.oms_workflow_reason)
                workflow.action_retire()

    def test_channel_names_its_workflow(self):
        workflow = self.create_workflow(
            "OMS Channel's Own", ["confirmed", "paid"], sequence=99
        )
        self.channel.workflow_id = workflow
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        self.assertEqual(order.oms_workflow_id, workflow)
        self.assertIn("OMS Web", order.oms_workflow_reason)

    def test_channel_follows_to_the_new_version(self):
        workflow = self.create_workflow("OMS Channel's Own", ["confirmed", "paid"])
        self.channel.workflow_id = workflow
        new = self.env["oms.workflow"].browse(workflow.action_new_version()["res_id"])
        new.action_publish()
        self.assertEqual(self.channel.workflow_id, new)

    def test_confirmed_order_keeps_its_workflow(self):
        order = self.create_order()
        workflow = self.approval_workflow()
        order.oms_channel_id = self.channel
        self.assertEqual(order.oms_workflow_id, self.workflow)
        draft = self.create_order(confirm=False)
        draft.oms_channel_id = self.channel
        self.assertEqual(draft.oms_workflow_id, workflow)

    # -- versions ---------------------------------------------------------------

    def test_new_version_leaves_running_orders_alone(self):
        order = self.create_order()
        action = self.workflow.action_new_version()
        new = self.env["oms.workflow"].browse(action["res_id"])
        self.assertEqual((new.version, new.state), (2, "draft"))
        self.assertEqual(
            new.stage_ids.mapped("milestone"),
            self.workflow.stage_ids.mapped("milestone"),
        )
        # asked for twice, the same draft is opened
        self.assertEqual(self.workflow.action_new_version()["res_id"], new.id)
        new.stage_ids.filtered(lambda stage: stage.milestone == "packed").unlink()
        new.action_publish()
        self.assertEqual(self.workflow.state, "retired")
        self.assertEqual(order.oms_workflow_id, self.workflow)
        self.assertEqual(self.create_order().oms_workflow_id, new)

    def test_workflow_in_use_is_not_changed(self):
        stage = self.workflow.stage_ids[1]
        for change in ({"milestone": "packed"}, {"sequence": 99}, {"allowed_hours": 3}):
            with self.assertRaisesRegex(UserError, "New Version"):
                stage.write(change)
        with self.assertRaisesRegex(UserError, "New Version"):
            self.workflow.stage_ids[1].unlink()
        with self.assertRaisesRegex(UserError, "New Version"):
            self.workflow.stage_ids = [
                Command.create({"name": "More", "milestone": "loaded"})
            ]
        stage.write({"name": "Renamed", "milestone": stage.milestone})
        self.assertEqual(stage.name, "Renamed")

    # -- contradictions ---------------------------------------------------------

    def test_two_defaults_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "already the default"):
            self.create_workflow(
                "OMS Second Default",
                ["confirmed"],
                company_id=self.company.id,
                is_default=True,
            )

    def test_stage_after_a_later_milestone_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Move it up"):
            self.create_workflow("OMS Wrong", ["confirmed", "shipped", "picked"])

    def test_milestone_twice_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no order would ever stop"):
            self.create_workflow("OMS Wrong", ["confirmed", "picked", "picked"])

    def test_payment_before_release_is_allowed(self):
        workflow = self.create_workflow(
            "OMS Prepaid", ["confirmed", "paid", "released", "shipped"]
        )
        self.assertEqual(workflow.state, "published")

    def test_approval_by_nobody_is_refused(self):
        group = self.env["res.groups"].create({"name": "OMS Nobody"})
        with self.assertRaisesRegex(ValidationError, "nobody belongs"):
            self.create_workflow(
                "OMS Wrong",
                [
                    {
                        "name": "Never",
                        "exit_kind": "approval",
                        "approval_group_id": group.id,
                    }
                ],
            )

    def test_conditions_that_never_or_always_hold_are_refused(self):
        for domain, message in (
            ("[]", "empty"),
            ("[('id', 'in', [])]", "never be met"),
            ("[('no_such_field', '=', 1)]", "cannot be used"),
            ("not a domain", "cannot be used"),
        ):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, message):
                self.create_workflow(
                    "OMS Wrong",
                    [{"name": "C", "exit_kind": "domain", "exit_domain": domain}],
                )

    def test_workflow_without_stages_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "has no stages"):
            self.create_workflow("OMS Empty", [])

    def test_incomplete_exit_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choose the milestone"):
            self.create_workflow("OMS Wrong", [{"name": "No milestone"}])
        with self.assertRaisesRegex(ValidationError, "Choose the group"):
            self.create_workflow(
                "OMS Wrong", [{"name": "No group", "exit_kind": "approval"}]
            )

    def test_workflow_with_orders_is_not_deleted(self):
        self.create_order()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "archive"):
            self.workflow.unlink()

    # -- approval ---------------------------------------------------------------

    def test_approval_gates_the_release(self):
        self.approval_workflow()
        order = self.create_order(oms_channel_id=self.channel.id)
        self.assertStage(order, "To approve")
        self.assertFalse(order.picking_ids)
        self.assertTrue(order.order_line.oms_release_pending)
        self.assertFacts(order, "confirmed")
        seller = self.create_user("oms_no_approver", "sales_team.group_sale_manager")
        as_seller = order.with_user(seller)
        self.assertFalse(as_seller.oms_can_approve)
        with self.assertRaisesRegex(UserError, self.manager_group.name):
            as_seller.action_oms_approve()
        with self.assertRaisesRegex(UserError, "To approve"):
            order.action_oms_release()
        as_manager = order.with_user(self.manager)
        self.assertTrue(as_manager.oms_can_approve)
        as_manager.action_oms_approve()
        self.assertTrue(order.picking_ids)
        self.assertFalse(order.order_line.oms_release_pending)
        self.assertStage(order, "To be shipped")

    def test_approval_of_two_orders_and_withdrawal(self):
        self.approval_workflow()
        orders = self.create_order(oms_channel_id=self.channel.id) + self.create_order(
            oms_channel_id=self.channel.id
        )
        self.env.flush_all()
        orders.with_user(self.manager).action_oms_approve()
        self.assertEqual(len(orders.picking_ids), 2)
        with self.assertRaisesRegex(UserError, "no stage that waits"):
            orders.with_user(self.manager).action_oms_approve()
        orders[0].with_user(self.manager).action_oms_withdraw_approval()
        self.assertStage(orders[0], "To approve")
        self.assertStage(orders[1], "To be shipped")

    def test_quantity_added_while_kept_back(self):
        self.approval_workflow()
        order = self.create_order(oms_channel_id=self.channel.id)
        order.order_line.product_uom_qty = 25
        order.order_line = [
            Command.create({"product_id": self.product_b.id, "product_uom_qty": 1})
        ]
        self.env.flush_all()
        self.assertFalse(order.picking_ids)
        order.with_user(self.manager).action_oms_approve()
        self.assertEqual(
            sorted(order.picking_ids.move_ids.mapped("product_uom_qty")), [1, 25]
        )

    def test_released_by_outbox_when_paid(self):
        self.create_workflow(
            "OMS Paid First",
            ["confirmed", "paid", "released", "shipped"],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )
        order = self.create_order(oms_channel_id=self.channel.id)
        self.assertStage(order, "To be paid")
        self.assertFalse(order.picking_ids)
        self.pay(self.invoice(order))
        self.journal()
        self.assertStage(order, "To be released")
        release = self.env.ref("oms_order_cycle.action_server_release")
        row = order.oms_outbox_ids
        self.assertEqual(row.action_id, release)
        row.action_id.with_context(
            active_model="sale.order", active_id=order.id, active_ids=order.ids
        ).run()
        self.assertTrue(order.picking_ids)
        self.assertStage(order, "To be shipped")

    def test_released_by_outbox_each_time_it_comes_back(self):
        """An approval that covers the order again is of an old moment."""
        self.approval_workflow()
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Stop", "block_release": True}
        )
        with freeze_time("2026-03-02 08:00:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            order._oms_place_hold(hold_type, "Wait")
            order.with_user(self.manager).action_oms_approve()
            self.journal()
            self.assertStage(order, "To be released")
            first = order.oms_outbox_ids
            self.assertEqual(len(first), 1)
            first._process()
        with freeze_time("2026-03-02 09:00:00"):
            order.order_line.price_unit *= 2
            self.journal()
            self.assertStage(order, "To approve")
            order.oms_hold_ids.action_lift()
            self.assertFalse(order.picking_ids)
        with freeze_time("2026-03-02 10:00:00"):
            order.order_line.price_unit /= 2
            self.journal()
            self.assertStage(order, "To be released")
            self.assertEqual(order.oms_stage_since, datetime(2026, 3, 2, 10))
            second = order.oms_outbox_ids - first
            self.assertEqual(len(second), 1)
            second._process()
            self.assertTrue(order.picking_ids)

    def test_actions_run_again_on_return(self):
        self.set_steps("pick_ship")
        action = self.env["ir.actions.server"].create(
            {
                "name": "OMS Once More",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": "pass",
            }
        )
        self.create_workflow(
            "OMS Rerun",
            [
                "picked",
                {
                    "name": "To ship",
                    "milestone": "shipped",
                    "rerun_actions": True,
                    "action_ids": action.ids,
                },
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )
        with freeze_time("2026-03-02 08:00:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            self.validate(self.open_transfers(order)[:1])
            self.journal()
            self.assertStage(order, "To ship")
        with freeze_time("2026-03-02 09:00:00"):
            order.order_line = [
                Command.create({"product_id": self.product_b.id, "product_uom_qty": 3})
            ]
            self.journal()
            self.assertStage(order, "To be picked")
        with freeze_time("2026-03-02 10:00:00"):
            order.order_line[1].product_uom_qty = 0
            order.order_line[1].move_ids._action_cancel()
            self.journal()
            self.assertStage(order, "To ship")
            self.assertEqual(order.oms_stage_since, datetime(2026, 3, 2, 10))
        rows = order.oms_outbox_ids
        self.assertEqual(rows.action_id, action)
        self.assertEqual(len(rows), 2)

    # -- conditions -------------------------------------------------------------

    def test_condition_moves_the_order_when_its_fields_change(self):
        self.create_workflow(
            "OMS Promised",
            [
                "confirmed",
                {
                    "name": "To promise",
                    "exit_kind": "domain",
                    "exit_domain": "[('commitment_date', '!=', False)]",
                },
                {
                    "name": "Customer to check",
                    "exit_kind": "domain",
                    "exit_domain": "[('partner_id.comment', 'ilike', 'checked')]",
                },
                "shipped",
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )
        order = self.create_order(oms_channel_id=self.channel.id)
        self.assertStage(order, "To promise")
        order.commitment_date = "2026-12-24 12:00:00"
        self.assertStage(order, "Customer to check")
        # a path to another document triggers, too
        self.customer.comment = "checked by Anne"
        self.assertStage(order, "To be shipped")
        order.commitment_date = False
        self.assertStage(order, "To promise")

    # -- times ------------------------------------------------------------------

    def timed_workflow(self, calendar=None, hours=4):
        return self.create_workflow(
            "OMS Timed",
            [
                "confirmed",
                {
                    "name": "To ship",
                    "milestone": "shipped",
                    "allowed_hours": hours,
                    "calendar_id": calendar and calendar.id,
                },
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )

    def test_deadline_round_the_clock(self):
        self.timed_workflow()
        with freeze_time("2026-03-06 16:00:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            self.env.flush_all()
            self.assertEqual(order.oms_stage_deadline, datetime(2026, 3, 6, 20))
            self.assertFalse(order.oms_is_late)
        with freeze_time("2026-03-06 20:00:01"):
            order.invalidate_recordset(["oms_is_late"])
            self.assertTrue(order.oms_is_late)
            self.assertIn(
                order, self.env["sale.order"].search([("oms_is_late", "=", True)])
            )
            self.assertNotIn(
                order, self.env["sale.order"].search([("oms_is_late", "=", False)])
            )

    def test_deadline_in_working_hours_over_a_weekend(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "OMS Berlin", "tz": "Europe/Berlin"}
        )
        self.timed_workflow(calendar)
        # Friday 15:00 in Berlin: two hours today, two on Monday from 8:00
        with freeze_time("2026-03-06 14:00:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            self.env.flush_all()
        self.assertEqual(order.oms_stage_deadline, datetime(2026, 3, 9, 9))

    def test_cut_off_moves_the_start_to_the_next_day(self):
        self.timed_workflow()
        self.channel.write({"cutoff_enabled": True, "cutoff_hour": 15})
        with freeze_time("2026-03-06 13:59:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            self.env.flush_all()
            self.assertEqual(order.oms_stage_deadline, datetime(2026, 3, 6, 17, 59))
        # 15:00 in Berlin is past the cut-off: midnight there is 23:00 UTC
        with freeze_time("2026-03-06 14:00:00"):
            late = self.create_order(oms_channel_id=self.channel.id)
            self.env.flush_all()
            self.assertEqual(late.oms_effective_date, datetime(2026, 3, 6, 23))
            self.assertEqual(late.oms_stage_deadline, datetime(2026, 3, 7, 3))

    def test_cut_off_across_daylight_saving(self):
        self.channel.write({"cutoff_enabled": True, "cutoff_hour": 15})
        # the night to 29 March 2026 is an hour shorter in Berlin
        self.assertEqual(
            self.channel._effective_order_date(datetime(2026, 3, 28, 16)),
            datetime(2026, 3, 28, 23),
        )
        self.assertEqual(
            self.channel._effective_order_date(datetime(2026, 3, 29, 16)),
            datetime(2026, 3, 29, 22),
        )

    def test_back_in_a_stage_the_clock_starts_anew(self):
        self.timed_workflow()
        with freeze_time("2026-03-02 08:00:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            self.ship(order)
            self.env.flush_all()
            self.assertEqual(order.oms_cycle_state, "closed")
        with freeze_time("2026-03-05 10:00:00"):
            order.order_line.product_uom_qty = 11
            self.env.flush_all()
            self.assertStage(order, "To ship")
            self.assertEqual(order.oms_stage_since, datetime(2026, 3, 5, 10))
            self.assertEqual(order.oms_stage_deadline, datetime(2026, 3, 5, 14))

    def test_clock_pauses_while_the_customer_is_awaited(self):
        self.timed_workflow()
        hold_type = self.env["oms.hold.type"].create(
            {
                "name": "OMS Ask Customer",
                "code": "OMSASK",
                "check": "manual",
                "customer_caused": True,
                "block_ship": True,
            }
        )
        with freeze_time("2026-03-02 08:00:00"):
            order = self.create_order(oms_channel_id=self.channel.id)
            self.env.flush_all()
        with freeze_time("2026-03-02 09:00:00"):
            hold = self.env["oms.hold"].create(
                {"order_id": order.id, "type_id": hold_type.id, "reason": "Colour?"}
            )
            self.env.flush_all()
            self.assertFalse(order.oms_stage_deadline)
        with freeze_time("2026-03-02 19:00:00"):
            hold.action_lift()
            self.env.flush_all()
            self.assertEqual(order.oms_stage_deadline, datetime(2026, 3, 2, 22))

    def test_promised_date_makes_late(self):
        with freeze_time("2026-03-02 08:00:00"):
            order = self.create_order(commitment_date="2026-03-04 12:00:00")
            self.env.flush_all()
            self.assertFalse(order.oms_is_late)
        with freeze_time("2026-03-04 12:00:01"):
            order.invalidate_recordset(["oms_is_late"])
            self.assertTrue(order.oms_is_late)
            self.ship(order)
            self.env.flush_all()
            self.assertFalse(order.oms_is_late)

    # -- channel ----------------------------------------------------------------

    def test_customer_reference_required_and_unique(self):
        self.channel.require_client_ref = True
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        with self.assertRaisesRegex(UserError, "need a customer reference"):
            order.action_confirm()
        order.client_order_ref = "PO-1"
        order.action_confirm()
        branch = self.create_customer("OMS Branch", parent_id=self.customer.id)
        twin = self.create_order(
            confirm=False,
            oms_channel_id=self.channel.id,
            partner_id=branch.id,
            client_order_ref="po-1 ",
        )
        with self.assertRaisesRegex(UserError, order.name):
            twin.action_confirm()
        order._action_cancel()
        twin.action_confirm()
        self.assertEqual(twin.state, "sale")

    def test_channel_gives_warehouse_and_priority(self):
        second = self.env["stock.warehouse"].create(
            {"name": "OMS Second", "code": "OM2", "company_id": self.company.id}
        )
        self.stock_up(self.product_a, 50, second)
        self.channel.write({"warehouse_id": second.id, "priority": "1"})
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer
            form.oms_channel_id = self.channel
            with form.order_line.new() as line:
                line.product_id = self.product_a
                line.product_uom_qty = 3
        order = form.record
        self.assertEqual(order.warehouse_id, second)
        order.action_confirm()
        self.assertEqual(order.picking_ids.picking_type_id.warehouse_id, second)
        self.assertEqual(order.picking_ids.priority, "1")

    def test_wrong_cut_off_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "between 00:00"):
            self.channel.cutoff_hour = 24.5

    # -- words and pictures -----------------------------------------------------

    def test_explain_says_why(self):
        order = self.create_order((self.product_a, 10), (self.product_b, 2))
        self.env.flush_all()
        self.assertIn("Nothing has been picked yet", order.oms_why)
        steps = self.workflow._explain(order)
        self.assertEqual(
            [step["stage"].name for step in steps if step["current"]], ["To be picked"]
        )
        bar = order.oms_cycle_bar
        self.assertEqual(
            [stage["state"] for stage in bar["stages"]][:4],
            ["done", "done", "current", "todo"],
        )

    def test_preview_shows_all_stages(self):
        for stage in self.workflow.stage_ids:
            self.assertIn(stage.name, self.workflow.preview)

    def test_every_order_has_words(self):
        draft = self.create_order(confirm=False)
        done = self.create_order()
        done._action_cancel()
        closed = self.create_order((self.service, 1))
        self.pay(self.invoice(closed))
        self.env.flush_all()
        for order in draft + done + closed:
            self.assertTrue(order.oms_why)
            self.assertTrue(order.oms_cycle_bar)


@tagged("post_install", "-at_install")
class TestJournal(OrderCycleCommon):
    def kinds(self, order):
        return [
            (event.kind, event.milestone or event.stage_id.name or "")
            for event in order.oms_event_ids.sorted("id")
        ]

    def test_journal_of_an_order(self):
        order = self.create_order(confirm=False)
        self.journal()
        self.assertEqual(self.kinds(order), [("stage", "To be confirmed")])
        order.action_confirm()
        self.journal()
        self.assertEqual(
            self.kinds(order)[1:],
            [("fact", "confirmed"), ("fact", "released"), ("stage", "To be picked")],
        )
        self.ship(order)
        order.picking_ids.action_oms_mark_delivered()
        self.pay(self.invoice(order))
        self.journal()
        self.assertEqual(self.kinds(order)[-1], ("closed", ""))
        count = len(order.oms_event_ids)
        # nothing changed, nothing is written
        order._oms_rederive()
        self.journal()
        self.assertEqual(len(order.oms_event_ids), count)

    def test_journal_is_append_only(self):
        order = self.create_order()
        self.journal()
        event = order.oms_event_ids[0]
        with self.assertRaises(UserError):
            event.name = "Forged"
        with self.assertRaises(UserError):
            event.sudo().unlink()

    def test_journal_names_who_and_when(self):
        user = self.create_user("oms_stock", "stock.group_stock_user")
        order = self.create_order()
        self.journal()
        with freeze_time("2026-05-05 05:05:05"):
            order.picking_ids.with_user(user).button_validate()
            # the end of the user's request
            self.env(user=user).flush_all()
            self.journal()
        event = order.oms_event_ids.filtered(lambda e: e.milestone == "shipped")
        self.assertEqual(event.user_id, user)
        self.assertEqual(event.date, datetime(2026, 5, 5, 5, 5, 5))

    def test_rolled_back_steps_leave_no_trace(self):
        order = self.create_order(confirm=False)
        self.journal()
        count = len(order.oms_event_ids)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            order.action_confirm()
            self.env.flush_all()
            raise ZeroDivisionError
        self.journal()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertEqual(len(order.oms_event_ids), count)

    def test_drift_is_found_mended_and_journalled(self):
        order = self.create_order()
        self.ship(order)
        self.journal()
        self.env.cr.execute(
            "UPDATE sale_order SET oms_shipped_at = NULL WHERE id = %s", [order.id]
        )
        order.invalidate_recordset()
        self.assertEqual(order._oms_mend_drift(), {order: ["oms_shipped_at"]})
        self.assertTrue(order.oms_shipped_at)
        self.assertIn("note", order.oms_event_ids.mapped("kind"))
        self.assertNoDrift(order)

    def test_arrival_is_recorded_once(self):
        order = self.create_order()
        with self.assertRaisesRegex(UserError, "only a delivery that has"):
            order.picking_ids.action_oms_mark_delivered()
        self.ship(order)
        order.picking_ids.action_oms_mark_delivered()
        self.assertEqual(order.picking_ids.oms_delivered_by, self.env.user)
        with self.assertRaisesRegex(UserError, "only a delivery that has"):
            order.picking_ids.action_oms_mark_delivered()

    def test_deleting_a_quotation_deletes_its_journal(self):
        order = self.create_order(confirm=False)
        self.journal()
        order.unlink()
        self.journal()
        self.assertFalse(order.exists())


@tagged("post_install", "-at_install")
class TestBatchCost(OrderCycleCommon):
    """The queries of the cycle do not grow with the number of orders."""

    def count_cycle_queries(self, orders):
        self.journal()
        orders._oms_rederive()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders._oms_rederive()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_for_many_orders(self):
        few = sum((self.create_order() for _i in range(2)), self.env["sale.order"])
        many = few + sum(
            (self.create_order() for _i in range(8)), self.env["sale.order"]
        )
        self.count_cycle_queries(many)  # warm up
        self.assertEqual(self.count_cycle_queries(many), self.count_cycle_queries(few))
        self.assertLessEqual(self.count_cycle_queries(many), 5)
