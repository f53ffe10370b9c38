"""What may be sold instead of goods that are short."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL


class ProductTemplate(models.Model):
    _inherit = "product.template"

    oms_substitute_ids = fields.Many2many(
        "product.product",
        "oms_product_substitute_rel",
        "product_tmpl_id",
        "product_id",
        string="Substitutes",
        groups=INTERNAL,
        domain="[('sale_ok', '=', True), ('product_tmpl_id', '!=', id)]",
        help="What may be offered to the customer when this product is short.",
    )

    @api.constrains("oms_substitute_ids")
    def _check_oms_substitutes(self):
        for template in self:
            if template in template.oms_substitute_ids.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%s cannot be its own substitute.", template.display_name
                    )
                )
