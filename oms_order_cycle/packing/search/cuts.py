"""One straight cut through a carton: each part is packed on its own."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from ..geometry import Placed, Size, all_rest, settle
from ..problem import Load, Problem, Shell, count, minus
from .blocks import MODES, fill_with_blocks
from .budget import Budget
from .construct import Limits, construct, deepest, far_corner, low_top
from .sequences import SORTS, sequence


class Cutter:
    """Cuts a carton in two where units end."""

    def __init__(self, problem: Problem, budget: Budget):
        self.problem, self.budget = problem, budget
        self.kinds, self.support = problem.kinds, problem.support

    def cut(self, shell: Shell, load: Load, effort: int) -> list[Placed] | None:
        """One straight cut through the carton, each part packed on its own."""
        if not effort or len(load) > 12 or self.problem.ruled:
            return None
        with self.budget.limited_to(effort):
            for forced in (False, True):
                for axis, at in self._cuts(shell, load):
                    placed = self._cut_at(shell, load, axis, at, forced)
                    if placed or self.budget.is_spent:
                        return placed
        return None

    def _cuts(self, shell: Shell, load: Load) -> list[tuple[int, int]]:
        cuts = []
        for axis in (2, 1, 0):
            edges: dict[int, int] = {}
            for number, many in load.items():
                for turn in self.kinds[number].turns:
                    edges[turn[axis]] = edges.get(turn[axis], 0) + many
            most = sorted(edges, key=lambda edge: (-edges[edge], edge))[:5]
            end = shell.hull[axis] - min(edges)
            places = {edge * n for edge in most for n in (1, 2, 3) if edge * n <= end}
            cuts += [(axis, at) for at in sorted(places)]
        return cuts

    def _cut_at(
        self, shell: Shell, load: Load, axis: int, at: int, forced: bool
    ) -> list[Placed] | None:
        lower, upper = list(shell.hull), list(shell.hull)
        lower[axis], upper[axis] = at, shell.hull[axis] - at
        room = upper[0] * upper[1] * upper[2]
        units = sequence(self.kinds, load, SORTS[0], strict=False)
        turns = [kind.turns for kind in self.kinds]
        if forced:  # the first part is one layer: units as thick as it
            turns = [[t for t in ts if t[axis] == at] or ts for ts in turns]
        for first in self._first_parts(tuple(lower), load, units, turns, forced):
            rest = minus(load, count(first))
            if not first or self.problem.volume(rest) > room:
                continue
            second = self._second_part(tuple(upper), units, rest)
            if second is not None:
                shift = [0, 0, 0]
                shift[axis] = at
                u, v, w = shift
                second = [(k, x + u, y + v, z + w, *t) for k, x, y, z, *t in second]
                both = settle([*first, *second])
                if all_rest(both, self.support):
                    return both
        return None

    def _first_parts(
        self, hull: Size, load: Load, units: list[int], turns: list, forced: bool
    ) -> Iterator[list[Placed]]:
        """Ways to fill the first part: in blocks, then unit by unit."""
        # the whole load is known to be light and small enough
        limits = Limits(inf, self.problem.volume(load), None)
        if not forced:
            self.budget.spend()
            mode = MODES[0]
            yield fill_with_blocks(hull, load, self.kinds, mode, self.support, limits)
        for rule in (far_corner, low_top):
            limits = Limits(inf, self.problem.volume(load), None)
            self.budget.spend()
            placed, _ = construct(
                hull,
                units,
                self.kinds,
                rule,
                self.support,
                limits=limits,
                turns=turns,
            )
            yield placed

    def _second_part(
        self, hull: tuple, units: list[int], rest: Load
    ) -> list[Placed] | None:
        if not rest:
            return []
        left = dict(rest)
        order = []
        for number in units:
            if left.get(number):
                left[number] -= 1
                order.append(number)
        placed = fill_with_blocks(hull, rest, self.kinds, MODES[0], self.support)
        if len(placed) == len(order):
            return placed
        for rule in (far_corner, low_top, deepest):
            self.budget.spend()
            placed, failed = construct(hull, order, self.kinds, rule, self.support)
            if failed < 0:
                return placed
        return None
