"""Is a plan right? Written apart from the search and sharing nothing with it.

Units are compared pair by pair, weights and areas added up anew, in exact
arithmetic: slow, simple and independent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any

from .model import Box, Carton, Code, Item, Placement, Plan


class FaultCode(Code):
    """What can be wrong with a plan."""

    NOT_ORDERED = "not_ordered", "{key} was not ordered"
    MISCOUNTED = (
        "miscounted",
        "{key}: {planned} units in the plan, {ordered} ordered",
    )
    CARTON_NOT_OFFERED = "carton_not_offered", "carton {carton} was not offered"
    OUT_OF_CARTONS = (
        "out_of_cartons",
        "carton {carton}: {used} used, {available} available",
    )
    OUTSIDE = "outside", "{key} is not inside"
    OVERLAP = "overlap", "{key} and {other} overlap"
    NO_ROOM_FOR_FILLING = "no_room_for_filling", "too little room is left for filling"
    WRONG_GROSS = "wrong_gross", "weighs {gross} g, the plan says {said}"
    TOO_HEAVY = "too_heavy", "weighs {gross} g, more than {most}"
    WRONG_POSITION = "wrong_position", "{key} lies in a position it may not have"
    NOT_ON_FLOOR = "not_on_floor", "{key} does not stand on the floor"
    POORLY_SUPPORTED = "poorly_supported", "{key} rests on {area} of {base} mm2"
    ON_FRAGILE = "on_fragile", "{key} rests on fragile {other}"
    OVERLOADED = "overloaded", "{key} carries {load} g"
    NOT_ALONE = "not_alone", "{key} shares its carton with other products"
    NOT_IN_OWN_CARTON = "not_in_own_carton", "{key} ships in its own carton"
    NOT_APART = "not_apart", "{key} lies with {other}"
    GROUP_SPLIT = "group_split", "group {group} is spread over {number} cartons"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a plan. ``str`` of it is a sentence for developers.

    :ivar code: what is wrong
    :ivar values: the parameters of the code: keys of items, cartons or groups, numbers,
        g and mm2
    :ivar box: number of the box it is in, from 1; ``None`` for the plan as a whole
    """

    code: FaultCode
    values: Mapping[str, Any]
    box: int | None = None

    def __str__(self) -> str:
        sentence = self.code.sentence.format(**self.values)
        return f"box {self.box}: {sentence}" if self.box else sentence


def _fault(code: FaultCode, box: int | None = None, /, **values: Any) -> Fault:
    return Fault(code, values, box)


def check(plan: Plan, items: Iterable[Item], cartons: Iterable[Carton]) -> list[Fault]:
    """The faults of a plan; an empty list if there are none.

    Checked are: every unit packed or reported, once; cartons offered, and not more
    than there are; units inside, not overlapping, in an allowed position, resting on
    enough (``plan.support``); weight; and every rule of the items.
    """
    items = [_exact_item(item) for item in items if item.quantity > 0]
    cartons = list(cartons)
    plan = replace(plan, boxes=[_exact_box(box) for box in plan.boxes])
    by_key: dict = {}
    for item in items:
        by_key.setdefault(item.key, []).append(item)
    faults = _count_faults(plan, items) + _carton_faults(plan, by_key, cartons)
    for number, box in enumerate(plan.boxes, 1):
        unknown = {p.key for p in box.placements} - set(by_key)
        if unknown:
            faults += [
                _fault(FaultCode.NOT_ORDERED, number, key=key) for key in unknown
            ]
            continue
        pairs = [(placed, _item_of(placed, by_key)) for placed in box.placements]
        found = _space_faults(box) + _weight_faults(box, pairs)
        found += _position_faults(pairs) + _rest_faults(pairs, plan.support)
        found += _company_faults(pairs)
        faults += [replace(fault, box=number) for fault in found]
    return faults + _together_faults(plan, by_key)


Pairs = list[tuple[Placement, Item]]


def _exact(length: Any) -> Any:
    """A length that is not whole as a fraction, as written: 0.1 is a tenth."""
    return length if isinstance(length, int) else Fraction(str(length))


def _exact_item(item: Item) -> Item:
    """An item whose sides count to the next tenth of a mm."""
    sides = [
        side if isinstance(side, int) else Fraction(ceil(_exact(side) * 10), 10)
        for side in (item.length, item.width, item.height)
    ]
    return replace(item, length=sides[0], width=sides[1], height=sides[2])


