from odoo import models


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    def action_oms_pack(self):
        """Pack the transfers of the batch, each in its own boxes."""
        self.ensure_one()
        return self.picking_ids.action_oms_pack()

    def action_oms_plan_packing(self):
        """Plan the cartons of all transfers of the batch."""
        return self.picking_ids.action_oms_plan_packing()
