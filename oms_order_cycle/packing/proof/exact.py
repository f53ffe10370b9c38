"""Exact search: can a few units lie in one carton at all?

Any two units are apart along some axis, one before the other. The search gives every
unit a position and every two units such a relation, and follows what that means for
the least coordinates. If nothing works there is no arrangement, whatever the rules of
support: a proof that saves looking for one, and that shows an answer to be the best.
Relations after Onodera, Taniguchi, Tamaru, "Branch-and-bound placement for building
block layout" (1991).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import le

from ..geometry import Size, Turn

Arrangement = list[tuple[int, ...]]

NODES = 5000  # relations tried before giving up


class OutOfNodes(Exception):
    """The search was cut short: nothing is known."""


def arrange(
    hull: Size,
    units: Sequence[list[Turn]],
    nodes: int = NODES,
    accept: Callable[[Arrangement], bool] = lambda found: True,
) -> tuple[Arrangement | None, bool]:
    """An arrangement of a few units in a carton, ignoring gravity.

    :param units: the orientations of each unit, the most difficult first
    :param nodes: how many relations to try
    :param accept: whether an arrangement will do; the search goes on if not
    :return: (x, y, z, length, width, height) per unit of one that will do, or
        ``None``; and whether it is proven that there is none at all
    """
    fitting = [[turn for turn in turns if all(map(le, turn, hull))] for turns in units]
    search = _Arrangement(hull, fitting, nodes, accept)
    try:
        found = search.place(0)
    except OutOfNodes:
        return None, False
    return found, not search.seen


class _Arrangement:
    """Part of the units placed: turns, least coordinates, who is before whom."""

    def __init__(
        self,
        hull: Size,
        units: Sequence[list[Turn]],
        nodes: int,
        accept: Callable[[Arrangement], bool] = lambda found: True,
    ):
        self.hull, self.units, self.nodes, self.accept = hull, units, nodes, accept
        self.seen = False
        many = len(units)
        self.turns: list[Turn] = []
        self.least = [[0] * many for _ in range(3)]
        self.after: list[list[list[int]]] = [[[] for _ in units] for _ in range(3)]
        self.relations = [0, 0, 0]  # per axis

    def place(self, unit: int) -> Arrangement | None:
        """Arrangement of all units from ``unit`` on, if there is one."""
        if unit == len(self.units):
            self.seen = True
            rows = zip(*self.least, self.turns, strict=True)
            found = [(*at, *turn) for *at, turn in rows]
            return found if self.accept(found) else None
        for turn in self.units[unit]:
            self.turns.append(turn)
            found = self._relate(unit, 0)
            if found:
                return found
            self.turns.pop()
        return None

    def _relate(self, unit: int, other: int) -> Arrangement | None:
        """Go on with every relation of ``unit`` to ``other`` and those after it."""
        if other == unit:
            return self.place(unit + 1)
        for axis, first, second in self._relations(unit, other):
            self.nodes -= 1
            if self.nodes < 0:
                raise OutOfNodes
            kept = self.least[axis]
            self.least[axis] = list(kept)
            self.after[axis][first].append(second)
            self.relations[axis] += 1
            if self._push(axis, first, second):
                found = self._relate(unit, other + 1)
                if found:
                    return found
            self.relations[axis] -= 1
            self.after[axis][first].pop()
            self.least[axis] = kept
        return None

    def _relations(self, unit: int, other: int) -> Iterator[tuple[int, int, int]]:
        mine, theirs = self.turns[unit], self.turns[other]
        for axis in range(3):
            if mine[axis] + theirs[axis] <= self.hull[axis]:
                yield axis, other, unit
                # the first relation along an axis may be mirrored
                if self.relations[axis]:
                    yield axis, unit, other

    def _push(self, axis: int, first: int, second: int) -> bool:
        """Move ``second`` and all after it behind ``first``; whether there is room."""
        least = self.least[axis]
        start = least[first] + self.turns[first][axis]
        if least[second] >= start:
            return True
        if start + self.turns[second][axis] > self.hull[axis]:
            return False
        least[second] = start
        behind = self.after[axis][second]
        return all(self._push(axis, second, third) for third in behind)


def spread(
    hulls: Sequence[Size], units: Sequence[list[Turn]], nodes: int = NODES
) -> bool:
    """Whether a few units can be shared out to several cartons.

    :param units: the orientations of each unit, the largest first
    :raise OutOfNodes: if it takes more than ``nodes`` relations to know
    """
    search = _Spread(hulls, units, nodes)
    return search.place(0, tuple(() for _ in hulls))


class _Spread:
    """Tries every carton for every unit, largest first."""

    def __init__(self, hulls: Sequence[Size], units: Sequence[list[Turn]], nodes: int):
        self.hulls, self.units, self.nodes = hulls, units, nodes
        self.known: dict[tuple, bool] = {}

    def place(self, unit: int, shares: tuple[tuple[int, ...], ...]) -> bool:
        if unit == len(self.units):
            return True
        tried = set()
        for place, (hull, share) in enumerate(zip(self.hulls, shares, strict=True)):
            if (hull, share) in tried:  # equal cartons, equally filled
                continue
            tried.add((hull, share))
            more = (*share, unit)
            if self._possible(hull, more):
                grown = (*shares[:place], more, *shares[place + 1 :])
                if self.place(unit + 1, grown):
                    return True
        return False

    def _possible(self, hull: Size, share: tuple[int, ...]) -> bool:
        found = self.known.get((hull, share))
        if found is None:
            if self.nodes <= 0:
                raise OutOfNodes
            fitting = [
                [t for t in self.units[unit] if all(map(le, t, hull))] for unit in share
            ]
            arrangement = _Arrangement(hull, fitting, self.nodes)
            found = arrangement.place(0) is not None
            self.nodes = arrangement.nodes
            self.known[hull, share] = found
        return found
