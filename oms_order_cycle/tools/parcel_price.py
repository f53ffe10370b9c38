"""What one parcel costs, and what the packing engine makes least.

Money and weight are never added: :class:`ParcelPrice` is money, and where no money is
to count, :class:`.billable_weight.BillableWeight` is what the engine is given instead.
Both are made once per plan from records, and then called thousands of times: no ORM in
here.
"""

import operator
from dataclasses import dataclass, field, replace
from math import inf, isfinite
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
#: Variables of price rules that each parcel has.
OF_PARCEL = frozenset(
    ("weight", "volume", "wv", "billable_weight", "dimensional_weight")
)


@dataclass(slots=True)
class PriceStep:
    """One line of a delivery method's price rules."""

    variable: str
    operator: str
    limit: float
    base: float
    factor: float
    factor_variable: str

    @property
    def variables(self):
        """What the step looks at."""
        return {self.variable, *([self.factor_variable] if self.factor else ())}


@dataclass
class Offer:
    """What the engine is asked.

    :ivar price: what it makes least: ``price(outer, gross)`` of a parcel
    :ivar cartons: what it may use, their cost in the same unit
    """

    price: Any
    cartons: list

    def plain(self, plan):
        """The engine's plan in the unit of what is made least.

        :param plan: ``packing.Plan``
        """
        return plan


@dataclass(slots=True)
class ParcelPrice:
    """``price(outer, gross)`` of one parcel in money: outer sides in mm, gross in g.

    Carriers of freight add up the parcels of a shipment before they round. There a
    parcel costs its share, by fee and rate, and :meth:`total` what all cost together.

    :param units: of the database
    :param rule: ``packing.billing.Rule`` or ``None``: the actual weight is billed
    :param day: ship date
    :param steps: ``PriceStep`` of the method, in order; the first that holds counts
    :param fee: where no step tells: per parcel
    :param rate: where no step tells: per unit of billable weight
    :param surcharges: amount per class and parcel
    :param refused: classes the carrier does not take: such a parcel costs ``inf``
    :param values: variables of the steps that the order has, not the parcel
    :param per_parcel: the steps are for one parcel, not for a shipment
    :param is_tariff: whether rules, a fixed price or a rate of the method were taken;
        otherwise it is what the company plans with
    """

    #: What the engine makes least when it is given this.
    minimised = "cost"

    units: Units
    rule: billing.Rule | None = None
    day: Any = None
    steps: tuple = ()
    fee: float = 0.0
    rate: float = 1.0
    surcharges: dict = field(default_factory=dict)
    refused: frozenset = frozenset()
    values: dict = field(default_factory=dict)
    per_parcel: bool = False
    is_tariff: bool = False
    _known: dict = field(default_factory=dict, repr=False)

    def offer(self, _items, cartons):
        """What the engine is asked: the cost of cartons is added to the price."""
        return Offer(self, cartons)

    def __call__(self, outer, gross):
        key = (*outer, gross)
        price = self._known.get(key)
        if price is None:
            price = self._known[key] = self._price(outer, gross)
        return price

    def sign(self):
        """What the price depends on, for comparison."""
        triggers = self.rule.triggers if self.rule else ()
        return (
            self.rule, self.steps, self.fee, self.rate, sorted(self.refused),
            sorted(self.surcharges.items()), sorted(self.values.items()),
            self.per_parcel,
            [billing.in_force(one, self.day) for one in triggers],
        )  # fmt: skip

    @property
    def unit(self):
        """Unit of the billable weight: the carrier's own, or the database's."""
        return self.rule.unit if self.rule else self.units.weight_unit

    @property
    def is_shipment(self):
        """Whether parcels are added up before the carrier rounds, or asks a price."""
        together = self.rule is not None and self.rule.scope == "shipment"
        return together and not (self.steps and self.per_parcel)

    def takes_values(self, steps):
        """Whether all that the steps look at is known."""
        known = {"quantity", *OF_PARCEL, *self.values}
        return all(step.variables <= known for step in steps)

    def bill(self, outer, gross):
        """``packing.billing.Billed`` of one parcel by itself."""
        return self.bill_all([(outer, gross)])

    def bill_all(self, parcels):
        """``packing.billing.Billed`` of a shipment.

        :param parcels: list of (outer mm, gross g)
        """
        if self.rule is None:
            weight = self.units.weight_of(sum(gross for _outer, gross in parcels))
            return billing.Billed(weight, 0, weight, self.unit, ())
        return billing.bill(self.rule, _pieces(parcels), self.day)

    def total(self, parcels):
        """What a shipment costs.

        :param parcels: list of (outer mm, gross g)
        """
        if not (parcels and self.is_shipment):
            return sum(float(self(*parcel)) for parcel in parcels)
        found = [self.bill(*parcel).classes for parcel in parcels]
        if any(self.refused.intersection(classes) for classes in found):
            return inf
        extra = sum(self.surcharge(classes) for classes in found)
        billed = self.bill_all(parcels)
        if self.steps:
            return self._from_steps(self._variables(parcels, billed)) + extra
        return self.fee * len(parcels) + self.rate * float(billed.billable) + extra

    def _variables(self, parcels, billed):
        """Values of the variables of price rules for one parcel, or a shipment."""
        rows = []
        for outer, gross in parcels:
            length, width, height = (float(side) for side in outer)
            volume = self.units.volume_of(length * width * height)
            rows.append((self.units.weight_of(gross), volume))
        return {
            "quantity": 1.0,
            **self.values,
            "weight": sum(weight for weight, _volume in rows),
            "volume": sum(volume for _weight, volume in rows),
            "wv": sum(weight * volume for weight, volume in rows),
            "billable_weight": float(billed.billable),
            "dimensional_weight": float(billed.dimensional),
        }

    def surcharge(self, classes):
        """What the classes of a parcel cost."""
        return sum(self.surcharges.get(name, 0.0) for name in classes)

    def _price(self, outer, gross):
        billed = self.bill(outer, gross)
        if self.refused.intersection(billed.classes):
            return inf
        extra = self.surcharge(billed.classes)
        if self.is_shipment:
            return self.fee + self.rate * self.share(outer, gross) + extra
        if self.steps:
            variables = self._variables([(outer, gross)], billed)
            return self._from_steps(variables) + extra
        return self.fee + self.rate * float(billed.billable) + extra

    def share(self, outer, gross):
        """Billable weight a parcel adds to a shipment: nothing is rounded yet."""
        rule = replace(self.rule, weight_step=0, actual_step=0, min_billable=0)
        return float(billing.bill(rule, _pieces([(outer, gross)]), self.day).billable)

    def _from_steps(self, variables):
        for step in self.steps:
            compare = OPERATORS[step.operator]
            if compare(variables[step.variable], step.limit):
                paid = step.base
                if step.factor:
                    paid += step.factor * variables[step.factor_variable]
                if step.variables <= set(self.values):
                    # what customers pay: the carrier itself bills weight as well
                    paid += self.rate * variables["billable_weight"]
                return paid
        return inf


def finite(value):
    """A price as a number that can be stored; nothing for what no carrier takes."""
    value = float(value)
    return value if isfinite(value) else 0.0


def _pieces(parcels):
    return [
        billing.Piece(tuple(as_measured(side) for side in outer), gross)
        for outer, gross in parcels
    ]
