from odoo import api, models
from odoo.tools import SQL, float_round


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.depends(
        "product_length", "product_width", "product_height", "dimensional_uom_id"
    )
    def _compute_oms_size(self):
        return super()._compute_oms_size()

    @api.model
    def _oms_no_other_sides(self):
        self.flush_model(
            ["product_length", "product_width", "product_height", "dimensional_uom_id"]
        )
        return SQL(
            """%s AND NOT (
                p.dimensional_uom_id IS NOT NULL
                AND COALESCE(p.product_length, 0) > 0
                AND COALESCE(p.product_width, 0) > 0
                AND COALESCE(p.product_height, 0) > 0)""",
            super()._oms_no_other_sides(),
        )

    def _oms_get_other_sides(self):
        """The sides entered on the product, in whatever unit, in mm."""
        found = super()._oms_get_other_sides()
        millimetre = self.env.ref("uom.product_uom_millimeter")
        for product in self:
            uom = product.dimensional_uom_id
            sides = (
                product.product_length,
                product.product_width,
                product.product_height,
            )
            if uom and all(side > 0 for side in sides):
                found[product] = tuple(
                    float_round(
                        uom._compute_quantity(side, millimetre, round=False),
                        precision_digits=2,
                    )
                    for side in sides
                )
        return found
