"""A long search for few units that are hard to get into one carton or two.

Simulated annealing over the order of the units, the position that each may have and
the rule by which spots are chosen. What is looked at is how much is packed before the
first unit that fails. Small steps from one good order find far more than as many
tries from fresh starts, and cost less: what comes before the first change stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp
from random import Random
from typing import NamedTuple

from ..geometry import Placed, Space, Turn, carve
from ..problem import Load, Problem, Shell
from .construct import (
    Rule,
    Score,
    best_spot,
    deepest,
    far_corner,
    least_to_come,
    low_top,
    tight,
)
from .support import Ground, Spot

RULES = (far_corner, far_corner, deepest, low_top, tight)
ROUNDS = 3000  # steps from one start
HEAT = 0.01  # share of the volume that a step may lose
MOVING = 0.45  # how often a step changes the order
RAISING = 0.1  # how often it moves the unit that failed forward
TURNING = 0.4  # how often it fixes or frees the position of a unit


class State(NamedTuple):
    """What a try is made from: places of units, positions they may have, the rule."""

    order: list[int]
    turns: list[list[Turn]]
    rule: Rule


class Try(NamedTuple):
    """What came of a state: every unit goes into the first carton with a spot.

    :ivar placed: (number of the carton, unit) for each place of the order
    :ivar spaces: the free spaces of each carton before each place, and at the end
    :ivar value: mm3 packed before the first unit that failed
    """

    placed: list[tuple[int, Placed]]
    spaces: list[tuple[list[Space], ...]]
    value: int


class Annealer:
    """Tries a load without rules in one carton or several.

    :param below: what all cartons together must cost less than
    """

    def __init__(
        self, problem: Problem, load: Load, shells: Sequence[Shell], below: float
    ):
        self.problem = problem
        self.shells = shells
        self.below = below
        order = sorted(load, key=lambda number: -problem.kinds[number].volume)
        self.numbers = [number for number in order for _ in range(load[number])]
        # every unit by itself: equal units may be in different positions
        self.units = [problem.kinds[number] for number in self.numbers]
        self.free = [unit.turns for unit in self.units]
        self.volume = problem.volume(load)
        self.random = Random(len(self.units) * 7919 + self.volume)

    def search(self, tries: int) -> list[list[Placed]] | None:
        """The units in each carton, if a way is found in so many tries."""
        for state in self._starts():
            found = self._walk(state, min(ROUNDS, tries))
            if found:
                return self._shared_out(found)
            tries -= ROUNDS
            if tries <= 0 or self.problem.late():
                return None
        return None

    def _walk(self, state: State, steps: int) -> Try | None:
        """A way to pack all, if one is found in so many steps from a state."""
        last = len(self.units) - 1
        now = self._try(state, 0, None)
        for _ in range(steps):
            if len(now.placed) > last and self._cheap(now):
                return now
            if self.problem.late():
                return None
            step = self._step(state, min(len(now.placed), last))
            if step is None:
                continue
            changed, start = step
            found = self._try(changed, start, now)
            loss = (now.value - found.value) / self.volume
            if loss <= 0 or self.random.random() < exp(-loss / HEAT):
                state, now = changed, found
        return None

    def _cheap(self, found: Try) -> bool:
        """Whether all cartons together cost little enough."""
        weights = [0] * len(self.shells)
        for carton, unit in found.placed:
            weights[carton] += self.units[unit[0]].weight
        pairs = zip(self.shells, weights, strict=True)
        return sum(shell.price(weight) for shell, weight in pairs) < self.below

    def _shared_out(self, found: Try) -> list[list[Placed]]:
        """The units in each carton, with the numbers of their kinds."""
        shares: list[list[Placed]] = [[] for _ in self.shells]
        for carton, (unit, *where) in found.placed:
            shares[carton].append((self.numbers[unit], *where))
        return shares

    def _starts(self) -> Iterator[State]:
        """The largest units first, by and by less strictly so."""
        random = self.random
        order = list(range(len(self.units)))
        while True:
            yield State(order, self.free, random.choice(RULES))
            power = random.choice((1, 0.66, 0.33))
            rank = [
                unit.volume**power * random.uniform(0.6, 1.6) for unit in self.units
            ]
            order = sorted(order, key=lambda unit: -rank[unit])

    def _step(self, state: State, failed: int) -> tuple[State, int] | None:
        """A state a step away and the first place that differs; ``None`` if none."""
        random = self.random
        order, turns, rule = state
        # what comes after the unit that failed has not been tried
        place = random.randrange(failed + 1)
        choice = random.random()
        if choice < MOVING:
            other = random.randrange(len(order))
            if self.numbers[order[other]] == self.numbers[order[place]]:
                return None
            order = list(order)
            if random.random() < 0.5:
                order[place], order[other] = order[other], order[place]
            else:
                order.insert(other, order.pop(place))
            return State(order, turns, rule), min(place, other)
        if choice < MOVING + RAISING:
            order = list(order)
            order.insert(place, order.pop(failed))
            return (State(order, turns, rule), place) if place < failed else None
        if choice < MOVING + RAISING + TURNING:
            unit = order[place]
            free = self.free[unit]
            if len(free) < 2:
                return None
            freed = turns[unit] is not free and random.random() < 0.5
            turns = list(turns)
            turns[unit] = free if freed else [random.choice(free)]
            return State(order, turns, rule), place
        return State(order, turns, random.choice(RULES)), 0

    # -- one try ----------------------------------------------------------------

    def _try(self, state: State, start: int, before: Try | None) -> Try:
        """The state built up, from ``start`` on where it differs from ``before``."""
        placed = before.placed[:start] if before else []
        spaces = before.spaces[: start + 1] if before else [self._empty()]
        cartons = self._part_full(state.rule, placed)
        least = least_to_come(state.order, self.units)
        for place in range(start, len(self.units)):
            unit = state.order[place]
            found = self._first_spot(unit, state.turns[unit], cartons, spaces[place])
            if found is None:
                break
            number, (_, x, y, z, a, b, c) = found
            placed.append((number, (unit, x, y, z, a, b, c)))
            cartons[number].add(placed[-1][1], self.units[unit].weight)
            box = x, y, z, x + a, y + b, z + c
            free = list(spaces[place])
            free[number] = carve(free[number], box, *least[place + 1])
            spaces.append(tuple(free))
        value = sum(self.units[unit[0]].volume for _, unit in placed)
        return Try(placed, spaces, value)

    def _empty(self) -> tuple[list[Space], ...]:
        return tuple([(0, 0, 0, *shell.hull)] for shell in self.shells)

    def _part_full(
        self, rule: Rule, placed: list[tuple[int, Placed]]
    ) -> list[_PartFull]:
        """The cartons with these units in them."""
        support = self.problem.support
        grounds = [
            Ground(support, self.units, strict=False) if support else None
            for _ in self.shells
        ]
        cartons = [
            _PartFull(rule(shell.hull), ground, shell.cap)
            for shell, ground in zip(self.shells, grounds, strict=True)
        ]
        for number, unit in placed:
            cartons[number].add(unit, self.units[unit[0]].weight)
        return cartons

    def _first_spot(
        self,
        unit: int,
        turns: list[Turn],
        cartons: list[_PartFull],
        spaces: tuple[list[Space], ...],
    ) -> tuple[int, Spot] | None:
        """The first carton with a spot for a unit, and the best spot in it."""
        weight = self.units[unit].weight
        for number, (carton, free) in enumerate(zip(cartons, spaces, strict=True)):
            if weight <= carton.room:
                spot = carton.best_spot(unit, free, turns)
                if spot:
                    return number, spot
        return None


class _PartFull:
    """A carton while it is being filled.

    :ivar ground: what carries the next units if they need support
    :ivar room: g that it still takes
    """

    def __init__(self, score: Score, ground: Ground | None, room: float):
        self.score, self.ground, self.room = score, ground, room

    def best_spot(
        self, unit: int, spaces: list[Space], turns: list[Turn]
    ) -> Spot | None:
        """The spot with the least score for a unit."""
        if self.ground:
            return best_spot(unit, spaces, turns, self.score, {}, self.ground)
        best = least = at = None
        for space in spaces:
            for option in self.score(space, turns):
                if best is None or option[0] < least:
                    best, least, at = option, option[0], space
        return best and (best[0], *at[:3], *best[1:])

    def add(self, unit: Placed, weight: int) -> None:
        """Note a unit of ``weight`` g that has been placed."""
        self.room -= weight
        if self.ground:
            self.ground.add(unit)
