"""``pack``: from items and cartons to a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce
from itertools import chain, repeat
from math import inf
from typing import Any

from . import tenths
from .geometry import Placed, orientations, settle
from .model import (
    Box,
    Carton,
    Item,
    Placement,
    Plan,
    Price,
    Reason,
    Size,
    Trial,
    Unpacked,
)
from .problem import DENSE_UNITS, Kind, Problem, count, minus
from .search.packer import Draft, Packed
from .search.solver import Solver
from .search.trials import Trials

EFFORT = 600


def pack(
    items: Iterable[Item],
    cartons: Iterable[Carton],
    price: Price,
    *,
    support: float = 0.7,
    effort: int = EFFORT,
    deadline: float | None = None,
    explain: bool = False,
) -> Plan:
    """Choose cartons and place every unit so that the price is least.

    :param items: what to pack
    :param cartons: what may be used
    :param price: ``price(outer, gross)`` of one parcel from its outer size in mm and
        its gross weight in g; must not fall when weight rises; infinite for what the
        carrier does not take. The carton's own cost is added.
    :param support: share of each unit's base that must rest on the floor or on
        units below; even with 0 nothing floats
    :param effort: how long to look, about the number of tries per carton
    :param deadline: seconds of work after which the best plan so far is returned; on a
        busy machine it may take four times as long by the clock
    :param explain: try better cartons for every box once more, and tell what came of
        it in ``Box.tried``
    :return: the plan; what cannot be packed is in ``unpacked`` with the reason

    The same input gives the same plan, unless a deadline cuts the search short.
    """
    items, cartons = list(items), list(cartons)
    how = support, effort, deadline, explain
    if tenths.needed(items):
        order = tenths.Tenths(items, cartons, price)
        found = _pack(order.items, order.cartons, order.price, *how, tenths.PER_MM)
        return order.plan(found)
    return _pack(items, cartons, price, *how)


def _pack(
    items: Sequence[Item],
    cartons: Sequence[Carton],
    price: Price,
    support: float,
    effort: int,
    deadline: float | None,
    explain: bool,
    per_mm: int = 1,
) -> Plan:
    """The same, all lengths in whole parts of a mm, ``per_mm`` of them."""
    guessed = False
    boxes: list[Box] = []
    unpacked: list[Unpacked] = []
    rest = []
    for item in items:
        reason = _invalid_because(item, price)
        if item.quantity <= 0:
            continue
        guessed = guessed or item.guessed
        if reason:
            unpacked.append(Unpacked(item.key, item.quantity, reason))
        elif item.own_carton:
            boxes += _own_boxes(item, price)
        else:
            rest.append(item)
    bound = sum(float(box.price) for box in boxes)
    problem = Problem(rest, cartons, price, support, deadline, per_mm)
    for number in problem.without_carton():
        reason = _misfit_because(problem.kinds[number], cartons)
        unpacked += _unpacked_rows(problem, number, problem.load.pop(number), reason)
    for number in problem.groups_without_carton() if problem.grouped else ():
        unpacked += _unpacked_rows(
            problem, number, problem.load.pop(number), Reason.GROUP_TOO_LARGE
        )
    if problem.load:
        solver = Solver(problem, effort)
        draft = solver.solve()
        trials: list[Trials] = []
        if explain:
            draft, trials = solver.explained(draft)
        unpacked += _left_out(problem, draft, solver)
        boxes += _boxes(problem, draft, price, trials)
        if draft.cartons:
            bound += solver.bound(draft.price)
    total = _total(box.price for box in boxes)
    best = float(total) <= bound + 1e-6
    proven = best and not guessed and not unpacked
    bound = total if best else bound
    return Plan(tuple(boxes), tuple(unpacked), total, bound, proven, support, guessed)


# -- what cannot be packed ----------------------------------------------------------


def _invalid_because(item: Item, price: Price) -> Reason | None:
    """What is wrong with an item, whatever the cartons."""
    if min(item.length, item.width, item.height) <= 0:
        return Reason.NO_SIZE
    if item.weight < 0:
        return Reason.NEGATIVE_WEIGHT
    if not any(edge in item.vertical for edge in "lwh"):
        return Reason.NO_UPRIGHT_EDGE
    if item.own_carton and price(_turns(item)[0], item.weight) == inf:
        return Reason.REFUSED_AS_IT_IS
    return None


def _turns(item: Item) -> list[Size]:
    return orientations(item.length, item.width, item.height, item.vertical, item.turn)


def _misfit_because(kind: Kind, cartons: Sequence[Carton]) -> Reason:
    """Why no carton takes one unit."""
    if not cartons:
        return Reason.NO_CARTON_OFFERED
    if kind.large > max(max(carton.usable) for carton in cartons):
        return Reason.TOO_LONG
    fitting = [carton for carton in cartons if kind.fits(carton.usable)]
    if not fitting:
        return Reason.TOO_LARGE
    fitting = [carton for carton in fitting if kind.volume <= carton.usable_volume]
    if not fitting:
        return Reason.NO_ROOM_FOR_FILLING
    if not any(carton.carries(kind.weight) for carton in fitting):
        return Reason.TOO_HEAVY
    return Reason.REFUSED


def _left_out(problem: Problem, draft: Draft, solver: Solver) -> list[Unpacked]:
    """Units of the order that are in no carton of the draft; taken off the load."""
    packed: Counter = Counter()
    alike = Counter(id(box.placed) for box in draft.cartons)
    for placed in {id(box.placed): box.placed for box in draft.cartons}.values():
        for number, many in count(placed).items():
            packed[number] += many * alike[id(placed)]
    rest = minus(problem.load, packed)
    reasons = dict.fromkeys(solver.groups_too_large(rest), Reason.GROUP_TOO_LARGE)
    left = []
    for number, missing in rest.items():
        reason = reasons.get(number, Reason.OUT_OF_CARTONS)
        left += _unpacked_rows(problem, number, missing, reason)
        problem.load[number] -= missing
        if not problem.load[number]:
            del problem.load[number]
    return left


def _unpacked_rows(
    problem: Problem, number: int, missing: int, reason: Reason
) -> list[Unpacked]:
    """``missing`` units of a kind as rows, the last of its items first."""
    rows = []
    for key, quantity in reversed(problem.kinds[number].keys):
        out = min(quantity, missing)
        missing -= out
        if out:
            rows.append(Unpacked(key, out, reason))
    return rows


# -- from the draft to boxes -----------------------------------------------------


def _own_boxes(item: Item, price: Price) -> list[Box]:
    size = _turns(item)[0]
    carton = Carton(key=item.key, inner=size, outer=size)
    placed = (Placement(item.key, 0, 0, 0, *size),)
    paid = price(size, item.weight)
    return [Box(carton, placed, item.weight, paid)] * item.quantity


def _boxes(
    problem: Problem, draft: Draft, price: Price, trials: Sequence[Trials]
) -> list[Box]:
    """Boxes of the draft, its kinds handed out to the keys of the items.

    Cartons that are alike are one box, again and again.
    """
    keys = {
        number: [[key, quantity] for key, quantity in kind.keys][::-1]
        for number, kind in enumerate(problem.kinds)
    }
    counts: dict[int, Counter] = {}
    known: dict[tuple, Box] = {}
    boxes = []
    for place, packed in enumerate(draft.cartons):
        this = id(packed.placed)
        if this not in counts:
            counts[this] = Counter(unit[0] for unit in packed.placed)
        handed = {
            number: tuple(_handed_out(keys[number], many))
            for number, many in counts[this].items()
        }
        alike = packed.shell.number, this, tuple(handed.items())
        if alike not in known:
            tried = tuple(trials[place]) if trials else ()
            known[alike] = _box(problem, packed, handed, price, tried)
        boxes.append(known[alike])
    return boxes


def _handed_out(keys: list[list], many: int) -> Iterator[tuple[Hashable, int]]:
    """(key, number) of the next ``many`` units of a kind, taken off its keys."""
    while many:
        key, left = keys[-1]
        taken = min(left, many)
        many -= taken
        keys[-1][1] -= taken
        if not keys[-1][1]:
            keys.pop()
        yield key, taken


def _box(
    problem: Problem,
    packed: Packed,
    handed: dict,
    price: Price,
    tried: tuple[Trial, ...],
) -> Box:
    carton = packed.shell.carton
    keys = {
        number: chain.from_iterable(repeat(key, many) for key, many in rows)
        for number, rows in handed.items()
    }
    units = sorted(
        _settled(packed.placed), key=lambda unit: (unit[3], unit[2], unit[1])
    )
    aside = carton.margin
    placements = tuple(
        Placement(next(keys[number]), x + aside, y + aside, z, a, b, c)
        for number, x, y, z, a, b, c in units
    )
    content = sum(problem.kinds[unit[0]].weight for unit in units)
    gross = packed.shell.empty + content
    paid = price(carton.outer, gross)
    return Box(carton, placements, gross, _plus(paid, carton.cost), tried)


def _settled(placed: Sequence[Placed]) -> Sequence[Placed]:
    """The units at rest; so many in one carton are blocks, which are at rest."""
    return settle(placed) if len(placed) <= DENSE_UNITS else placed


def _total(prices: Iterable) -> Any:
    return reduce(_plus, prices, 0)


def _plus(one: Any, other: Any) -> Any:
    """The sum of two prices; exact where one of them is."""
    if not other:  # a plain zero must not turn a Decimal into something else
        return one
    try:
        return one + other
    except TypeError:
        return Decimal(str(one)) + Decimal(str(other))
