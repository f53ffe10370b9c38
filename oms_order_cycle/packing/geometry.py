"""Boxes in space: orientations, resting areas, gravity, free spaces.

A placed unit is a tuple ``(kind, x, y, z, length, width, height)``; a free space
is ``(x, y, z, X, Y, Z)`` from its lower to its upper corner. Plain tuples, because
the search makes millions of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Placed = tuple[int, int, int, int, int, int, int]
Size = tuple[int, int, int]
Space = tuple[int, int, int, int, int, int]
Turn = Size


def orientations(
    length: int, width: int, height: int, vertical: str, turn: bool
) -> list[Turn]:
    """Distinct sizes of a unit as it may be placed, flattest edges last.

    ``vertical`` names the edges that may stand upright. With ``turn`` off the
    unit is not turned about the vertical axis: with its height upright the length
    stays along x; with another edge upright the remaining two keep their order.
    """
    found: list[Turn] = []
    plans = (
        ("h", (length, width, height), (width, length, height)),
        ("w", (length, height, width), (height, length, width)),
        ("l", (width, height, length), (height, width, length)),
    )
    for edge, straight, turned in plans:
        if edge in vertical:
            found += [straight, turned] if turn else [straight]
    return list(dict.fromkeys(found))


def resting_area(
    x: int, y: int, length: int, width: int, tops: Iterable[tuple[int, int, int, int]]
) -> int:
    """mm2 of a base that lie on the rectangles ``tops`` (x, y, X, Y)."""
    far_x, far_y, area = x + length, y + width, 0
    for left, front, right, back in tops:
        across = (far_x if far_x < right else right) - (x if x > left else left)
        if across > 0:
            along = (far_y if far_y < back else back) - (y if y > front else front)
            if along > 0:
                area += across * along
    return area


def settle(placed: Sequence[Placed]) -> list[Placed]:
    """Gravity: every unit drops until it rests on something."""
    settled: list[Placed] = []
    for kind, x, y, z, a, b, c in sorted(placed, key=lambda unit: unit[3]):
        top = 0
        for _, u, v, w, d, e, f in settled:
            if w + f > top and x < u + d and u < x + a and y < v + e and v < y + b:
                top = w + f
        settled.append((kind, x, y, min(z, top), a, b, c))
    return settled


def all_rest(placed: Sequence[Placed], support: float) -> bool:
    """Whether every unit has at least the share ``support`` of its base supported."""
    tops: dict[int, list[tuple[int, int, int, int]]] = {}
    for _, x, y, z, a, b, c in placed:
        tops.setdefault(z + c, []).append((x, y, x + a, y + b))
    return all(
        z == 0 or resting_area(x, y, a, b, tops.get(z, ())) >= support * a * b
        for _, x, y, z, a, b, _c in placed
    )


def carve(
    spaces: list[Space],
    taken: Space,
    least: Turn,
    volume: int,
) -> list[Space]:
    """The maximal free spaces left when the box ``taken`` is filled.

    Spaces with an edge below ``least`` (per axis) or below ``volume`` are dropped:
    no unit still to come fits there.
    """
    x, y, z, far_x, far_y, far_z = taken
    least_x, least_y, least_z = least
    kept: list[Space] = []
    new: tuple[set[Space], ...] = (set(), set(), set(), set(), set(), set())
    left, front, below, right, back, above = new
    for space in spaces:
        x1, y1, z1, x2, y2, z2 = space
        if far_x <= x1 or x >= x2 or far_y <= y1 or y >= y2 or far_z <= z1 or z >= z2:
            kept.append(space)
            continue
        dx, dy, dz = x2 - x1, y2 - y1, z2 - z1
        if dy >= least_y and dz >= least_z:
            area = dy * dz
            if x - x1 >= least_x and (x - x1) * area >= volume:
                left.add((x1, y1, z1, x, y2, z2))
            if x2 - far_x >= least_x and (x2 - far_x) * area >= volume:
                right.add((far_x, y1, z1, x2, y2, z2))
        if dx >= least_x and dz >= least_z:
            area = dx * dz
            if y - y1 >= least_y and (y - y1) * area >= volume:
                front.add((x1, y1, z1, x2, y, z2))
            if y2 - far_y >= least_y and (y2 - far_y) * area >= volume:
                back.add((x1, far_y, z1, x2, y2, z2))
        if dx >= least_x and dy >= least_y:
            area = dx * dy
            if z - z1 >= least_z and (z - z1) * area >= volume:
                below.add((x1, y1, z1, x2, y2, z))
            if z2 - far_z >= least_z and (z2 - far_z) * area >= volume:
                above.add((x1, y1, far_z, x2, y2, z2))
    # a new space ends at a face of the box, and what contains it ends there too
    faces = ((3, x), (4, y), (5, z), (0, far_x), (1, far_y), (2, far_z))
    old = tuple(kept)
    for (side, at), fresh in zip(faces, new, strict=True):
        if fresh:
            near = [space for space in old if space[side] == at]
            kept += _maximal(near, fresh)
    return kept


def _maximal(near: list[Space], fresh: set[Space]) -> list[Space]:
    """The ``fresh`` spaces that lie inside no other and in none of ``near``."""
    found = []
    for space in fresh if len(fresh) == 1 else sorted(fresh, key=_size):
        x1, y1, z1, x2, y2, z2 = space
        for u, v, w, far_u, far_v, far_w in near:
            if (
                u <= x1
                and far_u >= x2
                and v <= y1
                and far_v >= y2
                and w <= z1
                and far_w >= z2
            ):
                break
        else:
            found.append(space)
            # biggest first: a space can only lie inside one before it
            near.append(space)
    return found


def _size(space: Space) -> tuple:
    x, y, z, far_x, far_y, far_z = space
    return (x - far_x) * (far_y - y) * (far_z - z), space
