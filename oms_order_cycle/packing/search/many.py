"""A load in many cartons: greedy, beam search, squeaky wheel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from math import inf

from ..problem import Load, Shell, count, minus
from .construct import far_corner, low_top
from .packer import EPS, Draft, Packed, Packer, used

GROUP_EFFORT = 60  # tries for units that must stay together
GROUP_SECONDS = 0.2  # to see why some were left out, whatever the deadline


class Many:
    """Carton after carton, until nothing is left."""

    def __init__(self, packer: Packer):
        self.packer = packer
        self.problem = packer.problem

    def greedy(self, load: Load, before: Iterable[Packed] = ()) -> Draft:
        """A quick plan; it may leave units out if cartons are limited.

        :param before: cartons of the plan that are packed with other units
        """
        cartons = list(before)
        rest = load
        while rest:
            packed = None
            if not self.problem.late():
                packed = self.packer.single(rest, inf, 2, used(cartons))
            if packed is None:
                packed = self._best_fill(rest, used(cartons))
            if packed is None:
                packed = self._one_group(rest, used(cartons))
            if packed is None:
                break
            cartons.append(packed)
            rest = minus(rest, count(packed.placed))
        return Draft(sum(packed.price for packed in cartons), cartons)

    def one_size(
        self, load: Load, shell: Shell, below: float, tries: int
    ) -> Draft | None:
        """A plan under ``below`` of one carton again and again, and of one that takes
        the rest: quick, and often better than the best carton at every step."""
        cartons: list[Packed] = []
        rest, price = load, 0.0
        while rest:
            stock = used(cartons)
            packed = self.packer.single(rest, below - price, 2, stock)
            if packed is None and self.problem.in_stock(shell, stock):
                for placed in self.packer.filler.fills(shell, rest, 1, tries):
                    packed = self.packer.pack(shell, placed)
            if packed is None:
                packed = self._best_fill(rest, stock)
            if packed is None:
                return None
            cartons.append(packed)
            price += packed.price
            rest = minus(rest, count(packed.placed))
            floor = price + self.packer.bounds.quick(rest, below - price)
            if floor >= below - EPS or rest and self.problem.late():
                return None
        return Draft(price, cartons)

    def prepare(self, load: Load) -> None:
        """Find a carton for each group while there is time to look for one."""
        for group in self._groups(load):
            if not self.packer.single(group, inf, 1):
                self.packer.single(group, inf, GROUP_EFFORT)

    def _one_group(self, load: Load, stock: Counter) -> Packed | None:
        """A carton for a group that is hard to get into one."""
        for group in self._groups(load):
            packed = self.packer.single(group, inf, GROUP_EFFORT, stock)
            if packed:
                return packed
        return None

    def groups_too_large(self, left: Load) -> set[int]:
        """Kinds of the groups that no carton takes, even if there were enough of all.

        :param left: what a plan left out
        """
        problem, available = self.problem, self.problem.available
        problem.available = [None] * len(available)
        with problem.allow(GROUP_SECONDS):
            found = {
                kind
                for group in self._groups(left)
                if not self.packer.single(group, inf, GROUP_EFFORT)
                for kind in group
            }
        problem.available = available
        return found

    def _groups(self, load: Load) -> Iterable[Load]:
        """The parts of the load that must stay together."""
        groups: dict[Hashable, Load] = {}
        for kind, many in load.items():
            group = self.problem.kinds[kind].item.together
            if group is not None:
                groups.setdefault(group, {})[kind] = many
        return groups.values()

    def _best_fill(self, load: Load, stock: Counter) -> Packed | None:
        best, least = None, inf
        shells = self.packer.shells
        if self.problem.late():  # no time to compare: the one likely best comes first
            shells = sorted(shells, key=lambda shell: shell.price(0) / shell.volume)
        for shell in shells:
            if best and self.problem.late():
                break
            if not self.problem.in_stock(shell, stock):
                continue
            for placed in self.packer.filler.fills(shell, load, 1, 1):
                packed = self.packer.pack(shell, placed)
                rate = packed.price / self.packer.filler.value(placed)
                if rate < least:
                    best, least = packed, rate
        return best

    def beam(self, load: Load, below: float, width: int = 3) -> Draft | None:
        """Fill carton after carton, keeping the most promising part plans."""
        rate = self.packer.bounds.quick(load) / self._value(load)
        states = [(0.0, 0.0, load, [])]
        best = None
        while states:
            grown = []
            for _, price, rest, cartons in states:
                packed = self.packer.single(rest, below - price, 6, used(cartons))
                if packed:
                    below = price + packed.price
                    best = Draft(below, [*cartons, packed])
                for packed in self._extensions(rest, used(cartons)):
                    if self.problem.late():
                        return best
                    left = minus(rest, count(packed.placed))
                    paid = price + packed.price
                    floor = paid + self.packer.bounds.quick(left, below - paid)
                    if left and floor < below - EPS:
                        guess = paid + rate * self._value(left)
                        grown.append((guess, paid, left, [*cartons, packed]))
                    elif not left and paid < below - EPS:
                        below = paid
                        best = Draft(paid, [*cartons, packed])
                if self.problem.late():
                    return best
            grown.sort(key=lambda state: state[0])
            states = grown[:width]
        return best

    def by_rate(self, load: Load) -> list[Shell]:
        """Cartons by what their room costs when it is filled with the load."""
        weight, volume = self.problem.weight(load), self.problem.volume(load)

        def rate(shell: Shell) -> float:
            share = min(1.0, shell.volume / volume)
            return shell.price(int(min(weight, shell.cap) * share)) / shell.volume

        return sorted(self.packer.shells, key=rate)

    def _value(self, load: Load) -> float:
        return sum(self.packer.filler.worth[kind] * many for kind, many in load.items())

    def _extensions(self, rest: Load, stock: Counter) -> Iterator[Packed]:
        """Promising cartons to fill next: the cheapest for their room, the largest."""
        able = [s for s in self.by_rate(rest) if self.problem.in_stock(s, stock)]
        chosen = able[:3]
        chosen += sorted(able, key=lambda shell: -shell.volume)[:1]
        for shell in dict.fromkeys(chosen):
            for placed in self.packer.filler.fills(shell, rest, 2, 4):
                yield self.packer.pack(shell, placed)

    def squeaky(self, load: Load, best: Draft, passes: int) -> Draft:
        """Plan-level squeaky wheel: units that end in poor cartons move up."""
        kinds = self.problem.kinds
        starts = (
            lambda kind: float(kind.volume),
            lambda kind: float(kind.large**3),
            lambda kind: (kind.large * kind.middle) ** 1.5,
        )
        for start in starts:
            first = {kind: start(kinds[kind]) for kind in load}
            urgency = dict(first)
            for _ in range(passes):
                if self.problem.late():
                    return best
                raised = {kind: urgency[kind] / first[kind] for kind in load}
                cartons, rest = self._by_urgency(load, best.price, urgency, raised)
                price = sum(packed.price for packed in cartons)
                if not rest and price < best.price - EPS:
                    best = Draft(price, cartons)
                self._raise(urgency, cartons, rest)
        return best

    def _by_urgency(
        self, load: Load, below: float, urgency: dict, raised: dict
    ) -> tuple[list[Packed], Load]:
        """Cartons filled in the order of urgency; the rest if it gets too dear."""
        shells = self.packer.shells
        able = sorted(shells, key=lambda shell: shell.price(0) / shell.volume)[:2]
        able += sorted(shells, key=lambda shell: -shell.volume)[:1]
        cartons: list[Packed] = []
        rest, price = dict(load), 0.0
        while rest and not self.problem.late():
            stock = used(cartons)
            packed = self.packer.single(rest, below - price, 4, stock)
            if packed is None:
                packed = self._urgent_fill(able, rest, urgency, raised, stock)
            if packed is None:
                break
            cartons.append(packed)
            price += packed.price
            rest = minus(rest, count(packed.placed))
            if price + self.packer.bounds.quick(rest, below - price) >= below - EPS:
                break
        return cartons, rest

    def _urgent_fill(
        self, able: list[Shell], rest: Load, urgency: dict, raised: dict, stock: Counter
    ) -> Packed | None:
        order = sorted(rest, key=lambda kind: -urgency[kind])
        best, least = None, inf
        for shell in dict.fromkeys(able):
            if not self.problem.in_stock(shell, stock):
                continue
            for rule in (far_corner, low_top):
                placed = self.packer.filler.fill(shell, order, rest, rule)
                if placed:
                    packed = self.packer.pack(shell, placed)
                    kinds = [unit[0] for unit in placed]
                    worth = sum(self.packer.filler.worth[k] * raised[k] for k in kinds)
                    if packed.price / worth < least:
                        best, least = packed, packed.price / worth
        return best

    def _raise(self, urgency: dict, cartons: list[Packed], rest: Load) -> None:
        """Kinds in the emptier and later cartons, and those left out, move up."""
        if not cartons:
            return
        shares = [
            self.problem.volume(count(packed.placed)) / packed.shell.volume
            for packed in cartons
        ]
        mean = sum(shares) / len(shares)
        for place, (share, packed) in enumerate(zip(shares, cartons, strict=True)):
            lack = max(0.0, (mean - share) / mean)
            for kind in count(packed.placed):
                urgency[kind] *= 1 + 0.25 * lack + 0.02 * place / len(cartons)
        for kind in rest:
            urgency[kind] *= 1.15
