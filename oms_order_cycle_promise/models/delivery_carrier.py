from odoo import api, fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    oms_transit_days = fields.Integer(
        string="Days on the Way",
        help="Days of the carrier from the day of departure to the day of arrival.",
    )
    oms_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Days of the Carrier",
        check_company=True,
        ondelete="restrict",
        help="Days on which the carrier comes and delivers. Empty: each day.",
    )

    @api.model
    def _get_number_limits(self):
        return {**super()._get_number_limits(), "oms_transit_days": (0, 365)}
