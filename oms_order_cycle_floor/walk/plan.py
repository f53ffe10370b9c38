"""The order in which the bays of a pick list are walked to."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass

from .improve import improve
from .layout import is_number
from .optimum import FEW_CROSS_AISLES, TooManySections, find_pieces
from .tour import Tour


@dataclass(frozen=True)
class Walk:
    """A closed walk from the depot.

    :param order: the picks, as they were given, in the order of the walk
    :param length: from the depot through all that have a place, and back
    :param is_shortest: whether no walk can be shorter; not known of some lists where
        there are seven cross aisles and more
    """

    order: list
    length: float
    is_shortest: bool = True


def plan_walk(picks, layout) -> Walk:
    """The shortest closed walk from the depot to all picks.

    The same picks give the same walk. Picks of one place stay together, as given.

    :param picks: ``(aisle, position)``, aisles from 0. A pick may hold more behind the
        two: ``(aisle, position, number, ...)``. Where aisle or position is None the
        place is not known, and the pick is put beside the place whose number is next to
        its own; without a number it comes last.
    :param layout: `Layout`; None if no place is known, the order is that of the numbers
    :raises ValueError: a pick that is at no place of the layout
    """
    picks = list(picks)
    if layout is None:
        return Walk(sorted(picks, key=_number_key), 0)
    lost, at_point = [], defaultdict(list)
    for pick in picks:
        if isinstance(pick, tuple | list) and None in pick[:2]:
            lost.append(pick)
        else:
            at_point[layout.check_point(pick)].append(pick)
    points, is_shortest = _order_points(layout, at_point)
    order = [pick for point in points for pick in at_point[point]]
    return Walk(_insert(lost, order), layout.measure(points), is_shortest)


def _order_points(layout, points):
    """The points in the order of a walk, and whether no walk is shorter."""
    depot = layout.depot
    by_aisle = defaultdict(list)
    for aisle, position in sorted({*points, depot}):
        by_aisle[aisle].append(position)
    if len(by_aisle) == 1:
        # one way up and one down the only aisle
        order = sorted(points, key=lambda point: (point < depot, point))
        ahead = [point for point in order if point >= depot]
        return ahead + order[len(ahead) :][::-1], True
    tour, is_shortest = _find_tour(layout, by_aisle)
    start = tour.index(depot)
    order = [point for point in tour[start:] + tour[:start] if point in points]
    if order and order[-1] < order[0]:
        order.reverse()  # the lower aisle first
    return order, is_shortest


def _find_tour(layout, by_aisle):
    """A closed walk, and whether none is shorter."""
    if len(layout.cross_aisles) <= FEW_CROSS_AISLES:
        return Tour(layout, by_aisle, find_pieces(layout, by_aisle)).list_points(), True
    known = improve([layout.depot, *_guess(layout, by_aisle)], layout.distance)
    try:
        pieces = find_pieces(layout, by_aisle, layout.measure(known))
    except TooManySections:
        return known, False
    return Tour(layout, by_aisle, pieces).list_points() if pieces else known, True


def _guess(layout, by_aisle):
    """All points but the depot, in the better of two simple orders."""
    straight, serpentine = [], []
    for number, (aisle, places) in enumerate(sorted(by_aisle.items())):
        points = [(aisle, place) for place in places if (aisle, place) != layout.depot]
        straight += points
        serpentine += points[::-1] if number % 2 else points
    return min(serpentine, straight, key=layout.measure)


def _number_key(pick):
    """Picks by number, those without one last."""
    number = pick[2] if len(pick) > 2 else None
    return (False, number) if is_number(number) else (True, 0)


def _insert(lost, order):
    """Put picks without a place beside the pick whose number is nearest."""
    if not lost:
        return order
    numbered = sorted(
        (pick[2], index) for index, pick in enumerate(order) if not _number_key(pick)[0]
    )
    beside = defaultdict(list)
    for pick in sorted(lost, key=_number_key):
        beside[_find_nearest(numbered, pick, len(order) - 1)].append(pick)
    found = beside.pop(-1, [])
    for index, pick in enumerate(order):
        found += [pick, *beside[index]]
    return found


def _find_nearest(numbered, pick, default):
    """Index of the pick with the number nearest to that of a pick, the lower of two."""
    is_without, number = _number_key(pick)
    if is_without or not numbered:
        return default
    at = bisect(numbered, (number,))
    around = numbered[max(at - 1, 0) : at + 1]
    return min(around, key=lambda item: (abs(item[0] - number), item))[1]
