"""What is set up: who is served by it, what is refused, what a change of it moves."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import OrderCycleCommon


class ConfigurationCommon(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env["oms.channel"].create(
            {"name": "OMS EDI", "code": "OMSEDI", "kind": "edi", "tz": "UTC"}
        )
        cls.seller = cls.create_user(
            "oms_config_seller", "sales_team.group_sale_salesman_all_leads"
        )

    @classmethod
    def create_branch(cls, name, parent=None):
        parent = parent or cls.company
        branch = cls.env["res.company"].create({"name": name, "parent_id": parent.id})
        cls.env.user.company_ids = [Command.link(branch.id)]
        return branch

    def create_order_in(self, company, **values):
        orders = self.env["sale.order"].with_context(allowed_company_ids=company.ids)
        return orders.create(
            {"partner_id": self.customer.id, "company_id": company.id, **values}
        )


@tagged("post_install", "-at_install")
class TestRestrictedConditions(ConfigurationCommon):
    """Conditions name fields that those who confirm orders must not read."""

    CONDITION = "[('partner_id.credit_limit', '>', 500)]"

    def test_workflow_chosen_by_credit_limit(self):
        workflow = self.create_workflow(
            "OMS Big Customers",
            ["confirmed", "shipped"],
            company_id=self.company.id,
            domain=self.CONDITION,
        )
        self.customer.with_company(self.company).credit_limit = 1000
        order = self.create_order(confirm=False)
        order.oms_workflow_id = self.workflow
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = order.with_user(self.seller)
        matches = self.env["oms.workflow"].with_user(self.seller)._match(theirs)
        self.assertEqual(matches[theirs][0], workflow.id)
        theirs.action_confirm()
        self.assertEqual(order.oms_workflow_id, workflow)

    def test_stage_that_ends_by_credit_limit(self):
        workflow = self.create_workflow(
            "OMS Checked",
            [
                "confirmed",
                {
                    "name": "To check",
                    "exit_kind": "domain",
                    "exit_domain": self.CONDITION,
                },
                "released",
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = order.with_user(self.seller)
        theirs.action_confirm()
        self.assertStage(order, "To check")
        self.assertIn("To check", theirs.oms_why)
        self.assertEqual(len(theirs.oms_cycle_bar["stages"]), 3)
        self.env.invalidate_all()
        self.assertFalse(workflow._explain(theirs)[1]["passed"])
        self.customer.with_company(self.company).credit_limit = 1000
        self.assertTrue(workflow._explain(theirs)[1]["passed"])

    def test_try_by_a_consultant(self):
        consultant = self.create_user(
            "oms_config_consultant", "oms_order_cycle.group_oms_consultant"
        )
        self.create_workflow(
            "OMS Big Customers",
            ["confirmed", "shipped"],
            company_id=self.company.id,
            domain=self.CONDITION,
        )
        order = self.create_order()
        self.env.flush_all()
        self.env.invalidate_all()
        form = Form(
            self.env["oms.workflow.try"]
            .with_user(consultant)
            .with_context(default_workflow_id=self.workflow.id)
        )
        form.order_id = order
        self.assertIn("OMS Test Workflow", form.chosen_workflow)


@tagged("post_install", "-at_install")
class TestDefaults(ConfigurationCommon):
    """A company is never left without a default workflow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.common = cls.env.ref("oms_order_cycle.workflow_default")
        others = cls.env["oms.workflow"].search(
            [("is_default", "=", True), ("company_id", "=", False)]
        )
        cls.lonely = cls.create_company("OMS Company Without")
        assert others == cls.common

    def test_the_only_default_stays(self):
        for name, change in (
            ("retire", self.common.action_retire),
            ("archive", self.common.action_archive),
            ("untick", lambda: self.common.write({"is_default": False})),
            ("move", lambda: self.common.write({"company_id": self.company.id})),
            ("delete", self.common._unlink_unless_last_default),
        ):
            with self.subTest(name), self.assertRaises(UserError) as caught:
                change()
            self.assertIn("default", str(caught.exception), name)
        self.common.invalidate_recordset()
        self.assertTrue(self.common.active and self.common.is_default)
        self.assertEqual(self.common.state, "published")

    def test_another_default_serves(self):
        # the one for all companies
        self.workflow.action_retire()
        order = self.create_order(confirm=False)
        self.assertEqual(order.oms_workflow_id, self.common)

    def test_new_version_takes_over(self):
        new = self.common.browse(self.common.action_new_version()["res_id"])
        new.action_publish()
        self.assertEqual(self.common.state, "retired")
        order = self.create_order_in(self.lonely)
        self.assertEqual(order.oms_workflow_id, new)

    def test_new_version_that_is_no_default_is_refused(self):
        new = self.common.browse(self.common.action_new_version()["res_id"])
        new.is_default = False
        with self.assertRaisesRegex(UserError, "without a default workflow"):
            new.action_publish()

    def test_channel_passes_over_what_is_archived(self):
        own = self.create_workflow("OMS Own", ["confirmed", "paid"], sequence=99)
        self.channel.workflow_id = own
        own.channel_ids = self.channel
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        self.assertEqual(order.oms_workflow_id, own)
        own.active = False
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        self.assertEqual(order.oms_workflow_id, self.workflow)
        # nor does somebody who looks at archived records, too
        self.env.registry.clear_cache()
        workflows = self.env["oms.workflow"].with_context(active_test=False)
        self.assertEqual(workflows._match(order)[order][0], self.workflow.id)

    def test_channel_must_not_name_what_is_not_in_use(self):
        retired = self.create_workflow("OMS Old", ["confirmed", "paid"])
        retired.action_retire()
        archived = self.create_workflow("OMS Archived", ["confirmed", "paid"])
        archived.active = False
        for workflow in retired + archived:
            with (
                self.subTest(workflow.name),
                self.assertRaisesRegex(ValidationError, "not in use"),
            ):
                self.channel.workflow_id = workflow

    def test_channel_names_a_draft_that_is_published_later(self):
        draft = self.create_workflow("OMS Draft", ["confirmed"], publish=False)
        self.channel.workflow_id = draft
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        self.assertNotEqual(order.oms_workflow_id, draft)
        draft.action_publish()
        order = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        self.assertEqual(order.oms_workflow_id, draft)


