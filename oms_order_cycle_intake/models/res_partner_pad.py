from odoo import fields, models

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL

from .oms_channel_pad import PAD_RIGHTS


class ResPartner(models.Model):
    _inherit = "res.partner"

    oms_pad_right = fields.Selection(
        selection=PAD_RIGHTS,
        string="Order Pad",
        groups=INTERNAL,
        help="What the customer and his contacts may do in the order pad of the portal."
        " Leave empty to go by its channel.",
    )
