"""What is seen of units in a carton, and in which order to paint it.

The viewer looks from the far corner of length and width down on the carton: of each
unit three faces can be seen, those where x, y and z end. Units are looked up by the
place where they are, so that thousands of them take no longer than they must.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from ..model import Placement

Range = tuple[int, int]
Corner = tuple[float, float, float]
FACES = (0, 1, 2)  # where x, y, z end: right, left, top


class Faces:
    """Which faces can be seen of units that are put in one after the other.

    A face is hidden when others touch all of it; what is only farther off hides
    nothing, so that rather too much is painted than too little.
    """

    def __init__(self, placements: Sequence[Placement]):
        self.inside: list[int] = []
        self.open = [_areas(p) for p in placements]
        self.covers: list[list[tuple[int, int, int]]] = [[] for _ in placements]
        for axis in FACES:
            self._touch([_extent(p) for p in placements], axis)

    def _touch(self, extents: Sequence[tuple[Range, ...]], axis: int) -> None:
        """Note which units cover how many mm2 of a face of which others."""
        u, v = (other for other in FACES if other != axis)
        size = _mean(end - start for extent in extents for start, end in extent)
        begin: dict[tuple, list[int]] = defaultdict(list)
        for number, extent in enumerate(extents):
            for cell in _cells(extent[u], extent[v], size):
                begin[extent[axis][0], cell].append(number)
        for number, extent in enumerate(extents):
            near: set[int] = set()
            for cell in _cells(extent[u], extent[v], size):
                near.update(begin.get((extent[axis][1], cell), ()))
            for other in near:
                area = _shared(extent[u], extents[other][u])
                area *= _shared(extent[v], extents[other][v])
                if area:
                    self.covers[other].append((number, axis, area))

    def put(self, number: int) -> None:
        """Put a unit in."""
        self.inside.append(number)
        for other, axis, area in self.covers[number]:
            self.open[other][axis] -= area

    def seen(self) -> dict[int, tuple[int, ...]]:
        """The faces to be seen of each unit that is in, if there are any."""
        found = {}
        for number in self.inside:
            faces = tuple(axis for axis in FACES if self.open[number][axis] > 0)
            if faces:
                found[number] = faces
        return found


class Screen:
    """Units by where they are seen."""

    def __init__(self, placements: Sequence[Placement]):
        self.sights = [_sight(p) for p in placements]
        self.size = _mean(p.length + p.width + p.height for p in placements)
        self.cells: dict[tuple[int, int], list[int]] = defaultdict(list)

    def near(self, number: int) -> set[int]:
        """Units added before that may be seen where a unit is."""
        found: set[int] = set()
        for cell in self._cells_of(number):
            found.update(self.cells.get(cell, ()))
        return found

    def add(self, number: int) -> None:
        """Add a unit."""
        for cell in self._cells_of(number):
            self.cells[cell].append(number)

    def _cells_of(self, number: int) -> Iterator[tuple[int, int]]:
        _, across, along = self.sights[number]
        return _cells(across, along, self.size)

    def overlap(self, one: int, other: int) -> bool:
        """Whether two units are seen at one place."""
        pairs = zip(self.sights[one], self.sights[other], strict=True)
        return all(a < d and c < b for (a, b), (c, d) in pairs)

    def hides(self, corner: Corner, after: int) -> bool:
        """Whether one of the units painted later covers a point."""
        x, y, z = corner
        at = (x - y, x - z, y - z)
        cell = int(at[1] // self.size), int(at[2] // self.size)
        return any(
            number > after
            and all(
                low < where < high
                for (low, high), where in zip(self.sights[number], at, strict=True)
            )
            for number in self.cells.get(cell, ())
        )


def back_to_front(placements: Iterable[Placement]) -> list[Placement]:
    """The order to paint units in, so that the nearer hides the farther.

    One unit is behind another if it ends before the other begins along some axis;
    units are taken when nothing behind them is left. Three units can lie in a circle
    each behind the next; then the one farthest back goes first.
    """
    left = sorted(placements, key=lambda p: (p.x + p.y + p.z, p))
    behind, nearer = _hidden_by(left)
    free = [number for number, count in enumerate(behind) if not count]
    heapify(free)
    rest = set(range(len(left)))
    order: list[Placement] = []
    while rest:
        number = heappop(free) if free else min(rest, key=lambda n: (behind[n], n))
        if number not in rest:
            continue
        rest.discard(number)
        order.append(left[number])
        for other in nearer[number]:
            behind[other] -= 1
            if not behind[other] and other in rest:
                heappush(free, other)
    return order


def _hidden_by(units: Sequence[Placement]) -> tuple[list[int], list[list[int]]]:
    """How many units are behind each, and which are nearer than each."""
    screen = Screen(units)
    behind = [0] * len(units)
    nearer: list[list[int]] = [[] for _ in units]
    for number in range(len(units)):
        for other in screen.near(number):
            if not screen.overlap(number, other):
                continue
            for far, near in ((other, number), (number, other)):
                if _ends_before(units[far], units[near]):
                    behind[near] += 1
                    nearer[far].append(near)
        screen.add(number)
    return behind, nearer


def _ends_before(one: Placement, other: Placement) -> bool:
    """Whether a unit ends before another begins: seen at one place, it is behind."""
    return (
        one.x + one.length <= other.x
        or one.y + one.width <= other.y
        or one.z + one.height <= other.z
    )


def _sight(p: Placement) -> tuple[Range, Range, Range]:
    """Where a unit is seen: ranges of x-y, x-z and y-z, equal along a sight line."""
    x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
    return (p.x - y, x - p.y), (p.x - z, x - p.z), (p.y - z, y - p.z)


def _extent(p: Placement) -> tuple[Range, Range, Range]:
    return (p.x, p.x + p.length), (p.y, p.y + p.width), (p.z, p.z + p.height)


def _areas(p: Placement) -> list[int]:
    """mm2 of the faces where x, y, z end."""
    return [p.width * p.height, p.length * p.height, p.length * p.width]


def _shared(one: Range, other: Range) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _mean(sides: Iterable[int]) -> int:
    sides = list(sides)
    return max(1, sum(sides) // max(1, len(sides)))


def _cells(across: Range, along: Range, size: int) -> Iterator[tuple[int, int]]:
    """The squares of a grid that a rectangle touches."""
    for column in range(across[0] // size, (across[1] - 1) // size + 1):
        for row in range(along[0] // size, (along[1] - 1) // size + 1):
            yield column, row
