from odoo import api, models


class StockMoveLine(models.Model):
    """Packing moves an order on; moving a package as a whole does not."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._oms_filter_packed().move_id._oms_rederive_orders()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if "result_package_id" in vals:
            self._oms_filter_packable().move_id._oms_rederive_orders()
        elif "quantity" in vals or "move_id" in vals:
            self._oms_filter_packed().move_id._oms_rederive_orders()
        return res

    def unlink(self):
        moves = self._oms_filter_packed().move_id
        res = super().unlink()
        moves._oms_rederive_orders()
        return res

    def _oms_filter_packable(self):
        """Lines whose packages count; packing transfers count by themselves."""
        return self.filtered(
            lambda line: line.move_id.picking_type_id.oms_step in ("pick", "ship")
        )

    def _oms_filter_packed(self):
        return self._oms_filter_packable().filtered(
            lambda line: (
                line.result_package_id and line.result_package_id != line.package_id
            )
        )
