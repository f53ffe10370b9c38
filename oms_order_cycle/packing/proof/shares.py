"""What chosen cartons cost at least, however the units are shared out to them.

Only weights count here: every bound holds wherever the units may lie.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise
from math import inf, prod

from ..problem import Load, Problem, Shell
from .hulls import Corners, price_hull, price_steps

DEPTHS = (3, 7)  # of halving the weight when a price is bounded: roughly, closely
HEAVY = 4_000_000  # g from which not every weight is told apart
MOST_WAYS = 20000  # to combine the prices of all cartons but the last


class Shares:
    """Lower bounds of the price of cartons of one problem, by the weights in them."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self._hulls: dict[tuple[int, int], Corners] = {}
        self._reachable: dict[tuple, int] = {}
        self._steps: dict[int, Corners] = {}
        self._holdings: dict[tuple, tuple[list[int], list[float]]] = {}
        self._total = problem.weight(problem.load)

    def hull(self, shell: Shell, depth: int) -> Corners:
        """``price_hull`` of a shell for weights up to the order's."""
        found = self._hulls.get((shell.number, depth))
        if found is None:
            found = price_hull(shell, self._total, depth)
            self._hulls[shell.number, depth] = found
        return found

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
