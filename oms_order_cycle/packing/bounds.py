"""What is impossible, and what the best possible costs at least.

Every bound holds for any price that does not fall when weight rises, and ignores
support and placement rules: leaving demands out can only make a plan cheaper.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations_with_replacement
from math import ceil, inf

from .problem import Kind, Load, Problem, Shell

EVALUATIONS = 400  # of the price per shell when its steps are looked for
COMBINATIONS = 3000  # of cartons that are looked at one by one


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


class Steps:
    """The price of one shell over the weight of its contents, from below.

    The price is constant, or bounded from below, on each interval: ``ends`` are
    the intervals' upper ends in g, ``prices`` the least price in each.
    """

    def __init__(self, shell: Shell, most: int):
        self.ends: list[int] = []
        self.prices: list[float] = []
        self._shell = shell
        self._left = EVALUATIONS
        most = int(min(most, shell.cap))
        self._split(0, most, shell.price(0), shell.price(most), most)

    def _split(self, low: int, high: int, first: float, last: float, width: int):
        """Intervals from ``low`` (exclusive, but for 0) to ``high``."""
        if first == last or high - low <= 1 or self._left <= 0:
            # undecided: the least it can be on the way up is what it is at its start
            if first != last and high - low <= 1:
                self._add(low, first)
                self._add(high, last)
            else:
                self._add(high, first)
            return
        self._left -= 1
        middle = (low + high) // 2
        paid = self._shell.price(middle)
        self._split(low, middle, first, paid, width)
        self._split(middle, high, paid, last, width)

    def _add(self, end: int, price: float) -> None:
        if self.prices and self.prices[-1] == price:
            self.ends[-1] = end
        else:
            self.ends.append(end)
            self.prices.append(price)

    def at(self, content: int) -> float:
        """Least price with ``content`` g, infinite above the limit."""
        place = bisect_left(self.ends, content)
        return self.prices[place] if place < len(self.ends) else inf

    @cached_property
    def hull(self) -> list[tuple[int, float]]:
        """Corners of the greatest convex function that is nowhere above."""
        points: list[tuple[int, float]] = [(0, self.prices[0])]
        for end, price in zip(self.ends, self.prices):
            while len(points) > 1 and _above(points[-2], points[-1], (end, price)):
                points.pop()
            if end > points[-1][0]:
                points.append((end, price))
        return points


def _above(first: tuple, middle: tuple, last: tuple) -> bool:
    """Whether ``middle`` lies on or above the line from first to last."""
    return (middle[1] - first[1]) * (last[0] - first[0]) >= (last[1] - first[1]) * (
        middle[0] - first[0]
    )


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
        self._steps: dict[int, Steps] = {}
        self._total = problem.weight(problem.load)

    def steps(self, shell: Shell) -> Steps:
        """The price of a shell over the weight, for weights up to the order's."""
        found = self._steps.get(shell.number)
        if found is None:
            found = self._steps[shell.number] = Steps(shell, self._total)
        return found

    def cartons(self, load: Load) -> int:
        """How many cartons the load needs at least, by volume and weight."""
        problem = self.problem
        by_volume = -(-problem.volume(load) // max(1, self.roomiest))
        weight = problem.weight(load)
        by_weight = 1 if weight <= self.strongest else ceil(weight / self.strongest)
        return max(1, by_volume, by_weight)

    @cached_property
    def envelope(self) -> list[tuple[int, float]]:
        """Convex lower bound of the price of one parcel over its contents in g."""
        points = sorted(
            corner for shell in self.shells for corner in self.steps(shell).hull
        )
        hull: list[tuple[int, float]] = []
        for point in points:
            if hull and point[0] == hull[-1][0]:
                continue
            while len(hull) > 1 and _above(hull[-2], hull[-1], point):
                hull.pop()
            hull.append(point)
        return hull

    def by_weight(self, load: Load) -> float:
        """Every gram is in some parcel: convex prices are least when shared evenly."""
        weight = self.problem.weight(load)
        least = inf
        for number in range(self.cartons(load), self.cartons(load) + 60):
            price = number * _value(self.envelope, weight / number)
            if price > least:
                break
            least = price
        return least

    def quick(self, load: Load) -> float:
        """A cheap bound: volume, weight and the cheapest parcel."""
        if not load:
            return 0.0
        return max(
            self.least * self.cartons(load),
            self.problem.volume(load) * self.rate,
            self.by_weight(load),
        )

    def several(self, load: Load, below: float) -> float:
        """Least price of two or more cartons, as far as it is under ``below``."""
        problem = self.problem
        volume, weight = problem.volume(load), problem.weight(load)
        start = max(2, self.cartons(load))
        best = below
        for number in range(start, start + 40):
            rest = max(number * self.least, self.quick(load))
            if rest >= best - 1e-9 or number > sum(load.values()):
                return best
            if _combinations(len(self.shells), number) > COMBINATIONS:
                return min(best, rest)
            for chosen in self._enough(load, volume, weight, number):
                best = min(best, self.split(chosen, weight))
        return min(best, self.quick(load))

    def _enough(
        self, load: Load, volume: int, weight: int, number: int
    ) -> Iterator[list[Shell]]:
        """Combinations of cartons big and strong enough, with a place for all."""
        problem = self.problem
        fits = [{kind for kind in load if row[kind]} for row in problem.holds]
        for chosen in combinations_with_replacement(self.shells, number):
            if (
                sum(shell.volume for shell in chosen) >= volume
                and sum(shell.cap for shell in chosen) >= weight
                and len(set().union(*(fits[shell.number] for shell in chosen)))
                == len(load)
            ):
                yield list(chosen)

    def split(self, chosen: Sequence[Shell], weight: int) -> float:
        """Least price of these cartons however the weight is shared out."""
        if len(chosen) == 2:
            one, other = (self.steps(shell) for shell in chosen)
            # the best split fills one carton to the end of one of its price steps
            return min(
                price + other.at(max(0, weight - end))
                for end, price in zip(one.ends, one.prices)
            )
        hulls = [self.steps(shell).hull for shell in chosen]
        least = sum(hull[0][1] for hull in hulls)
        slopes = sorted(
            ((price - paid) / (end - start), end - start)
            for hull in hulls
            for (start, paid), (end, price) in zip(hull, hull[1:])
        )
        for slope, width in slopes:
            if weight <= 0:
                break
            least += slope * min(weight, width)
            weight -= width
        return least if weight <= 0 else inf


def _value(corners: list[tuple[int, float]], at: float) -> float:
    """A convex function given by its corners; infinite beyond the last."""
    for (start, low), (end, high) in zip(corners, corners[1:]):
        if at <= end:
            return low + (high - low) * (at - start) / (end - start)
    return corners[-1][1] if at <= corners[-1][0] else inf


def _combinations(shells: int, number: int) -> int:
    ways = 1
    for k in range(number):
        ways = ways * (shells + k) // (k + 1)
    return ways
