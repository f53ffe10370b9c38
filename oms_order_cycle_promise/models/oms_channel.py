from odoo import api, fields, models


class OmsChannel(models.Model):
    _inherit = "oms.channel"

    oms_keep_hours = fields.Integer(
        string="Keep Goods for Quotations",
        help="Hours for which the goods of a quotation are kept for its customer once"
        " it was sent; nobody else is promised them. 0: not at all.",
    )

    @api.model
    def _get_number_limits(self):
        return {**super()._get_number_limits(), "oms_keep_hours": (0, 24 * 365)}
