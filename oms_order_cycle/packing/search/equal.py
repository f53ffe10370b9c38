"""Many units of one product: how many go into each carton, then the cheapest mix.

A carton is filled in layers along one of its axes, each layer with equal units side
by side in the best way found. How many units a carton holds at most (``proof.counts``)
tells which cartons are worth a closer look; a dynamic program chooses among them. If
its price is that of the bound, no plan is cheaper.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product

from ..geometry import Placed, Size, Turn, all_rest, settle
from ..problem import Load, Shell
from ..proof import counts
from ..proof.scales import rows
from .packer import Draft, Packed, Packer, draft_of

TRIES = 8  # ways to fill a carton besides layers
MANY = 60  # units in one carton from which layers alone are good
POINTS = 16  # where a layer is cut at most, along each edge
SAILS = 2000  # ways to cut it in five that are looked at
ON_EDGE = 150  # units in one carton from which layers only lie
ENOUGH = 400  # units in one carton that are no longer checked one by one

Rect = tuple[int, int, int, int]  # x, y, length, width
Parts = tuple[Rect, ...]


class Equal:
    """Plans for one product."""

    def __init__(self, packer: Packer):
        self.packer, self.problem = packer, packer.problem
        self.kinds = packer.problem.kinds
        self._held: dict[tuple, list[Placed]] = {}

    def suits(self, load: Load) -> bool:
        """Whether there is one product, any number of cartons and no group."""
        (number, *others) = load
        item = self.kinds[number].item
        return not others and not self.problem.limited and item.together is None

    def plan(self, load: Load) -> tuple[Draft | None, float]:
        """The cheapest plan found for one product, and what none is under.

        Looked at closely are the cartons that the best plan might be made of.
        """
        ((number, many),) = load.items()
        weight = self.kinds[number].weight
        able = [s for s in self.packer.shells if self.problem.holds[s.number][number]]
        most = {s: self.packer.bounds.at_a_look(s, number, many) for s in able}
        closely: set[Shell] = set()
        while True:
            steps = {s: counts.unit_steps(s, weight, most[s]) for s in able}
            front = counts.frontier(step for s in able for step in steps[s])
            best = counts.cheapest(front, many)
            if best is None:
                return None, 0.0
            used = {step.shell for step in best[1]} - closely
            if not used or self.problem.late():
                break
            for shell in used:
                closely.add(shell)
                most[shell] = self.packer.bounds.most(shell, number, most[shell])
        floor = counts.least_price(front, many)
        return self._made_of(able, closely, number, many, most), floor

    def _made_of(
        self,
        able: list[Shell],
        closely: set[Shell],
        number: int,
        many: int,
        most: dict[Shell, int],
    ) -> Draft | None:
        weight = self.kinds[number].weight
        while True:
            steps: list[counts.Step] = []
            for shell in able:
                deep = shell in closely
                held = len(self.hold(shell, number, most[shell], deep=deep))
                for step in counts.unit_steps(shell, weight, held):
                    price = shell.price(step.many * weight)
                    steps.append(step._replace(price=price))
            found = counts.cheapest(counts.frontier(steps), many)
            if found is None:
                return None
            more = {step.shell for step in found[1]} - closely
            if not more or self.problem.late():
                return self._draft(number, many, found[1])
            closely |= more

    def hold(
        self, shell: Shell, number: int, many: int, deep: bool = True
    ) -> list[Placed]:
        """As many of ``many`` units as were found to go into a shell, lowest first."""
        key = shell.hull, number, deep
        placed = self._held.get(key)
        if placed is None:
            placed = self._held[key] = self._fill(shell, number, many, deep)
            placed.sort(key=lambda unit: (unit[3], unit[2], unit[1]))
        return placed[:many]

    def _fill(self, shell: Shell, number: int, many: int, deep: bool) -> list[Placed]:
        kind = self.kinds[number]
        best: list[Placed] = []
        ways = self._layers(shell.hull, number) if deep else ()
        for placed in (
            _grid(shell.hull, kind.turns, number, self._high(number)),
            *ways,
        ):
            if len(placed) > len(best) and self._stands(placed):
                best = placed
        if not deep or len(best) >= many or self.problem.late():
            return list(best)
        most = self.packer.bounds.most(shell, number, many)
        if len(best) < most <= MANY:
            load = {number: most}
            for placed in self.packer.filler.fills(shell, load, 1, TRIES):
                best = max(best, placed, key=len)
            if len(best) < most:
                load = {number: len(best) + 1}
                best = self.packer.fitter.fit(shell, load, 40) or best
        return list(best)

    def _high(self, number: int) -> int | None:
        """How many units may stand on each other, ``None`` for any number."""
        kind = self.kinds[number]
        item = kind.item
        if item.fragile or item.floor_only:
            return 1
        if item.top_load is None or not kind.weight:
            return None
        return 1 + item.top_load // kind.weight

    def _stands(self, placed: list[Placed]) -> bool:
        if len(placed) > ENOUGH:
            return True
        return all_rest(placed, max(self.problem.support, 1e-9))

    def _layers(self, hull: Size, number: int) -> Iterator[list[Placed]]:
        """The hull filled in layers along each axis, as far as the rules let it."""
        kind, high = self.kinds[number], self._high(number)
        volume = hull[0] * hull[1] * hull[2]
        upright = high is not None or volume > ON_EDGE * kind.volume
        for axis in (2,) if upright else (2, 0, 1):
            across = [other for other in range(3) if other != axis]
            room = [hull[other] for other in across]
            layers = []
            for thick in sorted({turn[axis] for turn in kind.turns}):
                faces = {
                    tuple(turn[other] for other in across)
                    for turn in kind.turns
                    if turn[axis] == thick
                }
                flat = plane(*room, tuple(sorted(faces)))
                if flat:
                    layers.append((thick, flat))
            for chosen in _stacks(hull[axis], layers, high):
                placed, at = [], 0
                for thick, flat in chosen:
                    for x, y, a, b in flat:
                        sides = [(x, a), (y, b)]
                        sides.insert(axis, (at, thick))
                        (x, a), (y, b), (z, c) = sides
                        placed.append((number, x, y, z, a, b, c))
                    at += thick
                # a layer that stands on edge may lie hollow
                yield placed if axis == 2 or len(placed) > ENOUGH else settle(placed)

    def _draft(self, number: int, many: int, steps: list[counts.Step]) -> Draft:
        """Cartons with as many units as the steps hold, the last one with the rest."""
        made: dict[tuple, Packed] = {}
        cartons = []
        for step in sorted(steps, key=lambda step: -step.many):
            units = min(many, step.many)
            many -= units
            key = step.shell.number, units
            if units and key not in made:
                placed = self.hold(step.shell, number, units)
                made[key] = self.packer.pack(step.shell, placed[:units])
            if units:
                cartons.append(made[key])
        return draft_of(cartons)


def _grid(
    hull: Size, turns: Sequence[Turn], number: int, high: int | None
) -> list[Placed]:
    """All units in one position."""
    best, most = None, 0
    for turn in turns:
        along = [side // edge for side, edge in zip(hull, turn, strict=True)]
        along[2] = along[2] if high is None else min(high, along[2])
        many = along[0] * along[1] * along[2]
        if many > most:
            best, most = (turn, along), many
    if best is None:
        return []
    (a, b, c), (nx, ny, nz) = best
    return [
        (number, x * a, y * b, z * c, a, b, c)
        for z, y, x in product(range(nz), range(ny), range(nx))
    ]


def _stacks(
    room: int, layers: list[tuple[int, tuple[Rect, ...]]], high: int | None
) -> list[list[tuple[int, tuple[Rect, ...]]]]:
    """Layers on each other: the fullest stacks, those of one kind among them."""
    found: list[list] = []

    def extend(place: int, left: int, chosen: list) -> None:
        if place == len(layers):
            found.append(chosen)
            return
        thick, _ = layers[place]
        most = left // thick
        if high is not None:  # each column of a stack of one kind stands alone
            most = min(most, high) if not chosen else 0
        fewest = most if place == len(layers) - 1 else 0
        for times in range(most, fewest - 1, -1):
            rest = left - times * thick
            extend(place + 1, rest, [*chosen, *[layers[place]] * times])

    if sum(room // thick for thick, _ in layers) <= 3 * POINTS:
        extend(0, room, [])
    found += [[layer] * min(room // layer[0], high or room) for layer in layers]
    found.sort(key=lambda chosen: -sum(len(flat) for _, flat in chosen))
    # full ones first: the widest layers lie below
    ranked = [sorted(chosen, key=lambda layer: -len(layer[1])) for chosen in found[:4]]
    return (
        ranked + [chosen for chosen in found[4:] if len(set(map(id, chosen))) < 2][:2]
    )


@lru_cache(maxsize=4096)
def plane(
    length: int, width: int, faces: tuple[tuple[int, int], ...]
) -> tuple[Rect, ...]:
    """Equal rectangles in a larger one: as many as were found to lie in it."""
    found = _Plane(faces, length, width)
    return tuple(found.rects(0, 0, length, width))


class _Plane:
    """Cuts a rectangle in two again and again, and once in five around a hole."""

    def __init__(self, faces: tuple[tuple[int, int], ...], length: int, width: int):
        self.faces = faces
        self.area = faces[0][0] * faces[0][1]
        self.points = _rows(
            {edge for face in faces for edge in face}, max(length, width)
        )
        self._known: dict[tuple[int, int], tuple[int, Parts | None]] = {}
        self.size = size = self._least(length, width)
        if len(faces) > 1 and self.count(*size) < self._most(*size) <= MANY:
            self._known[size] = self._around_a_hole(*size)

    def rects(self, x: int, y: int, length: int, width: int) -> Iterator[Rect]:
        """The rectangles of the best way found."""
        _, parts = self._look(length, width)
        if parts is None:
            (a, b), _ = self._grid(length, width)
            for n, m in product(range(width // b), range(length // a)):
                yield x + m * a, y + n * b, a, b
        else:
            for u, v, along, across in parts:
                if self.count(along, across):
                    yield from self.rects(x + u, y + v, along, across)

    def count(self, length: int, width: int) -> int:
        """How many go in, as far as was found."""
        return self._look(length, width)[0]

    def _least(self, length: int, width: int) -> tuple[int, int]:
        """The sides that the longest rows of units reach."""
        points = self.points
        at = bisect_right(points, length), bisect_right(points, width)
        return points[at[0] - 1], points[at[1] - 1]

    def _most(self, length: int, width: int) -> int:
        length, width = self._least(length, width)
        return length * width // self.area

    def _grid(self, length: int, width: int) -> tuple[tuple[int, int], int]:
        rows = ((face, (length // face[0]) * (width // face[1])) for face in self.faces)
        return max(rows, key=lambda row: row[1])

    def _look(self, length: int, width: int) -> tuple[int, Parts | None]:
        key = self._least(length, width)
        found = self._known.get(key)
        if found is None:
            self._known[key] = (
                self._grid(*key)[1],
                None,
            )  # while the parts are looked at
            found = self._known[key] = self._cut(*key)
        return found

    def _cut(self, length: int, width: int) -> tuple[int, Parts | None]:
        """The best cut in two, if it is better than all units in one position."""
        best, parts = self._grid(length, width)[1], None
        most = length * width // self.area
        whole = self.size
        coarse = (length, width) != whole and whole[0] * whole[1] > MANY * self.area
        if len(self.faces) < 2 or not best or coarse:
            return best, parts
        for x in self._cuts(length):
            if best >= most:
                break
            if self._most(x, width) + self._most(length - x, width) > best:
                found = self.count(x, width) + self.count(length - x, width)
                if found > best:
                    best = found
                    parts = (0, 0, x, width), (x, 0, length - x, width)
        for y in self._cuts(width):
            if best >= most:
                break
            if self._most(length, y) + self._most(length, width - y) > best:
                found = self.count(length, y) + self.count(length, width - y)
                if found > best:
                    best = found
                    parts = (0, 0, length, y), (0, y, length, width - y)
        return best, parts

    def _cuts(self, side: int) -> Sequence[int]:
        """Where to cut: the first rows, up to half of the side."""
        end = min(bisect_right(self.points, side // 2), POINTS)
        return self.points[1:end]

    def _around_a_hole(self, length: int, width: int) -> tuple[int, Parts | None]:
        """Four parts around the middle, like the sails of a mill."""
        best, parts = self._look(length, width)
        most, left = self._most(length, width), SAILS
        across = [y for y in self.points if 0 < y < width]
        along = [x for x in self.points if 0 < x < length]
        if len(across) * len(along) > SAILS:
            return best, parts
        for (x, u), (v, y) in product(combinations(along, 2), combinations(across, 2)):
            left -= 1
            if not left or best >= most:
                break
            sails = (
                (0, 0, u, v), (u, 0, length - u, y), (x, y, length - x, width - y),
                (0, v, x, width - v), (x, v, u - x, y - v),
            )  # fmt: skip
            if sum(self._most(*sail[2:]) for sail in sails) > best:
                found = sum(self.count(*sail[2:]) for sail in sails)
                if found > best:
                    best, parts = found, sails
        return best, parts


def _rows(edges: Iterable[int], longest: int) -> list[int]:
    """The lengths of all rows of units, from 0."""
    bits = rows(longest, edges)
    return [at for at in range(longest + 1) if bits >> at & 1]
