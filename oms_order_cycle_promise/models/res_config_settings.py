from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_promise_sets_dates = fields.Boolean(
        related="company_id.oms_promise_sets_dates", readonly=False
    )
    oms_count_late_supply = fields.Boolean(
        related="company_id.oms_count_late_supply", readonly=False
    )
    oms_late_supply_days = fields.Integer(
        related="company_id.oms_late_supply_days", readonly=False
    )
