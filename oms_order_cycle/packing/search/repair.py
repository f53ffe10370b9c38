"""Make a plan of several cartons cheaper."""

from __future__ import annotations

from ..problem import count
from .exchange import exchange
from .packer import EPS, Draft, Packed, Packer, draft_of, used
from .pairs import Pairs

ALONE = 60  # cartons that are packed once more by themselves, the emptiest first
ALONE_SECONDS = 0.005  # for each of them
ALONE_EFFORT = 12  # the same


class Repair:
    """Repacks the cartons of a plan two by two, then looks for smaller ones."""

    def __init__(self, packer: Packer, pairs: Pairs):
        self.packer = packer
        self.pairs = pairs
        self.problem = packer.problem

    def improve(self, draft: Draft, floor: float, rounds: int = 2) -> Draft:
        """Repack two cartons at a time, then look for a cheaper one for each.

        Ends when nothing gets better or the price is down to ``floor``.
        """
        cartons = list(draft.cartons)
        price = draft.price
        for _ in range(rounds):
            before = price
            cartons = self._downsize(self._repack(cartons, floor))
            price = draft_of(cartons).price
            if price > before - EPS or price <= floor + EPS or self.problem.late():
                break
        return draft_of(cartons)

    def _repack(self, cartons: list[Packed], floor: float) -> list[Packed]:
        one = 0
        while one < len(cartons) - 1:
            other = one + 1
            while other < len(cartons):
                if self.problem.late() or draft_of(cartons).price <= floor + EPS:
                    return cartons
                rest = [c for n, c in enumerate(cartons) if n not in (one, other)]
                new = self._repacked(cartons[one], cartons[other], rest)
                if new and len(new) == 1:
                    del cartons[other]
                    cartons[one] = new[0]
                    continue
                if new:
                    cartons[one], cartons[other] = new
                other += 1
            one += 1
        return cartons

    def _repacked(
        self, one: Packed, other: Packed, rest: list[Packed]
    ) -> list[Packed] | None:
        """One or two cheaper cartons for what is in these two."""
        load = count(one.placed + other.placed)
        price = one.price + other.price
        if self.packer.bounds.quick(load, price) >= price - EPS:
            return None
        stock = used(rest)
        single = self.packer.single(load, price, 8, stock)
        if single:
            return [single]
        draft = self.pairs.pack(load, price, 4, 6, stock)
        return draft.cartons if draft else self._exchanged(one, other)

    def _exchanged(self, one: Packed, other: Packed) -> list[Packed] | None:
        draft = exchange(self.packer, one, other, one.price + other.price, 6)
        return draft.cartons if draft else None

    def alone(self, draft: Draft) -> Draft:
        """Every carton packed once more by itself, whatever the deadline."""
        cartons = list(draft.cartons)
        order = sorted(range(len(cartons)), key=lambda n: self._fill(cartons[n]))
        tried: set[tuple] = set()
        for place in order[:ALONE]:
            packed = cartons[place]
            load = count(packed.placed)
            key = packed.shell.number, tuple(sorted(load.items()))
            if key in tried:
                continue
            tried.add(key)
            stock = used(cartons[:place] + cartons[place + 1 :])
            with self.problem.allow(ALONE_SECONDS):
                better = self.packer.single(load, packed.price, ALONE_EFFORT, stock)
            cartons[place] = better or packed
        return draft_of(cartons)

    def _fill(self, packed: Packed) -> float:
        return self.problem.volume(count(packed.placed)) / packed.shell.volume

    def _downsize(self, cartons: list[Packed]) -> list[Packed]:
        for place, packed in enumerate(cartons):
            if self.problem.late():
                break
            stock = used(cartons[:place] + cartons[place + 1 :])
            load = count(packed.placed)
            cartons[place] = self.packer.single(load, packed.price, 12, stock) or packed
        return cartons