def _exact_box(box: Box) -> Box:
    """A box whose units are where they are exactly."""
    if all(isinstance(side, int) for placed in box.placements for side in placed[1:]):
        return box
    exact = [Placement(p.key, *map(_exact, p[1:])) for p in box.placements]
    return replace(box, placements=tuple(exact))


def _item_of(placed: Placement, by_key: dict) -> Item:
    """The item a placement stands for; the one whose size it has if several."""
    size = sorted((placed.length, placed.width, placed.height))
    rows = by_key[placed.key]
    for item in rows:
        if sorted((item.length, item.width, item.height)) == size:
            return item
    return rows[0]


def _count_faults(plan: Plan, items: list[Item]) -> list[Fault]:
    wanted, found = Counter(), Counter()
    for item in items:
        wanted[item.key] += item.quantity
    for box in plan.boxes:
        found.update(placed.key for placed in box.placements)
    for key, quantity, _ in plan.unpacked:
        found[key] += quantity
    return [
        _fault(
            FaultCode.MISCOUNTED,
            key=key,
            planned=found[key],
            ordered=wanted[key],
        )  # fmt: skip
        for key in wanted | found
        if wanted[key] != found[key]
    ]


def _carton_faults(plan: Plan, by_key: dict, cartons: list[Carton]) -> list[Fault]:
    faults = []
    offered = {carton.key: carton for carton in cartons}
    taken: Counter = Counter()
    for number, box in enumerate(plan.boxes, 1):
        carton = box.carton
        if _ships_as_it_is(box, by_key):
            continue
        whole = offered.get(carton.key)
        if whole is None or carton not in (whole, _cut(whole, carton.cut)):
            faults.append(
                _fault(FaultCode.CARTON_NOT_OFFERED, number, carton=carton.key)
            )
        taken[carton.key] += 1
    for key, number in taken.items():
        available = offered[key].available if key in offered else None
        if available is not None and number > available:
            faults.append(
                _fault(
                    FaultCode.OUT_OF_CARTONS,
                    carton=key,
                    used=number,
                    available=available,
                )  # fmt: skip
            )
    return faults


def _ships_as_it_is(box: Box, by_key: dict) -> bool:
    if len(box.placements) != 1 or box.placements[0].key not in by_key:
        return False
    item = _item_of(box.placements[0], by_key)
    size = sorted((item.length, item.width, item.height))
    as_it_is = sorted(box.carton.outer) == size and box.carton.tare == 0
    return item.own_carton and as_it_is


def _cut(whole: Carton, height: int | None) -> Carton | None:
    return whole.cut_to(height) if height in whole.cut_heights else None


def _space_faults(box: Box) -> list[Fault]:
    """Units outside, units overlapping, too little room left for filling."""
    carton, margin = box.carton, box.carton.margin
    length, width, height = map(_exact, carton.inner)
    faults = [
        _fault(FaultCode.OUTSIDE, key=p.key)
        for p in box.placements
        if p.x < margin
        or p.y < margin
        or p.z < 0
        or p.x + p.length > length - margin
        or p.y + p.width > width - margin
        or p.z + p.height > height - 2 * margin
    ]
    for p, q in _neighbours(box.placements):
        if (
            _shared(p.x, p.length, q.x, q.length) > 0
            and _shared(p.y, p.width, q.y, q.width) > 0
            and _shared(p.z, p.height, q.z, q.height) > 0
        ):
            faults.append(_fault(FaultCode.OVERLAP, key=p.key, other=q.key))
    filled = sum(p.length * p.width * p.height for p in box.placements)
    room = (length - 2 * margin) * (width - 2 * margin) * (height - 2 * margin)
    if filled > room * (1 - Fraction(str(carton.void_share))):
        faults.append(_fault(FaultCode.NO_ROOM_FOR_FILLING))
    return faults


