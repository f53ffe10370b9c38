from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_after_launch(self):
        if self and self.env["stock.package.type"]._oms_is_packing_set_up():
            # released, or released with another quantity
            self.sudo().move_ids.picking_id._oms_plan_automatically()
        return super()._oms_after_launch()
