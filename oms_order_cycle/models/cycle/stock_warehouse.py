from odoo import models

_STEP_FIELDS = frozenset(
    ("delivery_steps", "pack_type_id", "wh_output_stock_loc_id", "wh_pack_stock_loc_id")
)


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def write(self, vals):
        res = super().write(vals)
        # what a step stands for depends on how many there are
        if not _STEP_FIELDS.isdisjoint(vals):
            self.env["sale.order"]._oms_rederive_concerned(
                "order_line.move_ids.picking_type_id.warehouse_id", self
            )
        return res
