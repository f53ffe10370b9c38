"""Goods thinner than whole millimetres: an order in tenths of a millimetre.

The search knows whole numbers only. Where a side of an item is not a whole number of
mm, it is given the whole order in tenths, and its plan is turned back into mm: 300
sheets of 0.2 mm are 60 mm. Orders in whole mm never come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import ceil
from typing import Any

from .model import Box, Carton, Item, Outcome, Placement, Plan, Price, Trial

PER_MM = 10
TENTH = Decimal("0.1")


def needed(items: Iterable[Item]) -> bool:
    """Whether some side is not given as a whole number of mm."""
    return any(
        type(side) is not int
        for item in items
        for side in (item.length, item.width, item.height)
    )


def whole_sides(items: Iterable[Item]) -> list[Item]:
    """The items with their sides rounded up to whole mm."""
    return [
        replace(
            item,
            length=ceil(item.length),
            width=ceil(item.width),
            height=ceil(item.height),
        )
        for item in items
    ]


def to_tenths(items: Iterable[Item]) -> list[Item]:
    """The items with their sides in mm as they count: rounded up to tenths."""
    return [
        replace(
            item,
            length=mm_of(up(item.length)),
            width=mm_of(up(item.width)),
            height=mm_of(up(item.height)),
        )
        for item in items
    ]


def up(mm: Any) -> int:
    """Tenths of a length that must fit in, as written: 0.1 is a tenth."""
    return _tenths(mm, ROUND_CEILING)


def down(mm: Any) -> int:
    """Tenths of room."""
    return _tenths(mm, ROUND_FLOOR)


def _tenths(mm: Any, rounding: str) -> int:
    if type(mm) is int:
        return mm * PER_MM
    exact = mm if isinstance(mm, Decimal) else Decimal(str(mm))
    return int((exact * PER_MM).to_integral_value(rounding))


def mm_of(tenths: int) -> int | Decimal:
    """Tenths in mm: whole ones as whole numbers."""
    whole, rest = divmod(tenths, PER_MM)
    return Decimal(tenths) * TENTH if rest else int(whole)


def scaled_box(box: Box) -> Box:
    """A box in tenths, as far as it is drawn; as it is if all of it is in whole mm."""
    sides = [side for placed in box.placements for side in placed[1:]]
    if all(type(side) is int for side in (*sides, *box.carton.inner)):
        return box
    inner = tuple(map(down, box.carton.inner))
    placements = tuple(
        Placement(placed.key, *map(up, placed[1:])) for placed in box.placements
    )
    return replace(box, carton=replace(box.carton, inner=inner), placements=placements)


@dataclass(frozen=True)
class _Number:
    """Key of a carton in tenths: which of those offered it is."""

    place: int


class Tenths:
    """An order in tenths of a millimetre, and the way back.

    :ivar items, cartons, price: what the search is given
    """

    def __init__(self, items: Iterable[Item], cartons: Sequence[Carton], price: Price):
        self._cartons, self._price = cartons, price
        self.items = [
            replace(
                item, length=up(item.length), width=up(item.width),
                height=up(item.height),
            )
            for item in items
        ]  # fmt: skip
        self.cartons = [
            replace(
                carton, key=_Number(place), inner=tuple(map(down, carton.inner)),
                outer=tuple(_exact(side) * PER_MM for side in carton.outer),
                margin=up(carton.margin),
                cut_heights=tuple(map(down, carton.cut_heights)),
            )
            for place, carton in enumerate(cartons)
        ]  # fmt: skip

    def price(self, outer: Sequence[Any], gross: int) -> Any:
        """The price of a parcel whose outer size is in tenths."""
        return self._price(tuple(map(_outer_mm, outer)), gross)

    def plan(self, plan: Plan) -> Plan:
        """A plan in mm."""
        known: dict[int, Box] = {}
        for box in plan.boxes:  # equal boxes stay one box
            if id(box) not in known:
                known[id(box)] = self._box(box)
        return replace(plan, boxes=tuple(known[id(box)] for box in plan.boxes))

    def _box(self, box: Box) -> Box:
        placements = tuple(
            Placement(placed.key, *map(mm_of, placed[1:])) for placed in box.placements
        )
        tried = tuple(self._trial(trial) for trial in box.tried)
        carton = self._carton(box.carton)
        return replace(box, carton=carton, placements=placements, tried=tried)

    def _carton(self, carton: Carton) -> Carton:
        if not isinstance(carton.key, _Number):  # it ships as it is
            size = tuple(map(mm_of, carton.inner))
            return replace(carton, inner=size, outer=size)
        offered = self._cartons[carton.key.place]
        if carton.cut is None:
            return offered
        heights = {down(height): height for height in offered.cut_heights}
        return offered.cut_to(heights[carton.cut])

    def _trial(self, trial: Trial) -> Trial:
        values = dict(trial.values)
        if trial.outcome in (Outcome.UNIT_TOO_LARGE, Outcome.TOO_SHORT):
            values["missing"] = mm_of(values["missing"])
        return trial._replace(carton=self._carton(trial.carton), values=values)


def _exact(side: Any) -> Any:
    return Decimal(str(side)) if isinstance(side, float) else side


def _outer_mm(side: Any) -> Any:
    return mm_of(side) if type(side) is int else side / PER_MM
