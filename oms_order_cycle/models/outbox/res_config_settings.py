from odoo import api, fields, models

from ..oms_limited import MOST_DAYS

KEEP_DAYS = "oms_order_cycle.outbox_keep_days"


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "oms.limited"]

    oms_outbox_keep_days = fields.Integer(
        string="Keep Done Actions (days)",
        config_parameter=KEEP_DAYS,
    )

    def set_values(self):
        res = super().set_values()
        # Odoo would delete the parameter, and the next update make it anew
        if not self.oms_outbox_keep_days:
            self.env["ir.config_parameter"].set_param(KEEP_DAYS, "0")
        return res

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "oms_outbox_keep_days": (0, MOST_DAYS),
        }
