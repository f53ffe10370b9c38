"""Which cartons should we stock? Choose K of many by the orders of the past.

A k-median problem: every order goes into the cheapest chosen carton that holds it.
What an order costs in each candidate is found once: for each base (length x width) the
least height the order needs there tells all the heights that will do. Then cartons are
added greedily and swapped while the total price falls. Orders with equal contents are
one cluster; of many clusters a sample, spread evenly over the volumes, is looked at.
After Teitz, Bart, "Heuristic methods for estimating the generalized vertex median of a
weighted graph" (1968).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from math import ceil, inf

from . import tenths
from .engine import pack
from .model import Carton, Item, Price
from .problem import make_kinds
from .search.construct import Rule, construct, deepest, far_corner, low_top
from .search.sequences import SORTS, sequence

FILL = 0.7  # share of a carton that an order of several cartons fills, as a guess
EFFORT = 24  # when chosen sets are measured
UNITS = 240  # units placed on each base to see how high they stand, about
Progress = Callable[[str, int, int], None]  # what is being done, done so far, of
Floor = Callable[[Sequence[Item]], float]  # price of an order in today's cartons


class OutOfTime(Exception):
    """Raised by what watches the progress: the best so far is to be taken."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Orders with equal contents: one of them, and how many there are."""

    items: tuple[Item, ...]
    number: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The best set found for one number of cartons.

    :ivar number: how many cartons were chosen
    :ivar cartons: the chosen cartons
    :ivar price: estimated price of all orders (single cartons exact, several guessed)
    """

    number: int
    cartons: tuple[Carton, ...]
    price: float


def grid(
    lengths: Iterable[int],
    widths: Iterable[int],
    heights: Iterable[int],
    *,
    wall: int = 3,
    grams_per_m2: int = 400,
    max_gross: int | None = None,
) -> list[Carton]:
    """Cartons of all inner sizes, the length not under the width.

    :param wall: mm of board at each side; twice as much below and above
    :param grams_per_m2: weight of the board
    """
    heights = sorted(set(heights))
    return [
        made_to_measure((length, width, height), wall, grams_per_m2, max_gross)
        for length in sorted(set(lengths))
        for width in sorted(set(widths))
        if width <= length
        for height in heights
    ]


def made_to_measure(
    inner: tuple[int, int, int], wall: int, grams_per_m2: int, max_gross: int | None
) -> Carton:
    """A carton of an inner size in mm that is not on a list."""
    length, width, height = inner
    surface = 2 * (length * width + length * height + width * height)
    return Carton(
        key="x".join(map(str, inner)),
        inner=inner,
        outer=(length + 2 * wall, width + 2 * wall, height + 4 * wall),
        tare=round(surface * grams_per_m2 / 1_000_000),
        max_gross=max_gross,
    )


def cluster(orders: Iterable[Sequence[Item]], most: int | None = None) -> list[Cluster]:
    """Orders with equal contents joined; at most ``most`` clusters, evenly sampled.

    The numbers of the sample are raised so that they stand for all orders.
    """
    found: dict[tuple, list] = {}
    for items in orders:
        if tenths.needed(items):  # what is measured in cm needs none
            items = tenths.whole_sides(items)
        contents = tuple(sorted(map(_content, items)))
        found.setdefault(contents, [tuple(items), 0])[1] += 1
    clusters = [Cluster(items, number) for items, number in found.values()]
    if most is None or len(clusters) <= most:
        return clusters
    clusters.sort(key=lambda c: (_volume(c.items), -c.number))
    step = len(clusters) / most
    kept = [clusters[int(step * place + step / 2)] for place in range(most)]
    total, seen = sum(c.number for c in clusters), sum(c.number for c in kept)
    return [Cluster(c.items, c.number * total / seen) for c in kept]


def choose(
    orders: Iterable[Sequence[Item]],
    candidates: Sequence[Carton],
    price: Price,
    *,
    numbers: Iterable[int] = range(2, 16),
    today: Sequence[Carton] = (),
    support: float = 0.7,
    sample: int | None = 400,
    floor: Floor | None = None,
    progress: Progress | None = None,
) -> list[Choice]:
    """The best set of K cartons for each K: the curve that tells what one more saves.

    :param orders: items of each order of the past
    :param candidates: a supplier's list, or a ``grid``
    :param price: as for ``pack``
    :param numbers: which K are wanted
    :param today: cartons that are kept beside the chosen ones
    :param sample: how many different orders to look at, ``None`` for all
    :param floor: what an order costs in today's cartons, infinite if it does not go
        into them; it is packed to find out by default
    :param progress: told what is being done, how far, and of how much
    """
    numbers = sorted(set(numbers))
    tell = progress or (lambda what, done, of: None)
    table = _Table(cluster(orders, sample), price, support, tell)
    table.keep(today, floor)
    table.add(candidates)
    chosen: list[int] = []
    curve = []
    for number in range(1, max(numbers) + 1):
        best = table.best_addition(chosen)
        if best is None:
            break
        chosen = table.swapped([*chosen, best])
        tell("cartons", number, max(numbers))
        if number in numbers:
            cartons = tuple(candidates[place] for place in sorted(chosen))
            curve.append(Choice(number, cartons, table.total(chosen)))
    return curve


def refined(
    choice: Choice,
    orders: Iterable[Sequence[Item]],
    price: Price,
    neighbours: Callable[[Carton], Iterable[Carton]],
    *,
    today: Sequence[Carton] = (),
    support: float = 0.7,
    sample: int | None = 400,
    floor: Floor | None = None,
    progress: Progress | None = None,
) -> Choice:
    """A choice with cartons swapped for others of about their size.

    One carton after the other gets its neighbours: when ``progress`` raises
    ``OutOfTime``, what was found by then is returned.
    """
    tell = progress or (lambda what, done, of: None)
    table = _Table(cluster(orders, sample), price, support, tell)
    rounds = len(choice.cartons) + 1
    with suppress(OutOfTime):
        table.keep(today, floor)
        table.add(choice.cartons, 0, rounds)
        chosen = list(range(len(choice.cartons)))
        for number, carton in enumerate(choice.cartons, 1):
            table.add(neighbours(carton), number, rounds)
            chosen = table.swapped(chosen)
            cartons = tuple(table.candidates[place] for place in sorted(chosen))
            choice = Choice(choice.number, cartons, table.total(chosen))
    return choice


def measure(
    orders: Iterable[Sequence[Item]],
    cartons: Sequence[Carton],
    price: Price,
    *,
    support: float = 0.7,
    sample: int | None = None,
    effort: int = EFFORT,
    progress: Progress | None = None,
) -> float:
    """What all orders cost when they are really packed in these cartons.

    Infinite if one of them cannot be packed.
    """
    total = 0.0
    clusters = cluster(orders, sample)
    for done, one in enumerate(clusters):
        plan = pack(one.items, cartons, price, support=support, effort=effort)
        total += inf if plan.unpacked else one.number * float(plan.price)
        if progress:
            progress("orders", done + 1, len(clusters))
    return total


class _Table:
    """Price of every cluster in every candidate, times the number of its orders."""

    def __init__(
        self,
        clusters: Sequence[Cluster],
        price: Price,
        support: float,
        tell: Progress,
    ):
        self.clusters, self.price, self.tell = clusters, price, tell
        self.support = support
        self.floor = [inf] * len(clusters)
        self.candidates: list[Carton] = []
        self.columns: list[Sequence[float]] = []
        self._orders = [_Order(one.items, support) for one in clusters]

    def add(self, cartons: Iterable[Carton], part: int = 0, parts: int = 1) -> None:
        """Find what every cluster costs in more candidates.

        :param part: how many such calls were before, for the progress
        :param parts: how many there are in all
        """
        known = {carton.key for carton in self.candidates}
        new = [carton for carton in cartons if carton.key not in known]
        bases: dict[tuple[int, int], list[int]] = {}
        for place, carton in enumerate(new):
            bases.setdefault(carton.usable[:2], []).append(place)
        rows = []
        before, every = part * len(self.clusters), parts * len(self.clusters)
        for done, (one, order) in enumerate(
            zip(self.clusters, self._orders, strict=True), 1
        ):
            row = [inf] * len(new)
            for base, places in bases.items():
                tallest = max(new[place].usable[2] for place in places)
                need = order.height(base, tallest)
                for place in places:
                    row[place] = one.number * self._price(order, new[place], need)
            rows.append(row)
            self.tell("orders", before + done, every)
        self.candidates += new
        self.columns += zip(*rows, strict=True)

    def _price(self, order: _Order, carton: Carton, need: float) -> float:
        """Exact for one carton; a guess from volume and weight for several."""
        if not order.units_fit(carton):
            return inf
        room, empty = carton.usable_volume, carton.tare + carton.filler
        cap = inf if carton.max_gross is None else carton.max_gross - empty
        number = 1
        if need > carton.usable[2] or order.weight > cap or order.volume > room:
            by_weight = 1 if cap == inf else ceil(order.weight / cap)
            number = max(2, ceil(order.volume / (FILL * room)), by_weight)
        gross = empty + ceil(order.weight / number)
        paid = float(self.price(carton.outer, gross)) + float(carton.cost)
        return number * paid

    def keep(self, cartons: Sequence[Carton], floor: Floor | None) -> None:
        """Let the orders go into these cartons besides, at what that really costs."""
        if not cartons:
            return
        for place, one in enumerate(self.clusters):
            paid = (floor or self._packed_in(cartons))(one.items)
            self.floor[place] = one.number * paid
            self.tell("today", place + 1, len(self.clusters))

    def _packed_in(self, cartons: Sequence[Carton]) -> Floor:
        def paid(items: Sequence[Item]) -> float:
            plan = pack(items, cartons, self.price, support=self.support, effort=EFFORT)
            return inf if plan.unpacked else float(plan.price)

        return paid

    def prices(self, chosen: Iterable[int]) -> list[float]:
        """What each cluster costs with these cartons."""
        columns = [self.floor, *(self.columns[place] for place in chosen)]
        return [min(row) for row in zip(*columns, strict=True)]

    def total(self, chosen: Iterable[int]) -> float:
        """What all clusters cost with these cartons."""
        return sum(self.prices(chosen))

    def best_addition(self, chosen: Sequence[int]) -> int | None:
        """The carton whose addition makes the total least.

        While some orders fit nowhere the one that leaves the fewest of them.
        """
        now = self.prices(chosen) if chosen else self.floor

        def rank(place: int) -> tuple[int, float]:
            prices = list(map(min, now, self.columns[place]))
            return prices.count(inf), sum(p for p in prices if p < inf)

        rest = [place for place in range(len(self.columns)) if place not in chosen]
        return min(rest, key=rank, default=None)

    def swapped(self, chosen: list[int]) -> list[int]:
        """The chosen cartons, each swapped for a better one as long as there is one."""
        least = self.total(chosen)
        better = True
        while better:
            better = False
            for place in range(len(chosen)):
                others = chosen[:place] + chosen[place + 1 :]
                new = self.best_addition(others)
                total = self.total([*others, new]) if new is not None else inf
                if total < least * (1 - 1e-9):
                    chosen, least, better = [*others, new], total, True
        return chosen


class _Order:
    """One order: how high it stands on a base."""

    def __init__(self, items: Sequence[Item], support: float):
        self.kinds = make_kinds(item for item in items if item.quantity > 0)
        self.support = support
        self.load = {
            number: sum(quantity for _, quantity in kind.keys)
            for number, kind in enumerate(self.kinds)
        }
        pairs = list(zip(self.kinds, self.load.values(), strict=True))
        self.volume = sum(kind.volume * number for kind, number in pairs)
        self.weight = sum(kind.weight * number for kind, number in pairs)
        self.strict = any(kind.ruled for kind in self.kinds)
        self.tries = max(1, UNITS // max(1, sum(self.load.values())))

    def units_fit(self, carton: Carton) -> bool:
        """Whether every single unit goes into the carton."""
        hull = carton.usable
        return all(k.fits(hull) and carton.carries(k.weight) for k in self.kinds)

    def height(self, base: tuple[int, int], tallest: int) -> float:
        """Least height found that the order needs on a base, infinite above tallest."""
        length, width = base
        least = inf
        if self.volume > length * width * tallest:
            return inf
        if not all(kind.fits((length, width, tallest)) for kind in self.kinds):
            return inf
        for units, rule in islice(self._ways(), self.tries):
            hull = (length, width, min(tallest, least - 1))
            if self.volume > length * width * hull[2]:
                return least
            placed, failed = construct(
                hull, units, self.kinds, rule, self.support, strict=self.strict
            )
            if failed < 0:
                least = max(z + c for _, _, _, z, _, _, c in placed)
        return least

    def _ways(self) -> Iterator[tuple[list[int], Rule]]:
        """Orders and rules to place the units by."""
        return product(self._sequences(), (deepest, low_top, far_corner))

    def _sequences(self) -> Iterator[list[int]]:
        for sort in SORTS[:2]:
            yield sequence(self.kinds, self.load, sort, self.strict)


def _content(item: Item) -> tuple:
    """What makes two orders equal, sortable."""
    size = (item.length, item.width, item.height)
    rules = (item.vertical, item.turn, item.fragile, item.floor_only, item.top_load)
    groups = (item.single_product, item.own_carton, item.together, item.family)
    return (*size, item.weight, item.quantity, repr(rules + groups))


def _volume(items: Iterable[Item]) -> int:
    return sum(i.length * i.width * i.height * i.quantity for i in items)
