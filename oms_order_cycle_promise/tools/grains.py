"""Quantities as whole numbers of the smallest step that Odoo counts in.

The one place where quantities of records become those of ``allocation``, and back.
"""

from fractions import Fraction
from math import lcm


class Grains:
    """The smallest step of quantities of a product.

    :param product: ``product.product``
    """

    def __init__(self, product):
        env = product.env
        self._product = product
        self._digits = env["decimal.precision"].precision_get("Product Unit")
        self._piece = env.ref("uom.product_uom_unit", raise_if_not_found=False)

    def of(self, quantity):
        """
        :param quantity: in the unit of the product
        :return: the whole number of steps
        """
        return round(quantity * 10**self._digits)

    def quantity(self, grains):
        """The quantity, in the unit of the product, of a number of steps."""
        return round(grains / 10**self._digits, self._digits)

    def get_pack(self, unit, per_unit=1.0):
        """How many steps are the least that is given at once.

        :param unit: ``uom.uom`` that goods are ordered in; what is no pieces, as
            kilograms, is given in any quantity
        :param per_unit: how much of the product a unit takes, beside what the units say
        """
        if not self._piece or not unit._has_common_reference(self._piece):
            return 1
        factor = unit.factor / self._product.uom_id.factor
        return max(1, self.of(factor * per_unit))

    def join_packs(self, *packs):
        """The least pack that is whole packs of all."""
        return lcm(*packs)


def read_percent(percent):
    """A percentage of a form, as the part that it is."""
    return Fraction(str(percent)) / 100
