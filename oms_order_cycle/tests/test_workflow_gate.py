from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, tagged

from ..tools.release_gate import count_gate
from .common_holds import HoldsCommon

APPROVE = ("approval", False)


def milestones(*names):
    return [("milestone", name) for name in names]


@tagged("post_install", "-at_install")
class TestCountGate(BaseCase):
    def test_gate(self):
        for stages, number in [
            ([], 0),
            (milestones("confirmed", "shipped"), 0),
            ([*milestones("confirmed"), APPROVE, *milestones("shipped")], 2),
            ([APPROVE, *milestones("confirmed", "shipped")], 1),
            ([*milestones("picked"), APPROVE, *milestones("shipped")], 0),
            ([*milestones("shipped"), APPROVE, *milestones("invoiced")], 0),
            ([APPROVE, APPROVE, *milestones("packed")], 2),
            # a stage that ends with the release says it itself
            ([*milestones("confirmed", "released"), APPROVE], 1),
            ([APPROVE, *milestones("released", "picked")], 1),
            # no goods at all: nothing is released before
            ([*milestones("confirmed"), APPROVE, *milestones("paid")], 2),
        ]:
            with self.subTest(stages=stages):
                self.assertEqual(count_gate(stages, True), number)

    def test_workflows_of_before_are_left_alone(self):
        stages = [*milestones("confirmed"), APPROVE, *milestones("shipped")]
        self.assertEqual(count_gate(stages, False), 0)
        stages[2:2] = milestones("released")
        self.assertEqual(count_gate(stages, False), 2)


