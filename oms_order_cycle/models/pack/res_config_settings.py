from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    module_oms_order_cycle_carton_study = fields.Boolean("Carton Studies")
    oms_deduct_cartons = fields.Boolean(
        related="company_id.oms_deduct_cartons", readonly=False
    )
