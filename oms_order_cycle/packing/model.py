"""What goes in and what comes out: items, cartons, placements, plans.

Lengths are whole millimetres and weights whole grams. The outer size of a carton may be
a ``Decimal`` because carriers bill from the exact size, and the sides of an item may be
if it is thin: they count to the tenth of a millimetre, and so do its placements.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from string import Formatter
from typing import Any, NamedTuple

Size = tuple[int, int, int]
OuterSize = tuple["int | Decimal", "int | Decimal", "int | Decimal"]
# price(outer size in mm, gross weight in g): what one parcel costs to ship
Price = Callable[[Any, int], Any]


@dataclass(frozen=True, slots=True)
class Item:
    """Units of one product (a case of 12 may be one unit).

    :param key: what the caller knows the product by
    :param length, width, height: mm, rounded up; parts of a mm to the next tenth
    :param weight: g of one unit
    :param quantity: number of units
    :param vertical: the edges that may stand upright, any of ``l``, ``w``, ``h``;
        ``"h"`` means this side up
    :param turn: whether the unit may be turned about its vertical axis
    :param fragile: nothing may rest on it
    :param top_load: g that may rest on one unit, ``None`` for any
    :param floor_only: must stand on the floor of the carton
    :param single_product: its carton holds no other product
    :param own_carton: ships as it is, each unit a parcel of its own, whatever its
        group
    :param together: units that name the same group go into one carton
    :param family: what it is, for ``apart`` of others ("food")
    :param apart: families that must not share its carton ("chemicals")
    :param value: of one unit, to choose by where cartons run short; any currency
    :param guessed: nobody has measured it, so no plan with it is proven the best
    """

    key: Hashable
    length: int | Decimal
    width: int | Decimal
    height: int | Decimal
    weight: int
    quantity: int = 1
    vertical: str = "lwh"
    turn: bool = True
    fragile: bool = False
    top_load: int | None = None
    floor_only: bool = False
    single_product: bool = False
    own_carton: bool = False
    together: Hashable | None = None
    family: Hashable | None = None
    apart: frozenset = frozenset()
    value: float = 0.0
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Carton:
    """A carton, or a carton cut down in height.

    :param key: what the caller knows the carton by
    :param inner: (length, width, height) mm, rounded down; the height is up
    :param outer: the same outside, exact mm (``int`` or ``Decimal``)
    :param tare: g of the empty carton
    :param max_gross: g it may weigh when packed, ``None`` for any
    :param cost: what the carton itself costs, added to the price of its parcel
    :param available: how many there are, ``None`` for any number
    :param filler: g of filling material in each carton
    :param void_share: share of the inner volume that stays free for filling
    :param margin: mm kept free for padding at each side, below and above; the
        padding below is not drawn: placements start at z = 0
    :param cut_heights: inner heights the carton can be cut down to; the outer
        height falls by as much, the tare stays (a careful estimate)
    :param cut: the inner height this carton was cut to, ``None`` if whole
    """

    key: Hashable
    inner: Size
    outer: OuterSize
    tare: int = 0
    max_gross: int | None = None
    cost: Any = 0
    available: int | None = None
    filler: int = 0
    void_share: float = 0.0
    margin: int = 0
    cut_heights: tuple[int, ...] = ()
    cut: int | None = None

    def cut_to(self, height: int) -> Carton:
        """This carton cut down to an inner ``height`` in mm."""
        length, width, whole = self.inner
        outer = (*self.outer[:2], self.outer[2] - (whole - height))
        return replace(self, inner=(length, width, height), outer=outer, cut=height)

    @property
    def usable(self) -> Size:
        """(length, width, height) in mm between the padding."""
        return tuple(side - 2 * self.margin for side in self.inner)

    @property
    def usable_volume(self) -> int:
        """mm3 that units may fill."""
        length, width, height = self.usable
        free = 1 - Decimal(str(self.void_share))
        return int(length * width * height * free)

    def carries(self, weight: int) -> bool:
        """Whether the carton may hold contents of ``weight`` g."""
        gross = self.tare + self.filler + weight
        return self.max_gross is None or gross <= self.max_gross


class Placement(NamedTuple):
    """One unit as placed: mm from the inner floor corner, and its turned size."""

    key: Hashable
    x: int | Decimal
    y: int | Decimal
    z: int | Decimal
    length: int | Decimal
    width: int | Decimal
    height: int | Decimal


class Code(str, Enum):
    """Codes, each with a sentence for developers: screens have words of their own.

    :ivar sentence: in English, with the names of its parameters in braces
    """

    sentence: str

    def __new__(cls, code: str, sentence: str) -> Code:
        self = str.__new__(cls, code)
        self._value_ = code
        self.sentence = sentence
        return self

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what is said in the sentence."""
        return frozenset(
            name for _, name, *_ in Formatter().parse(self.sentence) if name
        )


