"""Fill one carton with as much of a load as goes in."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from .blocks import MODES, fill_with_blocks
from .construct import (
    Limits,
    Rule,
    construct,
    deepest,
    far_corner,
    low_top,
    tight,
    wall_x,
)
from .geometry import Placed
from .problem import Load, Problem, Shell, count
from .single import SORTS, bottom_first

# rule and order of the kinds, the best ones first
FILLS = (
    (far_corner, 0),
    (low_top, 0),
    (deepest, 1),
    (tight, 0),
    (far_corner, 1),
    (deepest, 0),
    (wall_x, 0),
    (far_corner, 2),
)


class Filler:
    """Ways to fill a carton from a load that is too large for it."""

    def __init__(self, problem: Problem):
        self.problem = problem
        most = max((shell.volume for shell in problem.shells), default=1)
        # big units first are worth more than their volume: they are hard to place
        self.worth = [
            kind.volume * (kind.volume / most) ** 0.2 for kind in problem.kinds
        ]

    def value(self, placed: list[Placed]) -> float:
        """What it is worth to have these units out of the way."""
        return sum(self.worth[unit[0]] for unit in placed)

    def fill(
        self,
        shell: Shell,
        order: list[int],
        load: Load,
        rule: Rule,
        cap: float = inf,
    ) -> list[Placed]:
        """As much of the load as goes into a carton, kinds taken in this order.

        :param cap: g of contents it may have at most
        """
        problem = self.problem
        holds = problem.holds[shell.number]
        if problem.ruled:
            order = sorted(order, key=lambda kind: bottom_first(problem.kinds[kind]))
        barred: set[int] = set()
        while True:
            sequence = [
                kind
                for kind in order
                if holds[kind] and kind not in barred
                for _ in range(load[kind])
            ]
            placed, _ = construct(
                shell.hull, sequence, problem.kinds, rule, problem.support,
                limits=self._limits(shell, cap), strict=problem.ruled,
            )  # fmt: skip
            torn = self._torn(load, placed)
            if not torn:
                return placed
            barred |= torn

    def up_to(
        self, shell: Shell, load: Load, cap: float, tries: int
    ) -> Iterator[list[Placed]]:
        """Ways to fill a carton with not more than ``cap`` g."""
        for rule, sort in FILLS[:tries]:
            placed = self.fill(shell, self._sorted(load, sort), load, rule, cap)
            if placed:
                yield placed

    def _limits(self, shell: Shell, cap: float = inf) -> Limits:
        enemies = None if self.problem.peaceful else self.problem.enemies
        return Limits(min(cap, shell.cap), shell.volume, enemies)

    def _torn(self, load: Load, placed: list[Placed]) -> set[int]:
        """Kinds of the groups that are partly in the carton and partly not."""
        if not self.problem.grouped:
            return set()
        kinds = self.problem.kinds
        taken = count(placed)
        torn = {
            kinds[kind].item.together
            for kind, many in load.items()
            if kinds[kind].item.together is not None and taken.get(kind, 0) < many
        }
        inside = {kinds[kind].item.together for kind in taken}
        return {kind for kind in load if kinds[kind].item.together in torn & inside}

    def fills(
        self, shell: Shell, load: Load, keep: int, tries: int
    ) -> list[list[Placed]]:
        """The ``keep`` most worthy ways found to fill a carton from the load."""
        holds = self.problem.holds[shell.number]
        inside = {kind: many for kind, many in load.items() if holds[kind]}
        found: list[list[Placed]] = []
        plain = not (self.problem.ruled or self.problem.grouped)
        if plain and sum(inside.values()) >= 2 * len(inside) > 0:
            found = [self._blocks(shell, inside, mode) for mode in MODES[: tries // 4]]
        for rule, sort in FILLS[:tries] if inside else ():
            # a group is torn by its units that this carton does not hold, too
            found.append(self.fill(shell, self._sorted(inside, sort), load, rule))
        found = [placed for placed in found if placed]
        found.sort(key=lambda placed: -self.value(placed))
        best: dict[tuple, list[Placed]] = {}
        for placed in found:
            best.setdefault(tuple(sorted(count(placed).items())), placed)
        return list(best.values())[:keep]

    def _blocks(self, shell: Shell, load: Load, mode: tuple) -> list[Placed]:
        problem, limits = self.problem, self._limits(shell)
        return fill_with_blocks(
            shell.hull, load, problem.kinds, mode, problem.support, limits
        )

    def _sorted(self, load: Load, sort: int) -> list[int]:
        kinds = self.problem.kinds
        return sorted(load, key=lambda kind: SORTS[sort](kinds[kind]))
