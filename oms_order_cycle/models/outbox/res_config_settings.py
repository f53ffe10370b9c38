from odoo import api, fields, models
from odoo.exceptions import ValidationError

KEEP_DAYS = "oms_order_cycle.outbox_keep_days"
#: A hundred years; beyond it dates cannot be reckoned.
KEEP_DAYS_MAX = 36500


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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

    @api.constrains("oms_outbox_keep_days")
    def _check_oms_outbox_keep_days(self):
        for settings in self:
            if not 0 <= settings.oms_outbox_keep_days <= KEEP_DAYS_MAX:
                raise ValidationError(
                    self.env._(
                        "Done actions can be kept between 0 (for ever) and %s days.",
                        KEEP_DAYS_MAX,
                    )
                )
