"""Lengths and weights of the database, converted once at the edge.

Odoo keeps lengths in millimetres or feet and weights in kilograms or pounds,
whichever the database was set to. The packing engine and the carriers' rules work
with millimetres and grams.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor
from typing import NamedTuple

#: Sizes are kept as floats: nothing finer than this is meant (mm, g).
RESOLUTION = Decimal("0.01")
MM_PER_FOOT = Decimal("304.8")
GRAMS = {"kg": Decimal(1000), "lb": Decimal("453.59237")}
MM3_PER_LITRE = 1_000_000


class Units(NamedTuple):
    """What one unit of the database's lengths, weights and volumes is.

    :ivar length: in mm
    :ivar weight: in g
    :ivar volume: in mm3
    """

    length: Decimal
    weight: Decimal
    volume: Decimal

    @classmethod
    def of(cls, env):
        """The units of a database, from Odoo's own settings."""
        # what Odoo's _get_length_uom_id_from_ir_config_parameter and its weight kin
        # look at, without the queries that checking the units costs
        get_param = env["ir.config_parameter"].sudo().get_param
        feet = get_param("product.volume_in_cubic_feet") == "1"
        pounds = get_param("product.weight_in_lbs") == "1"
        return cls(
            MM_PER_FOOT if feet else Decimal(1),
            GRAMS["lb" if pounds else "kg"],
            MM_PER_FOOT**3 if feet else Decimal(10) ** 9,
        )

    # -- from the database --------------------------------------------------------

    def mm(self, length):
        """mm as exact as it was entered: 1 ft is 304.8 mm, not 305."""
        exact = (_decimal(length) * self.length).quantize(RESOLUTION)
        whole = exact.to_integral_value()
        return int(whole) if exact == whole else exact

    def mm_up(self, length):
        """Whole mm of something that must fit in: rounded up."""
        return ceil(self.mm(length))

    def mm_up_to_tenth(self, length):
        """mm of goods that must fit in: rounded up to a tenth; whole as ``int``."""
        return up_to_tenth(self.mm(length))

    def mm_down(self, length):
        """Whole mm of room: rounded down."""
        return floor(self.mm(length))

    def grams(self, weight):
        """Whole g, to the nearest; what weighs something weighs 1 g at least."""
        exact = _decimal(weight) * self.weight
        return max(int(exact.to_integral_value(ROUND_HALF_UP)), int(exact > 0))

    def litres(self, volume):
        """Litres of a volume of the database."""
        return float(_decimal(volume) * self.volume / MM3_PER_LITRE)

    # -- to the database ----------------------------------------------------------

    def length_of(self, mm):
        """A length of the database from mm."""
        return float(round(_decimal(mm) / self.length, 9))

    def weight_of(self, grams):
        """A weight of the database from g."""
        return float(round(_decimal(grams) / self.weight, 9))

    def volume_of(self, mm3):
        """A volume of the database from mm3."""
        return float(_decimal(mm3) / self.volume)

    def weight_from(self, weight, unit):
        """A weight of the database from one in ``kg`` or ``lb``."""
        return self.weight_of(_decimal(weight) * GRAMS[unit])

    @property
    def weight_unit(self):
        """``kg`` or ``lb``."""
        return "lb" if self.weight == GRAMS["lb"] else "kg"


def up_to_tenth(mm):
    """mm rounded up to a tenth; whole ones as ``int``."""
    tenths = ceil(_decimal(mm).quantize(RESOLUTION) * 10)
    return Decimal(tenths) / 10 if tenths % 10 else tenths // 10


def _decimal(number):
    """A number as written: 0.1 is a tenth."""
    return number if isinstance(number, Decimal) else Decimal(str(number or 0))


def unit_names(env):
    """(unit of lengths, unit of weights) of the database, as Odoo names them."""
    template = env["product.template"]
    return (
        template._get_length_uom_name_from_ir_config_parameter(),
        template._get_weight_uom_name_from_ir_config_parameter(),
    )


def as_cube(mm3, grams):
    """(outer mm, gross g) of a parcel of which only volume and weight are known."""
    side = round(float(mm3) ** (1 / 3), 2)
    return (side, side, side), round(grams)


def as_measured(number):
    """A size or weight from outside: what binary fractions blur is put right.

    3 lb are 1360.7771100000002 g for a computer, and 4 lb for a carrier that rounds
    up; the noise beyond the micrometre or microgram is dropped.
    """
    if isinstance(number, int):
        return number
    exact = _decimal(number).quantize(Decimal("0.000001")).normalize()
    whole = exact.to_integral_value()
    return int(whole) if exact == whole else exact