@tagged("post_install", "-at_install")
class TestApprovalGate(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approvers = cls.env.ref("oms_order_cycle.group_oms_credit")
        cls.approver = cls.create_user(
            "oms_gate_approver", "oms_order_cycle.group_oms_credit"
        )
        cls.consultant = cls.create_user(
            "oms_gate_consultant", "oms_order_cycle.group_oms_consultant"
        )

    def approval(self, name="To Approve"):
        return {
            "name": name,
            "exit_kind": "approval",
            "approval_group_id": self.approvers.id,
        }

    def make(self, *stages, publish=True, **values):
        return self.create_workflow(
            "OMS Gate",
            stages,
            publish=publish,
            **{"sequence": 0, "company_id": self.company.id, **values},
        )

    def publish_dialog(self, workflow, user=None):
        workflow = workflow.with_user(user or self.consultant)
        action = workflow.action_open_publish()
        return Form(workflow.env[action["res_model"]].with_context(**action["context"]))

    def test_an_approval_holds_the_release(self):
        """Enter, To Approve, To Complete, To Ship: nothing is picked before."""
        self.make("confirmed", self.approval(), "shipped", "paid")
        waiting, other = self.create_order(), self.create_order()
        self.assertStage(waiting, "To Approve")
        self.assertNotReleased(waiting)
        self.assertIn("To Approve", waiting.oms_why)
        waiting.with_user(self.approver).action_oms_approve()
        self.assertReleased(waiting)
        self.assertNotReleased(other)

    def test_orders_of_older_workflows_go_on_as_before(self):
        workflow = self.make("confirmed", self.approval(), "shipped")
        workflow.sudo().approvals_gate = False  # as published before the update
        self.env.flush_all()
        order = self.create_order()
        self.assertStage(order, "To Approve")
        self.assertReleased(order)
        action = workflow.action_new_version()
        draft = self.env["oms.workflow"].browse(action["res_id"])
        self.assertFalse(draft.approvals_gate)
        dialog = self.publish_dialog(draft)
        self.assertIn("Nothing reaches the warehouse before To Approve", dialog.gate)
        self.assertIn("That is new", dialog.gate)
        dialog.save().action_publish()
        self.assertNotReleased(self.create_order())
        self.assertReleased(order)

    def test_nobody_switches_the_gate(self):
        workflow = self.make("confirmed", self.approval(), "shipped")
        with self.assertRaises(AccessError):
            workflow.with_user(self.consultant).approvals_gate = False

    def test_it_is_released_however_it_gets_past_the_gate(self):
        """Approved, grown, and small again: the approval covers it, it goes on."""
        self.make("confirmed", self.approval(), "shipped")
        order = self.create_order()
        self.place_hold(order)
        order.with_user(self.approver).action_oms_approve()
        order.order_line.product_uom_qty = 20
        self.assertStage(order, "To Approve")
        order.oms_hold_ids.action_lift()
        self.assertNotReleased(order)
        self.journal()
        order.order_line.product_uom_qty = 10
        self.journal()
        self.run_outbox()
        self.assertReleased(order)

    def run_outbox(self):
        rows = self.env["oms.outbox"].search([("state", "=", "pending")])
        rows._process()

    def test_what_nothing_waits_for_is_warned_of(self):
        workflow = self.make(
            "picked", self.approval("To Check"), "shipped", publish=False
        )
        dialog = self.publish_dialog(workflow)
        self.assertIn("Nothing waits for To Check", dialog.warning)
        self.assertFalse(dialog.gate)
        self.assertIn("Nothing waits for it", workflow.preview)
        workflow.stage_ids[1].sequence = 1
        self.assertFalse(self.publish_dialog(workflow).warning)
        self.assertIn("o_oms_gate", workflow.preview)
        self.assertNotIn("Nothing waits for it", workflow.preview)

    def test_publish_says_which_orders_would_follow(self):
        team = self.env["crm.team"].create({"name": "OMS Counter"})
        orders = [self.create_order(team_id=team.id) for _number in range(2)]
        self.create_order()
        draft = self.make("shipped", publish=False, team_ids=[Command.set(team.ids)])
        effect = self.publish_dialog(draft).effect
        self.assertIn("2 of the last 3 orders", effect)
        self.assertIn(f"instead of {self.workflow.name} (2)", effect)
        # another one before it in the list takes them
        self.make("shipped", publish=True, sequence=-1)
        effect = self.publish_dialog(draft).effect
        self.assertIn("none of the last 3 orders", effect)
        self.assertIn("also for 2 others", effect)
        self.assertEqual(orders[0].oms_workflow_id, self.workflow)

    def test_a_new_version_takes_its_own_place(self):
        workflow = self.make("shipped")
        self.create_order()
        action = workflow.action_new_version()
        draft = self.env["oms.workflow"].browse(action["res_id"])
        self.assertIn("1 of the last 1", self.publish_dialog(draft).effect)
        self.assertIn("this version", self.publish_dialog(draft).effect)

    def test_a_new_workflow_is_the_last(self):
        with Form(self.env["oms.workflow"].with_user(self.consultant)) as form:
            form.name = "OMS Last"
        last = form.record
        others = self.env["oms.workflow"].sudo().search([("id", "!=", last.id)])
        self.assertGreater(last.sequence, max(others.mapped("sequence")))

    def test_try_tells_holds_and_release(self):
        minimum = self.create_hold_type(
            "OMS Minimum", "min_value", False, min_amount=500
        )
        packing = self.create_hold_type(
            "OMS Never Packed",
            "domain",
            use=False,
            domain="[('state', '=', 'sale')]",
        )
        packing.write({"block_release": False, "block_pack": True})
        workflow = self.make("confirmed", "shipped", publish=False)
        workflow.hold_type_ids = minimum
        order = self.create_order()
        trial = self.env["oms.workflow.try"].with_user(self.consultant)
        with Form(trial.with_context(default_workflow_id=workflow.id)) as form:
            form.order_id = order
            self.assertIn("OMS Minimum would hold it", form.obstacles)
            self.assertFalse(form.is_released)
            minimum.min_amount = 5
            form.order_id = self.env["sale.order"]
            form.order_id = order
            self.assertFalse(form.obstacles)
            self.assertTrue(form.is_released)
            workflow.hold_type_ids = packing
            form.order_id = self.env["sale.order"]
            form.order_id = order
            self.assertIn("OMS Never Packed", form.obstacles)
            self.assertTrue(form.is_released)
        self.assertFalse(order.oms_hold_ids)

    # -- rejections -------------------------------------------------------------------

    def seller(self):
        return self.create_user("oms_gate_seller", "oms_order_cycle.group_oms_sales")

    def test_a_rejected_order_stays_and_the_seller_is_told(self):
        self.make("confirmed", self.approval(), "shipped")
        seller = self.seller()
        order, other = (self.create_order(user_id=seller.id) for _number in range(2))
        order = order.with_user(self.approver)
        for nothing in ("", "  ", None, 7):
            with self.assertRaisesRegex(UserError, "Say why"):
                order.action_oms_reject(nothing)
        dialog = Form(
            order.env["oms.approval"].with_context(
                **order.action_oms_open_approval()["context"]
            )
        )
        dialog.note = "Margin too low"
        dialog.save().action_reject()
        self.assertStage(order, "To Approve")
        self.assertNotReleased(order)
        self.assertIn("Margin too low", order.oms_why)
        self.assertNotIn("Margin", other.oms_why)
        self.assertEqual(order.sudo().activity_ids.user_id, seller)
        self.assertFalse(other.activity_ids)
        self.assertFalse(order.oms_hold_ids, "the gate keeps it already")
        order.action_oms_approve("Talked about it")
        self.assertReleased(order)
        self.assertNotIn("Margin", order.oms_why)

    def test_where_nothing_waits_a_rejection_holds_the_order(self):
        self.make("picked", self.approval("To Check"), "shipped")
        self.set_steps("pick_ship")
        order = self.create_order()
        self.validate(self.open_transfers(order)[0])
        self.assertStage(order, "To Check")
        order.with_user(self.approver).action_oms_reject("Wrong goods")
        self.assertTrue(order.oms_is_held)
        self.assertIn("Wrong goods", order.oms_hold_ids.reason)
        order.with_user(self.approver).action_oms_approve()
        self.assertFalse(order.oms_is_held)

    def test_what_grew_after_its_approval_and_is_rejected_is_not_approved(self):
        self.make("confirmed", self.approval(), "shipped")
        order = self.create_order()
        self.place_hold(order)
        order.with_user(self.approver).action_oms_approve()
        order.order_line.product_uom_qty = 20
        order.with_user(self.approver).action_oms_reject("Too much")
        order.order_line.product_uom_qty = 10
        self.assertStage(order, "To Approve")

    def test_only_who_approves_rejects(self):
        self.make("confirmed", self.approval(), "shipped")
        order = self.create_order()
        with self.assertRaises(UserError):
            order.with_user(self.seller()).action_oms_reject("No")

    # -- taking back ------------------------------------------------------------------

    def test_an_approval_is_taken_back_while_nothing_is_picked(self):
        self.make("confirmed", self.approval(), "shipped")
        order, other = (self.create_order() for _number in range(2))
        orders = (order + other).with_user(self.approver)
        orders.action_oms_approve()
        self.assertReleased(order)
        order = order.with_user(self.approver)
        self.assertTrue(order.oms_can_withdraw_approval)
        order.action_oms_withdraw_approval()
        self.assertStage(order, "To Approve")
        self.assertFalse(order.oms_released_at)
        self.assertEqual(set(order.sudo().picking_ids.mapped("state")), {"cancel"})
        self.assertReleased(other)
        order.action_oms_approve()
        self.assertTrue(order.oms_released_at)
        self.ship(order.sudo())
        self.assertTrue(order.oms_shipped_at)

    def test_what_was_picked_is_not_taken_back(self):
        self.set_steps("pick_ship")
        self.make("confirmed", self.approval(), "shipped")
        order = self.create_order().with_user(self.approver)
        order.action_oms_approve()
        self.validate(self.open_transfers(order.sudo())[0])
        order.invalidate_recordset()
        self.assertFalse(order.oms_can_withdraw_approval)
        with self.assertRaisesRegex(UserError, "too late"):
            order.action_oms_withdraw_approval()
