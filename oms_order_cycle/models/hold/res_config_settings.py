from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_hold_type_ids = fields.Many2many(
        related="company_id.oms_hold_type_ids",
        readonly=False,
        domain="[('check', '!=', 'manual'), ('company_id', 'in', (False, company_id))]",
    )
