from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        values = super()._get_new_picking_values()
        # every step of the order, pushed ones too, is as urgent as its channel
        if "1" in self.sale_line_id.order_id.oms_channel_id.mapped("priority"):
            values["priority"] = "1"
        return values
