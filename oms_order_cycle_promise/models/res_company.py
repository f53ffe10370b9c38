from odoo import api, fields, models

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL


class ResCompany(models.Model):
    _inherit = "res.company"

    oms_promise_sets_dates = fields.Boolean(
        string="Promises Set Delivery Dates",
        groups=INTERNAL,
        help="What is promised becomes the Delivery Date of the order, and the deadline"
        " of the transfers of each line.",
    )
    oms_count_late_supply = fields.Boolean(
        string="Count Late Receipts",
        groups=INTERNAL,
        help="Receipts that are overdue are counted on, some working days from today."
        " Otherwise nothing is promised from them until they have a new date.",
    )
    oms_late_supply_days = fields.Integer(
        string="Late Receipts Come In",
        default=3,
        groups=INTERNAL,
        help="Working days of the warehouse from today.",
    )

    @api.model
    def _get_number_limits(self):
        return {**super()._get_number_limits(), "oms_late_supply_days": (0, 365)}
