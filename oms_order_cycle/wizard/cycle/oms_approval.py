from odoo import api, fields, models


class OmsApproval(models.TransientModel):
    """Approve or reject orders, with a reason."""

    _name = "oms.approval"
    _description = "Approve or Reject Orders"
    _inherit = ["oms.chosen.orders"]

    stage = fields.Char(compute="_compute_stage")
    amount = fields.Char("Order Total", compute="_compute_stage")
    note = fields.Text("Reason", help="Kept in the order log.")

    @api.depends("order_ids")
    def _compute_stage(self):
        for wizard in self:
            orders = wizard.order_ids
            stages = orders.oms_stage_id.sudo()
            wizard.stage = ", ".join(dict.fromkeys(stages.mapped("name")))
            wizard.amount = ", ".join(
                currency.format(sum(group.mapped("amount_total")))
                for currency, group in orders.grouped("currency_id").items()
            )

    def action_approve(self):
        """Approve the orders; the reason is kept."""
        self.ensure_one()
        self.order_ids.action_oms_approve(self.note or "")
        return {"type": "ir.actions.act_window_close"}

    def action_reject(self):
        """Reject the orders; the salespeople are told why."""
        self.ensure_one()
        self.order_ids.action_oms_reject(self.note or "")
        return {"type": "ir.actions.act_window_close"}
