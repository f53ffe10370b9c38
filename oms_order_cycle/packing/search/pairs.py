"""A load in two cartons."""

from __future__ import annotations

from collections import Counter
from itertools import combinations_with_replacement

from ..problem import Load, Shell, count, minus
from .exchange import EXCHANGES, best_split
from .packer import EPS, Draft, Packer

HOPEFUL = 2  # exchanges tried where what is left does not fit as it is
WINDOWS = 4  # steps of the price aimed at
WEIGHED = 2  # ways to fill a carton up to one of them


class Pairs:
    """Two cartons for a load, tried in the order of their least price."""

    def __init__(self, packer: Packer):
        self.packer = packer
        self.problem = packer.problem

    def pack(
        self,
        load: Load,
        below: float,
        effort: int,
        limit: int,
        stock: Counter | None = None,
    ) -> Draft | None:
        """Two cartons cheaper than ``below``, from the ``limit`` cheapest pairs."""
        candidates = self.candidates(load, below, stock)
        volume = self.problem.volume(load)
        best = None
        for deep in (False, True):
            for floor, one, other in candidates[: limit // 3 if deep else limit]:
                if floor >= below - EPS or self.problem.late():
                    break
                if not deep and one.volume + other.volume < 1.12 * volume:
                    continue
                if not self.packer.bounds.possible((one, other), load):
                    continue
                draft = self._split(one, other, load, floor, below, effort, deep)
                if draft:
                    best, below = draft, draft.price
        for floor, one, other in candidates[: limit // 3]:
            if floor >= below - EPS or self.problem.late():
                break
            draft = self._weighed(one, other, load, below, effort)
            if draft:
                best, below = draft, draft.price
        return best

    def _weighed(
        self, one: Shell, other: Shell, load: Load, below: float, effort: int
    ) -> Draft | None:
        """Two cartons whose weights both end just under a step of the price."""
        best = None
        for first, second in ((one, other), (other, one)):
            for _, high in self._windows(first, second, load, below)[:WINDOWS]:
                for placed in self.packer.filler.up_to(first, load, high, WEIGHED):
                    taken = count(placed)
                    loads = taken, minus(load, taken)
                    if not loads[1]:
                        continue
                    self.packer.fitter.remember(first, taken, placed)
                    draft = best_split(
                        self.packer, (first, second), loads, below, effort, HOPEFUL
                    )
                    if draft:
                        best, below = draft, draft.price
        return best

    def _windows(
        self, one: Shell, other: Shell, load: Load, below: float
    ) -> list[tuple[float, int]]:
        """Most g for the first carton so that both cost less than ``below``.

        With how full the fuller one would be if all units were as dense; that least
        first.
        """
        weight, volume = self.problem.weight(load), self.problem.volume(load)
        bits = self.packer.bounds.shares.reachable(load)
        if not weight:
            return []
        others = self.packer.bounds.shares.steps(other)
        found = []
        for end, price in self.packer.bounds.shares.steps(one):
            room = max(
                (e for e, p in others if p + price < below - EPS),
                default=-1,
            )
            low = max(0, weight - room)
            if room < 0 or low > end or not (bits >> low) & ((2 << (end - low)) - 1):
                continue
            share = end * volume / weight
            fullest = max(share / one.volume, (volume - share) / other.volume)
            if fullest < 1:
                found.append((fullest, end))
        return sorted(found)

    def candidates(
        self, load: Load, below: float, stock: Counter | None = None
    ) -> list[tuple[float, Shell, Shell]]:
        """Pairs with room for all under ``below``, the least possible price first."""
        problem, bounds = self.problem, self.packer.bounds
        volume = 1.02 * problem.volume(load)
        masks = bounds.masks(load)
        found = []
        for one, other in combinations_with_replacement(self.packer.shells, 2):
            if (
                one.volume + other.volume < volume
                or one.price(0) + other.price(0) >= below - EPS
                or masks[one.number] | masks[other.number] != bounds.whole(load)
                or not self._both_in_stock(one, other, stock)
            ):
                continue
            floor = bounds.shares.split((one, other), load, below)
            if floor < below - EPS:
                if one.volume < other.volume:
                    one, other = other, one
                found.append((floor, one, other))
        found.sort(key=lambda pair: (pair[0], pair[1].number, pair[2].number))
        return found

    def _both_in_stock(self, one: Shell, other: Shell, stock: Counter | None) -> bool:
        taken = Counter(stock) if stock else Counter()
        taken[one.stock] += 1
        return self.problem.in_stock(other, taken) and self.problem.in_stock(one, stock)

    def _split(
        self,
        one: Shell,
        other: Shell,
        load: Load,
        floor: float,
        below: float,
        effort: int,
        deep: bool,
    ) -> Draft | None:
        """Fill one carton, put the rest in the other, exchange units if that pays."""
        best = None
        keep, tries = (4, 8) if deep else (1, 2)
        turns = [(one, other), (other, one)] if one is not other else [(one, other)]
        for first, second in turns:
            for placed in self.packer.filler.fills(first, load, keep, tries):
                taken = count(placed)
                loads = taken, minus(load, taken)
                if not loads[1]:
                    continue
                self.packer.fitter.remember(first, taken, placed)
                fits = self.packer.fitter.fit(second, loads[1], effort) is not None
                tries = EXCHANGES if fits else HOPEFUL
                draft = best_split(
                    self.packer, (first, second), loads, below, effort, tries
                )
                if draft:
                    best, below = draft, draft.price
                if below <= floor + EPS:
                    return best
        return best
