"""Why a line comes from where it does, and not from elsewhere: codes, not words."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from .choose import count_there
from .problem import Stock

#: Why a part comes from its warehouse: the first that is allowed (or the nearest), the
#: only one that has it, with the rest of the order, what the others do not have; it
#: waits there, since nobody has it.
BEST, ONLY, TOGETHER, REST, WAITS = "best", "only", "together", "rest", "waits"
#: Why not from another: nothing there, not enough of it, the order would be split
#: further, it comes later in the list (or is farther).
NOTHING, TOO_LITTLE, SPLIT, LATER = "nothing", "too_little", "split", "later"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so much of a line comes from a warehouse.

    :param refused: ``((warehouse, code, parts that it has), ...)`` of the others
    """

    line: Hashable
    source: Hashable
    code: str
    refused: tuple = field(default=())


def explain(order, choice, left):
    """The reasons for each part of an order.

    :param choice: what was chosen for it
    :param left: :class:`~.problem.Stock` that all orders together left
    :return: list of :class:`Reason`, one for each part of the choice
    """
    stock = Stock(left.free)
    stock.take(order, choice, -1)
    lines = {line.key: line for line in order.lines}
    opened = {part.source for part in choice.parts if part.parts > part.short}
    opened |= order.used
    places = {}
    for part in choice.parts:
        places.setdefault(part.line, set()).add(part.source)
    reasons = []
    for part in choice.parts:
        line = lines[part.line]
        there = {
            source.key: count_there(line, source.key, stock.free)
            for source in order.sources
        }
        refused = tuple(
            (key, _refuse(line, key, count, opened), count)
            for key, count in there.items()
            if key not in places[part.line]
        )
        code = _find_reason(order, line, part, there, places[part.line])
        reasons.append(Reason(part.line, part.source, code, refused))
    return reasons


def _refuse(line, key, count, opened):
    if not count:
        return NOTHING
    if count < line.parts:
        return TOO_LITTLE
    return LATER if key in opened else SPLIT


def _find_reason(order, line, part, there, places):
    if part.short == part.parts:
        return WAITS
    holders = [key for key, count in there.items() if count]
    if holders == [part.source]:
        return ONLY
    if len(places) > 1:
        return REST
    if part.source == order.sources[0].key:
        return BEST
    enough = [key for key, count in there.items() if count >= line.parts]
    if enough and enough[0] == part.source:
        return BEST
    return TOGETHER
