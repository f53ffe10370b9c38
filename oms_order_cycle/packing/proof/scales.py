"""Proofs by conservative scales: the units are too large for the carton together.

A dual-feasible function maps lengths so that what lies side by side within an edge of
the carton still does. If the mapped units have more volume than the mapped carton,
they cannot be in it. After Fekete, Schepers, "A general framework for bounds for
higher-dimensional orthogonal packing problems" (2004).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..geometry import Size
from ..problem import Kind, Load

STARTS = ((0, 0, 0), (1, 1, 1), (0, 0, 1))  # functions the search sets out from
ROUNDS = 3
STEPS = 4  # of Fekete and Schepers' staircases
CLOSE = 1 + 1e-9

Scale = dict[int, float]


def reached(hull: Size, kinds: Iterable[Kind]) -> Size:
    """(length, width, height) of the longest rows of units that are in the hull.

    Units pushed to the corner reach no further.
    """
    turns = [turn for kind in kinds for turn in kind.turns if _fits(turn, hull)]
    along = (
        rows(side, {turn[axis] for turn in turns}).bit_length() - 1
        for axis, side in enumerate(hull)
    )
    return tuple(along)


def rows(side: int, lengths: Iterable[int]) -> int:
    """A bit for the length of each row of units that is not above ``side``."""
    bits, found = (2 << side) - 1, 1
    for length in lengths:
        step = length
        while step <= side:  # any number of them, by doubling
            found |= (found << step) & bits
            step *= 2
    return found


def too_large(hull: Size, load: Load, kinds: Sequence[Kind]) -> bool:
    """Whether scales were found that prove that the load cannot be in the carton."""
    units = [
        ([t for t in kinds[kind].turns if _fits(t, hull)], many)
        for kind, many in load.items()
    ]
    if not all(turns for turns, _ in units):
        return True
    chosen_from = axis_scales(
        hull, [kinds[kind] for kind in load], [turns for turns, _ in units]
    )

    def volume(along: Scale, across: Scale, up: Scale) -> float:
        return sum(
            many * min(along[a] * across[b] * up[c] for a, b, c in turns)
            for turns, many in units
        )

    for start in STARTS:
        chosen = [
            options[min(place, len(options) - 1)]
            for options, place in zip(chosen_from, start, strict=True)
        ]
        most = volume(*chosen)
        for _ in range(ROUNDS):
            before = most
            for axis in range(3):
                for scale in chosen_from[axis]:
                    other = [*chosen[:axis], scale, *chosen[axis + 1 :]]
                    found = volume(*other)
                    if found > most:
                        most, chosen = found, other
            if most > CLOSE:
                return True
            if most <= before:
                break
    return False


def axis_scales(
    hull: Size, kinds: Sequence[Kind], turns: Sequence[list[Size]]
) -> list[list[Scale]]:
    """Scales for each axis: of the sides of the hull, and of the rows that are in it.

    :param turns: of each kind those that fit in the hull
    """
    found = []
    for axis, sides in enumerate(zip(hull, reached(hull, kinds), strict=True)):
        lengths = sorted({turn[axis] for own in turns for turn in own})
        found.append(
            [scale for side in dict.fromkeys(sides) for scale in scales(side, lengths)]
        )
    return found


def _fits(turn: Size, hull: Size) -> bool:
    return turn[0] <= hull[0] and turn[1] <= hull[1] and turn[2] <= hull[2]


def scales(side: int, lengths: Sequence[int]) -> list[Scale]:
    """Dual-feasible functions of the lengths, as shares of the side."""
    found = [{length: length / side for length in lengths}]
    found += [
        {length: _staircase(length, side, steps) for length in lengths}
        for steps in range(1, STEPS + 1)
    ]
    marks = {min(length, side - length + 1) for length in lengths}
    for mark in sorted(mark for mark in marks if 0 < 2 * mark <= side):
        found.append({length: _ends(length, side, mark) for length in lengths})
        found.append({length: _rounded(length, side, mark) for length in lengths})
    return list({tuple(scale.values()): scale for scale in found}.values())


def _staircase(length: int, side: int, steps: int) -> float:
    """Fekete and Schepers' u(k): full steps only."""
    if (steps + 1) * length % side == 0:
        return length / side
    return ((steps + 1) * length // side) / steps


def _ends(length: int, side: int, mark: int) -> float:
    """Beside what is longer than ``side - mark`` nothing of ``mark`` or more fits."""
    if length > side - mark:
        return 1.0
    return 0.0 if length < mark else length / side


def _rounded(length: int, side: int, mark: int) -> float:
    """How often ``mark`` fits; long ones take what they leave to no other."""
    whole = side // mark
    if 2 * length > side:
        return 1 - ((side - length) // mark) / whole
    if 2 * length == side:
        return 0.5
    return (length // mark) / whole
