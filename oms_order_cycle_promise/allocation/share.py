"""Sharing out, class by class."""

from collections.abc import Hashable, Iterable, Sequence

from .demand import Demand, Policy, Share
from .methods import Part, share_by_key, share_complete, share_even, share_proportional

_METHODS = {
    "key": share_by_key,
    "proportional": share_proportional,
    "even": share_even,
    "complete": share_complete,
}


def allocate(
    supply: int, demands: Iterable[Demand], policy: Policy
) -> dict[Hashable, Share]:
    """Share out what there is.

    The floors are given first, whatever there is. Never is more given than there is,
    but for floors, and nobody gets more than he wants. Where there is enough for all,
    all get what they want.

    :param supply: what there is, what lies in the floors included
    :return: the share of each, by the id of its demand
    """
    parts = [Part(demand) for demand in demands]
    if len({part.id for part in parts}) != len(parts):
        raise ValueError("somebody is named twice")
    parts.sort(key=lambda part: part.demand.rank)
    rest = max(0, supply - sum(part.demand.floor for part in parts))
    for tier in sorted({part.demand.tier for part in parts}):
        members = [part for part in parts if part.demand.tier == tier]
        rest -= _share_class(rest, members, policy)
    return {part.id: Share(part.given, part.reason) for part in parts}


def _share_class(rest: int, members: Sequence[Part], policy: Policy) -> int:
    """Share out among one class.

    :return: what was given beside the floors
    """
    share = _METHODS[policy.method]
    while True:
        for part in members:
            part.reset()
        served = [part for part in members if part.is_served]
        share(rest, served)
        used = sum(part.given - part.demand.floor for part in served)
        used += _give_odd_ends(rest - used, served)
        below = [
            part
            for part in served
            if part.demand.floor < part.given < policy.least_part * part.demand.wanted
        ]
        if not below:
            return used + _give_after_all(rest - used, members, policy)
        # the last of them goes without: what he would have got may lift the others
        below[-1].drop("below_least")


def _give_after_all(rest: int, members: Sequence[Part], policy: Policy) -> int:
    """Give what is left to those of whom there was too little for a least part, where
    it is enough for one by now."""
    given = 0
    for part in members:
        if not part.is_below_least:
            continue
        share_by_key(rest - given, [part])
        _give_odd_ends(rest - given - part.given + part.demand.floor, [part])
        if part.given < policy.least_part * part.demand.wanted:
            part.reset()
        given += part.given - part.demand.floor
    return given


def _give_odd_ends(rest: int, members: Sequence[Part]) -> int:
    """Give what is no whole pack any more to those who have all whole packs."""
    given = 0
    for part in members:
        odd = part.demand.wanted - part.given
        if part.room == 0 and 0 < odd <= rest - given:
            part.given += odd
            given += odd
    return given
