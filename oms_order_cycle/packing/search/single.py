"""Does a load go into one carton? Ways of trying, from cheap to dear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

from ..geometry import Placed, Turn, all_rest, settle
from ..problem import Load, Problem, Shell, is_dense
from ..proof.bounds import too_many_big
from ..proof.exact import NODES, Arrangement, arrange
from ..proof.scales import too_large
from .blocks import MODES, fill_with_blocks
from .budget import Budget
from .construct import (
    construct,
    deepest,
    far_corner,
    low_top,
    tight,
    wall_x,
    wall_y,
)
from .cuts import Cutter
from .sequences import sequences

LONG = 90  # effort from which dear ways of trying are worth it
HOPELESS = 1 << 30  # effort that stands for a proof
EXACT = 7  # units looked at in a proof
TURNING = 0.6  # how often a random change fixes or frees the position of a kind
SHUFFLING = 0.7  # how often one changes the order
NODES_PER_TRY = 100  # of a proof, for each construction that may be tried


class Fitter:
    """Tries loads in single cartons and remembers what came of it."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.kinds = problem.kinds
        self.support = problem.support
        self.strict = problem.ruled
        self.budget = Budget(problem.late)
        self._cutter = Cutter(problem, self.budget)
        self._memory: dict[tuple, tuple[list[Placed] | None, int]] = {}
        self._scaled: dict[tuple, bool] = {}
        self._proofs: dict[tuple, tuple[list[Placed] | None, bool]] = {}

    def fit(self, shell: Shell, load: Load, effort: int) -> list[Placed] | None:
        """The load placed in the shell, or ``None`` if no way was found.

        :param effort: about how many constructions may be tried
        """
        key = self._key(shell, load)
        placed, spent = self._memory.get(key, (None, -1))
        if placed is None and spent < effort:
            if self.impossible(shell, load):
                effort = HOPELESS
            else:
                placed = self._search(shell, load, effort)
                if self._proofs.get(self._case(shell, load), (None, False))[1]:
                    effort = HOPELESS
            if not self.problem.late():
                self._memory[key] = (placed, effort)
        return placed

    def known(self, shell: Shell, load: Load) -> list[Placed] | None:
        """The load placed in the shell, if a way was found before."""
        return self._memory.get(self._key(shell, load), (None, -1))[0]

    @staticmethod
    def _key(shell: Shell, load: Load) -> tuple:
        return shell.hull, shell.volume, shell.cap, tuple(sorted(load.items()))

    def remember(self, shell: Shell, load: Load, placed: list[Placed]) -> None:
        """Note that a load was placed in a shell in another way."""
        self._memory.setdefault(self._key(shell, load), (placed, 0))

    @staticmethod
    def _case(shell: Shell, load: Load) -> tuple:
        return shell.hull, tuple(sorted(load.items()))

    def refuted(self, shell: Shell, load: Load, nodes: int) -> bool:
        """Whether it is proven that the load cannot be in the shell."""
        return self._exact(shell, load, nodes)[1] or self._too_large(shell, load)

    def _too_large(self, shell: Shell, load: Load) -> bool:
        case = self._case(shell, load)
        if case not in self._scaled:
            self._scaled[case] = too_large(shell.hull, load, self.kinds)
            if self._scaled[case]:
                self._proofs[case] = None, True
        return self._scaled[case]

    def _exact(
        self, shell: Shell, load: Load, nodes: int
    ) -> tuple[list[Placed] | None, bool]:
        """The load placed by exact search, and whether it is proven impossible."""
        case = self._case(shell, load)
        known = self._proofs.get(case)
        if known is None:
            largest = sorted(load, key=lambda number: -self.kinds[number].volume)
            units = [number for number in largest for _ in range(load[number])]
            few = len(units) <= EXACT
            placed: list[Placed] = []

            def accept(found: Arrangement) -> bool:
                rows = zip(units, found, strict=False)
                placed[:] = settle([(number, *place) for number, place in rows])
                return not few or self._stands(placed)

            turns = [self.kinds[number].turns for number in units[:EXACT]]
            found, proven = arrange(shell.hull, turns, nodes, accept)
            known = self._proofs[case] = (placed if few and found else None, proven)
        return known

    def _stands(self, placed: list[Placed]) -> bool:
        return not self.strict and all_rest(placed, self.support)

    def impossible(self, shell: Shell, load: Load) -> bool:
        """Whether a quick proof says that the load cannot be in the shell."""
        problem = self.problem
        holds = problem.holds[shell.number]
        return (
            not all(holds[kind] for kind in load)
            or problem.volume(load) > shell.volume
            or problem.weight(load) > shell.cap
            or problem.in_conflict(load)
            or too_many_big(shell, load, self.kinds)
        )

    # -- the search -------------------------------------------------------------

    def _search(self, shell: Shell, load: Load, effort: int) -> list[Placed] | None:
        self.budget.left = effort
        if is_dense(load) and not self.problem.grouped:
            return self._blocks(shell, load, MODES)
        fill = self.problem.volume(load) / shell.volume
        tried: list[tuple] = []
        for number, (sequence, rule) in enumerate(self._starts(load)):
            placed, failed = self._try(shell, sequence, rule)
            if failed < 0:
                return placed
            tried.append((-self._value(placed), len(tried), sequence, rule, failed))
            if number == 0:
                placed = self._blocks(shell, load, MODES[:2])
                if placed:
                    return placed
                nodes = min(NODES, effort * NODES_PER_TRY)
                placed, refuted = self._exact(shell, load, nodes)
                if placed or refuted:
                    return placed
                if len(load) == 1:  # layers: the surest way with equal units
                    placed = self._cutter.cut(shell, load, max(8, effort // 2))
                    if placed:
                        return placed
            if self.budget.is_spent:
                return None
        if effort >= LONG and self._too_large(shell, load):
            return None
        placed = self._blocks(shell, load, MODES[2:]) if effort > 6 else None
        if placed:
            return placed
        cut = max(8, effort // 2) if effort > 6 else 0
        if fill > 0.97:
            return self._cutter.cut(shell, load, cut)
        tried.sort()
        return (
            self._squeaky(shell, tried[:3], max(2, effort // 3))
            or self._cutter.cut(shell, load, cut)
            or self._perturb(shell, load, tried[:4])
        )

    def _blocks(self, shell: Shell, load: Load, modes: tuple) -> list[Placed] | None:
        units = sum(load.values())
        if units < 2 * len(load):
            return None
        for mode in modes:
            placed = fill_with_blocks(
                shell.hull, load, self.kinds, mode, self.support,
                late=self.problem.late, strict=self.strict,
            )  # fmt: skip
            if len(placed) == units:
                return placed
            if self.problem.late():
                break
        return None

    def _try(
        self,
        shell: Shell,
        sequence: Sequence[int],
        rule: Callable,
        turns: Sequence[list[Turn]] | None = None,
    ) -> tuple[list[Placed], int]:
        self.budget.spend()
        placed, failed = construct(
            shell.hull,
            sequence,
            self.kinds,
            rule,
            self.support,
            strict=self.strict,
            turns=turns,
            late=self.problem.late,
        )
        self.problem.spend(len(placed))
        return placed, failed

    def _value(self, placed: list[Placed]) -> int:
        return sum(self.kinds[unit[0]].volume for unit in placed)

    def _starts(self, load: Load) -> Iterator[tuple[list[int], Callable]]:
        first, *others = sequences(self.kinds, load, self.strict)
        for rule in (far_corner, deepest, low_top, tight, wall_x, wall_y):
            yield first, rule
        for sequence in others:
            for rule in (far_corner, low_top, deepest, tight):
                yield sequence, rule

    def _squeaky(self, shell: Shell, starts: list, rounds: int) -> list[Placed] | None:
        """Squeaky wheel: the unit that did not fit moves towards the front."""
        for _, _, sequence, rule, failed in starts:
            seen = set()
            for _ in range(rounds):
                if self.budget.is_spent:
                    return None
                number = sequence[failed]
                rest = sequence[:failed] + sequence[failed + 1 :]
                place = max(0, failed // 2 - 1) if failed > 3 else 0
                moved = [*rest[:place], number, *rest[place:]]
                if tuple(moved) in seen:
                    moved = [number, *rest]
                    if tuple(moved) in seen:
                        break
                sequence = moved
                seen.add(tuple(sequence))
                placed, failed = self._try(shell, sequence, rule)
                if failed < 0:
                    return placed
        return None

    def _perturb(self, shell: Shell, load: Load, starts: list) -> list[Placed] | None:
        """Random changes of the best orders and of the positions that are allowed."""
        random = Random(sum(load.values()) * 7919 + sum(shell.hull))
        free = [kind.turns for kind in self.kinds]
        turned = [number for number in load if len(free[number]) > 1]
        pool = [(value, order, rule, free) for value, _, order, rule, _ in starts]
        while not self.budget.is_spent:
            _, order, rule, turns = pool[random.randrange(len(pool))]
            if random.random() < 0.3:
                rule = random.choice((deepest, far_corner, far_corner, low_top, tight))
            if turned and random.random() < TURNING:
                number = random.choice(turned)
                turns = list(turns)
                one = [random.choice(free[number])]
                turns[number] = one if turns[number] is free[number] else free[number]
            if random.random() < SHUFFLING:
                order = _shuffled(order, random)
            placed, failed = self._try(shell, order, rule, turns)
            if failed < 0:
                return placed
            value = -self._value(placed)
            worst = max(range(len(pool)), key=lambda place: pool[place][0])
            if value <= pool[worst][0]:
                pool[worst] = (value, order, rule, turns)
        return None


def _shuffled(sequence: list[int], random: Random) -> list[int]:
    sequence = list(sequence)
    units = len(sequence)
    for _ in range(random.choice((1, 1, 2, 3))):
        one = random.randrange(units)
        near = max(0, one - random.randrange(1, 4))
        other = random.randrange(units) if random.random() < 0.5 else near
        if random.random() < 0.5:
            sequence[one], sequence[other] = sequence[other], sequence[one]
        else:
            sequence.insert(other, sequence.pop(one))
    return sequence
