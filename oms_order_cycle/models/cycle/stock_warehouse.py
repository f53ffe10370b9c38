from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def write(self, vals):
        res = super().write(vals)
        # what a step stands for depends on how many there are
        if not {"delivery_steps", "pack_type_id"}.isdisjoint(vals):
            self.env["sale.order"]._oms_rederive_concerned(
                "order_line.move_ids.picking_type_id.warehouse_id", self
            )
        return res
