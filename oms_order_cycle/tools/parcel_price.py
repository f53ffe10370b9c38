"""What one parcel costs with a delivery method, for the packing engine.

Made once per plan from records, and then called thousands of times: no ORM in here.
"""

import operator
from dataclasses import dataclass, field
from math import inf
from typing import Any

from ..packing import billing
from .units import Units, as_measured

OPERATORS = {
    "==": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(slots=True)
class PriceStep:
    """One line of a delivery method's price rules."""

    variable: str
    operator: str
    limit: float
    base: float
    factor: float
    factor_variable: str


@dataclass(slots=True)
class ParcelPrice:
    """``price(outer, gross)`` of one parcel: outer sides in mm, gross weight in g.

    :param units: of the database
    :param rule: ``packing.billing.Rule`` or ``None``: the actual weight is billed
    :param day: ship date
    :param steps: ``PriceStep`` of the method, in order; the first that holds counts
    :param fee: without steps: per parcel
    :param rate: without steps: per unit of billable weight
    :param surcharges: amount per class
    :param refused: classes the carrier does not take: such a parcel costs ``inf``
    :param values: variables of the steps that do not depend on the parcel
    """

    units: Units
    rule: billing.Rule | None = None
    day: Any = None
    steps: tuple = ()
    fee: float = 0.0
    rate: float = 1.0
    surcharges: dict = field(default_factory=dict)
    refused: frozenset = frozenset()
    values: dict = field(default_factory=dict)
    _known: dict = field(default_factory=dict, repr=False)

    def __call__(self, outer, gross):
        key = (*outer, gross)
        price = self._known.get(key)
        if price is None:
            price = self._known[key] = self._price(outer, gross)
        return price

    def sign(self):
        """What the price depends on, for comparison."""
        return (
            self.rule, self.steps, self.fee, self.rate, sorted(self.refused),
            sorted(self.surcharges.items()), sorted(self.values.items()),
        )  # fmt: skip

    @property
    def unit(self):
        """Unit of the billable weight: the carrier's own, or the database's."""
        return self.rule.unit if self.rule else self.units.weight_unit

    def bill(self, outer, gross):
        """``packing.billing.Billed`` of one parcel."""
        if self.rule is None:
            weight = self.units.weight_of(gross)
            return billing.Billed(weight, 0, weight, self.unit, ())
        outer = tuple(as_measured(side) for side in outer)
        return billing.bill_parcel(self.rule, outer, gross, self.day)

    def variables(self, outer, gross):
        """Values of the variables of price rules for one parcel."""
        billed = self.bill(outer, gross)
        weight = self.units.weight_of(gross)
        length, width, height = (float(side) for side in outer)
        volume = self.units.volume_of(length * width * height)
        return {
            "price": 0.0,
            "quantity": 1.0,
            **self.values,
            "weight": weight,
            "volume": volume,
            "wv": weight * volume,
            "billable_weight": float(billed.billable),
            "dimensional_weight": float(billed.dimensional),
        }

    def _price(self, outer, gross):
        billed = self.bill(outer, gross)
        if self.refused.intersection(billed.classes):
            return inf
        extra = sum(self.surcharges.get(name, 0.0) for name in billed.classes)
        if self.steps:
            return self._from_steps(self.variables(outer, gross)) + extra
        return self.fee + self.rate * float(billed.billable) + extra

    def _from_steps(self, variables):
        for step in self.steps:
            compare = OPERATORS[step.operator]
            if compare(variables[step.variable], step.limit):
                return step.base + step.factor * variables[step.factor_variable]
        return inf
