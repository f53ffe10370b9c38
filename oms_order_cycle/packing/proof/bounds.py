"""What is impossible, and what the best possible costs at least.

Every bound holds for any price that does not fall when weight rises, and ignores
support and placement rules: leaving demands out can only make a plan cheaper.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf, prod

from ..problem import Kind, Load, Problem, Shell
from .counts import cheapest, frontier, least_price, most_units, unit_steps
from .exact import OutOfNodes, spread
from .hulls import Corners, lower_hull, value_at
from .scales import reached
from .shares import DEPTHS, Shares

LARGEST = 7  # units that are shared out to cartons in a proof
COMBINATIONS = 3000  # of cartons that are looked at one by one
MOST_CARTONS = 40  # in such a combination
ALONE = 0.3  # share of the volume from which one kind alone gives a bound
FEW_KINDS = 6  # the rows of more end anywhere


def too_many_big(shell: Shell, load: Load, kinds: list[Kind]) -> bool:
    """Whether two units of the load can never lie in the shell together.

    True if there are two units that fill more than half of every edge in every
    orientation: any two boxes in one carton are apart along some axis.
    """
    length, width, height = shell.hull
    big = 0
    for number, many in load.items():
        if all(
            2 * a > length and 2 * b > width and 2 * c > height
            for a, b, c in kinds[number].turns
            if a <= length and b <= width and c <= height
        ):
            big += many
            if big > 1:
                return True
    return False


class Bounds:
    """Lower bounds of the price of a load of one problem."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.shells = problem.shells
        self.shares = Shares(problem)
        empty = [(shell.price(0), shell) for shell in self.shells]
        self.least = min((price for price, _ in empty), default=inf)
        self.rate = min(
            (price / shell.volume for price, shell in empty if shell.volume),
            default=0.0,
        )
        self.roomiest = max((shell.volume for shell in self.shells), default=0)
        self.strongest = max((shell.cap for shell in self.shells), default=0)
        self._envelopes: dict[int, Corners] = {}
        self._possible: dict[tuple, bool] = {}
        self._most: dict[tuple, int] = {}
        self._rooms: dict[tuple, int] = {}

    def room(self, shell: Shell, load: Load) -> int:
        """mm3 of a shell that units of the load can fill: few kinds end early."""
        if len(load) > FEW_KINDS:
            return shell.volume
        key = shell.hull, tuple(sorted(load))
        if key not in self._rooms:
            kinds = [self.problem.kinds[number] for number in load]
            self._rooms[key] = prod(reached(shell.hull, kinds))
        return min(shell.volume, self._rooms[key])

    def cartons(self, load: Load) -> int:
        """How many cartons the load needs at least, by volume and weight."""
        problem = self.problem
        by_volume = -(-problem.volume(load) // max(1, self.roomiest))
        weight = problem.weight(load)
        by_weight = 1 if weight <= self.strongest else ceil(weight / self.strongest)
        return max(1, by_volume, by_weight)

    def envelope(self, depth: int) -> Corners:
        """Convex lower bound of the price of one parcel over its contents in g."""
        found = self._envelopes.get(depth)
        if found is None:
            hulls = (self.shares.hull(shell, depth) for shell in self.shells)
            found = lower_hull(corner for hull in hulls for corner in hull)
            self._envelopes[depth] = found
        return found

    def by_weight(self, load: Load, number: int, depth: int) -> float:
        """Least price of ``number`` or more parcels if only weight counted.

        Every gram is in some parcel, and a convex price is least when the weight is
        shared out evenly.
        """
        weight = self.problem.weight(load)
        least = inf
        while True:
            price = number * value_at(self.envelope(depth), weight / number)
            if price >= least:
                return least
            least = price
            number += 1

    def quick(self, load: Load, below: float = inf) -> float:
        """A cheap bound: volume, weight and the cheapest parcel.

        Looked at no closer than needed to see that it is not under ``below``.
        """
        return self._floor(load, self.cartons(load), below) if load else 0.0

    def _floor(self, load: Load, number: int, below: float) -> float:
        """Least price of the load in ``number`` or more cartons, by three bounds."""
        floor = max(self.least * number, self.problem.volume(load) * self.rate)
        for depth in DEPTHS:
            if floor >= below - 1e-9:
                break
            floor = max(floor, self.by_weight(load, number, depth))
        return floor

    def several(self, load: Load, below: float) -> float:
        """Least price of two or more cartons, as far as it is under ``below``."""
        best = self._by_choice(load, below)
        for number, many in load.items():
            if best >= below - 1e-9 or self.problem.late():
                break
            kind = self.problem.kinds[number]
            if many * kind.volume > ALONE * self.problem.volume(load):
                best = max(best, self.alone(number, many))
        return min(best, below)

    def alone(self, number: int, many: int) -> float:
        """Least price of so many units of a kind, if there were no other."""
        weight = self.problem.kinds[number].weight
        able = [s for s in self.shells if self.problem.holds[s.number][number]]
        most = {shell: self.at_a_look(shell, number, many) for shell in able}
        closely: set[Shell] = set()
        while True:
            rows = (unit_steps(shell, weight, most[shell]) for shell in able)
            front = frontier(step for steps in rows for step in steps)
            best = cheapest(front, many)
            if best is None:
                return 0.0
            # only those that the cheapest plan would take are looked at closely
            used = {step.shell for step in best[1]} - closely
            if not used or self.problem.late():
                return least_price(front, many)
            closely |= used
            for shell in used:
                most[shell] = self.most(shell, number, most[shell])

    def at_a_look(self, shell: Shell, number: int, many: int) -> int:
        """How many of ``many`` units a shell holds at most by volume and weight."""
        kind = self.problem.kinds[number]
        most = min(many, shell.volume // kind.volume)
        return int(min(most, shell.cap // kind.weight)) if kind.weight else most

    def most(self, shell: Shell, number: int, many: int) -> int:
        """How many of ``many`` units a shell holds at most: proven."""
        key = shell.hull, number
        if key not in self._most:
            self._most[key] = most_units(shell.hull, self.problem.kinds[number])
        return min(many, self._most[key])

    def _by_choice(self, load: Load, below: float) -> float:
        """The same, from the cartons that have room and strength for all."""
        best = below
        units = sum(load.values())
        number = max(2, self.cartons(load))
        while number <= units and number * self.least < best - 1e-9:
            if number > 2 and self._floor(load, number, best) >= best - 1e-9:
                break
            if number > MOST_CARTONS or self.problem.late():
                return min(best, self._floor(load, number, best))
            chosen = _Choice(self, load, number, best)
            if not chosen.complete:
                return min(best, self._floor(load, number, best))
            best = chosen.least
            number += 1
        return best

    def masks(self, load: Load) -> list[int]:
        """Per shell: a bit for each kind of the load that fits in it."""
        return [
            sum(1 << place for place, kind in enumerate(load) if row[kind])
            for row in self.problem.holds
        ]

    @staticmethod
    def whole(load: Load) -> int:
        """The mask of all kinds."""
        return (1 << len(load)) - 1

    def possible(self, chosen: Sequence[Shell], load: Load) -> bool:
        """Whether it is not proven that the largest units cannot be in the cartons."""
        hulls = tuple(sorted(shell.hull for shell in chosen))
        case = hulls, tuple(sorted(load.items()))
        found = self._possible.get(case)
        if found is None:
            kinds = self.problem.kinds
            order = sorted(load, key=lambda number: -kinds[number].volume)
            units = [kinds[one].turns for one in order for _ in range(load[one])]
            try:
                found = spread(hulls, units[:LARGEST])
            except OutOfNodes:
                found = True
            self._possible[case] = found
        return found


class _Choice:
    """Combinations of ``number`` cartons with room, strength and a place for all.

    :ivar least: the least price of one, at most ``below``
    :ivar complete: whether all were looked at
    """

    def __init__(self, bounds: Bounds, load: Load, number: int, below: float):
        problem = bounds.problem
        self._bounds = bounds
        self._load = load
        self._volume, self._weight = problem.volume(load), problem.weight(load)
        self._rooms = [bounds.room(shell, load) for shell in problem.shells]
        self._roomiest = max(self._rooms)
        self._shells = sorted(problem.shells, key=lambda shell: shell.price(0))
        self._masks = bounds.masks(load)
        self._all = bounds.whole(load)
        self._looked_at = 0
        self.least = below
        self._extend([], 0, number, 0.0, 0, 0)

    @property
    def complete(self) -> bool:
        return self._looked_at <= COMBINATIONS

    def _extend(
        self,
        chosen: list[Shell],
        start: int,
        missing: int,
        price: float,
        volume: int,
        mask: int,
    ) -> None:
        if not missing:
            if mask == self._all and sum(s.cap for s in chosen) >= self._weight:
                split = self._bounds.shares.split(chosen, self._load, self.least)
                if split < self.least and self._bounds.possible(chosen, self._load):
                    self.least = split
            return
        for place in range(start, len(self._shells)):
            shell = self._shells[place]
            # the shells come in the order of their price when empty
            if price + missing * shell.price(0) >= self.least - 1e-9:
                return
            room = volume + self._rooms[shell.number]
            if room + (missing - 1) * self._roomiest < self._volume:
                continue
            self._looked_at += 1
            if self._bounds.problem.late():
                self._looked_at = COMBINATIONS + 1
            if self._looked_at > COMBINATIONS:
                return
            self._extend(
                [*chosen, shell], place, missing - 1, price + shell.price(0),
                room, mask | self._masks[shell.number],
            )  # fmt: skip
