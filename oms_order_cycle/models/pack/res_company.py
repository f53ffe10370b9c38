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

    # not a constraint: what is called whenever the field is written
    @api.constrains("oms_deduct_cartons")
    def _oms_deduct_cartons_changed(self):
        self.env.registry.clear_cache()
