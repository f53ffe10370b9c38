from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import INTERNAL


class SaleOrder(models.Model):
    """What the screens of the order cycle need beside its facts.

    Customers may read their orders: what is said in the house is for users only.
    """

    _inherit = "sale.order"

    oms_show_cycle_bar = fields.Boolean(
        compute="_compute_oms_show_cycle_bar", groups=INTERNAL
    )
    oms_has_pending_release = fields.Boolean(
        compute="_compute_oms_has_pending_release", groups=INTERNAL
    )
    oms_can_withdraw_approval = fields.Boolean(
        compute="_compute_oms_can_withdraw_approval", groups=INTERNAL
    )
    oms_is_my_turn = fields.Boolean(
        string="My Group's Turn",
        compute="_compute_oms_is_my_turn",
        search="_search_oms_is_my_turn",
        groups=INTERNAL,
        help="One of the user's groups is responsible for the order's stage.",
    )

    # -- compute ----------------------------------------------------------------

    @api.depends("state", "oms_workflow_id", "oms_stage_id")
    def _compute_oms_show_cycle_bar(self):
        # Most quotations never become orders: stages to come would only be in the
        # way, unless something waits for somebody already.
        for order in self:
            followed = bool(order._origin and order.oms_workflow_id)
            order.oms_show_cycle_bar = followed and (
                order.state not in ("draft", "sent")
                or order.oms_stage_id.sudo().exit_kind == "approval"
            )

    @api.depends("order_line.oms_release_pending")
    def _compute_oms_has_pending_release(self):
        for order in self:
            order.oms_has_pending_release = any(
                order.order_line.mapped("oms_release_pending")
            )

    @api.depends("oms_stage_id", "oms_event_ids.kind", "oms_released_at")
    @api.depends_context("uid")
    def _compute_oms_can_withdraw_approval(self):
        groups = self.env.user.all_group_ids
        open_orders = self.filtered(
            lambda order: order.oms_cycle_state == "open" and not order.oms_released_at
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

    @api.depends("oms_stage_id")
    @api.depends_context("uid")
    def _compute_oms_is_my_turn(self):
        groups = self.env.user.all_group_ids
        for order in self:
            group = order.oms_stage_id.sudo().group_id
            order.oms_is_my_turn = bool(group) and group in groups

    @api.model
    def _search_oms_is_my_turn(self, operator, value):
        if operator != "in":
            return NotImplemented
        stages = (
            self.env["oms.stage"]
            .sudo()
            ._search([("group_id", "in", self.env.user.all_group_ids.ids)])
        )
        domain = Domain("oms_stage_id", "in", stages)
        return domain if True in value else ~domain

    # -- actions ----------------------------------------------------------------

    def _oms_get_action(self, xmlid, title):
        """An action of ours, for these orders only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"oms_order_cycle.{xmlid}"
        )
        action.update(
            name=title,
            domain=[("order_id", "in", self.ids)],
            context={"create": False},
        )
        return action

    def action_oms_view_events(self):
        """Open the journal of the orders."""
        return self._oms_get_action("oms_event_action", self.env._("Journal"))

    def action_oms_view_failed_actions(self):
        """Open the automatic actions that failed."""
        action = self._oms_get_action("oms_outbox_action", self.env._("Failed Actions"))
        action["context"]["search_default_failed"] = 1
        return action

    # -- portal -----------------------------------------------------------------

    def _oms_portal_timeline(self):
        """What the customer may see of where the order stands.

        Stages without a label for the customer are left out, stages in a row with the
        same label are one. Internal names never leave the house.

        :return: list of dicts ``label``, ``state`` (done, current or todo) and ``date``
            (when the order came to stand there, or False)
        :rtype: list
        """
        self.ensure_one()
        # who shows the page has checked that the order is the customer's
        self = self.sudo()
        if self.state != "sale" or not self.oms_workflow_id:
            return []
        stages = self.oms_workflow_id.sudo().stage_ids
        current = self._oms_get_stage_position(stages)
        passed_at = self._oms_get_passed_moments(stages, current)
        timeline = []
        for position, stage in enumerate(stages):
            label = (stage.customer_label or "").strip()
            if not label:
                continue
            if not timeline or timeline[-1]["label"] != label:
                # it came to stand here when the last of the stages before was passed
                moments = [moment for moment in passed_at[:position] if moment]
                timeline.append(
                    {
                        "label": label,
                        "state": "todo",
                        "date": current >= position and max(moments, default=False),
                        "first": position,
                    }
                )
            entry = timeline[-1]
            if current > position:
                entry["state"] = "done"
            elif entry["first"] <= current:
                entry["state"] = "current"
        return timeline

    def _oms_get_stage_position(self, stages):
        """Place of the order's stage among those of its workflow."""
        if self.oms_cycle_state == "closed":
            return len(stages)
        ids = stages.ids
        return ids.index(self.oms_stage_id.id) if self.oms_stage_id.id in ids else 0

    def _oms_get_passed_moments(self, stages, current):
        """When the order passed each of the stages before its own, where it is known.

        Milestones are facts with a time; what was approved or met a condition is told
        by the journal.
        """
        events = self.env["oms.event"]
        if any(stage.exit_kind != "milestone" for stage in stages[:current]):
            events = events.sudo().search_fetch(
                [("order_id", "=", self.id), ("from_stage_id", "!=", False)],
                ["date", "from_stage_id"],
                order="date, id",
            )
        left_at = {event.from_stage_id.id: event.date for event in events}
        return [
            self[f"oms_{stage.milestone}_at"]
            if stage.exit_kind == "milestone"
            else left_at.get(stage.id, False)
            for stage in stages[:current]
        ]
