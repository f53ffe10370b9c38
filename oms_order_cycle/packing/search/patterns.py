"""Many cartons of few kinds of units: which loads fill one carton, how many of each.

The loads that go into one carton and take no more (patterns) are listed; a linear
program says how often each is used at best; what its rounding leaves is searched.
After Gilmore, Gomory, "A linear programming approach to the cutting stock problem"
(1961).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import NamedTuple

from ..geometry import Placed, all_rest, settle
from ..problem import Load, Shell
from ..proof.linear import cover
from .packer import EPS, Draft, Packed, Packer, draft_of

KINDS = 6  # more kinds have too many patterns
UNITS = 400  # more units, too
FITS = 400  # loads tried per carton
EFFORT = 40  # for each of them
SHELLS = 2  # cartons looked at
NODES = 4000  # of the search for what rounding leaves
SPREADS = 12  # roundings tried

Vector = tuple[int, ...]


class Pattern(NamedTuple):
    """A load that goes into a carton: units per kind, the carton, what it costs."""

    units: Vector
    shell: Shell
    placed: list[Placed]
    price: float


class Patterns:
    """Plans made of whole cartons of few patterns."""

    def __init__(self, packer: Packer):
        self.packer = packer
        self.problem = packer.problem

    def suits(self, load: Load) -> bool:
        """Whether there are few kinds and no rules between units or cartons."""
        problem = self.problem
        ruled = problem.ruled or problem.grouped or problem.limited
        few = 1 < len(load) <= KINDS and sum(load.values()) <= UNITS
        return few and problem.conflict_free and not ruled

    def pack(self, load: Load, below: float) -> Draft | None:
        """A plan under ``below`` for the load, if one is found."""
        order = sorted(load, key=lambda kind: -self.problem.kinds[kind].volume)
        patterns = self._patterns(order, load)
        need = tuple(load[kind] for kind in order)
        columns = [pattern.units for pattern in patterns]
        prices = [pattern.price for pattern in patterns]
        solved = cover(columns, prices, need)
        if solved is None:
            return None
        usage, duals = solved
        found = _Rounding(columns, prices, duals, below, self.problem.late)
        chosen = found.round(usage, need)
        if chosen is None:
            return None
        return self._draft(order, need, [patterns[place] for place in chosen])

    def _patterns(self, order: list[int], load: Load) -> list[Pattern]:
        weight = self.problem.weight(load)

        def rate(shell: Shell) -> float:
            share = min(1.0, shell.volume / self.problem.volume(load))
            return shell.price(int(min(weight, shell.cap) * share)) / shell.volume

        found = []
        for shell in sorted(self.packer.shells, key=rate)[:SHELLS]:
            found += _Listing(self.packer, shell, order, load).found
        return found

    def _draft(
        self, order: list[int], need: Vector, chosen: list[Pattern]
    ) -> Draft | None:
        """The chosen patterns as cartons, without the units that are too many."""
        left = dict(zip(order, need, strict=True))
        cartons: list[Packed] = []
        for pattern in chosen:
            units = {
                kind: min(many, left[kind])
                for kind, many in zip(order, pattern.units, strict=True)
            }
            units = {kind: many for kind, many in units.items() if many}
            if not units:
                continue
            placed = self._without(pattern, dict(units))
            if placed is None:
                placed = self.packer.fitter.fit(pattern.shell, units, EFFORT)
            if placed is None:
                return None
            for kind, many in units.items():
                left[kind] -= many
            cartons.append(self.packer.pack(pattern.shell, placed))
        return draft_of(cartons)

    def _without(self, pattern: Pattern, units: Load) -> list[Placed] | None:
        """The pattern with these units only, if they still rest well."""
        kept = []
        for unit in settle(pattern.placed):
            if units.get(unit[0]):
                units[unit[0]] -= 1
                kept.append(unit)
        kept = settle(kept)
        return kept if all_rest(kept, self.problem.support) else None


class _Listing:
    """The patterns of one carton, found with growing numbers of each kind."""

    def __init__(self, packer: Packer, shell: Shell, order: list[int], load: Load):
        self.packer, self.shell, self.order, self.load = packer, shell, order, load
        self.left = FITS
        self.fitting: list[Pattern] = []
        self.failed: list[Vector] = []
        self._extend((), shell.volume, shell.cap)

    @property
    def found(self) -> list[Pattern]:
        """The patterns that are in no other one."""
        ranked = sorted(self.fitting, key=lambda pattern: -sum(pattern.units))
        kept: list[Pattern] = []
        for pattern in ranked:
            if not any(_within(pattern.units, other.units) for other in kept):
                kept.append(pattern)
        return kept

    def _extend(self, taken: Vector, volume: int, cap: float) -> None:
        """Go on with every number of the next kind that fits beside those taken."""
        number = self.order[len(taken)]
        kind = self.packer.problem.kinds[number]
        missing = len(self.order) - len(taken) - 1
        for many in range(self.load[number] + 1):
            room, strength = volume - many * kind.volume, cap - many * kind.weight
            units = (*taken, many, *(0,) * missing)
            if room < 0 or strength < 0 or not self._fits(units):
                return
            if missing:
                self._extend((*taken, many), room, strength)

    def _fits(self, units: Vector) -> bool:
        if any(_within(units, pattern.units) for pattern in self.fitting):
            return True
        if any(_within(failed, units) for failed in self.failed):
            return False
        if self.left <= 0 or self.packer.problem.late():
            return False
        if not any(units):
            return True
        self.left -= 1
        pairs = zip(self.order, units, strict=True)
        load = {kind: many for kind, many in pairs if many}
        placed = self.packer.fitter.fit(self.shell, load, EFFORT)
        if placed is None:
            self.failed.append(units)
            return False
        packed = self.packer.pack(self.shell, placed)
        self.fitting.append(Pattern(units, self.shell, placed, packed.price))
        return True


class _Rounding:
    """Whole numbers of patterns, from how often a linear program uses them."""

    def __init__(
        self,
        columns: list[Vector],
        prices: list[float],
        duals: list[float],
        below: float,
        late: Callable[[], bool],
    ):
        self.columns, self.prices, self.duals = columns, prices, duals
        self.below, self.late = below, late
        self.least = min(prices)
        self.same = self.least > 0 and max(prices) - self.least < EPS
        self.chosen: list[int] | None = None

    def round(self, usage: list[float], need: Vector) -> list[int] | None:
        """The patterns of the cheapest cover of ``need`` found under ``below``."""
        whole = [int(many + 1e-6) for many in usage]
        used = sorted((p for p, n in enumerate(whole) if n), key=lambda p: -whole[p])
        less = [(), *((one,) for one in used)]
        less += [
            (a, b)
            for n, a in enumerate(used)
            for b in used[n:]
            if a != b or whole[a] > 1
        ]
        for fewer in less[:SPREADS]:
            start = list(whole)
            for place in fewer:
                start[place] -= 1
            base = [place for place, many in enumerate(start) for _ in range(many)]
            left = list(need)
            for place in base:
                left = [n - u for n, u in zip(left, self.columns[place], strict=True)]
            self._nodes, self._seen = NODES, {}
            paid = sum(self.prices[place] for place in base)
            self._search(tuple(max(0, n) for n in left), paid, base)
            floor = self._floor(need)
            if self.below <= floor + EPS or self.late():
                break
        return self.chosen

    def _floor(self, left: Vector) -> float:
        value = sum(n * dual for n, dual in zip(left, self.duals, strict=True))
        if self.same:
            return self.least * -(-(value - 1e-6) // self.least)
        return value

    def _search(self, left: Vector, paid: float, base: list[int]) -> None:
        if not any(left):
            if paid < self.below - EPS:
                self.below, self.chosen = paid, list(base)
            return
        if paid + self._floor(left) >= self.below - EPS or self._nodes <= 0:
            return
        if self._seen.get(left, inf) <= paid + EPS:
            return
        self._seen[left] = paid
        self._nodes -= 1
        first = next(place for place, many in enumerate(left) if many)
        options = []
        for place, units in enumerate(self.columns):
            if units[first]:
                useful = sum(
                    min(u, n) * dual
                    for u, n, dual in zip(units, left, self.duals, strict=True)
                )
                options.append((-useful / self.prices[place], place))
        options.sort()
        for _, place in options[:20]:
            units = self.columns[place]
            rest = tuple(max(0, n - u) for n, u in zip(left, units, strict=True))
            self._search(rest, paid + self.prices[place], [*base, place])


def _within(inner: Vector, outer: Vector) -> bool:
    return all(a <= b for a, b in zip(inner, outer, strict=True))
