"""In which order a carton is filled, in steps that a packer can follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from ..model import Box, Placement


@dataclass(frozen=True, slots=True)
class Step:
    """Equal units that are put in together, and what of the product is still left."""

    placements: tuple[Placement, ...]
    left: int

    @property
    def key(self) -> Hashable:
        """The product."""
        return self.placements[0].key


def steps(box: Box) -> list[Step]:
    """The order to put the units in: from the floor up, from the back to the front.

    Units of one product that lie side by side at one height are one step. Nothing is
    ever put under what is already there.
    """
    order = sorted(box.placements, key=lambda p: (p.z, p.y + p.x, p.y, p.x))
    # units at the same height may change places: they do not lie on each other
    runs: dict[tuple, list[Placement]] = {}
    for placement in order:
        size = placement[4:]
        runs.setdefault((placement.z, placement.key, size), []).append(placement)
    left = Counter(placement.key for placement in box.placements)
    found = []
    for run in runs.values():
        left[run[0].key] -= len(run)
        found.append(Step(tuple(run), left[run[0].key]))
    return found


def spread(steps: int, most: int | None) -> list[int]:
    """Numbers of at most so many steps, from 1, spread evenly, the last among them."""
    if most is None or steps <= most:
        return list(range(1, steps + 1))
    return [steps * place // most for place in range(1, most + 1)]
