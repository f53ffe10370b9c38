from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import INTERNAL


class SaleOrder(models.Model):
    """What the screens of the order cycle need beside its facts.

    Customers may read their orders: all of this is for internal users.
    """

    _inherit = "sale.order"

    oms_show_cycle_bar = fields.Boolean(
        compute="_compute_oms_show_cycle_bar", groups=INTERNAL
    )
    oms_can_release = fields.Boolean(
        compute="_compute_oms_can_release",
        groups=INTERNAL,
        help="Something is kept back, nothing keeps it any longer, and the user may"
        " change the order.",
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

    @api.depends("order_line.oms_release_pending", "oms_stage_id")
    @api.depends_context("uid")
    def _compute_oms_can_release(self):
        pending = self.filtered(lambda order: order.sudo()._oms_get_pending_lines())
        withheld = pending._oms_get_withheld() if pending else {}
        for order in self:
            order.oms_can_release = (
                order in pending
                and order.state == "sale"
                and order not in withheld
                and order.has_access("write")
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
        """Open the log of the orders."""
        return self._oms_get_action("oms_event_action", self.env._("Order Log"))

    def action_oms_view_failed_actions(self):
        """Open the automatic actions that failed."""
        action = self._oms_get_action("oms_outbox_action", self.env._("Failed Actions"))
        action["context"]["search_default_failed"] = 1
        return action
