from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round


class ProductTemplate(models.Model):
    _inherit = "product.template"

    oms_min_qty = fields.Float(
        string="Least Quantity per Order Line",
        digits="Product Unit",
        help="Orders that come in for less are faulty. In the product's own unit;"
        " 0: any quantity.",
    )
    oms_multiple_qty = fields.Float(
        string="Ordered in Multiples of",
        digits="Product Unit",
        help="Orders that come in for another quantity are faulty: 6 where it is sold"
        " in sixes. In the product's own unit; 0: any quantity.",
    )

    @api.constrains("oms_min_qty", "oms_multiple_qty")
    def _check_oms_ordered_qty(self):
        for product in self:
            if product.oms_min_qty < 0 or product.oms_multiple_qty < 0:
                raise ValidationError(
                    self.env._(
                        "The quantities that %s is ordered in cannot be negative.",
                        product.display_name,
                    )
                )

    def _oms_propose_qty(self, qty):
        """The least quantity that may be ordered and is not below ``qty``.

        :param float qty: in the product's unit
        :return: in the product's unit, ``qty`` itself where it may be ordered
        """
        self.ensure_one()
        proposed = max(qty, self.oms_min_qty)
        if self.oms_multiple_qty > 0:
            # a hair less, so that what is a multiple stays one
            proposed = float_round(
                proposed / self.oms_multiple_qty - 1e-6,
                precision_rounding=1.0,
                rounding_method="UP",
            )
            proposed *= self.oms_multiple_qty
        return self.uom_id.round(proposed)
