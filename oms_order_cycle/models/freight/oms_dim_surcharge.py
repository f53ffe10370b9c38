from odoo import api, fields, models

from ..oms_limited import MOST_COST


class OmsDimSurcharge(models.Model):
    """What a class of surcharges costs with a delivery method."""

    _name = "oms.dim.surcharge"
    _description = "Surcharge of a Delivery Method"
    _inherit = ["oms.limited"]
    _order = "carrier_id, code, id"

    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="carrier_id.company_id")
    currency_id = fields.Many2one(related="carrier_id.currency_id")
    code = fields.Char(
        string="Class",
        required=True,
        help="As in the surcharges of the billable weight rule, such as AHS_DIM.",
    )
    amount = fields.Monetary(help="Per parcel.")
    refused = fields.Boolean(
        string="Avoid", help="No plan uses a parcel that falls into this class."
    )

    _code_uniq = models.UniqueIndex(
        "(carrier_id, code)", "The surcharge is listed twice."
    )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "amount": MOST_COST,
        }
