"""What is impossible, and what the best possible costs at least.

Every bound holds for any price that does not fall when weight rises, and ignores
support and placement rules: leaving demands out can only make a plan cheaper.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, inf, prod

from ..problem import Kind, Load, Problem, Shell
from .counts import cheapest, frontier, least_price, most_units, unit_steps
from .exact import OutOfNodes, spread
from .hulls import Corners, lower_hull, price_hull, price_steps, value_at
from .scales import reached

DEPTHS = (3, 7)  # of halving the weight when a price is bounded: roughly, closely
LARGEST = 7  # units that are shared out to cartons in a proof
COMBINATIONS = 3000  # of cartons that are looked at one by one
MOST_CARTONS = 40  # in such a combination
HEAVY = 4_000_000  # g from which not every weight is told apart
ALONE = 0.3  # share of the volume from which one kind alone gives a bound
FEW_KINDS = 6  # the rows of more end anywhere
MOST_WAYS = 20000  # to combine the prices of all cartons but the last


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
        empty = [(shell.price(0), shell) for shell in self.shells]
        self.least = min((price for price, _ in empty), default=inf)
        self.rate = min(
            (price / shell.volume for price, shell in empty if shell.volume),
            default=0.0,
        )
        self.roomiest = max((shell.volume for shell in self.shells), default=0)
        self.strongest = max((shell.cap for shell in self.shells), default=0)
        self._hulls: dict[tuple[int, int], Corners] = {}
        self._envelopes: dict[int, Corners] = {}
        self._reachable: dict[tuple, int] = {}
        self._steps: dict[int, Corners] = {}
        self._holdings: dict[tuple, tuple[list[int], list[float]]] = {}
        self._possible: dict[tuple, bool] = {}
        self._most: dict[tuple, int] = {}
        self._rooms: dict[tuple, int] = {}
        self._total = problem.weight(problem.load)

    def hull(self, shell: Shell, depth: int) -> Corners:
        """``price_hull`` of a shell for weights up to the order's."""
        found = self._hulls.get((shell.number, depth))
        if found is None:
            found = price_hull(shell, self._total, depth)
            self._hulls[shell.number, depth] = found
        return found

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
            hulls = (self.hull(shell, depth) for shell in self.shells)
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

    def reachable(self, load: Load) -> int:
        """A bit for each weight in g that some of the units have together, or more."""
        key = tuple(sorted(load.items()))
        bits = self._reachable.get(key)
        if bits is None:
            bits = 1 if self.problem.weight(load) < HEAVY else -1
            for number, many in load.items() if bits > 0 else ():
                weight, step = self.problem.kinds[number].weight, 1
                while many:  # any number up to `many`, by doubling
                    step = min(step, many)
                    bits |= bits << weight * step
                    many -= step
                    step *= 2
            self._reachable[key] = bits
        return bits

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

    def split(self, chosen: Sequence[Shell], load: Load, below: float = inf) -> float:
        """Least price of these cartons however the units are shared out.

        Only looked at closely as long as it is under ``below``.
        """
        weight = self.problem.weight(load)
        if len(chosen) == 2:
            return _split_two(*chosen, weight, below, self.reachable(load))
        ways = prod(len(self.steps(shell)) for shell in chosen[:-1])
        if ways > MOST_WAYS or self.problem.late():
            # prices per gram have too many steps to look at all
            return self._split_hulls(chosen, weight)
        return self._split_many(chosen, weight)

    def _split_hulls(self, chosen: Sequence[Shell], weight: int) -> float:
        """Least price of these cartons if each cost no more than its convex hull.

        Convex prices are least in sum when each gram goes where it costs least.
        """
        hulls = [self.hull(shell, DEPTHS[-1]) for shell in chosen]
        price = sum(hull[0][1] for hull in hulls)
        sides = [
            ((high[1] - low[1]) / (high[0] - low[0]), high[0] - low[0])
            for hull in hulls
            for low, high in pairwise(hull)
        ]
        for slope, room in sorted(sides):
            share = min(room, weight)
            price += slope * share
            weight -= share
        return price if weight <= 0 else inf

    def _split_many(self, chosen: Sequence[Shell], weight: int) -> float:
        """Least price over all ways to share out a weight, price step by price step."""
        *others, last = chosen
        most, prices = self._held(tuple(others))
        least = inf
        for end, price in self.steps(last):
            place = bisect_left(most, weight - end)
            if place < len(most):
                least = min(least, price + prices[place])
        return least

    def _held(self, chosen: tuple[Shell, ...]) -> tuple[list[int], list[float]]:
        """The most g that cartons hold together, and for what price, both rising."""
        key = tuple(shell.number for shell in chosen)
        found = self._holdings.get(key)
        if found is None:
            ends, prices = ([0], [0.0]) if len(chosen) < 2 else self._held(chosen[:-1])
            best: dict[float, int] = {}
            for end, price in self.steps(chosen[-1]):
                for other, paid in zip(ends, prices, strict=True):
                    total = round(price + paid, 6)
                    if other + end > best.get(total, -1):
                        best[total] = other + end
            found = [], []
            for total in sorted(best):
                if not found[0] or best[total] > found[0][-1]:
                    found[0].append(best[total])
                    found[1].append(total)
            self._holdings[key] = found
        return found

    def steps(self, shell: Shell) -> Corners:
        """(most g of contents, price) for each price of a shell, from below."""
        found = self._steps.get(shell.number)
        if found is None:
            found = self._steps[shell.number] = price_steps(shell, self._total)
        return found

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
                split = self._bounds.split(chosen, self._load, self.least)
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


def _split_two(
    one: Shell, other: Shell, weight: int, below: float, reachable: int
) -> float:
    """Least price of two cartons over the ways to share out the units' weight.

    If the first holds between ``low`` and ``high`` g, it costs at least what ``low``
    costs, and the other at least what is left beside ``high``. The share with the
    least such bound is halved until a single weight has it. ``reachable`` has a bit
    for each weight that some of the units have together.
    """
    shares: list[tuple[float, int, int]] = []

    def add(low: int, high: int) -> None:
        if low <= high and (reachable >> low) & ((2 << (high - low)) - 1):
            price = one.price(low) + other.price(weight - high)
            heappush(shares, (price, low, high))

    add(int(max(0, weight - other.cap)), int(min(weight, one.cap)))
    while shares:
        least, low, high = heappop(shares)
        if least >= below or low == high:
            return least
        middle = (low + high) // 2
        add(low, middle)
        add(middle + 1, high)
    return inf
