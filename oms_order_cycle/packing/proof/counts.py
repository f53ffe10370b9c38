"""How many units of one product a carton holds at most, and what many cost at least.

A dual-feasible scale for each axis (see ``scales``) bounds a weighted sum of the units
in each position; a linear program over many such sums bounds their number. What many
units cost at least then follows by dynamic programming over the cartons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import inf
from typing import NamedTuple

from ..geometry import Size, Turn
from ..problem import Kind, Shell
from .linear import cover
from .scales import Scale, reached, scales

COLUMNS = 400  # sums of scales that are looked at
STATES = 300_000  # of the dynamic program
EVALUATIONS = 120  # of the price of one carton
CLOSE = 1e-6


class Step(NamedTuple):
    """One carton with up to ``many`` units for ``price``."""

    price: float
    many: int
    shell: Shell


def most_units(hull: Size, kind: Kind) -> int:
    """How many units of a kind a hull holds at most, whatever their support."""
    turns = [turn for turn in kind.turns if _fits(turn, hull)]
    if not turns:
        return 0
    flat = kind.item.fragile or kind.item.floor_only  # all stand on the floor
    hull = reached(hull, [kind])
    most = hull[0] * hull[1] * hull[2] // kind.volume
    if flat:
        area = hull[0] * hull[1]
        most = min(most, area // min(a * b for a, b, _ in turns))
    if most < 2:
        return most
    axes = [
        _undominated(scales(side, sorted({turn[axis] for turn in turns})))
        for axis, side in enumerate(hull)
    ]
    if flat:
        axes[2] = [dict.fromkeys({turn[2] for turn in turns}, 1.0)]
    return min(most, _by_scales(axes, turns, most))


def _by_scales(axes: Sequence[list[Scale]], turns: Sequence[Turn], most: int) -> int:
    """The same, from the sums that hold for the positions of the units."""
    columns = {
        tuple(along[a] * across[b] * up[c] for a, b, c in turns)
        for along, across, up in product(*axes)
    }
    ranked = sorted(columns, key=lambda column: (-min(column), -sum(column), column))
    solved = cover(ranked[:COLUMNS], [1.0] * len(ranked[:COLUMNS]), [1] * len(turns))
    if solved is None:
        return most
    usage, _ = solved
    least = min(
        sum(use * column[row] for use, column in zip(usage, ranked, strict=False))
        for row in range(len(turns))
    )
    return int(sum(usage) / least + CLOSE) if least > 0 else most


def _undominated(found: list[Scale]) -> list[Scale]:
    """The scales that are nowhere under another one."""
    kept: list[Scale] = []
    for scale in sorted(found, key=lambda scale: -sum(scale.values())):
        if not any(all(other[x] >= scale[x] for x in scale) for other in kept):
            kept.append(scale)
    return kept


def _fits(turn: Turn, hull: Size) -> bool:
    return turn[0] <= hull[0] and turn[1] <= hull[1] and turn[2] <= hull[2]


def unit_steps(shell: Shell, weight: int, most: int) -> list[Step]:
    """(price, units) for each step of a shell's price, of up to ``most`` units.

    Where the price has too many steps, some count as the lower one.
    """
    found: dict[float, int] = {}
    left = EVALUATIONS

    def visit(low: int, high: int) -> None:
        nonlocal left
        first, last = shell.price(low * weight), shell.price(high * weight)
        left -= 1
        if first == last or left <= 0:
            found[first] = max(high, found.get(first, 0))
        elif high - low == 1:
            found[first] = max(low, found.get(first, 0))
            found[last] = max(high, found.get(last, 0))
        else:
            middle = (low + high) // 2
            visit(low, middle)
            visit(middle, high)

    if most > 0:
        visit(1, most)
    return [Step(price, many, shell) for price, many in found.items()]


def frontier(steps: Iterable[Step]) -> list[Step]:
    """The steps that hold more than every cheaper one, the cheapest first."""
    kept: list[Step] = []
    for step in sorted(steps, key=lambda s: (s.price, -s.many, s.shell.number)):
        if not kept or step.many > kept[-1].many:
            kept.append(step)
    return kept


def cheapest(front: Sequence[Step], units: int) -> tuple[float, list[Step]] | None:
    """The cheapest steps that hold so many units together, and their price.

    Exact, unless there are very many units: then most of them go into the cartons
    that cost least for each.
    """
    if not front:
        return None
    best = min(front, key=lambda step: step.price / step.many)
    whole = 0
    if units * len(front) > STATES:
        keep = max(STATES // len(front), best.many)
        whole = max(0, (units - keep) // best.many)
        units -= whole * best.many
        if units * len(front) > 4 * STATES:  # a single carton holds thousands
            return _rounded(front, best, whole, units)
    paid = [0.0] + [inf] * units
    taken: list[Step | None] = [None] * (units + 1)
    for need in range(1, units + 1):
        least, chosen = inf, None
        for step in front:
            price = step.price
            if need > step.many:
                price += paid[need - step.many]
            if price < least:
                least, chosen = price, step
        paid[need], taken[need] = least, chosen
    chosen = [best] * whole
    while units > 0:
        step = taken[units]
        chosen.append(step)
        units -= step.many
    return sum(step.price for step in chosen), chosen


def _rounded(
    front: Sequence[Step], best: Step, whole: int, units: int
) -> tuple[float, list[Step]]:
    """The cheapest carton by unit again and again, one more for the rest."""
    more, rest = divmod(units, best.many)
    chosen = [best] * (whole + more)
    if rest:
        chosen.append(next((step for step in front if step.many >= rest), best))
    return sum(step.price for step in chosen), chosen


def least_price(front: Sequence[Step], units: int) -> float:
    """Lower bound of the price of so many units, for steps that hold any plan's."""
    if not front:
        return inf
    rate = min(step.price / step.many for step in front)
    if units * len(front) > STATES:
        return rate * units
    return max(rate * units, cheapest(front, units)[0])
