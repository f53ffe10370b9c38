"""Prices of one carton over the weight in it: in steps, and their convex hull."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import inf

from ..problem import Shell

EVALUATIONS = 600  # of the price of one carton when all its steps are looked for

Corners = list[tuple[int, float]]


def price_hull(shell: Shell, most: int, depth: int) -> Corners:
    """Corners (g of contents, price) of a convex function nowhere above the price.

    From prices at up to 2 ** ``depth`` weights: between two of them a parcel costs
    at least what it costs at the lower one.
    """
    most = int(min(most, shell.cap))
    points: Corners = [(0, shell.price(0))]

    def visit(low: int, high: int, depth: int) -> None:
        first = shell.price(low)
        if depth and high - low > 1 and first < shell.price(high):
            middle = (low + high) // 2
            visit(low, middle, depth - 1)
            visit(middle, high, depth - 1)
        elif high > low:
            points.append((high, first))

    visit(0, most, depth)
    return lower_hull(points)


def price_steps(shell: Shell, most: int) -> Corners:
    """(most g of contents, price) for each step of the price, from below.

    Exact for a price that rises in not too many steps; else a parcel between two of
    the weights looked at counts as the lower one.
    """
    most = int(min(most, shell.cap))
    ends: dict[float, int] = {shell.price(0): 0}
    left = EVALUATIONS

    def visit(low: int, high: int) -> None:
        nonlocal left
        first = shell.price(low)
        if left > 0 and high - low > 1 and first < shell.price(high):
            left -= 1
            middle = (low + high) // 2
            visit(low, middle)
            visit(middle, high)
        elif high - low == 1:
            ends[shell.price(high)] = high
        else:
            ends[first] = high

    visit(0, most)
    return [(end, price) for price, end in ends.items()]


def lower_hull(points: Iterable[tuple[int, float]]) -> Corners:
    """The points of the lower convex hull, from left to right."""
    hull: Corners = []
    for point in sorted(points):
        if hull and point[0] == hull[-1][0]:
            continue
        while len(hull) > 1 and _above(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _above(first: tuple, middle: tuple, last: tuple) -> bool:
    """Whether ``middle`` lies on or above the line from first to last."""
    return (middle[1] - first[1]) * (last[0] - first[0]) >= (last[1] - first[1]) * (
        middle[0] - first[0]
    )


def value_at(corners: Corners, at: float) -> float:
    """A convex function given by its corners; infinite beyond the last."""
    for (start, low), (end, high) in pairwise(corners):
        if at <= end:
            return low + (high - low) * (at - start) / (end - start)
    return corners[-1][1] if at <= corners[-1][0] else inf
