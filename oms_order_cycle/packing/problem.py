"""The inner form of an order: kinds of units, shells to put them in, loads.

A *kind* is a set of units that are alike for the search, whatever their keys. A
*shell* is a carton (whole or cut down) reduced to what the search needs. A *load*
maps the number of a kind to how many units of it there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from time import perf_counter, thread_time

from .geometry import Placed, Size, Turn, orientations
from .model import Carton, Item, Price

Load = dict[int, int]

DENSE_UNITS = 300  # from which units are no longer placed one by one
DENSE_ALIKE = 8  # if there are so many of each kind
MOST_WORK = 90_000  # units placed in all tries together: some seconds
WORK_ALLOWED = 8_000  # the same, for a part that has its own time
PATIENCE = 4  # times the deadline that others may keep the processor from us
RESERVE = 4e-4  # seconds per unit that a quick plan takes at most


@dataclass(slots=True)
class Kind:
    """Units alike in everything that matters to the search.

    :ivar keys: (key, number of units) of its items, the most valuable first
    :ivar values: (value of a unit, number of units), the same
    """

    turns: list[Turn]
    small: int
    middle: int
    large: int
    volume: int
    weight: int
    least: Turn  # least extent per axis over all orientations
    base: int  # largest base it can stand on
    item: Item
    keys: list[tuple[Hashable, int]] = field(default_factory=list)
    values: list[tuple[float, int]] = field(default_factory=list)

    def worth(self, many: int) -> float:
        """What so many of its units are worth together, the most valuable ones."""
        total = 0.0
        for value, number in self.values:
            total += value * min(many, number)
            many -= number
            if many <= 0:
                break
        return total

    def fits(self, hull: Size) -> bool:
        """Whether a unit goes into an empty carton in some position."""
        if len(self.turns) == 6:
            low, middle, high = sorted(hull)
            return self.small <= low and self.middle <= middle and self.large <= high
        length, width, height = hull
        return any(a <= length and b <= width and c <= height for a, b, c in self.turns)

    @property
    def ruled(self) -> bool:
        """Whether other units may not simply be put on or under it."""
        item = self.item
        return item.fragile or item.floor_only or item.top_load is not None


def make_kinds(items: Iterable[Item]) -> list[Kind]:
    """Kinds in the order of the items, alike units joined."""
    kinds: dict[tuple, Kind] = {}
    for item in items:
        turns = orientations(
            item.length, item.width, item.height, item.vertical, item.turn
        )
        rules = (
            item.fragile, item.top_load, item.floor_only, item.together, item.family,
            frozenset(item.apart), item.key if item.single_product else None,
        )  # fmt: skip
        alike = (tuple(sorted(turns)), item.weight, rules)
        kind = kinds.get(alike)
        if kind is None:
            small, middle, large = sorted((item.length, item.width, item.height))
            kind = kinds[alike] = Kind(
                turns, small, middle, large, small * middle * large, item.weight,
                tuple(min(turn[axis] for turn in turns) for axis in range(3)),
                max(a * b for a, b, _ in turns), item,
            )  # fmt: skip
        kind.keys.append((item.key, item.quantity))
        kind.values.append((max(0.0, float(item.value)), item.quantity))
    for kind in kinds.values():
        order = sorted(range(len(kind.keys)), key=lambda place: -kind.values[place][0])
        kind.keys = [kind.keys[place] for place in order]
        kind.values = [kind.values[place] for place in order]
    return list(kinds.values())


class Shell:
    """A carton as the search sees it.

    :ivar number: place in the list of shells
    :ivar hull: usable (length, width, height) in mm
    :ivar volume: mm3 that units may fill
    :ivar cap: g of contents it may hold, or infinity
    :ivar stock: number of the offered carton, shared by its cut-down forms
    """

    def __init__(self, carton: Carton, stock: int, price: Price, most: int):
        self.number = -1
        self.carton = carton
        self.stock = stock
        self.hull: Size = carton.usable
        self.volume = carton.usable_volume
        self.empty = carton.tare + carton.filler
        limit = carton.max_gross
        self.cap = inf if limit is None else limit - self.empty
        self._price = price
        self._paid: dict[int, float] = {}
        self._cap_by_refusals(most)

    def _cap_by_refusals(self, most: int) -> None:
        """An infinite price says that the carrier does not take so heavy a parcel."""
        low, high = -1, int(min(self.cap, most))
        if high < 0 or self.price(high) < inf:
            return
        while high - low > 1:
            middle = (low + high) // 2
            if self.price(middle) < inf:
                low = middle
            else:
                high = middle
        self.cap = low

    def with_inner(self, inner: Size) -> Shell:
        """The same carton with another inner size."""
        other = copy(self)
        other.carton = replace(self.carton, inner=inner)
        other.hull, other.volume = other.carton.usable, other.carton.usable_volume
        return other

    def price(self, content: int) -> float:
        """Price of the parcel with ``content`` g in it."""
        paid = self._paid.get(content)
        if paid is None:
            carton = self.carton
            paid = float(self._price(carton.outer, self.empty + content))
            paid = self._paid[content] = paid + float(carton.cost)
        return paid


def make_shells(cartons: Iterable[Carton], price: Price, most: int) -> list[Shell]:
    """One shell per carton and per height it can be cut to.

    ``most`` is the weight in g of all there is to pack.
    """
    shells = []
    for stock, carton in enumerate(cartons):
        whole = carton.inner[2]
        heights = {height for height in carton.cut_heights if 0 < height < whole}
        forms = [carton, *(carton.cut_to(height) for height in sorted(heights))]
        shells += [Shell(form, stock, price, most) for form in forms]
    shells = [
        shell
        for shell in shells
        if min(shell.hull) > 0 and shell.volume > 0 and shell.cap >= 0
    ]
    for number, shell in enumerate(shells):
        shell.number = number
    return shells


class Problem:
    """Everything the search asks about one order."""

    def __init__(
        self,
        items: Sequence[Item],
        cartons: Sequence[Carton],
        price: Price,
        support: float,
        deadline: float | None,
        per_mm: int = 1,
    ):
        self.per_mm = per_mm  # of the unit of all lengths
        self.kinds = make_kinds(items)
        most = sum(item.weight * item.quantity for item in items)
        self.shells = make_shells(cartons, price, most)
        self.available = [carton.available for carton in cartons]
        self.limited = any(number is not None for number in self.available)
        self.support = support
        self.deadline = deadline
        self._ends_at = None if deadline is None else _after(deadline)
        self._reserve = 0.0
        self._work_left = MOST_WORK
        self.ruled = any(kind.ruled for kind in self.kinds)
        self.grouped = any(kind.item.together is not None for kind in self.kinds)
        self.load: Load = {
            number: sum(quantity for _, quantity in kind.keys)
            for number, kind in enumerate(self.kinds)
        }
        self._cap_by_density()
        self.reserve()

    def _cap_by_density(self) -> None:
        """No carton holds more g than its room filled with the densest units."""
        kinds = self.kinds
        order = sorted(
            (number for number, kind in enumerate(kinds) if kind.weight),
            key=lambda number: kinds[number].volume / kinds[number].weight,
        )
        if not any(shell.volume < self.volume(self.load) for shell in self.shells):
            return
        for shell, row in zip(self.shells, self.holds, strict=True):
            room, most = shell.volume, 0.0
            for number in order:
                if row[number]:
                    kind = kinds[number]
                    many = min(self.load[number], room / kind.volume)
                    most += many * kind.weight
                    room -= many * kind.volume
                    if room <= 0:
                        break
            shell.cap = min(shell.cap, int(most + 1e-6))

    def late(self) -> bool:
        """Whether the deadline has passed, or is near and no plan has been found.

        Also, whether so many units were placed that more can hardly win anything.
        """
        if self._work_left < 0:
            return True
        if self._ends_at is None:
            return False
        worked, waited = self._ends_at
        return (
            thread_time() > worked - self._reserve
            or perf_counter() > waited - self._reserve
        )

    def spend(self, units: int) -> None:
        """So many units were placed in a try."""
        self._work_left -= units

    @contextmanager
    def until(self, share: float) -> Iterator[None]:
        """A part of the search that ends when this share of the deadline is over."""
        ends_at = self._ends_at
        if ends_at is not None:
            less = (1 - share) * self.deadline
            self._ends_at = ends_at[0] - less, ends_at[1] - PATIENCE * less
        yield
        self._ends_at = ends_at

    @contextmanager
    def allow(self, seconds: float) -> Iterator[None]:
        """A part that has its own time, whatever the deadline."""
        before = self._ends_at, self._reserve, self._work_left
        if self._ends_at is not None:
            self._ends_at, self._reserve = _after(seconds), 0.0
        self._work_left = WORK_ALLOWED
        yield
        self._ends_at, self._reserve, self._work_left = before

    @contextmanager
    def portion(self, share: float) -> Iterator[None]:
        """A search that has this share of the deadline as a deadline of its own."""
        before = self.deadline, self._ends_at
        if self._ends_at is not None:
            less = (1 - share) * self.deadline
            self._ends_at = before[1][0] - less, before[1][1] - PATIENCE * less
            self.deadline *= share
        yield
        self.deadline, self._ends_at = before

    def reserve(self) -> None:
        """Keep the time that a quick plan takes."""
        units = sum(self.load.values())
        self._reserve = min(RESERVE * units, (self.deadline or 0.0) / 2)

    @property
    def is_hasty(self) -> bool:
        """Whether a quick plan may take half of the time and more."""
        return bool(self.deadline) and self._reserve >= self.deadline / 2

    def release(self) -> None:
        """There is a plan: all the time is for better ones."""
        self._reserve = 0.0

    def volume(self, load: Load) -> int:
        """mm3 of the units of a load."""
        kinds = self.kinds
        return sum(kinds[number].volume * count for number, count in load.items())

    def weight(self, load: Load) -> int:
        """g of the units of a load."""
        kinds = self.kinds
        return sum(kinds[number].weight * count for number, count in load.items())

    @cached_property
    def holds(self) -> list[list[bool]]:
        """Per shell and kind: whether one unit fits by size, weight and volume."""
        return [
            [
                kind.weight <= shell.cap
                and kind.volume <= shell.volume
                and kind.fits(shell.hull)
                for kind in self.kinds
            ]
            for shell in self.shells
        ]

    def without_carton(self) -> list[int]:
        """Kinds that fit in no carton."""
        return [
            number
            for number in range(len(self.kinds))
            if not any(row[number] for row in self.holds)
        ]

    def groups_without_carton(self) -> list[int]:
        """Kinds of the groups that no carton takes whole."""
        groups: dict[Hashable, Load] = {}
        for number, many in self.load.items():
            group = self.kinds[number].item.together
            if group is not None:
                groups.setdefault(group, {})[number] = many
        return [
            number
            for load in groups.values()
            if not self._takes_whole(load)
            for number in load
        ]

    def _takes_whole(self, load: Load) -> bool:
        """Whether some carton is big and strong enough for a whole group."""
        volume, weight = self.volume(load), self.weight(load)
        return not self.in_conflict(load) and any(
            volume <= shell.volume
            and weight <= shell.cap
            and all(row[number] for number in load)
            for shell, row in zip(self.shells, self.holds, strict=True)
        )

    @cached_property
    def conflicts(self) -> list[frozenset[int]]:
        """Per kind: the kinds that must not share its carton."""
        items = [kind.item for kind in self.kinds]
        return [
            frozenset(
                other
                for other, theirs in enumerate(items)
                if theirs is not mine and _apart(mine, theirs)
            )
            for mine in items
        ]

    @cached_property
    def conflict_free(self) -> bool:
        """Whether any kinds may share a carton."""
        return not any(self.conflicts)

    def in_conflict(self, load: Load) -> bool:
        """Whether some kinds of the load must not share a carton."""
        if self.conflict_free:
            return False
        return any(not self.conflicts[kind].isdisjoint(load) for kind in load)

    def take(self, shell: Shell) -> None:
        """A carton is used up for good."""
        number = self.available[shell.stock]
        if number is not None:
            self.available[shell.stock] = number - 1

    def in_stock(self, shell: Shell, used: Counter | None) -> bool:
        """Whether one more of this carton may be used beside ``used`` ones."""
        number = self.available[shell.stock]
        return number is None or number > (used[shell.stock] if used else 0)


def is_dense(load: Load) -> bool:
    """Whether there are too many equal units to place them one by one."""
    units = sum(load.values())
    return units > DENSE_UNITS and units > DENSE_ALIKE * len(load)


def _after(seconds: float) -> tuple[float, float]:
    """When so much work will be done, and how long it may take by the clock."""
    return thread_time() + seconds, perf_counter() + PATIENCE * seconds


def _apart(mine: Item, theirs: Item) -> bool:
    if (mine.single_product or theirs.single_product) and mine.key != theirs.key:
        return True
    return (
        theirs.family is not None
        and theirs.family in mine.apart
        or (mine.family is not None and mine.family in theirs.apart)
    )


def count(placed: Iterable[Placed]) -> Load:
    """The load that is placed."""
    load: Load = {}
    for unit in placed:
        load[unit[0]] = load.get(unit[0], 0) + 1
    return load


def minus(load: Load, taken: Load) -> Load:
    """What is left of ``load`` without ``taken``."""
    left = {kind: number - taken.get(kind, 0) for kind, number in load.items()}
    return {kind: number for kind, number in left.items() if number}
