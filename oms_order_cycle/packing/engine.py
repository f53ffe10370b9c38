"""``pack``: from items and cartons to a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf

from .geometry import orientations, settle
from .model import Box, Carton, Item, Placement, Plan, Price, Size, Unpacked
from .problem import Problem, minus
from .cartons import Draft, Packed
from .search import Search

EFFORT = 24


def pack(
    items: Iterable[Item],
    cartons: Iterable[Carton],
    price: Price,
    *,
    support: float = 0.7,
    effort: int = EFFORT,
    deadline: float | None = None,
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
    :param deadline: seconds after which the best plan so far is returned
    :return: the plan; what cannot be packed is in ``unpacked`` with the reason

    The same input gives the same plan, unless a deadline cuts the search short.
    """
    cartons = list(cartons)
    wanted, unpacked = _packable(items, cartons, price)
    own = [item for item in wanted if item.own_carton]
    rest = [item for item in wanted if not item.own_carton]
    boxes = [box for item in own for box in _own_boxes(item, price)]
    bound = sum(float(box.price) for box in boxes)
    if rest:
        problem = Problem(rest, cartons, price, support, deadline)
        search = Search(problem, effort)
        draft = search.solve()
        left = _left_out(problem, draft)
        if left:  # the bound is for what was packed
            unpacked += left
            problem = Problem(_without(rest, left), cartons, price, support, deadline)
            search = Search(problem, effort)
        boxes += _boxes(problem, draft, price)
        if draft.cartons:
            bound += search.bound(draft.price)
    total = sum((box.price for box in boxes), 0)
    proven = float(total) <= bound + 1e-6
    return Plan(
        tuple(boxes), tuple(unpacked), total, total if proven else bound, proven, support
    )


# -- what can be packed at all ------------------------------------------------------


def _packable(
    items: Iterable[Item], cartons: Sequence[Carton], price: Price
) -> tuple[list[Item], list[Unpacked]]:
    """Items that fit somewhere, and those that do not with the reason."""
    wanted, unpacked = [], []
    for item in items:
        if item.quantity <= 0:
            continue
        reason = _hindrance(item, cartons, price)
        if reason:
            unpacked.append(Unpacked(item.key, item.quantity, reason))
        else:
            wanted.append(item)
    return wanted, unpacked


def _hindrance(item: Item, cartons: Sequence[Carton], price: Price) -> str | None:
    """Why no carton takes one unit, in words."""
    if min(item.length, item.width, item.height) <= 0:
        return "has no size"
    if item.weight < 0:
        return "has a negative weight"
    turns = _turns(item)
    if not turns:
        return "no edge may stand upright"
    if item.own_carton:
        paid = price(turns[0], item.weight)
        return "the carrier does not take it as it is" if paid == inf else None
    if not cartons:
        return "no carton was offered"
    volume = item.length * item.width * item.height
    fitting = [
        carton
        for carton in cartons
        if volume <= carton.usable_volume and _fits(turns, carton.usable)
    ]
    if any(_takes(carton, item.weight, price) for carton in fitting):
        return None
    longest = max(item.length, item.width, item.height)
    if longest > max(max(carton.usable) for carton in cartons):
        return "longer than every carton"
    if not fitting:
        return "larger than every carton in every position it may have"
    if not any(_carries(carton, item.weight) for carton in fitting):
        return "heavier than the limit of every carton it fits in"
    return "the carrier takes no carton it fits in"


def _turns(item: Item) -> list[Size]:
    return orientations(item.length, item.width, item.height, item.vertical, item.turn)


def _fits(turns: Sequence[Size], hull: Size) -> bool:
    length, width, height = hull
    return any(a <= length and b <= width and c <= height for a, b, c in turns)


def _carries(carton: Carton, weight: int) -> bool:
    gross = carton.tare + carton.filler + weight
    return carton.max_gross is None or gross <= carton.max_gross


def _takes(carton: Carton, weight: int, price: Price) -> bool:
    """Whether carton and carrier both take a unit of this weight."""
    gross = carton.tare + carton.filler + weight
    return _carries(carton, weight) and price(carton.outer, gross) < inf


def _left_out(problem: Problem, draft: Draft) -> list[Unpacked]:
    """Units of the order that are in no carton of the draft."""
    packed = Counter(unit[0] for box in draft.cartons for unit in box.placed)
    left = []
    for number, missing in minus(problem.load, packed).items():
        kind = problem.kinds[number]
        if kind.item.together is not None:
            reason = "does not go into one carton with all that must stay together"
        else:
            reason = "not enough cartons left"
        for key, quantity in reversed(kind.keys):
            out = min(quantity, missing)
            missing -= out
            if out:
                left.append(Unpacked(key, out, reason))
    return left


def _without(items: Sequence[Item], left: Sequence[Unpacked]) -> list[Item]:
    out = Counter()
    for key, quantity, _ in left:
        out[key] += quantity
    kept = []
    for item in reversed(items):
        less = min(item.quantity, out[item.key])
        out[item.key] -= less
        if item.quantity > less:
            kept.append(replace(item, quantity=item.quantity - less))
    return kept[::-1]


# -- from the draft to boxes -----------------------------------------------------


def _own_boxes(item: Item, price: Price) -> list[Box]:
    size = _turns(item)[0]
    carton = Carton(key=item.key, inner=size, outer=size)
    placed = (Placement(item.key, 0, 0, 0, *size),)
    paid = price(size, item.weight)
    return [Box(carton, placed, item.weight, paid)] * item.quantity


def _boxes(problem: Problem, draft: Draft, price: Price) -> list[Box]:
    """Boxes of the draft, its kinds handed out to the keys of the items."""
    keys = {
        number: [key for key, quantity in kind.keys for _ in range(quantity)][::-1]
        for number, kind in enumerate(problem.kinds)
    }
    return [_box(problem, packed, keys, price) for packed in draft.cartons]


def _box(problem: Problem, packed: Packed, keys: dict, price: Price) -> Box:
    carton = packed.shell.carton
    units = sorted(settle(packed.placed), key=lambda unit: (unit[3], unit[2], unit[1]))
    aside = carton.margin
    placements = tuple(
        Placement(keys[number].pop(), x + aside, y + aside, z, a, b, c)
        for number, x, y, z, a, b, c in units
    )
    content = sum(problem.kinds[unit[0]].weight for unit in units)
    gross = packed.shell.empty + content
    paid = price(carton.outer, gross)
    # a plain zero must not turn a Decimal price into something else
    return Box(carton, placements, gross, paid + carton.cost if carton.cost else paid)
