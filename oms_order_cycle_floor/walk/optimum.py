"""The shortest walk, as pieces of aisles and cross aisles.

A walk is a set of pieces that hangs together and enters every crossing as often as it
leaves it. From left to right each piece is decided for every section there may be (see
``section.py``), and of the walks with the same section the shortest is kept: Ratliff &
Rosenthal (1983) for two cross aisles, Roodbergen & De Koster (2001) for three, Pansart,
Catusse & Cambazard (2018) for any number. Aisles without picks are left out: a passage
there can be moved to the next aisle with picks, and the walk gets no longer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from . import section

# Up to this many cross aisles there are so few sections that all are looked at at once.
# Of more only those are that may still lead to a walk shorter than one that is known.
FEW_CROSS_AISLES = 3
# The most sections that are looked at at once: all there are of five cross aisles.
MOST = 568


class Choice(NamedTuple):
    cost: float
    kind: str


@dataclass
class Stage:
    """What is decided next: a piece of an aisle, of a cross aisle, or a crossing."""

    aisle: int
    row: int
    choices: list[Choice]
    width: float = 0  # to the next aisle, where the piece is one of a cross aisle
    tables: list[tuple[float, dict]] = field(init=False)

    def __post_init__(self):
        self.tables = [
            (choice.cost, section.STEPS[choice.kind, self.row])
            for choice in self.choices
        ]


class TooManySections(Exception):
    """The shortest walk would take too long to find."""


def find_pieces(layout, by_aisle, bound=math.inf):
    """The pieces of the shortest walk to points in more than one aisle.

    :param by_aisle: ``{aisle: sorted positions}``, the depot is one of them
    :param bound: only a shorter walk is looked for
    :return: ``[(stage, kind)]``; empty if no walk is shorter than the bound
    :raises TooManySections: with six cross aisles or more, and many points
    """
    stages = _list_stages(layout, by_aisle)
    crosses = len(layout.cross_aisles)
    if crosses <= FEW_CROSS_AISLES:
        return _search(stages, crosses)
    return _search(stages, crosses, _list_rests(stages, crosses), bound)


def serve(start, end, positions) -> list[Choice]:
    """The ways to reach all positions between two crossings of an aisle."""
    length = end - start
    ways = [Choice(length, section.ONCE), Choice(2 * length, section.TWICE)]
    if not positions:
        return [Choice(0, section.NONE), *ways]
    ways.append(Choice(2 * (positions[-1] - start), section.LOW))
    ways.append(Choice(2 * (end - positions[0]), section.HIGH))
    if len(positions) > 1:
        _index, gap = largest_gap(positions)
        ways.append(Choice(2 * (length - gap), section.BOTH))
    return ways


def largest_gap(positions):
    """Index of the position behind the largest gap, and the gap."""
    gaps = [after - before for before, after in pairwise(positions)]
    gap = max(gaps)
    return gaps.index(gap) + 1, gap


def _list_stages(layout, by_aisle):
    rows, stages = layout.cross_aisles, []
    aisles = sorted(by_aisle)
    for aisle, following in zip(aisles, [*aisles[1:], None], strict=True):
        positions = by_aisle[aisle]
        stages += _list_crossings(aisle, rows, positions)
        for row, (start, end) in enumerate(pairwise(rows)):
            inside = [place for place in positions if start < place < end]
            stages.append(Stage(aisle, row, serve(start, end, inside)))
        if following is None:
            break
        width = (following - aisle) * layout.pitch
        for row in range(len(rows)):
            choices = [
                Choice(0, section.STAY),
                Choice(width, section.SINGLE),
                Choice(2 * width, section.DOUBLE),
            ]
            stages.append(Stage(aisle, row, choices, width))
    return stages


def _list_crossings(aisle, rows, positions):
    """Crossings to be reached, and what lies in front of and behind them all."""
    first, last = positions[0], positions[-1]
    needed = {rows.index(place): 0 for place in positions if place in rows}
    if first < rows[0]:
        needed[0] = 2 * (rows[0] - first)
    if last > rows[-1]:
        needed[len(rows) - 1] = 2 * (last - rows[-1])
    return [
        Stage(aisle, row, [Choice(cost, section.NEED)]) for row, cost in needed.items()
    ]


def _list_rests(stages, crosses):
    """What is still to be walked behind each stage, at least, by what comes in oddly.

    Whether the walk hangs together is not asked, so this can be told beforehand.

    :return: for each stage a list; its index has bit *row* set where the walk comes
        into the cross aisle an odd number of times
    """
    rests = [[0] + [math.inf] * ((1 << crosses) - 1)]
    for stage in reversed(stages[1:]):
        behind, bit = rests[-1], 1 << stage.row
        if stage.width:
            rest = [
                length + (stage.width if odd & bit else 0)
                for odd, length in enumerate(behind)
            ]
            if stage.row == 0:  # a closed walk comes and goes
                rest[0] += 2 * stage.width
        else:
            rest = _list_rests_of_aisle(stage, behind)
        rests.append(rest)
    return rests[::-1]


def _list_rests_of_aisle(stage, behind):
    even = min(cost for cost, kind in stage.choices if kind != section.ONCE)
    rest = [length + even for length in behind]
    for cost, kind in stage.choices:
        if kind == section.ONCE:
            ends = 0b11 << stage.row
            once = [behind[odd ^ ends] + cost for odd in range(len(behind))]
            rest = list(map(min, rest, once))
    return rest


def _search(stages, crosses, rests=None, bound=math.inf):
    """The shortest walk that is shorter than the bound, and what each stage chose.

    :param rests: as ``_list_rests`` gives them
    """
    lengths, trail = {bytes(crosses): 0}, []
    for number, stage in enumerate(stages):
        lengths, back = _decide(stage, lengths)
        trail.append(back)
        if rests:
            rest, odd = rests[number], section.ODD
            lengths = {
                state: length
                for state, length in lengths.items()
                if length + rest[odd[state]] < bound
            }
            if len(lengths) > MOST:
                raise TooManySections
    ends = [state for state in lengths if section.is_closed(state)]
    if not ends:
        return []
    state = min(ends, key=lambda end: (lengths[end], end))
    pieces = []
    for stage, back in zip(reversed(stages), reversed(trail), strict=True):
        state, index = back[state]
        pieces.append((stage, stage.choices[index].kind))
    return pieces[::-1]


def _decide(stage, lengths):
    """For each section behind the stage the shortest walk, and where it came from."""
    found, back = {}, {}
    for state, length in lengths.items():
        for index, (cost, table) in enumerate(stage.tables):
            behind = table[state]
            if behind is None:
                continue
            total = length + cost
            if total < found.get(behind, math.inf):
                found[behind] = total
                back[behind] = state, index
    return found, back
