from odoo import api, fields, models


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    oms_can_pack = fields.Boolean(compute="_compute_oms_can_pack")

    @api.depends("picking_ids.oms_can_pack")
    def _compute_oms_can_pack(self):
        for batch in self:
            batch.oms_can_pack = any(batch.picking_ids.mapped("oms_can_pack"))

    def action_oms_pack(self):
        """Pack the transfers of the batch, each in its own boxes."""
        self.ensure_one()
        return self.picking_ids.action_oms_pack()

    def action_oms_plan_packing(self):
        """Plan the cartons of all transfers of the batch."""
        return self.picking_ids.action_oms_plan_packing()