def _neighbours(
    placements: Sequence[Placement],
) -> Iterator[tuple[Placement, Placement]]:
    """Every two units that might overlap.

    Space is divided in cells as large as the largest unit: units in cells that are not
    next to each other are apart.
    """
    if not placements:
        return
    size = [max(1, max(sides)) for sides in list(zip(*placements, strict=True))[4:]]
    cells: dict[tuple, list[int]] = {}
    for number, p in enumerate(placements):
        at = tuple(int(c // s) for c, s in zip(p[1:4], size, strict=True))
        for cell in product(*((c - 1, c, c + 1) for c in at)):
            for other in cells.get(cell, ()):
                yield placements[other], p
        cells.setdefault(at, []).append(number)


def _shared(start: int, size: int, other: int, other_size: int) -> int:
    return min(start + size, other + other_size) - max(start, other)


def _weight_faults(box: Box, pairs: Pairs) -> list[Fault]:
    carton = box.carton
    gross = carton.tare + carton.filler + sum(item.weight for _, item in pairs)
    faults = []
    if gross != box.gross:
        faults.append(_fault(FaultCode.WRONG_GROSS, gross=gross, said=box.gross))
    if carton.max_gross is not None and gross > carton.max_gross:
        faults.append(_fault(FaultCode.TOO_HEAVY, gross=gross, most=carton.max_gross))
    return faults


def _position_faults(pairs: Pairs) -> list[Fault]:
    faults = []
    for placed, item in pairs:
        edges = {"l": item.length, "w": item.width, "h": item.height}
        size = (placed.length, placed.width, placed.height)
        allowed = False
        for upright in item.vertical:
            lying = [edges[edge] for edge in "lwh" if edge != upright]
            if size == (*lying, edges[upright]):
                allowed = True
            if item.turn and size == (*lying[::-1], edges[upright]):
                allowed = True
        if not allowed:
            faults.append(_fault(FaultCode.WRONG_POSITION, key=placed.key))
    return faults


def _contact(upper: Placement, lower: Placement) -> int:
    """mm2 with which one unit rests on another."""
    if lower.z + lower.height != upper.z:
        return 0
    across = _shared(upper.x, upper.length, lower.x, lower.length)
    along = _shared(upper.y, upper.width, lower.y, lower.width)
    return max(0, across) * max(0, along)


def _rest_faults(pairs: Pairs, support: float) -> list[Fault]:
    """Support, floor only, nothing on fragile units, top loads."""
    faults = []
    share = Fraction(str(support))
    carried = dict.fromkeys(range(len(pairs)), Fraction(0))
    tops: dict = {}
    for m, (lower, _) in enumerate(pairs):
        tops.setdefault(lower.z + lower.height, []).append(m)
    for n in sorted(carried, key=lambda n: -pairs[n][0].z):
        placed, item = pairs[n]
        if placed.z == 0:
            continue
        if item.floor_only:
            faults.append(_fault(FaultCode.NOT_ON_FLOOR, key=placed.key))
        under = tops.get(placed.z, ())
        below = {m: _contact(placed, pairs[m][0]) for m in under if m != n}
        area = sum(below.values())
        base = placed.length * placed.width
        if area == 0 or area < share * base:
            faults.append(
                _fault(
                    FaultCode.POORLY_SUPPORTED,
                    key=placed.key,
                    area=round(area),
                    base=round(base),
                )  # fmt: skip
            )
        for m, contact in below.items():
            if contact:
                carried[m] += (carried[n] + item.weight) * Fraction(contact, area)
                if pairs[m][1].fragile:
                    faults.append(
                        _fault(
                            FaultCode.ON_FRAGILE,
                            key=placed.key,
                            other=pairs[m][0].key,
                        )  # fmt: skip
                    )
    for n, load in carried.items():
        limit = pairs[n][1].top_load
        if limit is not None and load > limit + Fraction(1, 1000):
            faults.append(
                _fault(FaultCode.OVERLOADED, key=pairs[n][0].key, load=round(load))
            )
    return faults


def _company_faults(pairs: Pairs) -> list[Fault]:
    """One product per carton, and families kept apart."""
    faults = []
    items = list({id(item): item for _, item in pairs}.values())
    keys = {item.key for item in items}
    for item in items:
        if item.single_product and len(keys) > 1:
            faults.append(_fault(FaultCode.NOT_ALONE, key=item.key))
        if item.own_carton and len(pairs) > 1:
            faults.append(_fault(FaultCode.NOT_IN_OWN_CARTON, key=item.key))
        faults += [
            _fault(FaultCode.NOT_APART, key=item.key, other=other.key)
            for other in items
            if other is not item and other.family in item.apart
        ]
    return faults


def _together_faults(plan: Plan, by_key: dict) -> list[Fault]:
    where: dict = {}
    for number, box in enumerate(plan.boxes):
        for placed in box.placements:
            for item in by_key.get(placed.key, ())[:1]:
                if item.together is not None and not item.own_carton:
                    where.setdefault(item.together, set()).add(number)
    return [
        _fault(
            FaultCode.GROUP_SPLIT,
            group=group,
            number=len(boxes),
        )  # fmt: skip
        for group, boxes in where.items()
        if len(boxes) > 1
    ]
