"""The ways to share out among one class. Members come in their rank."""

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush

from .demand import Demand

GetTargets = Callable[[int, Sequence["Part"]], dict[Hashable, Fraction]]
#: Who is next: the smaller, the sooner; of what he has and what he ought to have.
Need = Callable[["Part", Fraction], Fraction]


class Part:
    """What one member of a class has been given so far."""

    __slots__ = ("_dropped", "_why_not", "demand", "given")

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self.given = demand.floor
        self._dropped = demand.is_waiting
        self._why_not = "waiting" if demand.is_waiting else ""

    @property
    def id(self) -> Hashable:
        return self.demand.id

    @property
    def is_served(self) -> bool:
        return not self._dropped

    @property
    def is_below_least(self) -> bool:
        return self._why_not == "below_least"

    @property
    def room(self) -> int:
        """How much more of it may be given in whole packs."""
        missing = self.demand.wanted - self.given
        return missing - missing % self.demand.pack

    @property
    def reason(self) -> str:
        demand = self.demand
        if self.given == demand.wanted:
            return "full"
        if self.given > demand.floor:
            return "part"
        if self._why_not:
            return self._why_not
        return "kept" if self.given else "nothing_left"

    def reset(self) -> None:
        self.given = self.demand.floor
        if not self._dropped:
            self._why_not = ""

    def drop(self, reason: str) -> None:
        """Leave it with its floor, in what follows too."""
        self._dropped = True
        self._why_not = reason

    def pass_over(self, reason: str) -> None:
        """Say why it gets no more than its floor this time."""
        self._why_not = reason


def share_by_key(rest: int, members: Sequence[Part]) -> None:
    """One after the other, as much as there is."""
    for part in members:
        pack = part.demand.pack
        taken = min(part.room, rest - rest % pack)
        part.given += taken
        rest -= taken


def share_complete(rest: int, members: Sequence[Part]) -> None:
    """One after the other, all or nothing."""
    for part in members:
        missing = part.demand.wanted - part.given
        if missing <= rest:
            part.given += missing
            rest -= missing
        elif rest:
            part.pass_over("not_whole")


def share_proportional(rest: int, members: Sequence[Part]) -> None:
    """The same part of what is still missing, rounded by the largest remainder."""
    _share_by_target(
        rest,
        members,
        _get_proportional_targets,
        lambda part, target: (part.given - target) / part.demand.pack,
    )


def _get_proportional_targets(
    rest: int, members: Sequence[Part]
) -> dict[Hashable, Fraction]:
    missing = sum(part.room for part in members)
    pot = min(rest, missing)
    return {
        part.id: part.given + Fraction(pot * part.room, missing or 1)
        for part in members
    }


def share_even(rest: int, members: Sequence[Part]) -> None:
    """The same for each: who wants less than that gets all, the others share."""
    _share_by_target(
        rest, members, _get_even_targets, lambda part, _target: Fraction(part.given)
    )


def _get_even_targets(rest: int, members: Sequence[Part]) -> dict[Hashable, Fraction]:
    level = _find_level(
        rest + sum(part.given for part in members),
        [(part.given, part.given + part.room) for part in members],
    )
    return {
        part.id: Fraction(max(part.given, min(part.given + part.room, level)))
        for part in members
    }


def _share_by_target(
    rest: int, members: Sequence[Part], get_targets: GetTargets, need: Need
) -> None:
    """Share out so that each comes as close to his target as whole packs allow.

    Those who take the largest packs come first: what they cannot be given in whole
    packs is shared among the others, while a dozen is never made of what is left.
    """
    waiting = list(members)
    while waiting:
        pack = max(part.demand.pack for part in waiting)
        group = [part for part in waiting if part.demand.pack == pack]
        pot = Fraction(rest)
        if len(group) < len(waiting):
            targets = get_targets(rest, waiting)
            wished = sum(targets[part.id] - part.given for part in group)
            # to the nearest pack
            pot = min(pot, wished + Fraction(pack, 2))
        whole = int(pot)
        rest -= _share_packs(whole - whole % pack, group, get_targets, need)
        waiting = [part for part in waiting if part.demand.pack != pack]
    _give_packs(rest, members, lambda part: need(part, Fraction(part.given)))


def _share_packs(
    pot: int, group: Sequence[Part], get_targets: GetTargets, need: Need
) -> int:
    """Share out among those who take packs of one size.

    :param pot: whole packs
    :return: what was given
    """
    before = sum(part.given for part in group)
    targets = get_targets(pot, group)
    for part in group:
        share = int(targets[part.id]) - part.given
        part.given += share - share % part.demand.pack
    left = pot - sum(part.given for part in group) + before
    _give_packs(left, group, lambda part: need(part, targets[part.id]))
    return sum(part.given for part in group) - before


def _find_level(total: int, limits: Sequence[tuple[int, int]]) -> Fraction:
    """Up to which level all are filled: who has more keeps it, who wants less is full.

    :param limits: ``(what he has, what he wants)``
    """
    filled = sum(has for has, _wants in limits)
    steps = sorted({limit for pair in limits for limit in pair})
    level = Fraction(steps[0] if steps else 0)
    for upper in steps[1:]:
        rising = sum(1 for has, wants in limits if has <= level < wants)
        needed = rising * (upper - level)
        if filled + needed > total:
            return level + Fraction(total - filled) / rising
        filled += needed
        level = Fraction(upper)
    return level


def _give_packs(
    rest: int, members: Sequence[Part], need: Callable[[Part], Fraction]
) -> None:
    """Give what is left pack by pack, each to whose ``need`` is the smallest number."""
    waiting = [(need(part), number) for number, part in enumerate(members)]
    heapify(waiting)
    while waiting:
        _need, number = heappop(waiting)
        part = members[number]
        # what does not fit now never will: what is left only becomes less
        if part.room and part.demand.pack <= rest:
            part.given += part.demand.pack
            rest -= part.demand.pack
            heappush(waiting, (need(part), number))
