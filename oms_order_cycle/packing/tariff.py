"""A price for ``pack`` from a carrier's rule and what the carrier charges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Any

from .freight.billing import Rule, Sides, bill_parcel


@dataclass(slots=True)
class Tariff:
    """Price of one parcel: a fee and a rate per billable unit, or a table.

    :param rule: how the billable weight is found
    :param day: ship date
    :param fee: per parcel
    :param rate: per kg or lb, whichever the rule bills in
    :param table: instead of a rate: (up to this weight, price), lightest first; a
        heavier parcel is refused
    :param surcharges: amount per surcharge class
    :param refused: classes the carrier does not take
    """

    rule: Rule
    day: date | None = None
    fee: Any = 0
    rate: Any = 0
    table: Sequence[tuple[Any, Any]] = ()
    surcharges: Mapping[str, Any] = field(default_factory=dict)
    refused: Sequence[str] = ()
    _known: dict = field(default_factory=dict, repr=False)

    def __call__(self, outer: Sides, gross: int) -> Any:
        """Price of a parcel of ``outer`` mm and ``gross`` g; infinite if refused."""
        key = (*outer, gross)
        if key not in self._known:
            self._known[key] = self._price(outer, gross)
        return self._known[key]

    def _price(self, outer: Sides, gross: int) -> Any:
        billed = bill_parcel(self.rule, outer, gross, self.day)
        if any(name in self.refused for name in billed.classes):
            return inf
        extra = sum(self.surcharges.get(name, 0) for name in billed.classes)
        weight = billed.billable
        if self.table:
            rows = (price for most, price in self.table if weight <= most)
            return next(rows, inf) + self.fee + extra
        if isinstance(self.rate, float):
            weight = float(weight)
        return self.fee + extra + weight * self.rate
