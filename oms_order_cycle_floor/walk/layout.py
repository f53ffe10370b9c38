"""What the warehouse looks like to who walks: aisles side by side, cross aisles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

Point = tuple[int, float]


@dataclass(frozen=True)
class Layout:
    """Parallel aisles, cross aisles at the ends of each block; in any unit of length.

    Aisles are narrow: who walks in one reaches both sides. Where a block begins behind
    the end of the block before, the way between the two is walked in the aisle, too.

    :param aisles: how many there are; they are numbered from 0
    :param blocks: ``[(start, end), ...]`` of the blocks, from the front
    :param pitch: from one aisle to the next
    :param depot: ``(aisle, position)`` where walks begin and end
    :raises ValueError: what cannot be a warehouse
    """

    aisles: int
    blocks: tuple[tuple[float, float], ...]
    pitch: float
    depot: Point

    def __post_init__(self):
        if not _is_whole(self.aisles) or self.aisles < 1:
            raise ValueError(f"aisles: {self.aisles!r} is no number of aisles")
        object.__setattr__(self, "blocks", _read_blocks(self.blocks))
        if not is_number(self.pitch) or self.pitch < 0:
            raise ValueError(f"pitch: {self.pitch!r} is no distance between aisles")
        object.__setattr__(self, "depot", self.check_point(self.depot, "depot"))

    @cached_property
    def cross_aisles(self) -> tuple[float, ...]:
        """Where they are, from the front."""
        return tuple(sorted({end for block in self.blocks for end in block}))

    def check_point(self, point, what="pick") -> Point:
        """The aisle and position of a pick, which may hold more behind the two.

        :raises ValueError: no place of this warehouse
        """
        try:
            aisle, position, *_rest = point
        except (TypeError, ValueError):
            raise ValueError(f"{what}: {point!r} is no (aisle, position)") from None
        if not _is_whole(aisle) or not 0 <= aisle < self.aisles:
            raise ValueError(f"{what}: there is no aisle {aisle!r}, 0 is the first")
        if not is_number(position):
            raise ValueError(f"{what}: {position!r} is no position")
        return int(aisle), position

    def distance(self, one, other):
        """The shortest way between two points."""
        (aisle, position), (to_aisle, to_position) = one[:2], other[:2]
        if aisle == to_aisle:
            return abs(position - to_position)
        return abs(aisle - to_aisle) * self.pitch + min(
            abs(position - cross) + abs(to_position - cross)
            for cross in self.cross_aisles
        )

    def measure(self, order):
        """Length of the walk from the depot through all points in this order, and back.

        :param order: points, or picks that begin with aisle and position
        """
        stops = [self.depot, *order, self.depot]
        return sum(self.distance(here, there) for here, there in pairwise(stops))


def is_number(value) -> bool:
    try:
        return not isinstance(value, bool | str) and math.isfinite(value)
    except (TypeError, ValueError, OverflowError):
        return False


def _is_whole(value) -> bool:
    return is_number(value) and value == int(value)


def _read_blocks(blocks):
    try:
        found = tuple((start, end) for start, end in blocks)
    except (TypeError, ValueError):
        raise ValueError(f"blocks: {blocks!r} is no list of (start, end)") from None
    if not found:
        raise ValueError("blocks: a warehouse has at least one")
    before = -math.inf
    for start, end in found:
        if not (is_number(start) and is_number(end) and before <= start < end):
            raise ValueError(
                f"blocks: {start!r} to {end!r} is no block behind the one before"
            )
        before = end
    return found
