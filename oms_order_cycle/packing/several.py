"""A load in several cartons: pairs, beam search, squeaky wheel, repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations_with_replacement
from math import inf
from typing import NamedTuple

from .blocks import MODES, fill_with_blocks
from .bounds import Bounds
from .construct import Limits, construct, deepest, far_corner, low_top, tight, wall_x
from .geometry import Placed
from .problem import Load, Problem, Shell, count, minus
from .single import SORTS, Fitter, bottom_first

EPS = 1e-7


class Packed(NamedTuple):
    """One carton of a plan in the making."""

    shell: Shell
    placed: list[Placed]
    price: float


class Draft(NamedTuple):
    """A whole plan in the making: price and cartons."""

    price: float
    cartons: list[Packed]


def used(cartons: list[Packed]) -> Counter:
    """How many of each offered carton a draft uses."""
    return Counter(packed.shell.stock for packed in cartons)


class Search:
    """Looks for the cheapest cartons for an order."""

    def __init__(self, problem: Problem, effort: int):
        self.problem = problem
        self.effort = effort
        self.fitter = Fitter(problem)
        self.bounds = Bounds(problem)
        self.shells = problem.shells
        most = max((shell.volume for shell in self.shells), default=1)
        # big units first are worth more than their volume: they are hard to place
        self.worth = [
            kind.volume * (kind.volume / most) ** 0.2 for kind in problem.kinds
        ]

    # -- one carton ----------------------------------------------------------------

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
        for price, _, shell in self.singles(load, below, stock):
            placed = self.fitter.fit(shell, load, effort)
            if placed is not None:
                return Packed(shell, placed, price)
        return None

    # -- partial fills -----------------------------------------------------------

    def fill(self, shell: Shell, order: list[int], load: Load, rule) -> list[Placed]:
        """As much of the load as goes into a carton, kinds taken in this order."""
        problem = self.problem
        holds = problem.holds[shell.number]
        if problem.ruled:
            order = sorted(order, key=lambda kind: bottom_first(problem.kinds[kind]))
        barred: set[int] = set()
        while True:
            sequence = [
                kind
                for kind in order
                if holds[kind] and kind not in barred
                for _ in range(load[kind])
            ]
            placed, _ = construct(
                shell.hull, sequence, problem.kinds, rule, problem.support,
                limits=self._limits(shell), strict=problem.ruled,
            )  # fmt: skip
            torn = self._torn(load, placed)
            if not torn:
                return placed
            barred |= torn

    def _limits(self, shell: Shell) -> Limits:
        enemies = None if self.problem.peaceful else self.problem.enemies
        return Limits(shell.cap, shell.volume, enemies)

    def _torn(self, load: Load, placed: list[Placed]) -> set[int]:
        """Kinds of the groups that are partly in the carton and partly not."""
        if not self.problem.grouped:
            return set()
        kinds = self.problem.kinds
        taken = count(placed)
        torn = {
            kinds[kind].item.together
            for kind, many in load.items()
            if kinds[kind].item.together is not None and taken.get(kind, 0) < many
        }
        inside = {kinds[kind].item.together for kind in taken}
        return {kind for kind in load if kinds[kind].item.together in torn & inside}

    def fills(
        self, shell: Shell, load: Load, keep: int, tries: int
    ) -> list[list[Placed]]:
        """The ``keep`` most worthy ways found to fill a carton from the load."""
        holds = self.problem.holds[shell.number]
        inside = {kind: many for kind, many in load.items() if holds[kind]}
        found: list[list[Placed]] = []
        plain = not (self.problem.ruled or self.problem.grouped)
        if plain and sum(inside.values()) >= 2 * len(inside) > 0:
            for mode in MODES[: tries // 4]:
                found.append(
                    fill_with_blocks(
                        shell.hull, inside, self.problem.kinds, mode,
                        self.problem.support, self._limits(shell),
                    )
                )  # fmt: skip
        for rule, sort in FILLS[:tries] if inside else ():
            found.append(self.fill(shell, self._sorted(inside, sort), inside, rule))
        found = [placed for placed in found if placed]
        found.sort(key=lambda placed: -sum(self.worth[unit[0]] for unit in placed))
        best: dict[tuple, list[Placed]] = {}
        for placed in found:
            best.setdefault(tuple(sorted(count(placed).items())), placed)
        return list(best.values())[:keep]

    def _sorted(self, load: Load, sort: int) -> list[int]:
        kinds = self.problem.kinds
        return sorted(load, key=lambda kind: SORTS[sort](kinds[kind]))

    # -- two cartons -------------------------------------------------------------

    def pairs(
        self,
        load: Load,
        below: float,
        effort: int,
        limit: int,
        stock: Counter | None = None,
    ) -> Draft | None:
        """Two cartons cheaper than ``below``, tried in the order of their price."""
        candidates = self._pair_candidates(load, below, stock)
        volume = self.problem.volume(load)
        best = None
        for deep in (False, True):
            for floor, one, other in candidates[: limit // 3 if deep else limit]:
                if floor >= below - EPS or self.problem.late():
                    break
                if not deep and one.volume + other.volume < 1.12 * volume:
                    continue
                draft = self._split(one, other, load, below, effort, deep)
                if draft:
                    best, below = draft, draft.price
        return best

    def _pair_candidates(
        self, load: Load, below: float, stock: Counter | None
    ) -> list[tuple[float, Shell, Shell]]:
        problem = self.problem
        weight, volume = problem.weight(load), problem.volume(load)
        found = []
        for one, other in combinations_with_replacement(self.shells, 2):
            if one.volume + other.volume < 1.02 * volume or one.cap + other.cap < weight:
                continue
            if one.price(0) + other.price(0) >= below - EPS:
                continue
            holds = zip(problem.holds[one.number], problem.holds[other.number])
            either = [mine or theirs for mine, theirs in holds]
            if not all(either[kind] for kind in load):
                continue
            if not self._both_in_stock(one, other, stock):
                continue
            floor = self.bounds.split((one, other), weight)
            if floor < below - EPS:
                if one.volume < other.volume:
                    one, other = other, one
                found.append((floor, one, other))
        found.sort(key=lambda pair: (pair[0], pair[1].number, pair[2].number))
        return found

    def _both_in_stock(self, one: Shell, other: Shell, stock: Counter | None) -> bool:
        taken = Counter(stock) if stock else Counter()
        taken[one.stock] += 1
        return self.problem.in_stock(other, taken) and (
            one.stock == other.stock or self.problem.in_stock(one, stock)
        )

    def _split(
        self, one: Shell, other: Shell, load: Load, below: float, effort: int, deep: bool
    ) -> Draft | None:
        best = None
        keep, tries = (2, 4) if deep else (1, 2)
        turns = [(one, other), (other, one)] if one is not other else [(one, other)]
        for first, second in turns:
            for placed in self.fills(first, load, keep, tries):
                rest = minus(load, count(placed))
                if not rest:
                    continue
                packed = self.pack(first, placed)
                price = packed.price + second.price(self.problem.weight(rest))
                if price >= below - EPS:
                    continue
                remaining = self.fitter.fit(second, rest, effort)
                if remaining is not None:
                    best = Draft(price, [packed, self.pack(second, remaining)])
                    below = price
                    break
        return best

    # -- many cartons ------------------------------------------------------------

    def greedy(self, load: Load) -> Draft:
        """A quick plan; it may leave units out if cartons are limited."""
        cartons: list[Packed] = []
        rest = load
        while rest:
            packed = self.single(rest, inf, 2, used(cartons))
            if packed is None:
                packed = self._best_fill(rest, used(cartons))
            if packed is None:
                break
            cartons.append(packed)
            rest = minus(rest, count(packed.placed))
        return Draft(sum(packed.price for packed in cartons), cartons)

    def _best_fill(self, load: Load, stock: Counter) -> Packed | None:
        best, least = None, inf
        for shell in self.shells:
            if not self.problem.in_stock(shell, stock):
                continue
            for placed in self.fills(shell, load, 1, 1):
                packed = self.pack(shell, placed)
                rate = packed.price / sum(self.worth[unit[0]] for unit in placed)
                if rate < least:
                    best, least = packed, rate
        return best

    def beam(self, load: Load, below: float, width: int = 3) -> Draft | None:
        """Fill carton after carton, keeping the most promising part plans."""
        rate = self.bounds.quick(load) / self._worth(load)
        states = [(0.0, 0.0, load, [])]
        best = None
        while states:
            grown = []
            for _, price, rest, cartons in states:
                packed = self.single(rest, below - price, 6, used(cartons))
                if packed:
                    below = price + packed.price
                    best = Draft(below, [*cartons, packed])
                for packed in self._extensions(rest, used(cartons)):
                    left = minus(rest, count(packed.placed))
                    paid = price + packed.price
                    if left and paid + self.bounds.quick(left) < below - EPS:
                        guess = paid + rate * self._worth(left)
                        grown.append((guess, paid, left, [*cartons, packed]))
                    elif not left and paid < below - EPS:
                        below = paid
                        best = Draft(paid, [*cartons, packed])
                if self.problem.late():
                    return best
            grown.sort(key=lambda state: state[0])
            states = grown[:width]
        return best

    def _worth(self, load: Load) -> float:
        return sum(self.worth[kind] * many for kind, many in load.items())

    def _extensions(self, rest: Load, stock: Counter) -> Iterator[Packed]:
        """Promising cartons to fill next: the cheapest for their room, the largest."""
        weight, volume = self.problem.weight(rest), self.problem.volume(rest)

        def rate(shell: Shell) -> float:
            share = min(1.0, shell.volume / volume)
            return shell.price(int(min(weight, shell.cap) * share)) / shell.volume

        able = [shell for shell in self.shells if self.problem.in_stock(shell, stock)]
        chosen = sorted(able, key=rate)[:3]
        chosen += sorted(able, key=lambda shell: -shell.volume)[:1]
        for shell in dict.fromkeys(chosen):
            for placed in self.fills(shell, rest, 2, 4):
                yield self.pack(shell, placed)

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
        able = sorted(self.shells, key=lambda shell: shell.price(0) / shell.volume)[:2]
        able += sorted(self.shells, key=lambda shell: -shell.volume)[:1]
        cartons: list[Packed] = []
        rest, price = dict(load), 0.0
        while rest:
            stock = used(cartons)
            packed = self.single(rest, below - price, 4, stock)
            if packed is None:
                packed = self._urgent_fill(able, rest, urgency, raised, stock)
            if packed is None:
                break
            cartons.append(packed)
            price += packed.price
            rest = minus(rest, count(packed.placed))
            if price + self.bounds.quick(rest) >= below - EPS:
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
                placed = self.fill(shell, order, rest, rule)
                if placed:
                    packed = self.pack(shell, placed)
                    worth = sum(self.worth[unit[0]] * raised[unit[0]] for unit in placed)
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
        for place, (share, packed) in enumerate(zip(shares, cartons)):
            lack = max(0.0, (mean - share) / mean)
            for kind in count(packed.placed):
                urgency[kind] *= 1 + 0.25 * lack + 0.02 * place / len(cartons)
        for kind in rest:
            urgency[kind] *= 1.15

    # -- repair ------------------------------------------------------------------

    def improve(self, draft: Draft, rounds: int = 2) -> Draft:
        """Repack every two cartons of a plan, then try cheaper ones for each."""
        cartons = list(draft.cartons)
        for _ in range(rounds):
            before = sum(packed.price for packed in cartons)
            place = 0
            while place < len(cartons):
                other = place + 1
                while other < len(cartons) and not self.problem.late():
                    new = self._repacked(cartons, place, other)
                    if new:
                        rest = cartons[:place] + cartons[place + 1 : other]
                        cartons = rest + cartons[other + 1 :]
                        cartons[place:place] = new
                    else:
                        other += 1
                    if place >= len(cartons):
                        break
                place += 1
            for place, packed in enumerate(cartons):
                stock = used(cartons[:place] + cartons[place + 1 :])
                smaller = self.single(count(packed.placed), packed.price, 12, stock)
                cartons[place] = smaller or packed
            if sum(packed.price for packed in cartons) > before - EPS:
                break
        return Draft(sum(packed.price for packed in cartons), cartons)

    def _repacked(
        self, cartons: list[Packed], place: int, other: int
    ) -> list[Packed] | None:
        one, two = cartons[place], cartons[other]
        load = count(one.placed + two.placed)
        price = one.price + two.price
        if self.bounds.quick(load) >= price - EPS:
            return None
        stock = used([c for n, c in enumerate(cartons) if n not in (place, other)])
        single = self.single(load, price, 8, stock)
        if single:
            return [single]
        pair = self.pairs(load, price, 4, 6, stock)
        return pair.cartons if pair else None

    # -- the whole -----------------------------------------------------------------

    def solve(self) -> Draft:
        """The cheapest plan found for the whole order."""
        load = self.problem.load
        single = self.single(load, inf, self.effort)
        best = Draft(single.price, [single]) if single else None
        below = best.price if best else inf
        if sum(load.values()) < 2 or not self._worth_splitting(load, below):
            return best or self.greedy(load)
        limit = 12 if best else 24
        best = self.pairs(load, below, max(3, self.effort // 4), limit) or best
        if best is None or len(best.cartons) > 1:
            best = self._many(load, best)
        return self.improve(best) if len(best.cartons) > 1 else best

    def _many(self, load: Load, best: Draft | None) -> Draft:
        greedy = self.greedy(load)
        packed = sum(len(packed.placed) for packed in greedy.cartons)
        whole = packed == sum(load.values())
        if best is None or whole and greedy.price < best.price:
            best = greedy
        below = best.price if whole or best is not greedy else inf
        if self.bounds.quick(load) < below - EPS:
            found = self.beam(load, below)
            if found:
                best = found
            if found or below < inf:
                best = self.squeaky(load, best, 3)
        return best

    def bound(self, price: float) -> float:
        """A proven lower bound of the price of the whole order, at most ``price``."""
        load = self.problem.load
        for paid, _, shell in self.singles(load, price):
            if not self.fitter.impossible(shell, load):
                price = paid
                break
        if sum(load.values()) < 2:
            return price
        return self.bounds.several(load, price)

    def _worth_splitting(self, load: Load, below: float) -> bool:
        floor = max(2, self.bounds.cartons(load)) * self.bounds.least
        if floor >= below - EPS:
            return False
        return self.bounds.several(load, below) < below - EPS


FILLS = (
    (far_corner, 0),
    (low_top, 0),
    (deepest, 1),
    (tight, 0),
    (far_corner, 1),
    (deepest, 0),
    (wall_x, 0),
    (far_corner, 2),
)
