"""In which order the units of a load are placed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..problem import Kind, Load

Sort = Callable[[Kind], tuple]

SORTS: tuple[Sort, ...] = (
    lambda kind: (-kind.volume, -kind.large),
    lambda kind: (-kind.base, -kind.volume),
    lambda kind: (-kind.large, -kind.volume),
    lambda kind: (-kind.large * kind.middle, -kind.small),
    lambda kind: (-kind.small, -kind.volume),
)


def sequence(kinds: Sequence[Kind], load: Load, sort: Sort, strict: bool) -> list[int]:
    """The units of a load one by one, equal ones together.

    :param strict: the placement rules of the units come first
    """
    order = sorted(load, key=lambda number: sort(kinds[number]))
    if strict:
        order.sort(key=lambda number: bottom_first(kinds[number]))
    return [number for number in order for _ in range(load[number])]


def sequences(kinds: Sequence[Kind], load: Load, strict: bool) -> list[list[int]]:
    """Orders of the units worth trying, best first."""
    found: list[list[int]] = []
    for sort in SORTS:
        units = sequence(kinds, load, sort, strict)
        if units not in found:
            found.append(units)
    return found


def bottom_first(kind: Kind) -> tuple:
    """What must lie below comes first, what carries nothing comes last."""
    item = kind.item
    load = item.top_load
    return (
        not item.floor_only,
        item.fragile,
        -load if load is not None else float("-inf"),
    )
