"""Where a unit may rest: support, nothing on fragile units, top load, floor only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..geometry import Placed, Space, Turn, resting_area
from ..problem import Kind

Option = tuple  # (score, length, width, height)
Face = tuple[int, int, int, int]  # a top: (x, y, X, Y)
Spot = tuple  # (score, x, y, z, length, width, height)
Shares = list[tuple[int, float]]  # units below and how much of a burden each takes


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
        self.burdens = Burdens(kinds) if strict else None

    def add(self, unit: Placed) -> None:
        """Note a unit that has been placed."""
        _, x, y, z, a, b, c = unit
        self.tops.setdefault(z + c, []).append((x, y, x + a, y + b))
        self.placed.append(unit)
        if self.burdens:
            self.burdens = self.burdens.added(unit)

    def spot(self, kind: int, space: Space, options: list[Option]) -> Spot | None:
        """The best-scored option in a space that may stand there.

        Only at the lower corner: pushing units over what carries them did not pay.
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
        return None

    def still_allows(self, kind: int, spot: Spot) -> bool:
        """Whether the rules allow a spot that they allowed before."""
        return not self.burdens or self.burdens.allow((kind, *spot[1:]))

    def _stands(
        self, kind: int, x: int, y: int, z: int, turn: Turn, tops: Sequence[Face]
    ) -> bool:
        a, b, c = turn
        if z and resting_area(x, y, a, b, tops) < self.support * a * b:
            return False
        if not self.burdens:
            return True
        if z and self.kinds[kind].item.floor_only:
            return False
        return self.burdens.allow((kind, x, y, z, a, b, c))


class Burdens:
    """What rests on every unit: nothing on fragile ones, no more than a top load.

    A unit hands its weight and what it carries down to the units below it in
    proportion to the areas of contact.
    """

    def __init__(self, kinds: Sequence[Kind], placed: Iterable[Placed] = ()):
        self.kinds = kinds
        self.borne = True  # whether every unit carries only what it may
        self._placed: list[Placed] = []
        self._carried: list[float] = []  # g on each unit
        self._below: list[Shares] = []  # under each unit
        self._tops: dict[int, list[int]] = {}  # units by the height of their tops
        self._bottoms: dict[int, list[int]] = {}
        for unit in sorted(placed, key=lambda unit: unit[3]):
            self.borne &= self._bear(unit)
            self._put(unit)

    def added(self, unit: Placed) -> Burdens:
        """The burdens with one more unit."""
        if self._under_another(unit):
            return Burdens(self.kinds, [*self._placed, unit])
        self._put(unit)
        return self

    def allow(self, unit: Placed) -> bool:
        """Whether every unit carries only what it may with one more."""
        if self._under_another(unit):
            return Burdens(self.kinds, [*self._placed, unit]).borne
        return self._bear(unit)

    def _put(self, unit: Placed) -> None:
        shares = self._shares(unit)
        for lower, more in self._handed_down(unit, shares):
            self._carried[lower] += more
        number = len(self._placed)
        self._placed.append(unit)
        self._carried.append(0.0)
        self._below.append(shares)
        self._tops.setdefault(unit[3] + unit[6], []).append(number)
        self._bottoms.setdefault(unit[3], []).append(number)

    def _bear(self, unit: Placed) -> bool:
        """Whether the units below bear one that nothing rests on yet."""
        for lower, more in self._handed_down(unit, self._shares(unit)):
            item = self.kinds[self._placed[lower][0]].item
            limit = item.top_load
            carried = self._carried[lower] + more
            if item.fragile or limit is not None and carried > limit + 1e-6:
                return False
        return True

    def _under_another(self, unit: Placed) -> bool:
        """Whether a unit in place would come to rest on this one, too.

        What that one hands down is then shared out anew.
        """
        above = self._bottoms.get(unit[3] + unit[6], ())
        return any(self._contact(unit, number) for number in above)

    def _shares(self, unit: Placed) -> Shares:
        """The units that one rests on, and which share of its burden each takes."""
        areas = [
            (number, self._contact(unit, number))
            for number in self._tops.get(unit[3], ())
        ]
        total = sum(area for _, area in areas)
        return [(number, area / total) for number, area in areas if area]

    def _contact(self, unit: Placed, number: int) -> int:
        """mm2 that two units have in common seen from above."""
        _, x, y, _, a, b, _ = unit
        _, u, v, _, d, e, _ = self._placed[number]
        return resting_area(x, y, a, b, ((u, v, u + d, v + e),))

    def _handed_down(self, unit: Placed, shares: Shares) -> list[tuple[int, float]]:
        """The g that every unit below takes more when one is added."""
        weight = self.kinds[unit[0]].weight
        waiting = {number: weight * share for number, share in shares}
        found = []
        while waiting:  # the highest has got all it gets from above
            number = max(waiting, key=lambda number: self._placed[number][3])
            more = waiting.pop(number)
            found.append((number, more))
            for lower, share in self._below[number]:
                waiting[lower] = waiting.get(lower, 0.0) + more * share
        return found
