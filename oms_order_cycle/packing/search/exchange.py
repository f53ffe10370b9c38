"""Units that change places between two cartons so that both cost less.

Carriers round each parcel up. Moving a unit, or swapping two, changes where both
weights fall between the steps: often a whole step is won. The price of an exchange
is known before anything is packed, so only promising ones are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from typing import NamedTuple

from ..problem import Load, Problem, Shell, count
from .packer import EPS, Draft, Packed, Packer, draft_of

EXCHANGES = 8  # exchanges packed before giving up


class Split(NamedTuple):
    """A load shared out to two cartons: price, how full the fuller one is."""

    price: float
    fullest: float
    moved: int
    one: Load
    other: Load


def exchange(
    packer: Packer, one: Packed, other: Packed, below: float, effort: int
) -> Draft | None:
    """Both cartons, at a price under ``below``, with a few units exchanged."""
    loads = count(one.placed), count(other.placed)
    return best_split(packer, (one.shell, other.shell), loads, below, effort)


def best_split(
    packer: Packer,
    shells: tuple[Shell, Shell],
    loads: tuple[Load, Load],
    below: float,
    effort: int,
    tries: int = EXCHANGES,
) -> Draft | None:
    """The two loads packed under ``below``, a few units exchanged if need be."""
    splits = _splits(packer, shells, loads, below)
    for split in nsmallest(tries, splits, key=lambda split: split[:3]):
        packed = []
        # the second carton first: its load is what others have left
        for shell, load in ((shells[1], split.other), (shells[0], split.one)):
            placed = packer.fitter.fit(shell, load, effort)
            if placed is None or packer.problem.late():
                break
            packed.append(packer.pack(shell, placed))
        else:
            return draft_of(packed[::-1])
    return None


def _splits(
    packer: Packer, shells: tuple[Shell, Shell], loads: tuple[Load, Load], below: float
) -> Iterator[Split]:
    """The split as it is and those one exchange away, if under ``below``."""
    problem, kinds = packer.problem, packer.problem.kinds
    one, other = shells
    weight, volume = (
        [measure(load) for load in loads]
        for measure in (problem.weight, problem.volume)
    )
    nothing = (0, 0)
    handfuls = [
        [nothing, *_handfuls(problem, load, into)]
        for load, into in zip(loads, (other, one), strict=True)
    ]
    for give, gives in handfuls[0]:
        if problem.late():
            return
        for take, takes in handfuls[1]:
            heavier = kinds[take].weight * takes - kinds[give].weight * gives
            larger = kinds[take].volume * takes - kinds[give].volume * gives
            if weight[0] + heavier > one.cap or weight[1] - heavier > other.cap:
                continue
            price = one.price(weight[0] + heavier) + other.price(weight[1] - heavier)
            fullest = max(
                (volume[0] + larger) / one.volume, (volume[1] - larger) / other.volume
            )
            if price < below - EPS and fullest <= 1 and (give != take or not gives):
                change = {give: -gives}
                change[take] = change.get(take, 0) + takes
                back = {kind: -many for kind, many in change.items()}
                new = _changed(loads[0], change), _changed(loads[1], back)
                if all(new):
                    yield Split(price, fullest, gives + takes, *new)


def _handfuls(problem: Problem, load: Load, into: Shell) -> list[tuple[int, int]]:
    """One or two units of each kind that could lie in the other carton."""
    holds = problem.holds[into.number]
    return [
        (kind, many)
        for kind, there in load.items()
        if holds[kind] and problem.kinds[kind].item.together is None
        for many in range(1, min(2, there) + 1)
    ]


def _changed(load: Load, change: Load) -> Load:
    changed = dict(load)
    for kind, many in change.items():
        changed[kind] = changed.get(kind, 0) + many
    return {kind: many for kind, many in changed.items() if many}
