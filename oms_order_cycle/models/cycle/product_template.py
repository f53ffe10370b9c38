from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        res = super().write(vals)
        if not {"invoice_policy", "type", "uom_id"}.isdisjoint(vals):
            self.env["sale.order"]._oms_rederive_concerned(
                "order_line.product_id.product_tmpl_id", self
            )
        return res
