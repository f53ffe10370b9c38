from odoo import models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _get_proc_values(self, line):
        """What replaces goods that come back was released with them."""
        values = super()._get_proc_values(line)
        move = line.move_id
        if move.sale_line_id:
            values["oms_released_at"] = move.oms_released_at or move.create_date
        return values
