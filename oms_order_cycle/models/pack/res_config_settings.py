from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_deduct_cartons = fields.Boolean(
        related="company_id.oms_deduct_cartons", readonly=False
    )
