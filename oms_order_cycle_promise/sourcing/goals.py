"""What people want of sourcing, as costs."""

from collections.abc import Hashable
from dataclasses import dataclass

from .problem import Source

#: What is wanted after "as much as can be had": the first of the list; the nearest; all
#: from one; as few as can be, and of these the first.
FIRST, NEAREST, WHOLE, FEWEST = GOALS = ("first", "nearest", "whole", "fewest")

#: What one warehouse more costs where as few as can be are wanted: more than any way.
SPLIT = 1_000.0
#: How much the way of the goods counts between the same number of warehouses.
TIE = 1e-3


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse that is allowed, and how far it is (any unit; None: not known)."""

    key: Hashable
    distance: float | None = None


def make_sources(goal, places):
    """The sources that a goal makes of warehouses.

    :param goal: of :data:`GOALS`
    :param places: the warehouses, in the order that people gave them
    :return: the best first; one whose distance is not known counts as the farthest
    """
    if goal == NEAREST:
        known = [place.distance for place in places if place.distance is not None]
        beyond = max(known, default=0.0) + 1.0
        far = [beyond if place.distance is None else place.distance for place in places]
        longest = max(far, default=1.0) or 1.0
        ways = [distance / longest for distance in far]
    else:
        ways = [rank / max(len(places), 1) for rank in range(len(places))]
    few = goal in (FEWEST, WHOLE)
    ranked = sorted(zip(ways, range(len(places)), places, strict=True))
    return tuple(
        Source(
            place.key,
            opening=SPLIT + way if few else 0.0,
            handling=way * (TIE if few else 1.0),
        )
        for way, _rank, place in ranked
    )
