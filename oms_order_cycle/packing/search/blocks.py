"""Fill one carton with blocks of equal units, space by space.

The first free space (in a chosen order) takes the best block: so many equal units
side by side, behind and above each other, in one orientation. Quick, and good for
orders with many equal units. After Eley, "Solving container loading problems by
block arrangement" (2002).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..geometry import Placed, Size, Space, Turn, carve, resting_area
from ..problem import Kind, Load
from .construct import Limits
from .support import Face

ANY = 1 << 30  # units on each other
LEAST_SUPPORT = 1e-9  # share of a base: nothing floats


class Block(NamedTuple):
    """Equal units: kind, orientation, and how many along each axis."""

    kind: int
    turn: Turn
    along: tuple[int, int, int]

    def units(self, x: int, y: int, z: int) -> list[Placed]:
        """The units of the block from its lower corner, layer by layer."""
        a, b, c = self.turn
        nx, ny, nz = self.along
        return [
            (self.kind, x + i * a, y + j * b, z + k * c, a, b, c)
            for k in range(nz)
            for j in range(ny)
            for i in range(nx)
        ]


# which space is filled next
def _lowest(s: Space) -> tuple:
    return s[2], s[1], s[0], -(s[3] - s[0]) * (s[4] - s[1])


def _leftmost(s: Space) -> tuple:
    return s[0], s[2], s[1], -(s[4] - s[1]) * (s[5] - s[2])


def _foremost(s: Space) -> tuple:
    return s[1], s[2], s[0], -(s[3] - s[0]) * (s[5] - s[2])


def _nearest(s: Space) -> tuple:
    return s[0] + s[1] + s[2], -(s[3] - s[0]) * (s[4] - s[1]) * (s[5] - s[2])


# how good a block is in a space: (count, volume of one unit, block size, room)
def _fullest(n: int, volume: int, size: Turn, room: Turn) -> tuple:
    return -n * volume, sum(room) - sum(size)


def _snug(n: int, volume: int, size: Turn, room: Turn) -> tuple:
    gaps = sorted(side - edge for side, edge in zip(room, size, strict=True))
    return gaps[0] + gaps[1], -n * volume


def _big_units(n: int, volume: int, size: Turn, room: Turn) -> tuple:
    return -volume, -n, min(side - edge for side, edge in zip(room, size, strict=True))


def _dense(n: int, volume: int, size: Turn, room: Turn) -> tuple:
    spent = 1
    for side, edge in zip(room, size, strict=True):
        # a gap above an eighth of the room can still be used
        spent *= side if (side - edge) * 8 < side else edge
    return -n * volume / spent, -n * volume


MODES: tuple[tuple[Callable, Callable], ...] = (
    (_lowest, _fullest),
    (_leftmost, _fullest),
    (_foremost, _fullest),
    (_nearest, _fullest),
    (_lowest, _snug),
    (_lowest, _dense),
    (_leftmost, _dense),
    (_nearest, _big_units),
    (_lowest, _big_units),
)


def fill_with_blocks(
    hull: Size,
    load: Load,
    kinds: Sequence[Kind],
    mode: tuple[Callable, Callable],
    support: float = 0.0,
    limits: Limits | None = None,
    late: Callable[[], bool] = lambda: False,
    strict: bool = False,
) -> list[Placed]:
    """Put as much of the load as goes into a carton, block by block.

    Ends early when it is ``late``. Knows support, weight and volume limits, and
    kinds kept apart; with ``strict`` the placement rules of the units, too: nothing
    is put on what may not carry any weight, and equal units with a top load only carry
    each other.
    """
    next_space, rate = mode
    left = dict(load)
    ground = Layers(max(support, LEAST_SUPPORT) if strict else support, kinds, strict)
    spaces: list[Space] = [(0, 0, 0, *hull)]
    excluded: set[int] = set()
    while left and spaces and not late():
        space = min(spaces, key=next_space)
        block = _best_block(space, left, kinds, rate, ground, limits)
        if block is None:
            spaces.remove(space)
            continue
        x, y, z = space[:3]
        units = ground.put(block, x, y, z)
        if limits is not None:
            limits.take(block.kind, kinds[block.kind], excluded, units)
        left[block.kind] -= units
        left = {kind: n for kind, n in left.items() if n and kind not in excluded}
        if left:
            a, b, c = (
                n * edge for n, edge in zip(block.along, block.turn, strict=True)
            )
            least = tuple(min(kinds[k].least[axis] for k in left) for axis in range(3))
            volume = min(kinds[kind].volume for kind in left)
            spaces = carve(spaces, (x, y, z, x + a, y + b, z + c), least, volume)
    return ground.placed


def _best_block(
    space: Space,
    left: Load,
    kinds: Sequence[Kind],
    rate: Callable,
    ground: Layers,
    limits: Limits | None,
) -> Block | None:
    x, y, z, far_x, far_y, far_z = space
    room = (far_x - x, far_y - y, far_z - z)
    best = None
    least = None
    for number, many in left.items():
        kind = kinds[number]
        if limits is not None:
            many = _admitted(kind, many, limits)
        high = ground.high(number, z)
        for turn in kind.turns if high else ():
            for along in _shapes(room, turn, many, high):
                size = (along[0] * turn[0], along[1] * turn[1], along[2] * turn[2])
                n = along[0] * along[1] * along[2]
                value = rate(n, kind.volume, size, room)
                if best is None or value < least:
                    block = Block(number, turn, along)
                    if not z or not ground.support or ground.carry(block, x, y, z):
                        best, least = block, value
    return best


def _admitted(kind: Kind, many: int, limits: Limits) -> int:
    if kind.weight:
        many = int(min(many, limits.cap // kind.weight))
    return min(many, limits.volume // kind.volume)


def _shapes(
    room: Turn, turn: Turn, many: int, high: int
) -> Iterator[tuple[int, int, int]]:
    """Numbers along each axis of blocks of at most ``many`` units that fit."""
    a, b, c = turn
    if many <= 0 or a > room[0] or b > room[1] or c > room[2]:
        return
    across, along, up = room[0] // a, room[1] // b, min(high, room[2] // c)
    nx = min(across, many)  # the floor first
    ny = min(along, many // nx)
    yield nx, ny, min(up, many // (nx * ny))
    nz = min(up, many)  # a column, then a wall
    nx = min(across, many // nz)
    yield nx, min(along, many // (nx * nz)), nz
    ny = min(along, many)
    nz = min(up, many // ny)
    yield min(across, many // (ny * nz)), ny, nz


class Layers:
    """What blocks can rest on while a carton is being filled with them.

    :param strict: whether to heed fragile units, top loads and floor-only units
    """

    def __init__(self, support: float, kinds: Sequence[Kind], strict: bool):
        self.support, self.kinds, self.strict = support, kinds, strict
        self.placed: list[Placed] = []
        self._tops: dict[int, list[Face]] = {}  # by height
        self._bars: dict[int, list[Face]] = {}  # tops that nothing may touch

    def high(self, number: int, z: int) -> int:
        """How many units of a kind may stand on each other from this height on."""
        if not self.strict:
            return ANY
        item, weight = self.kinds[number].item, self.kinds[number].weight
        if item.floor_only:
            return 0 if z else 1
        if item.fragile:
            return 1
        if item.top_load is None or not weight:
            return ANY
        return 1 + item.top_load // weight

    def put(self, block: Block, x: int, y: int, z: int) -> int:
        """Note a block that has been placed; how many units it has."""
        units = block.units(x, y, z)
        self.placed += units
        (nx, ny, nz), (a, b, c) = block.along, block.turn
        item = self.kinds[block.kind].item
        barred = self.strict and (item.fragile or item.top_load is not None)
        tops = self._bars if barred else self._tops
        tops.setdefault(z + nz * c, []).append((x, y, x + nx * a, y + ny * b))
        return len(units)

    def carry(self, block: Block, x: int, y: int, z: int) -> bool:
        """Whether each unit of the lowest layer of a block has its share of support."""
        (nx, ny, _), (a, b, _c) = block.along, block.turn
        base = x, y, nx * a, ny * b
        if self.strict and resting_area(*base, self._bars.get(z, ())):
            return False
        tops = self._tops.get(z, ())
        if resting_area(*base, tops) == base[2] * base[3]:
            return True
        near = [top for top in tops if resting_area(*base, (top,))]
        least = self.support * a * b
        return bool(near) and all(
            resting_area(x + n * a, y + m * b, a, b, near) >= least
            for m in range(ny)
            for n in range(nx)
        )