@tagged("post_install", "-at_install")
class TestContradictions(ConfigurationCommon):
    def test_invoiced_before_released_is_refused(self):
        for stages in (
            ["confirmed", "invoiced", "released", "shipped"],
            ["confirmed", "invoiced", "paid", "released", "shipped"],
        ):
            with (
                self.subTest(stages),
                self.assertRaisesRegex(ValidationError, "invoiced on delivery"),
            ):
                self.create_workflow("OMS Never", stages)

    def test_others_are_allowed(self):
        for stages in (
            ["confirmed", "paid", "released", "shipped"],
            ["confirmed", "released", "invoiced", "shipped"],
            # nothing waits for the release
            ["confirmed", "invoiced", "shipped"],
        ):
            with self.subTest(stages):
                self.create_workflow("OMS Fine", stages)


@tagged("post_install", "-at_install")
class TestBranches(ConfigurationCommon):
    """What is set up for a company serves its branches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.create_branch("OMS Branch")
        cls.sister = cls.create_company("OMS Sister")
        cls.channel.company_id = cls.company

    def test_workflow_of_the_parent(self):
        self.assertEqual(
            self.create_order_in(self.branch).oms_workflow_id, self.workflow
        )
        self.assertNotEqual(
            self.create_order_in(self.sister).oms_workflow_id, self.workflow
        )
        own = self.create_workflow(
            "OMS Branch's Own",
            ["confirmed", "paid"],
            company_id=self.branch.id,
            is_default=True,
            sequence=99,
        )
        self.assertEqual(self.create_order_in(self.branch).oms_workflow_id, own)
        self.assertEqual(
            self.create_order(confirm=False).oms_workflow_id, self.workflow
        )

    def test_channel_of_the_parent(self):
        order = self.create_order_in(self.branch, oms_channel_id=self.channel.id)
        self.assertEqual(order.oms_channel_id, self.channel)
        with self.assertRaises(UserError):
            self.create_order_in(self.sister).oms_channel_id = self.channel

    def test_hold_type_of_the_parent(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Parent's", "company_id": self.company.id}
        )
        order = self.create_order_in(self.branch)
        order._oms_place_hold(hold_type, "Wait")
        self.assertTrue(order.oms_is_held)
        with self.assertRaisesRegex(UserError, "another company"):
            self.create_order_in(self.sister)._oms_place_hold(hold_type, "Wait")

    def test_checks_of_the_parent(self):
        minimum = self.env["oms.hold.type"].create(
            {
                "name": "OMS Parent's Minimum",
                "company_id": self.company.id,
                "check": "min_value",
                "min_amount": 1000,
            }
        )
        self.workflow.hold_type_ids = minimum
        order = self.create_order_in(
            self.branch,
            order_line=[Command.create({"product_id": self.service.id})],
        )
        order.action_confirm()
        self.assertEqual(order.oms_hold_ids.type_id, minimum)

    def as_user(self, record, user):
        return record.with_user(user).with_context(allowed_company_ids=self.branch.ids)

    def test_people_of_the_branch_read_it(self):
        user = self.create_user(
            "oms_branch_manager", "oms_order_cycle.group_oms_manager"
        )
        user.write(
            {
                "company_ids": [Command.set(self.branch.ids)],
                "company_id": self.branch.id,
            }
        )
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Parent's", "company_id": self.company.id}
        )
        foreign = self.env["oms.workflow"].create(
            {"name": "OMS Sister's", "company_id": self.sister.id}
        )
        for record in (
            self.workflow,
            self.workflow.stage_ids,
            self.channel,
            hold_type,
        ):
            with self.subTest(record=record):
                self.assertTrue(self.as_user(record, user).has_access("read"))
        self.assertFalse(self.as_user(foreign, user).has_access("read"))


@tagged("post_install", "-at_install")
class TestCustomerReference(ConfigurationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.require_client_ref = True

    def order(self, ref, confirm=True, **values):
        values.setdefault("oms_channel_id", self.channel.id)
        return self.create_order(confirm=confirm, client_order_ref=ref, **values)

    def test_wildcards_are_letters(self):
        self.order("PO_1%")
        self.order("POx1")
        self.order("PO_1999")
        self.order("PO_%")
        with self.assertRaisesRegex(UserError, "already ordered"):
            self.order(" po_1% ")

    def test_blanks_around_the_first_reference(self):
        self.order(" PO-7 ")
        with self.assertRaisesRegex(UserError, "already ordered"):
            self.order("PO-7")

    def test_created_as_confirmed(self):
        with self.assertRaisesRegex(ValidationError, "need a customer reference"):
            self.order(False, confirm=False, state="sale")
        first = self.order("PO-1", confirm=False, state="sale")
        with self.assertRaisesRegex(ValidationError, first.name):
            self.order("PO-1", confirm=False, state="sale")

    def test_changed_later(self):
        first = self.order("PO-1")
        second = self.order("PO-2")
        for values in ({"client_order_ref": "PO-1"}, {"client_order_ref": False}):
            with self.subTest(values), self.assertRaises(ValidationError):
                second.write(values)
        second.invalidate_recordset()
        other = self.create_order(client_order_ref="PO-1")
        with self.assertRaisesRegex(ValidationError, first.name):
            other.oms_channel_id = self.channel

    def test_quotations_and_other_channels_are_free(self):
        self.order("PO-1")
        self.order("PO-1", confirm=False)
        self.order(False, confirm=False)
        self.create_order(client_order_ref="PO-1", confirm=True)
        self.create_order()
        stranger = self.create_customer("OMS Stranger")
        self.order("PO-1", partner_id=stranger.id)

    def test_cancelled_frees_the_reference(self):
        first = self.order("PO-1")
        first._action_cancel()
        second = self.order("PO-1")
        second._action_cancel()
        first.action_draft()
        first.action_confirm()
        self.env.flush_all()
        self.assertEqual(first.state, "sale")

    def test_reference_handed_over_in_one_step(self):
        orders = self.order("PO-1") + self.order("PO-1", confirm=False)
        self.env.flush_all()
        for giver, taker in (orders, orders[::-1], orders):
            giver.state = "draft"
            taker.state = "sale"
            self.env.flush_all()
            self.assertFalse(giver.oms_client_ref_key)
            self.assertTrue(taker.oms_client_ref_key)

    def test_two_in_one_batch(self):
        orders = self.order("PO-1", confirm=False) + self.order("PO-1", confirm=False)
        with self.assertRaisesRegex(UserError, "already ordered"):
            orders.action_confirm()

    def test_queries_do_not_grow(self):
        def check(number):
            orders = self.env["sale.order"].union(
                *(
                    self.order(f"PO-{number}-{part}", confirm=False)
                    for part in range(number)
                )
            )
            orders.action_confirm()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._check_oms_client_ref()
            return self.env.cr.sql_log_count - before

        check(2)
        self.assertEqual(check(3), check(12))

    def test_two_at_the_same_moment(self):
        """The second does not see the first, which is not committed: an index does."""
        self.order("PO-1")
        self.env.flush_all()
        second = self.order("po-1", confirm=False)
        with (
            patch.object(type(second), "_oms_get_client_ref_twins", lambda *args: {}),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            second.action_confirm()
            self.env.flush_all()

    def test_ticking_it_leaves_running_orders_alone(self):
        self.channel.require_client_ref = False
        first, second = self.order("PO-1"), self.order("PO-1")
        self.env.flush_all()
        self.channel.require_client_ref = True
        self.env.flush_all()
        self.ship(first + second)
        self.env.flush_all()
        self.assertTrue(first.oms_shipped_at and second.oms_shipped_at)


@tagged("post_install", "-at_install")
class TestSetUpOtherwise(ConfigurationCommon):
    """Open orders follow when what they depend on is set up otherwise."""

    def test_step_of_an_operation_type(self):
        self.set_steps("pick_ship")
        order = self.create_order()
        self.validate(order.picking_ids)
        self.assertIn("picked", self.facts(order))
        self.warehouse.pick_type_id.oms_step = False
        self.assertNotIn("picked", self.facts(order))
        self.assertNoDrift(order)
        self.warehouse.pick_type_id.oms_step = "pick"
        self.assertIn("picked", self.facts(order))

    def test_invoice_policy_of_a_product(self):
        order = self.create_order()
        # two more than ordered
        self.validate(order.picking_ids, {self.product_a: 12})
        self.invoice(order)
        self.assertIn("invoiced", self.facts(order))
        self.product_a.invoice_policy = "delivery"
        self.assertNotIn("invoiced", self.facts(order))
        self.assertNoDrift(order)
        self.product_a.invoice_policy = "order"
        self.assertIn("invoiced", self.facts(order))

    def test_queries_do_not_grow_with_orders(self):
        def change(number):
            product = self.create_product(f"OMS Many {number}")
            for _i in range(number):
                self.create_order((product, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            product.invoice_policy = "delivery"
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        change(2)
        self.assertEqual(change(3), change(8))

    def test_steps_of_a_warehouse(self):
        self.set_steps("pick_ship")
        order = self.create_order()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.move_line_ids._put_in_pack()
        self.validate(picking)
        self.assertIn("packed", self.facts(order))
        self.set_steps("pick_pack_ship")
        self.assertNotIn("packed", self.facts(order))
        self.assertNoDrift(order)

    def test_only_open_orders_are_derived(self):
        closed = self.create_order((self.service, 1))
        self.pay(self.invoice(closed))
        open_order = self.create_order((self.service, 1))
        draft = self.create_order((self.product_b, 1), confirm=False)
        self.env.flush_all()
        derived = []
        orders = type(self.env["sale.order"])
        with patch.object(orders, "_oms_rederive", lambda self: derived.append(self)):
            self.service.invoice_policy = "delivery"
        self.assertEqual(derived, [open_order])
        self.assertNotIn(draft, derived[0])


@tagged("post_install", "-at_install")
class TestNightlyCheck(ConfigurationCommon):
    def run_cron(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *a, **k: 60):
            self.env["sale.order"]._oms_cron_check_drift()

    def test_old_quotations_are_left_alone(self):
        timed = self.create_workflow(
            "OMS Timed",
            [
                {"name": "Quote", "milestone": "confirmed", "allowed_hours": 3},
                "shipped",
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )
        self.assertTrue(timed)
        quotation = self.create_order(confirm=False)
        limited = self.create_order(confirm=False, oms_channel_id=self.channel.id)
        order = self.create_order()
        self.env.flush_all()
        found = self.env["sale.order"].search(
            self.env["sale.order"]._oms_get_drift_domain()
        )
        self.assertIn(order, found)
        self.assertIn(limited, found)
        self.assertNotIn(quotation, found)

    def test_waiting_for_a_condition_is_checked(self):
        self.create_workflow(
            "OMS Waits",
            [
                {
                    "name": "Wait",
                    "exit_kind": "domain",
                    "exit_domain": "[('validity_date', '<', 'today')]",
                },
                "confirmed",
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(self.channel.ids)],
        )
        manager = self.create_user(
            "oms_night_manager", "oms_order_cycle.group_oms_manager"
        )
        tomorrow = fields.Date.today() + timedelta(days=1)
        order = self.create_order(
            confirm=False, oms_channel_id=self.channel.id, validity_date=tomorrow
        )
        self.assertStage(order, "Wait")
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.run_cron()
            self.assertStage(order, "To be confirmed")
        # time moved it: nobody is told of a fault
        self.assertFalse(
            self.env["mail.message"].search(
                [("notified_partner_ids", "in", manager.partner_id.ids)]
            )
        )

    def test_managers_are_told_what_was_corrected(self):
        manager = self.create_user(
            "oms_night_manager",
            "oms_order_cycle.group_oms_manager",
            notification_type="inbox",
        )
        clerk = self.create_user(
            "oms_night_clerk",
            "oms_order_cycle.group_oms_service",
            notification_type="inbox",
        )
        order = self.create_order()
        fine = self.create_order()
        self.ship(order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET oms_shipped_at = NULL WHERE id = %s", [order.id]
        )
        order.invalidate_recordset()
        with self.assertLogs("odoo.addons.oms_order_cycle", "WARNING") as logs:
            self.run_cron()
        self.assertIn(order.name, logs.output[0])
        self.assertNotIn(fine.name, logs.output[0])
        told = self.env["mail.message"].search(
            [("notified_partner_ids", "in", manager.partner_id.ids)]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(order.name, told.body)
        self.assertIn("Shipped", told.body)
        self.assertNotIn(clerk.partner_id, told.notified_partner_ids)
        self.run_cron()
        self.assertIn(
            order,
            self.env["oms.event"].search([("kind", "=", "note")]).order_id,
        )

    def test_check_of_holds_without_its_cron(self):
        """Whoever deleted the scheduled job can go on paying invoices."""
        order = self.create_order()
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Credit", "check": "credit_limit", "block_release": True}
        )
        self.workflow.hold_type_ids = hold_type
        self.env["oms.hold"]._open(
            [{"order_id": order.id, "type_id": hold_type.id, "reason": "Too much"}]
        )
        self.env.ref("oms_order_cycle.ir_cron_check_holds").unlink()
        self.pay(self.invoice(order))
        self.journal()
        self.assertTrue(order.oms_paid_at)


@tagged("post_install", "-at_install")
class TestArrival(ConfigurationCommon):
    def test_sister_company_is_arrived_at(self):
        transit = self.env.ref("stock.stock_location_inter_company")
        transit.sudo().active = True
        inner = transit.sudo().create(
            {"name": "OMS Inner", "location_id": transit.id, "usage": "transit"}
        )
        for location in (transit, inner):
            with self.subTest(location.name):
                customer = self.create_customer(f"OMS Sister {location.name}")
                customer.with_company(self.company).property_stock_customer = location
                order = self.create_order(partner_id=customer.id)
                self.ship(order)
                self.assertIn("shipped", self.facts(order))
                self.assertTrue(order.picking_ids.oms_can_mark_delivered)
                order.picking_ids.action_oms_mark_delivered()
                self.assertIn("delivered", self.facts(order))

    def test_transfers_in_the_house_do_not_arrive(self):
        self.set_steps("pick_ship")
        order = self.create_order()
        self.validate(order.picking_ids)
        picking = order.picking_ids.filtered(lambda p: p.state == "done")
        self.assertFalse(picking.oms_can_mark_delivered)

    def test_arrival_is_taken_back(self):
        user = self.create_user("oms_dock", "oms_order_cycle.group_oms_dispatch")
        order = self.create_order()
        self.ship(order)
        picking = order.picking_ids.with_user(user)
        with self.assertRaisesRegex(UserError, "No arrival"):
            picking.action_oms_undo_arrival()
        picking.action_oms_mark_delivered()
        self.assertIn("delivered", self.facts(order))
        reader = self.create_user("oms_reader", "account.group_account_readonly")
        with self.assertRaises(UserError):
            order.picking_ids.with_user(reader).action_oms_undo_arrival()
        picking.action_oms_undo_arrival()
        self.assertNotIn("delivered", self.facts(order))
        self.assertFalse(picking.oms_delivered_by)
        self.assertTrue(picking.oms_can_mark_delivered)
        self.journal()
        event = order.oms_event_ids.filtered(
            lambda event: event.res_id == picking.id and event.kind == "fact_cleared"
        )
        self.assertEqual(event.user_id, user)
        self.assertNoDrift(order)
