"""Approvals: who may give and withdraw them, and what becomes of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.groups import INTERNAL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_can_approve = fields.Boolean(
        compute="_compute_oms_can_approve",
        search="_search_oms_can_approve",
        groups=INTERNAL,
    )
    oms_can_withdraw_approval = fields.Boolean(
        compute="_compute_oms_can_withdraw_approval", groups=INTERNAL
    )

    @api.depends("oms_stage_id")
    @api.depends_context("uid")
    def _compute_oms_can_approve(self):
        groups = self.env.user.all_group_ids
        for order in self:
            stage = order.oms_stage_id.sudo()
            order.oms_can_approve = (
                stage.exit_kind == "approval" and stage.approval_group_id in groups
            )

    @api.model
    def _search_oms_can_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        stages = (
            self.env["oms.stage"]
            .sudo()
            ._search(
                [
                    ("exit_kind", "=", "approval"),
                    ("approval_group_id", "in", self.env.user.all_group_ids.ids),
                ]
            )
        )
        domain = Domain("oms_stage_id", "in", stages)
        return domain if True in value else ~domain

    @api.depends("oms_stage_id", "oms_event_ids.kind", "oms_released_at")
    @api.depends_context("uid")
    def _compute_oms_can_withdraw_approval(self):
        groups = self.env.user.all_group_ids
        open_orders = self.filtered(
            lambda order: (
                order.oms_cycle_state == "open" and not order._oms_has_followed()
            )
        )
        (self - open_orders).oms_can_withdraw_approval = False
        approvals = open_orders._oms_get_approvals()
        for order in open_orders:
            stages = (
                self.env["oms.stage"].sudo().browse(approvals.get(order._origin.id, ()))
            )
            last = stages.sorted("sequence")[-1:]
            order.oms_can_withdraw_approval = bool(
                last and last.approval_group_id in groups
            )

    def _oms_check_can_approve(self):
        for order in self:
            stage = order.oms_stage_id.sudo()
            if stage.exit_kind != "approval":
                raise UserError(
                    self.env._(
                        "%s is in no stage that waits for an approval.", order.name
                    )
                )
            if not order.oms_can_approve:
                raise UserError(
                    self.env._(
                        "%(order)s can only be approved by %(group)s.",
                        order=order.name,
                        group=stage.approval_group_id.display_name,
                    )
                )

    def action_oms_open_approval(self):
        """Ask whether the orders are approved or rejected, and why."""
        self.check_access("read")
        self._oms_check_can_approve()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_approval_action"
        )
        action["context"] = {"default_order_ids": self.ids}
        return action

    def action_oms_approve(self, note=""):
        """Approve orders in the stage they stand in.

        :param str note: why; kept in the journal
        """
        self.check_access("read")
        self._oms_check_can_approve()
        words = self.env._("Approved: %s")
        if isinstance(note, str) and note.strip():
            words = f"{words}. {note.strip()}"
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": "approval",
                    "stage_id": order.oms_stage_id.id,
                    "amount": order.amount_total,
                    "name": words.replace("%s", order.oms_stage_id.sudo().name, 1),
                }
                for order in self
            ]
        )
        self._oms_rederive()
        self._oms_after_approve()
        self.sudo()._oms_release()
        return True

    def _oms_after_approve(self):
        """Hook: orders were approved, and are about to be released."""

    def _oms_has_followed(self):
        """Whether too much has followed the release to take an approval back: goods
        were picked or bought, or the warehouse never waited for it."""
        self.ensure_one()
        order = self.sudo()
        moves = order.order_line.move_ids.filtered(lambda move: move.state != "cancel")
        if not moves:
            return bool(order.oms_released_at)
        gate = self.env["oms.workflow"]._get_release_gate(order.oms_workflow_id.id)
        if not gate:
            return True
        bought = "purchase_line_id" in moves._fields and (
            moves.move_orig_ids.purchase_line_id or moves.purchase_line_id
        )
        return bool(bought) or any(
            move.state == "done" or move.picked for move in moves
        )

    def _oms_get_launched(self, since):
        """Open moves that the warehouse was asked for since a moment."""
        self.ensure_one()
        return self.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.oms_released_at
                and move.oms_released_at >= since
            )
        )

    def _oms_call_back(self, since):
        """Call off what the warehouse was asked for since a moment."""
        launched = self._oms_get_launched(since)
        lines = launched.sale_line_id
        launched._action_cancel()
        lines.oms_release_pending = True

    def action_oms_withdraw_approval(self):
        """Take back the last approval of orders, as long as nothing was picked: what
        the warehouse was asked for is called off."""
        self.check_access("read")
        groups = self.env.user.all_group_ids
        vals_list = []
        since = {}
        for order in self:
            approvals = self._oms_get_approvals().get(order.id, {})
            stages = self.env["oms.stage"].sudo().browse(approvals)
            if not stages:
                raise UserError(self.env._("%s has not been approved.", order.name))
            stage = stages.sorted("sequence")[-1]
            if stage.approval_group_id not in groups:
                raise UserError(
                    self.env._(
                        "The approval of %(order)s can only be withdrawn by %(group)s.",
                        order=order.name,
                        group=stage.approval_group_id.display_name,
                    )
                )
            if order._oms_has_followed():
                raise UserError(
                    self.env._(
                        "It is too late to take the approval of %s back: goods have"
                        " been picked, shipped or bought. Put it on hold instead.",
                        order.name,
                    )
                )
            since[order] = approvals[stage.id][0]
            vals_list.append(self._oms_prepare_withdrawal(order.id, stage))
        self.env["oms.event"]._log(vals_list)
        for order, moment in since.items():
            order.sudo()._oms_call_back(moment)
        self._oms_rederive()
        return True

    def _oms_withdraw_approvals(self):
        self.env["oms.event"]._log(
            [
                self._oms_prepare_withdrawal(order_id, stage)
                for order_id, approvals in self._oms_get_approvals().items()
                for stage in self.env["oms.stage"].sudo().browse(approvals)
            ]
        )

    @api.model
    def _oms_prepare_withdrawal(self, order_id, stage):
        return {
            "order_id": order_id,
            "kind": "approval_withdrawn",
            "stage_id": stage.id,
            "name": self.env._("Approval withdrawn: %s", stage.name),
        }
