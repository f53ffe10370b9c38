from odoo import api, fields, models

from ...tools.groups import INTERNAL


class ResCompany(models.Model):
    _inherit = "res.company"

    oms_deduct_cartons = fields.Boolean(
        string="Deduct Cartons from Stock",
        help="A carton that is kept in stock is taken from it when a transfer is done"
        " with which something was packed in it.",
        groups=INTERNAL,
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(vals.get("oms_deduct_cartons") for vals in vals_list):
            self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        res = super().write(vals)
        if "oms_deduct_cartons" in vals:
            self.env.registry.clear_cache()
        return res
