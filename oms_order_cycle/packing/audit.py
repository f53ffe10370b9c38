"""Is every reason true? Each carton that a plan says was tried is tried again.

Apart from the search that told it: with a plan of its own, unhurried, for the contents
of the box alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from .engine import pack
from .geometry import orientations
from .model import Box, Carton, Item, Outcome, Plan, Trial
from .tenths import to_tenths

EFFORT = 240  # with which a carton is tried again
SIDES = ("length", "width", "height")


class Untrue(NamedTuple):
    """A trial of a box (counted from 1) that does not hold, and why not."""

    box: int
    trial: Trial
    why: str


def audit(
    plan: Plan, items: Iterable[Item], cartons: Sequence[Carton], effort: int = EFFORT
) -> list[Untrue]:
    """The trials of a plan that are untrue; an empty list if there are none.

    :param effort: with which a carton is tried again, as for ``pack``
    """
    by_key = {item.key: item for item in to_tenths(items)}
    used = Counter(box.carton.key for box in plan.boxes)
    found = []
    for number, box in enumerate(plan.boxes, 1):
        counts = Counter(placed.key for placed in box.placements)
        contents = [replace(by_key[key], quantity=n) for key, n in counts.items()]
        for trial in box.tried:
            auditor = _Auditor(plan, box, contents, cartons, used, effort)
            why = auditor.objection(trial)
            if why:
                found.append(Untrue(number, trial, why))
    return found


class _Auditor:
    """Tries a carton with the contents of one box."""

    def __init__(
        self,
        plan: Plan,
        box: Box,
        contents: list[Item],
        cartons: Sequence[Carton],
        used: Counter,
        effort: int,
    ):
        self.plan, self.box, self.contents = plan, box, contents
        self.cartons, self.used, self.effort = cartons, used, effort

    def objection(self, trial: Trial) -> str:
        """What is untrue about a trial; nothing if it holds."""
        carton = trial.carton
        if carton not in self.cartons:
            return "was not offered"
        if float(trial.price) > float(self.box.price) + 1e-6:
            return "is not better"
        return {
            Outcome.TOO_HEAVY: self._too_heavy,
            Outcome.UNIT_TOO_LARGE: self._unit_too_large,
            Outcome.TOO_LITTLE_ROOM: self._too_little_room,
            Outcome.OUT_OF_STOCK: self._out_of_stock,
            Outcome.TOO_SHORT: self._too_short,
        }.get(trial.outcome, self._too_small)(trial)

    def _too_heavy(self, trial: Trial) -> str:
        weight = sum(item.weight * item.quantity for item in self.contents)
        return "carries it" if trial.carton.carries(weight) else ""

    def _unit_too_large(self, trial: Trial) -> str:
        for item in self.contents:
            if item.key == trial.values["key"]:
                sides = item.length, item.width, item.height
                missing = min(
                    max(a - b for a, b in zip(t, trial.carton.usable, strict=True))
                    for t in orientations(*sides, item.vertical, item.turn)
                )
                return "" if missing == trial.values["missing"] else "another length"
        return "is not in the box"

    def _too_little_room(self, trial: Trial) -> str:
        volume = sum(
            item.length * item.width * item.height * item.quantity
            for item in self.contents
        )
        return "has the room" if volume <= trial.carton.usable_volume else ""

    def _out_of_stock(self, trial: Trial) -> str:
        left = trial.carton.available
        in_stock = left is None or self.used[trial.carton.key] < left
        return "is in stock" if in_stock else ""

    def _too_small(self, trial: Trial) -> str:
        return "holds the contents" if self._fits(trial.carton) else ""

    def _too_short(self, trial: Trial) -> str:
        axis = SIDES.index(trial.values["side"])
        inner = list(trial.carton.inner)
        inner[axis] += trial.values["missing"]
        longer = replace(trial.carton, inner=tuple(inner))
        if not self._lies_in(longer) and not self._fits(longer):
            return "too short all the same"
        return self._too_small(trial)

    def _lies_in(self, carton: Carton) -> bool:
        """Whether the box as it is packed lies in another carton."""
        margin = self.box.carton.margin
        extent = [
            max(p[axis + 1] + p[axis + 4] for p in self.box.placements) - aside
            for axis, aside in enumerate((margin, margin, 0))
        ]
        return all(a <= b for a, b in zip(extent, carton.usable, strict=True))

    def _fits(self, carton: Carton) -> bool:
        alone = replace(carton, available=1, cut_heights=())
        plan = pack(
            self.contents, [alone], _one, support=self.plan.support, effort=self.effort
        )
        return plan.complete


def _one(outer: object, gross: int) -> int:
    return 1
