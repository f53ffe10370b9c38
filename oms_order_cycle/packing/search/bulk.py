"""Very large orders: full cartons of one product each come off first.

What is left is small enough to be searched. An order of a container load then takes
hardly longer than one of a pallet.
"""

from __future__ import annotations

from collections import Counter

from ..problem import Load
from ..proof.counts import Step, frontier, unit_steps
from .equal import Equal
from .packer import Packed, Packer

CARTONS = 80  # that an order needs at least to be a very large one
UNITS = 400  # the same, in units, if there are many of each product
ALIKE = 8  # units of each product that are many
LEFT = 24  # cartons' worth of all products that are left to be searched
LEAST_LEFT = 2  # the same of each product


class Bulk:
    """Takes full cartons of one product off a load."""

    def __init__(self, packer: Packer, equal: Equal):
        self.packer, self.problem, self.equal = packer, packer.problem, equal

    def suits(self, load: Load) -> bool:
        """Whether the order is too large to be searched as it is."""
        units = sum(load.values())
        return (
            self.packer.bounds.cartons(load) > CARTONS and units > 2 * len(load)
        ) or (units > UNITS and units > ALIKE * len(load))

    def take(self, load: Load) -> tuple[list[Packed], Load]:
        """The full cartons, and what is left of the load."""
        cartons: list[Packed] = []
        left = dict(load)
        for number in sorted(load, key=lambda n: -self.problem.kinds[n].volume):
            if self.problem.kinds[number].item.together is None:
                taken = self._full(number, left[number], len(load))
                cartons += taken
                left[number] -= sum(len(packed.placed) for packed in taken)
        for packed in cartons:
            self.problem.take(packed.shell)
        return cartons, {number: many for number, many in left.items() if many}

    def _full(self, number: int, many: int, kinds: int) -> list[Packed]:
        """Cartons full of one product; a few cartons' worth is left for the search."""
        left = max(LEAST_LEFT, LEFT // kinds) if kinds > 1 else 1
        cartons: list[Packed] = []
        stock: Counter = Counter()
        while True:
            step = self._best(number, many, stock)
            if step is None:
                return cartons
            times = many // step.many - left
            available = self.problem.available[step.shell.stock]
            if available is not None:
                times = min(times, available - stock[step.shell.stock])
            if times <= 0:
                return cartons
            placed = self.equal.hold(step.shell, number, step.many)
            cartons += [self.packer.pack(step.shell, placed)] * times
            stock[step.shell.stock] += times
            many -= times * step.many

    def _best(self, number: int, many: int, stock: Counter) -> Step | None:
        """The carton that costs least for each unit in it."""
        problem, weight = self.problem, self.problem.kinds[number].weight
        steps = []
        for shell in self.packer.shells:
            if problem.holds[shell.number][number] and problem.in_stock(shell, stock):
                most = self.packer.bounds.at_a_look(shell, number, many)
                held = len(self.equal.hold(shell, number, most, deep=False))
                steps += unit_steps(shell, weight, held)
        best = sorted(frontier(steps), key=lambda step: step.price / step.many)
        if not best:
            return None
        if problem.late():
            return best[0]
        # the one that looks best is looked at once more
        shell = best[0].shell
        most = self.packer.bounds.at_a_look(shell, number, many)
        held = len(self.equal.hold(shell, number, most))
        steps += unit_steps(shell, weight, held)
        return min(frontier(steps), key=lambda step: step.price / step.many)
