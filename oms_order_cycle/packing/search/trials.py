"""Why this carton: what became of the better ones, each really tried.

Better are cartons that would cost less with these contents, and smaller ones that would
cost no more. Most are ruled out by a look at one unit, the weight or the volume; the
largest of the rest are tried with all the contents. If they fit after all, they are
taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from ..model import Outcome, Trial
from ..problem import Load, Shell, count
from ..proof.exact import NODES
from .packer import EPS, Draft, Packed, Packer, draft_of, used

EFFORT = 240  # tries of a carton with the contents
SEARCHED = 1  # cartons that are tried so for each box, the largest first
SECONDS = 0.05  # for each box, whatever the deadline
SAID_MM = 30  # missing more along a side, another arrangement might do
NEARLY_MM = 10  # along each side that is tried to see whether it would do
NEARLY_EFFORT = 8  # the same, in tries
SIDES = ("length", "width", "height")

Trials = list[Trial]


class Trier:
    """Tries better cartons for the boxes of a plan, and notes what came of it."""

    def __init__(self, packer: Packer):
        self.packer, self.problem = packer, packer.problem
        self._known: dict[tuple, tuple[Packed, Trials]] = {}

    def explain(self, draft: Draft) -> tuple[Draft, list[Trials]]:
        """The plan, cheaper where a better carton did after all, and all trials."""
        cartons, trials = list(draft.cartons), []
        for place, packed in enumerate(cartons):
            stock = used(cartons[:place] + cartons[place + 1 :])
            left = tuple(self.problem.in_stock(s, stock) for s in self.packer.shells)
            key = packed.shell.number, id(packed.placed), left
            if key not in self._known:
                with self.problem.allow(SECONDS):
                    self._known[key] = self._tried(packed, left)
            cartons[place], found = self._known[key]
            trials.append(found)
        return draft_of(cartons), trials

    def _tried(self, packed: Packed, left: tuple[bool, ...]) -> tuple[Packed, Trials]:
        load = count(packed.placed)
        found: Trials = []
        searches = SEARCHED
        for price, shell in self._better(packed, load):
            trial = self._at_a_look(shell, load, price)
            if trial is None:
                searches -= 1
                if searches < 0:
                    break
                placed = self.packer.fitter.fit(shell, load, EFFORT)
                if placed is None and self.problem.late():
                    break  # not tried to the end: nothing is said of it
                if placed is None:
                    trial = self._misfit(packed, shell, load, price)
                elif left[shell.number]:
                    return self._tried(Packed(shell, placed, price), left)
                else:
                    trial = Trial(shell.carton, price, Outcome.OUT_OF_STOCK, {})
            found.append(trial)
        return packed, found

    def _better(self, packed: Packed, load: Load) -> list[tuple[float, Shell]]:
        """Whole cartons that are better for the load, the largest first."""
        weight, mine = self.problem.weight(load), packed.shell
        found = []
        for shell in self.packer.shells:
            if shell.carton.cut or shell.stock == mine.stock:
                continue
            price = shell.price(weight)
            smaller = shell.volume < mine.volume and price <= packed.price + EPS
            if price < packed.price - EPS or smaller:
                found.append((price, shell))
        return sorted(found, key=lambda row: (-row[1].volume, row[0], row[1].number))

    def _at_a_look(self, shell: Shell, load: Load, price: float) -> Trial | None:
        """What rules a carton out without a search."""
        problem, carton = self.problem, shell.carton
        if not carton.carries(problem.weight(load)):
            return Trial(carton, price, Outcome.TOO_HEAVY, {})
        for number in sorted(load, key=lambda n: -problem.kinds[n].large):
            missing = min(
                max(edge - side for edge, side in zip(turn, shell.hull, strict=True))
                for turn in problem.kinds[number].turns
            )
            if missing > 0:
                key = problem.kinds[number].keys[0][0]
                values = {"key": key, "missing": missing}
                return Trial(carton, price, Outcome.UNIT_TOO_LARGE, values)
        volume = problem.volume(load)
        if volume > shell.volume:
            share = ceil((volume / shell.volume - 1) * 100)
            return Trial(carton, price, Outcome.TOO_LITTLE_ROOM, {"share": share})
        return None

    def _misfit(self, packed: Packed, shell: Shell, load: Load, price: float) -> Trial:
        """How little is missing along which side, if more of it was found to do."""
        ways = sorted(self._missing(packed, shell, load))
        if ways and ways[0][0] <= SAID_MM * self.problem.per_mm:
            missing, axis = ways[0]
            values = {"side": SIDES[axis], "missing": missing}
            return Trial(shell.carton, price, Outcome.TOO_SHORT, values)
        fitter = self.packer.fitter
        proven = fitter.impossible(shell, load) or fitter.refuted(shell, load, NODES)
        outcome = Outcome.TOO_SMALL if proven else Outcome.NO_WAY_FOUND
        return Trial(shell.carton, price, outcome, {})

    def _missing(
        self, packed: Packed, shell: Shell, load: Load
    ) -> Iterator[tuple[int, int]]:
        """(mm, axis) by which some arrangement of all is longer than the carton."""
        yield from _over(packed.placed, shell)
        for axis in (2, 0, 1):
            if self.problem.late():
                return
            nearly = NEARLY_MM * self.problem.per_mm
            more = [nearly * (axis == other) for other in range(3)]
            inner = tuple(a + b for a, b in zip(shell.carton.inner, more, strict=True))
            longer = shell.with_inner(inner)
            placed = self.packer.fitter.fit(longer, load, NEARLY_EFFORT)
            if placed:
                yield from _over(placed, shell)


def _over(placed: list, shell: Shell) -> Iterator[tuple[int, int]]:
    """The one side of a shell that an arrangement is longer than."""
    over = [
        (extent - side, axis)
        for axis, side in enumerate(shell.hull)
        if (extent := max(unit[axis + 1] + unit[axis + 4] for unit in placed)) > side
    ]
    if len(over) == 1:
        yield over[0]
