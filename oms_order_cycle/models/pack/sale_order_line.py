from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_after_launch(self):
        if self and self.env["stock.package.type"]._oms_is_packing_set_up():
            # released, or released with another quantity
            self.sudo().move_ids.picking_id._oms_plan_automatically()
        return super()._oms_after_launch()

    def _oms_get_unit_value(self, product):
        """What one unit of a product is worth on the line, in its own unit and in the
        currency of the company; of goods that are not those of the line (parts of a
        kit, or of no line) the sales price.
        """
        line = self[:1]
        if line.product_id != product:
            return max(product.lst_price, 0.0)
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty, product.uom_id, round=False
        )
        rate = line.order_id.currency_rate
        if quantity <= 0 or not rate:
            return max(product.lst_price, 0.0)
        return max(line.price_subtotal / rate / quantity, 0.0)
