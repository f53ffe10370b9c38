"""What is asked for, by which rule it is shared out, and what comes of it."""

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

#: How goods are shared out among the demands of a class:
#: ``key``: one after the other, each as much as he wants;
#: ``proportional``: each the same part of what he wants;
#: ``even``: the same for each, who wants less gets all he wants;
#: ``complete``: one after the other, all that he wants or nothing.
METHODS = ("key", "proportional", "even", "complete")


@dataclass(frozen=True, slots=True)
class Demand:
    """What one order wants of the goods.

    :param id: who wants them, once in a call
    :param wanted: how many, those that he has included
    :param floor: what he has and keeps whatever comes
    :param rank: who comes first, the smaller the earlier; demands of one rank come in
        the order of the call
    :param tier: class: the next class gets what the one before leaves
    :param pack: only whole multiples of it are given beside the floor
    :param is_waiting: gets nothing beside the floor
    """

    id: Hashable
    wanted: int
    floor: int = 0
    rank: tuple = ()
    tier: int = 0
    pack: int = 1
    is_waiting: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.floor <= self.wanted:
            raise ValueError(f"{self.id}: floor {self.floor} of {self.wanted} wanted")
        if self.pack < 1:
            raise ValueError(f"{self.id}: packs of {self.pack}")


@dataclass(frozen=True, slots=True)
class Policy:
    """How goods are shared out.

    :param method: one of :data:`METHODS`
    :param least_part: who would get less than this part of what he wants gets nothing
        beside the floor, 0 to 1
    """

    method: str = "proportional"
    least_part: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"no method {self.method!r}")
        if not 0 <= self.least_part <= 1:
            raise ValueError(f"least part {self.least_part} is not between 0 and 1")


@dataclass(frozen=True, slots=True)
class Share:
    """What one gets, the floor included.

    :param reason: ``full``, ``part``, ``kept`` (the floor and no more),
        ``below_least``, ``not_whole``, ``waiting`` or ``nothing_left``
    """

    quantity: int
    reason: str
