from odoo import api, models, tools
from odoo.exceptions import ValidationError


class StockPackageType(models.Model):
    _inherit = "stock.package.type"

    @tools.ormcache()
    def _oms_get_deducting_companies(self):
        """Companies that deduct cartons; none where no carton is kept in stock.

        Asked whenever a transfer is done.
        """
        kept = self.sudo().with_context(active_test=False)
        if not kept.search_count([("oms_product_id", "!=", False)], limit=1):
            return frozenset()
        companies = self.env["res.company"].sudo()
        return frozenset(companies.search([("oms_deduct_cartons", "=", True)]).ids)

    def write(self, vals):
        res = super().write(vals)
        if "oms_product_id" in vals:
            self._oms_forget_set_up()
        return res

    @api.constrains("oms_product_id")
    def _check_oms_product_id(self):
        for package_type in self:
            product = package_type.oms_product_id.sudo()
            if product and product.tracking != "none":
                raise ValidationError(
                    self.env._(
                        "%(product)s is tracked by lots or serial numbers: it cannot be"
                        " deducted as the carton %(carton)s. Turn tracking off, or"
                        " choose another product.",
                        product=product.display_name,
                        carton=package_type.name,
                    )
                )
