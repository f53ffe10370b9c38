from odoo import api, fields, models


class OmsHoldPlace(models.TransientModel):
    _name = "oms.hold.place"
    _description = "Put Orders on Hold"
    _inherit = ["oms.chosen.orders"]

    order_count = fields.Integer(compute="_compute_order_count")
    type_id = fields.Many2one(
        "oms.hold.type",
        string="Hold",
        required=True,
        domain="[('check', '=', 'manual')]",
        default=lambda self: self._default_type_id(),
    )
    reason = fields.Text(required=True, help="Shown wherever the order is stopped.")
    blocks = fields.Char(related="type_id.blocks", string="Blocks")
    lifters = fields.Char(string="May Be Lifted By", compute="_compute_lifters")
    customer_caused = fields.Boolean(related="type_id.customer_caused")

    @api.model
    def _default_type_id(self):
        return self.env["oms.hold.type"].search([("check", "=", "manual")], limit=1)

    @api.depends("order_ids")
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard.order_ids)

    @api.depends("type_id")
    def _compute_lifters(self):
        for wizard in self:
            wizard.lifters = wizard.type_id._get_lifters() if wizard.type_id else ""

    def action_place(self):
        """Put the orders on hold; those on this hold already stay as they are."""
        self.ensure_one()
        self.order_ids.check_access("write")
        self.order_ids._oms_place_hold(self.type_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
