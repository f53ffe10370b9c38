from odoo import api, fields, models


class OmsArrival(models.TransientModel):
    """Records that deliveries arrived: when, who took them."""

    _name = "oms.arrival"
    _description = "Arrival of Deliveries"

    picking_ids = fields.Many2many("stock.picking", string="Deliveries", required=True)
    left_out = fields.Integer(
        readonly=True, help="Chosen transfers whose arrival cannot be recorded."
    )
    date = fields.Datetime(
        string="Arrived On", required=True, default=fields.Datetime.now
    )
    received_by = fields.Char(help="Name of the person who took the goods.")
    note = fields.Char(string="Remark")
    count = fields.Integer(compute="_compute_count")

    @api.depends("picking_ids")
    def _compute_count(self):
        for arrival in self:
            arrival.count = len(arrival.picking_ids)

    def action_record(self):
        """Record the arrivals, all or none."""
        self.ensure_one()
        self.picking_ids._oms_record_arrival(
            self.date, self.received_by or "", self.note or ""
        )
        return {"type": "ir.actions.act_window_close"}
