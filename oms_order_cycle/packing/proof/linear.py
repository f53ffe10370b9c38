"""A small linear program: the cheapest cover, by the dual simplex method."""

from __future__ import annotations

from collections.abc import Sequence

PIVOTS = 200
TINY = 1e-9


def cover(
    columns: Sequence[Sequence[int]], prices: Sequence[float], need: Sequence[int]
) -> tuple[list[float], list[float]] | None:
    """How often to use each column so that all ``need`` is covered for least.

    :return: the use of each column, and what one unit of each row is worth; ``None``
        if it cannot be covered or takes too long
    """
    many, rows = len(columns), len(need)
    # -A x + s = -need, s >= 0: the slacks are the first basis
    table = [
        [-float(column[row]) for column in columns]
        + [float(row == other) for other in range(rows)]
        + [-float(need[row])]
        for row in range(rows)
    ]
    costs = [*map(float, prices), *[0.0] * (rows + 1)]
    basis = list(range(many, many + rows))
    for _ in range(PIVOTS):
        leaving = min(range(rows), key=lambda row: table[row][-1])
        line = table[leaving]
        if line[-1] >= -TINY:
            usage = [0.0] * many
            for row, column in enumerate(basis):
                if column < many:
                    usage[column] = max(0.0, table[row][-1])
            return usage, [max(0.0, cost) for cost in costs[many : many + rows]]
        entering = min(
            (place for place in range(many + rows) if line[place] < -TINY),
            key=lambda place: (costs[place] / -line[place], place),
            default=None,
        )
        if entering is None:
            return None
        pivot = line[entering]
        line = table[leaving] = [value / pivot for value in line]
        for row in range(rows):
            factor = table[row][entering]
            if row != leaving and factor:
                table[row] = [
                    value - factor * other
                    for value, other in zip(table[row], line, strict=True)
                ]
        factor = costs[entering]
        if factor:
            costs = [
                value - factor * other for value, other in zip(costs, line, strict=True)
            ]
        basis[leaving] = entering
    return None
