"""Fill one carton with as much of a load as goes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import inf

from ..geometry import Placed
from ..problem import Load, Problem, Shell, count, is_dense
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
from .sequences import SORTS, bottom_first

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

# when time has run out: times the volume of a carton that is tried to put in it
ENOUGH = 1.2
QUICK = 100  # units from which they are placed in blocks then
LIKELY = 0.4


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
        order = [kind for kind in order if holds[kind]]
        if problem.grouped:
            order = self._side_by_side(order)
        tried = self._enough(shell, order, load) if problem.late() else order
        placed = self._fill(shell, tried, load, rule, cap)
        barred: set[int] = set()
        while (split := self._split_kinds(load, placed)) and not problem.late():
            barred |= split
            tried = [kind for kind in tried if kind not in barred]
            placed = self._fill(shell, tried, load, rule, cap)
        if split or barred and not placed:
            return self._one_group(shell, order, load, rule, cap)
        return placed

    def _fill(
        self, shell: Shell, order: list[int], load: Load, rule: Rule, cap: float
    ) -> list[Placed]:
        """The same, whatever must stay together."""
        problem = self.problem
        inside = {kind: load[kind] for kind in order}
        if inside and is_dense(inside) and not problem.grouped:
            return self._blocks(shell, inside, MODES[0], cap)
        if problem.ruled:
            order = sorted(order, key=lambda kind: bottom_first(problem.kinds[kind]))
        sequence = [kind for kind in order for _ in range(load[kind])]
        placed, _ = construct(
            shell.hull, sequence, problem.kinds, rule, problem.support,
            limits=self._limits(shell, cap), strict=problem.ruled,
            # rules take long: only a plan that must be whole goes on
            late=problem.late if problem.ruled and not problem.late() else None,
        )  # fmt: skip
        problem.spend(len(placed))
        return placed

    def _enough(self, shell: Shell, order: list[int], load: Load) -> list[int]:
        """The first kinds, enough to fill a carton: quicker than trying all.

        Only as many as are likely to go in if some must stay together.
        """
        room = (LIKELY if self.problem.grouped else ENOUGH) * shell.volume
        last = None
        for place, kind in enumerate(order):
            group = self.problem.kinds[kind].item.together
            if room <= 0 and (group is None or group != last):
                return order[:place]
            room -= load[kind] * self.problem.kinds[kind].volume
            last = group
        return order

    def _one_group(
        self, shell: Shell, order: list[int], load: Load, rule: Rule, cap: float
    ) -> list[Placed]:
        """The first group that goes into a carton if there is nothing else in it."""
        kinds = self.problem.kinds
        groups = dict.fromkeys(kinds[kind].item.together for kind in order)
        for group in groups:
            own = [kind for kind in order if kinds[kind].item.together == group]
            placed = self._fill(shell, own, load, rule, cap)
            if placed and not self._split_kinds(load, placed):
                return placed
        return []

    def _side_by_side(self, order: list[int]) -> list[int]:
        """The order with the kinds of a group one after the other."""
        kinds = self.problem.kinds
        groups: dict = {}
        for kind in order:
            group = kinds[kind].item.together
            groups.setdefault((kind,) if group is None else group, []).append(kind)
        return [kind for group in groups.values() for kind in group]

    def up_to(
        self, shell: Shell, load: Load, cap: float, tries: int
    ) -> Iterator[list[Placed]]:
        """Ways to fill a carton with not more than ``cap`` g."""
        for rule, sort in FILLS[:tries]:
            placed = self.fill(shell, self._sorted(load, sort), load, rule, cap)
            if placed:
                yield placed

    def _limits(self, shell: Shell, cap: float = inf) -> Limits:
        conflicts = None if self.problem.conflict_free else self.problem.conflicts
        return Limits(min(cap, shell.cap), shell.volume, conflicts)

    def _split_kinds(self, load: Load, placed: list[Placed]) -> set[int]:
        """Kinds of a group that is partly in the carton and partly not.

        Of all such groups but the one most of which is inside: without the others
        it may go in.
        """
        if not self.problem.grouped:
            return set()
        kinds = self.problem.kinds
        taken = count(placed)
        inside, whole = Counter(), Counter()
        for kind, many in load.items():
            group, volume = kinds[kind].item.together, kinds[kind].volume
            if group is not None:
                inside[group] += taken.get(kind, 0) * volume
                whole[group] += many * volume
        split = [group for group in whole if 0 < inside[group] < whole[group]]
        if len(split) > 1:
            split.remove(max(split, key=lambda group: inside[group] / whole[group]))
        return {kind for kind in load if kinds[kind].item.together in split}

    def fills(
        self, shell: Shell, load: Load, keep: int, tries: int
    ) -> list[list[Placed]]:
        """The ``keep`` most worthy ways found to fill a carton from the load."""
        problem = self.problem
        holds = problem.holds[shell.number]
        inside = {kind: many for kind, many in load.items() if holds[kind]}
        found: list[list[Placed]] = []
        many = is_dense(inside) or (
            # blocks are quicker, and good where there are many equal units
            problem.late() and sum(inside.values()) > max(QUICK, 4 * len(inside))
        )
        dense = many and not problem.grouped
        if not problem.grouped and sum(inside.values()) >= 2 * len(inside) > 0:
            modes = MODES[: max(tries // 4, int(dense))]
            found = [self._blocks(shell, inside, mode) for mode in modes]
        for rule, sort in FILLS[:tries] if inside else ():
            if found and (dense or problem.late()):
                break
            # a group is split by its units that this carton does not hold, too
            found.append(self.fill(shell, self._sorted(inside, sort), load, rule))
        found = [placed for placed in found if placed]
        found.sort(key=lambda placed: -self.value(placed))
        best: dict[tuple, list[Placed]] = {}
        for placed in found:
            best.setdefault(tuple(sorted(count(placed).items())), placed)
        return list(best.values())[:keep]

    def _blocks(
        self, shell: Shell, load: Load, mode: tuple, cap: float = inf
    ) -> list[Placed]:
        problem, limits = self.problem, self._limits(shell, cap)
        # so many equal units are placed in no other way: that is not cut short
        late = _never if problem.late() or is_dense(load) else problem.late
        return fill_with_blocks(
            shell.hull, load, problem.kinds, mode, problem.support, limits, late,
            problem.ruled,
        )  # fmt: skip

    def _sorted(self, load: Load, sort: int) -> list[int]:
        kinds = self.problem.kinds
        return sorted(load, key=lambda kind: SORTS[sort](kinds[kind]))


def _never() -> bool:
    return False
