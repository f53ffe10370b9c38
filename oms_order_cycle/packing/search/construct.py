"""Build the contents of one carton unit by unit in empty maximal spaces.

The units come in a given order; each takes the spot with the least score. Rules
(scores) after Parreno, Alvarez-Valdes, Oliveira, Tamarit, "A maximal-space
algorithm for the container loading problem" (2008), and Goncalves, Resende, "A
biased random key genetic algorithm for 2D and 3D bin packing problems" (2013),
whose far-corner distance is the best single one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from ..geometry import Placed, Size, Space, Turn, carve
from ..problem import Kind
from .support import Ground, Spot

OFTEN = 32  # units after which is asked whether it is late

Score = Callable[[Space, list[Turn]], list[tuple]]
Rule = Callable[[Size], Score]


def far_corner(hull: Size) -> Score:
    """Leave the most distance to the far upper corner of the carton."""
    length, width, height = hull

    def score(space: Space, turns: list[Turn]) -> list[tuple]:
        x, y, z, far_x, far_y, far_z = space
        dx, dy, dz = far_x - x, far_y - y, far_z - z
        left_x, left_y, left_z = length - x, width - y, height - z
        return [
            (-((left_x - a) ** 2 + (left_y - b) ** 2 + (left_z - c) ** 2), a, b, c)
            for a, b, c in turns
            if a <= dx and b <= dy and c <= dz
        ]

    return score


def _linear(weigh: Callable[[int], tuple[int, ...]]) -> Rule:
    """A rule that adds weighted coordinates: one integer orders like a tuple."""

    def rule(hull: Size) -> Score:
        at_x, at_y, at_z, by_a, by_b, by_c = weigh(2 * max(hull) + 1)

        def score(space: Space, turns: list[Turn]) -> list[tuple]:
            x, y, z, far_x, far_y, far_z = space
            dx, dy, dz = far_x - x, far_y - y, far_z - z
            start = at_x * x + at_y * y + at_z * z
            return [
                (start + by_a * a + by_b * b + by_c * c, a, b, c)
                for a, b, c in turns
                if a <= dx and b <= dy and c <= dz
            ]

        return score

    return rule


# deepest first, then nearest to the back and the left, then the flattest
deepest = _linear(lambda m: (m, m**2, m**3, m, m**2, 1))
# walls along the length, along the width
wall_x = _linear(lambda m: (m**3, m, m**2, m**3, 1, 0))
wall_y = _linear(lambda m: (m, m**3, m**2, 1, m**3, 0))


def low_top(hull: Size) -> Score:
    """Lowest top, then the tightest in plan."""

    def score(space: Space, turns: list[Turn]) -> list[tuple]:
        x, y, z, far_x, far_y, far_z = space
        dx, dy, dz = far_x - x, far_y - y, far_z - z
        return [
            ((z + c, (dx - a) * (dy - b), y, x), a, b, c)
            for a, b, c in turns
            if a <= dx and b <= dy and c <= dz
        ]

    return score


def tight(hull: Size) -> Score:
    """The least gap left beside the unit, then the next least."""

    def score(space: Space, turns: list[Turn]) -> list[tuple]:
        x, y, z, far_x, far_y, far_z = space
        dx, dy, dz = far_x - x, far_y - y, far_z - z
        return [
            ((*sorted((dx - a, dy - b, dz - c)), z, y, x), a, b, c)
            for a, b, c in turns
            if a <= dx and b <= dy and c <= dz
        ]

    return score


class Limits:
    """What a carton that is only partly to hold a load may take.

    :ivar cap: g of contents
    :ivar volume: mm3 of contents
    """

    def __init__(
        self, cap: float, volume: int, conflicts: Sequence[frozenset[int]] | None
    ):
        self.cap, self.volume, self.conflicts = cap, volume, conflicts

    def take(self, number: int, kind: Kind, excluded: set[int], many: int = 1) -> None:
        """Units of ``kind`` go in: what can no more is added to ``excluded``."""
        self.cap -= many * kind.weight
        self.volume -= many * kind.volume
        if self.conflicts is not None:
            excluded |= self.conflicts[number]

    def admits(self, kind: Kind) -> bool:
        """Whether weight and volume leave room for one more."""
        return kind.weight <= self.cap and kind.volume <= self.volume


def construct(
    hull: Size,
    sequence: Sequence[int],
    kinds: Sequence[Kind],
    rule: Rule,
    support: float = 0.0,
    *,
    limits: Limits | None = None,
    strict: bool = False,
    turns: Sequence[list[Turn]] | None = None,
    late: Callable[[], bool] | None = None,
) -> tuple[list[Placed], int]:
    """Place the kinds of ``sequence`` in this order.

    Without ``limits`` everything has to go in and the first failure ends it; with
    them what does not fit is passed over. It counts as one when it is ``late``.

    :return: the placed units, and the place in ``sequence`` of the first that
        failed, -1 if none did
    """
    turns = turns or [kind.turns for kind in kinds]
    score = rule(hull)
    spaces: list[Space] = [(0, 0, 0, *hull)]
    ground = Ground(support, kinds, strict)
    asks = strict or support > 0
    spots: dict[int, dict[Space, Spot | int | None]] = {}
    least = least_to_come(sequence, kinds)
    excluded: set[int] = set()
    failed = -1
    for place, number in enumerate(sequence):
        if number in excluded:
            continue
        best = None
        if late is not None and place % OFTEN == OFTEN - 1 and late():
            return ground.placed, place
        if limits is None or limits.admits(kinds[number]):
            known = spots.setdefault(number, {})
            best = best_spot(
                number, spaces, turns[number], score, known, ground if asks else None
            )
        if best is None:
            failed = place if failed < 0 else failed
            if limits is None:
                break
            excluded.add(number)
            continue
        _, x, y, z, a, b, c = best
        ground.add((number, x, y, z, a, b, c))
        if limits is not None:
            limits.take(number, kinds[number], excluded)
        spaces = carve(spaces, (x, y, z, x + a, y + b, z + c), *least[place + 1])
    return ground.placed, failed


def least_to_come(sequence: Sequence[int], kinds: Sequence[Kind]) -> list[tuple]:
    """Per place: the least extents and volume among the units from there on."""
    x = y = z = 1 << 60
    volume = inf
    least: list[tuple] = [((x, y, z), 0)] * (len(sequence) + 1)
    last = -1
    for place in range(len(sequence) - 1, -1, -1):
        if sequence[place] != last:
            last = sequence[place]
            kind = kinds[last]
            a, b, c = kind.least
            x, y, z = min(x, a), min(y, b), min(z, c)
            volume = min(volume, kind.volume)
            entry = ((x, y, z), volume)
        least[place] = entry
    return least


def best_spot(
    number: int,
    spaces: list[Space],
    turns: list[Turn],
    score: Score,
    known: dict[Space, Spot | int | None],
    ground: Ground | None,
) -> Spot | None:
    """The spot with the least score over all spaces.

    ``known`` keeps what was found for each space: a spot, ``None`` if the unit is too
    large for it, or, if nothing carries it there, how many tops were at that height.
    """
    while True:
        best, at = _least_spot(number, spaces, turns, score, known, ground)
        if best is None or ground is None or ground.still_allows(number, best):
            return best
        # other units rest on what is below by now: look there again
        del known[at]


def _least_spot(
    number: int,
    spaces: list[Space],
    turns: list[Turn],
    score: Score,
    known: dict[Space, Spot | int | None],
    ground: Ground | None,
) -> tuple[Spot | None, Space | None]:
    """The same by what is known, and its space."""
    best = least = at = None
    for space in spaces:
        spot = known.get(space, False)
        if spot.__class__ is not tuple:
            if spot is None:
                continue
            z = space[2]
            if spot is not False and spot == len(ground.tops.get(z, ())):
                continue
            options = score(space, turns)
            if not options:
                known[space] = None
                continue
            if ground is None or not (z or ground.strict):
                value, a, b, c = min(options)
                spot = known[space] = (value, *space[:3], a, b, c)
            else:
                spot = ground.spot(number, space, options)
                # support only grows
                known[space] = spot or len(ground.tops.get(z, ()))
                if spot is None:
                    continue
        if best is None or spot[0] < least:
            best, least, at = spot, spot[0], space
    return best, at
