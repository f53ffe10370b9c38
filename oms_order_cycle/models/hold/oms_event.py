from odoo import fields, models


class OmsEvent(models.Model):
    _inherit = "oms.event"

    hold_id = fields.Many2one("oms.hold", readonly=True, ondelete="set null")
