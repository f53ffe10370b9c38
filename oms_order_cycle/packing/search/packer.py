"""A plan in the making, and the best single carton for a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from ..geometry import Placed
from ..problem import Load, Problem, Shell
from ..proof.bounds import Bounds
from .fills import Filler
from .single import Fitter

EPS = 1e-7  # prices closer than this are the same
FEW = 30  # units that are tried in every carton even when it is late
LEAST_EFFORT = 1 / 12  # share of the effort where little can be won


class Packed(NamedTuple):
    """One carton of a plan in the making."""

    shell: Shell
    placed: list[Placed]
    price: float


class Draft(NamedTuple):
    """A whole plan in the making: price and cartons."""

    price: float
    cartons: list[Packed]


def draft_of(cartons: Iterable[Packed]) -> Draft:
    """The draft with these cartons."""
    cartons = list(cartons)
    return Draft(sum(packed.price for packed in cartons), cartons)


def used(cartons: Iterable[Packed]) -> Counter:
    """How many of each offered carton a draft uses."""
    return Counter(packed.shell.stock for packed in cartons)


class Packer:
    """What every part of the search needs: fits, fills, bounds, single cartons."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.shells = problem.shells
        self.fitter = Fitter(problem)
        self.filler = Filler(problem)
        self.bounds = Bounds(problem)

    def pack(self, shell: Shell, placed: list[Placed]) -> Packed:
        """A carton with its price."""
        weight = sum(self.problem.kinds[unit[0]].weight for unit in placed)
        return Packed(shell, placed, shell.price(weight))

    def singles(
        self, load: Load, below: float, stock: Counter | None = None
    ) -> list[tuple[float, int, Shell]]:
        """Cartons big and strong enough for the load, cheapest first."""
        weight, volume = self.problem.weight(load), self.problem.volume(load)
        found = []
        for shell in self.shells:
            if shell.volume >= volume and shell.cap >= weight:
                price = shell.price(weight)
                if price < below - EPS and self.problem.in_stock(shell, stock):
                    found.append((price, shell.volume, shell.number))
        return [(p, v, self.shells[number]) for p, v, number in sorted(found)]

    def single(
        self, load: Load, below: float, effort: int, stock: Counter | None = None
    ) -> Packed | None:
        """The cheapest carton found that holds the whole load under ``below``."""
        found = self.singles(load, below, stock)
        dearer = [price for price, *_ in found[1:]] + [below]
        for (price, _, shell), next_price in zip(found, dearer, strict=False):
            # look long only where the next carton costs much more
            gain = 5 * (next_price - price) / max(price, EPS)
            gain = min(1.0, max(LEAST_EFFORT, gain))
            if self.problem.late() and sum(load.values()) > FEW:
                placed = self.fitter.known(shell, load)
            else:
                placed = self.fitter.fit(shell, load, ceil(effort * gain))
            if placed is not None:
                return Packed(shell, placed, price)
        return None