class Reason(Code):
    """Why units are not packed. ``str`` of it comes after the name of the item."""

    NO_SIZE = "no_size", "has no size"
    NEGATIVE_WEIGHT = "negative_weight", "has a negative weight"
    NO_UPRIGHT_EDGE = "no_upright_edge", "no edge may stand upright"
    REFUSED_AS_IT_IS = "refused_as_it_is", "the carrier does not take it as it is"
    NO_CARTON_OFFERED = "no_carton_offered", "no carton was offered"
    TOO_LONG = "too_long", "longer than every carton"
    TOO_LARGE = "too_large", "larger than every carton in every position it may have"
    NO_ROOM_FOR_FILLING = (
        "no_room_for_filling",
        "leaves too little room for filling in every carton",
    )
    TOO_HEAVY = "too_heavy", "heavier than the limit of every carton it fits in"
    REFUSED = "refused", "the carrier takes no carton it fits in"
    GROUP_TOO_LARGE = (
        "group_too_large",
        "does not go into one carton with all that must stay together",
    )
    OUT_OF_CARTONS = "out_of_cartons", "not enough cartons left"

    def __str__(self) -> str:
        return self.sentence


class Aim(Code):
    """What a plan makes most of, or least.

    The most value is aimed at where cartons run short: what goes in is then packed for
    the least price.
    """

    LEAST_PRICE = "least_price", "the least price"
    MOST_VALUE = (
        "most_value",
        "the most value in the cartons there are, then the most volume",
    )


class Unpacked(NamedTuple):
    """Units that could not be packed, and why."""

    key: Hashable
    quantity: int
    reason: Reason


class Outcome(Code):
    """What became of a better carton that was tried with the contents of a box."""

    TOO_HEAVY = "too_heavy", "may not hold as much weight"
    UNIT_TOO_LARGE = "unit_too_large", "is {missing} mm too small for {key}"
    TOO_LITTLE_ROOM = "too_little_room", "the contents need {share} % more room"
    TOO_SHORT = "too_short", "is {missing} mm too short along the {side}"
    TOO_SMALL = "too_small", "is proven too small for the contents together"
    NO_WAY_FOUND = "no_way_found", "no arrangement was found that fits"
    OUT_OF_STOCK = "out_of_stock", "would do, but there are none left"


class Trial(NamedTuple):
    """A carton that would be better with the contents of a box, and was tried.

    :ivar price: what the box would cost in it
    :ivar outcome: why it was not taken
    :ivar values: the parameters of the outcome: mm, %, key of an item, side
    """

    carton: Carton
    price: Any
    outcome: Outcome
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Box:
    """One packed carton. ``gross`` in g; ``price`` includes the carton's cost.

    :ivar tried: better cartons that were tried with these contents, the largest first
    """

    carton: Carton
    placements: tuple[Placement, ...]
    gross: int
    price: Any
    tried: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to one order.

    :param boxes: the packed cartons
    :param unpacked: what could not be packed, and why
    :param price: sum of the boxes' prices
    :param bound: proven lower bound of the price of what was packed
    :param proven: the price equals the bound and all is packed by measured sizes: no
        plan is cheaper
    :param guessed: sizes of what is packed are guessed
    """

    boxes: tuple[Box, ...]
    unpacked: tuple[Unpacked, ...]
    price: Any
    bound: Any
    proven: bool
    support: float = field(default=0.7)
    guessed: bool = False

    @property
    def gap(self) -> float:
        """How much dearer than the bound at most, as a share (0.03 for 3 %)."""
        if self.proven or not self.bound:
            return 0.0
        return max(0.0, float(self.price) / float(self.bound) - 1)

    @property
    def complete(self) -> bool:
        """Whether everything is packed."""
        return not self.unpacked

    @property
    def aim(self) -> Aim:
        """What was made most of, or least."""
        short = any(row.reason is Reason.OUT_OF_CARTONS for row in self.unpacked)
        return Aim.MOST_VALUE if short else Aim.LEAST_PRICE
