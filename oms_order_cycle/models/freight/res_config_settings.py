from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_guess_sizes = fields.Boolean(
        related="company_id.oms_guess_sizes", readonly=False
    )
    oms_guess_shape = fields.Selection(
        related="company_id.oms_guess_shape", readonly=False
    )
    oms_guess_litres = fields.Float(
        related="company_id.oms_guess_litres", readonly=False
    )
    oms_parcel_fee = fields.Monetary(
        related="company_id.oms_parcel_fee", readonly=False
    )
    oms_weight_rate = fields.Float(related="company_id.oms_weight_rate", readonly=False)
