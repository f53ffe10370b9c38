from datetime import date
from decimal import Decimal
from math import inf

from odoo.tests import TransactionCase, tagged

from ..packing.freight.billing import version
from ..packing.freight.carriers import RULES
from ..tools.parcel_price import ParcelPrice, PriceStep
from ..tools.units import Units

DAY = date(2026, 2, 1)


def inches(*sides):
    return [Decimal(str(side)) * Decimal("25.4") for side in sides]


def pounds(weight):
    return round(weight * 453.59237)


@tagged("post_install", "-at_install")
class TestParcelPrice(TransactionCase):
    """What one parcel costs by a carrier's rule."""

    def price(self, **values):
        rule = version(RULES, "fedex_us", DAY)
        return ParcelPrice(Units.of(self.env), rule, DAY, **values)

    def test_a_least_weight_and_its_surcharge(self):
        price = self.price(fee=4, rate=1, surcharges={"AHS_DIM": 20})
        self.assertEqual(price(inches(49, 10, 10), pounds(20)), 4 + 40 + 20)
        self.assertEqual(price(inches(10, 10, 10), pounds(20)), 4 + 20)

    def test_what_the_carrier_does_not_take(self):
        price = self.price(fee=4, rate=1, refused=frozenset(["MAX"]))
        self.assertEqual(price(inches(10, 10, 10), pounds(151)), inf)

    def test_steps_by_billable_weight(self):
        steps = tuple(
            PriceStep("billable_weight", "<=", limit, paid, 0.0, "weight")
            for limit, paid in ((5, 7.5), (10, 9.0))
        )
        price = self.price(steps=steps)
        self.assertEqual(price(inches(5, 5, 5), pounds(6)), 9.0)
        self.assertEqual(price(inches(5, 5, 5), pounds(11)), inf)

    def test_a_price_never_falls_when_weight_rises(self):
        surcharges = {"AHS_DIM": 20, "AHS_WGT": 25, "LARGE": 100}
        price = self.price(fee=4, rate=1, surcharges=surcharges)
        for sides in ((10, 10, 10), (31, 20, 8), (49, 10, 10)):
            prices = [price(inches(*sides), pounds(weight)) for weight in range(1, 151)]
            self.assertEqual(prices, sorted(prices), sides)
