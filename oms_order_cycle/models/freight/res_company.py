from odoo import api, fields, models

from ...tools.groups import INTERNAL
from ...tools.units import GRAMS

#: Sides of what nobody has measured, relative to each other.
SHAPES = {"cube": (1, 1, 1), "box": (3, 2, 2), "flat": (4, 3, 1), "long": (5, 1, 1)}
#: The largest values that make sense: more is a slip of the hand.
GUESS_LITRES_MAX = 10_000  # ten cubic metres
PARCEL_FEE_MAX = 1_000_000
WEIGHT_RATE_MAX = 100_000


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "oms.limited"]

    oms_guess_sizes = fields.Boolean(
        string="Guess Unknown Sizes",
        default=True,
        help="Products that nobody has measured are packed with a size made from their"
        " volume; plans say that it is a guess. Otherwise they are left unpacked.",
        groups=INTERNAL,
    )
    oms_guess_shape = fields.Selection(
        [
            ("cube", "Cube (1 : 1 : 1)"),
            ("box", "Box (3 : 2 : 2)"),
            ("flat", "Flat (4 : 3 : 1)"),
            ("long", "Long (5 : 1 : 1)"),
        ],
        string="Shape of a Guess",
        required=True,
        default="box",
        help="Length, width and height relative to each other.",
        groups=INTERNAL,
    )
    oms_guess_litres = fields.Float(
        string="Volume of a Guess (litres)",
        digits=(12, 3),
        default=2.0,
        help="For products without a volume.",
        groups=INTERNAL,
    )
    oms_parcel_fee = fields.Monetary(
        string="Planning Cost per Parcel",
        default=4.0,
        help="For delivery methods that do not tell what a parcel costs.",
        groups=INTERNAL,
    )
    oms_weight_rate = fields.Float(
        string="Planning Cost per kg",
        digits=(12, 4),
        default=0.9,
        help="Per kilogram of billable weight, for delivery methods that do not tell.",
        groups=INTERNAL,
    )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "oms_guess_litres": (0, GUESS_LITRES_MAX),
            "oms_parcel_fee": (0, PARCEL_FEE_MAX),
            "oms_weight_rate": (0, WEIGHT_RATE_MAX),
        }

    def _oms_get_planning_cost(self, unit):
        """(fee per parcel, rate per ``kg`` or ``lb``) where a method tells nothing."""
        self.ensure_one()
        rate = self.oms_weight_rate * float(GRAMS[unit] / GRAMS["kg"])
        return self.oms_parcel_fee, rate

    def _oms_guess_sides(self, mm3):
        """Whole mm of the three sides of something of that volume."""
        self.ensure_one()
        shape = SHAPES[self.oms_guess_shape]
        scale = (mm3 / (shape[0] * shape[1] * shape[2])) ** (1 / 3)
        return tuple(max(1, round(scale * side)) for side in shape)
