"""Who is told that orders stand in a stage, or are late there."""

from odoo import api, fields, models
from odoo.fields import Domain


class OmsStage(models.Model):
    _inherit = "oms.stage"

    notify_when = fields.Selection(
        [
            ("entry", "When an Order Comes"),
            ("late", "When an Order Is Late"),
        ],
        string="When",
        default="entry",
        required=True,
        help="When they are told: as soon as the order stands in the stage, or once the"
        " allowed time is over.",
    )

    def _get_notified_group(self):
        """Who approves, or else whose work the stage is."""
        if self.exit_kind == "approval":
            return self.approval_group_id
        return self.group_id

    def _get_waiting_domain(self):
        self.ensure_one()
        domain = Domain("oms_stage_id", "=", self.id) & Domain(
            "oms_cycle_state", "=", "open"
        )
        if self.notify_when == "late":
            domain &= Domain("oms_stage_deadline", "<", fields.Datetime.now())
        return "sale.order", domain

    @api.model
    def _notify_of_moves(self, events):
        """Orders came to stages and left them: tell, and take back what was told.

        :param events: that moved orders, or ended their cycle
        """
        stages = self.env["oms.workflow"]._get_notifying_stages()
        if not stages:
            return
        for stage_id, moved in events.grouped("from_stage_id").items():
            if stage_id.id in stages:
                stage_id.sudo()._end_notices(moved.order_id)
        for stage_id, moved in events.grouped("stage_id").items():
            if stages.get(stage_id.id) == "entry":
                orders = moved.order_id.filtered(
                    lambda order, stage=stage_id: order.oms_stage_id == stage
                )
                stage_id.sudo()._notify(orders)

    @api.model
    def _notify_of_delays(self):
        """Tell of the orders that are late by now. Each is told once."""
        stages = self.sudo().search(
            [("notify_policy", "=", "activity"), ("notify_when", "=", "late")]
        )
        for stage in stages:
            model, domain = stage._get_waiting_domain()
            stage._notify(self.env[model].sudo().search(domain))
