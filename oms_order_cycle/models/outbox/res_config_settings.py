from odoo import fields, models

from .oms_outbox import KEEP_DAYS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_outbox_keep_days = fields.Integer(
        string="Keep Done Actions (days)",
        config_parameter="oms_order_cycle.outbox_keep_days",
        default=KEEP_DAYS,
    )
