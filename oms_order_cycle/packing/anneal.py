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

from .construct import (
    Rule,
    best_spot,
    deepest,
    far_corner,
    least_to_come,
    low_top,
    tight,
)
from .geometry import Placed, Space, Turn, carve
from .problem import Load, Problem, Shell
from .rules import Ground

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
        random = self.random
        for state in self._starts():
            best = self._try(state, 0, None)
            for _ in range(min(ROUNDS, tries)):
                if len(best.placed) == len(self.units) and self._cheap(best):
                    return self._shared_out(best)
                if self.problem.late():
                    return None
                tries -= 1
                step = self._step(state, min(len(best.placed), len(self.units) - 1))
                if step is None:
                    continue
                changed, start = step
                found = self._try(changed, start, best)
                loss = (best.value - found.value) / self.volume
                if loss <= 0 or random.random() < exp(-loss / HEAT):
                    state, best = changed, found
            if tries <= 0:
                break
        return None

    def _cheap(self, found: Try) -> bool:
        """Whether all cartons together cost little enough."""
        return sum(map(self._price, range(len(self.shells)), self._weights(found))) < (
            self.below
        )

    def _price(self, carton: int, weight: int) -> float:
        return self.shells[carton].price(weight)

    def _weights(self, found: Try) -> list[int]:
        """g in each carton."""
        weights = [0] * len(self.shells)
        for carton, unit in found.placed:
            weights[carton] += self.units[unit[0]].weight
        return weights

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
        scores = [state.rule(shell.hull) for shell in self.shells]
        grounds = self._grounds(placed)
        room = [shell.cap for shell in self.shells]
        for carton, unit in placed:
            room[carton] -= self.units[unit[0]].weight
        least = least_to_come(state.order, self.units)
        for place in range(start, len(self.units)):
            unit = state.order[place]
            now = spaces[place]
            for carton, score in enumerate(scores):
                spot = None
                if self.units[unit].weight <= room[carton]:
                    turns, ground = state.turns[unit], grounds[carton]
                    spot = best_spot(unit, now[carton], turns, score, {}, ground)
                if spot:
                    break
            if spot is None:
                break
            _, x, y, z, a, b, c = spot
            room[carton] -= self.units[unit].weight
            placed.append((carton, (unit, x, y, z, a, b, c)))
            if grounds[carton]:
                grounds[carton].add(placed[-1][1])
            box = x, y, z, x + a, y + b, z + c
            after = list(now)
            after[carton] = carve(now[carton], box, *least[place + 1])
            spaces.append(tuple(after))
        value = sum(self.units[unit[0]].volume for _, unit in placed)
        return Try(placed, spaces, value)

    def _empty(self) -> tuple[list[Space], ...]:
        return tuple([(0, 0, 0, *shell.hull)] for shell in self.shells)

    def _grounds(self, placed: list[tuple[int, Placed]]) -> list[Ground | None]:
        """What carries the next units in each carton, if they need support."""
        support = self.problem.support
        if not support:
            return [None] * len(self.shells)
        grounds = [Ground(support, self.units, strict=False) for _ in self.shells]
        for carton, unit in placed:
            grounds[carton].add(unit)
        return grounds
