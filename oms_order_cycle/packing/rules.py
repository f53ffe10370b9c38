"""Where a unit may rest: support, nothing on fragile units, top load, floor only."""

from __future__ import annotations

from collections.abc import Sequence

from .geometry import Placed, Space, Turn, resting_area
from .problem import Kind

PUSH = False
Option = tuple  # (score, length, width, height)
Face = tuple[int, int, int, int]  # a top: (x, y, X, Y)
Spot = tuple  # (score, x, y, z, length, width, height)


class Ground:
    """What units can rest on while a carton is being filled.

    Without ``strict`` only the share of the base that rests counts; with it the
    rules of the units are asked too.
    """

    def __init__(self, support: float, kinds: Sequence[Kind], strict: bool):
        # with rules nothing may move at the end, so every unit must touch something
        self.support = max(support, 1e-9) if strict else support
        self.kinds = kinds
        self.strict = strict
        self.tops: dict[int, list[Face]] = {}
        self.placed: list[Placed] = []

    def add(self, unit: Placed) -> None:
        """Note a unit that has been placed."""
        _, x, y, z, a, b, c = unit
        self.tops.setdefault(z + c, []).append((x, y, x + a, y + b))
        self.placed.append(unit)

    def spot(self, kind: int, space: Space, options: list[Option]) -> Spot | None:
        """The best-scored option in a space that may stand there.

        At the lower corner if possible, else pushed over what carries it.
        """
        x, y, z, far_x, far_y, _ = space
        near: list[Face] = []
        if z:
            near = [
                top
                for top in self.tops.get(z, ())
                if top[0] < far_x and top[2] > x and top[1] < far_y and top[3] > y
            ]
            if not near:
                return None
            # no more of a base can rest than there is in the whole space
            most = resting_area(x, y, far_x - x, far_y - y, near)
            options = [o for o in options if self.support * o[1] * o[2] <= most]
        options.sort()
        for score, a, b, c in options:
            if self._stands(kind, x, y, z, (a, b, c), near):
                return score, x, y, z, a, b, c
        if z and PUSH:
            for score, a, b, c in options:
                for u, v in _pushed(space, a, b, near):
                    if self._stands(kind, u, v, z, (a, b, c), near):
                        return score, u, v, z, a, b, c
        return None

    def _stands(
        self, kind: int, x: int, y: int, z: int, turn: Turn, tops: Sequence[Face]
    ) -> bool:
        a, b, c = turn
        if z and resting_area(x, y, a, b, tops) < self.support * a * b:
            return False
        if not self.strict:
            return True
        if z and self.kinds[kind].item.floor_only:
            return False
        return obeys(self.kinds, [*self.placed, (kind, x, y, z, a, b, c)])

    def carries_all(self, units: Sequence[Placed]) -> bool:
        """Whether each of several units has its share of support (no rules)."""
        return all(
            z == 0
            or resting_area(x, y, a, b, self.tops.get(z, ())) >= self.support * a * b
            for _, x, y, z, a, b, _c in units
        )


def _pushed(
    space: Space, a: int, b: int, tops: Sequence[Face]
) -> list[tuple[int, int]]:
    """Positions in a space, other than its corner, flush with what is below."""
    x, y, _, far_x, far_y, _ = space
    across, along = {x, far_x - a}, {y, far_y - b}
    for left, front, right, back in tops:
        across |= {left, right - a}
        along |= {front, back - b}
    return [
        (u, v)
        for u in sorted(across)
        if x <= u <= far_x - a
        for v in sorted(along)
        if y <= v <= far_y - b
        if u != x or v != y
    ]


def obeys(kinds: Sequence[Kind], placed: Sequence[Placed]) -> bool:
    """Whether nothing rests on a fragile unit and no top load is passed.

    A unit hands its weight and what it carries down to the units below it in
    proportion to the areas of contact.
    """
    carried = [0.0] * len(placed)
    order = sorted(range(len(placed)), key=lambda unit: -placed[unit][3])
    for upper in order:
        kind, x, y, z, a, b, _ = placed[upper]
        contacts = []
        for lower in order:
            _, u, v, w, d, e, f = placed[lower]
            if w + f == z and z:
                area = resting_area(x, y, a, b, ((u, v, u + d, v + e),))
                if area:
                    contacts.append((lower, area))
        total = sum(area for _, area in contacts)
        load = carried[upper] + kinds[kind].weight
        for lower, area in contacts:
            item = kinds[placed[lower][0]].item
            carried[lower] += load * area / total
            limit = item.top_load
            if item.fragile or limit is not None and carried[lower] > limit + 1e-6:
                return False
    return True
