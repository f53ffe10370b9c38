"""The cheapest cartons for an order: one, two, many, in this order."""

from __future__ import annotations

from math import ceil, inf

from ..problem import Load, Problem, Shell
from ..proof.exact import NODES
from .anneal import Annealer
from .bulk import Bulk
from .equal import Equal
from .many import Many
from .most_value import MostValue
from .packer import EPS, Draft, Packed, Packer, draft_of
from .pairs import Pairs
from .patterns import Patterns
from .repair import Repair
from .trials import Trials, Trier

WIDTH = 6  # plans kept by the beam search
SIZES = 7  # cartons that are tried again and again where time is short
SIZE_TRIES = 4  # ways to fill each of them
QUICK_PASSES = 1  # of the plan-level squeaky wheel then
QUICK_WIDTH = 2  # the same where time is short
PASSES = 12  # of the plan-level squeaky wheel, from each of its starts
MORE_PASSES = 80  # the same, for many cartons
MANY = 5  # cartons are many
PAIR_EFFORT = 6  # for each load of two cartons
FREE_PAIR_EFFORT = 24  # the same where units need no support: tries cost less
FAR_EFFORT = 75  # the same, where much may be won
FAR = 0.05  # how far above it two cartons are worth a longer one
PLAIN_EFFORT = 12  # tries for each carton where the best plan may be plain
ROUNDS = (1 / 20, 1 / 5, 1)  # shares of the effort, one after the other
QUICK_EFFORT = 2  # tries for each carton until there is a plan
# shares of the deadline that are over when a part of the search ends
WHOLE_SHARE = 0.5  # where something may stay out
SINGLE_SHARE = 0.3
FLOOR_SHARE = 0.4
HURRIED_SHARE = 0.6
PAIR_SHARE = 0.7
BEAM_SHARE = 0.8
CLOSE = 0.02  # how far above the floor a plan is not worth a long search

FEW = 60  # units of one product that are searched in other ways, too
TRIES = 800  # of the long search, per effort and share of the price to be won
MOST_TRIES = 60  # the same at most
ALL_TRIES = 150  # the same for all cartons together
WORTHWHILE = 0.022  # share of the price that must be in sight for it
SMALL = 25  # units that a long search is for
FULL = 0.97  # share of the volume from which it is hopeless
PROMISING = 4  # cartons and pairs of cartons that are looked at so long


class Solver:
    """Looks for the cheapest plan of a whole order."""

    def __init__(self, problem: Problem, effort: int):
        self.problem = problem
        self.effort = effort
        self.packer = Packer(problem)
        self.pairs = Pairs(self.packer)
        self.many = Many(self.packer)
        self.repair = Repair(self.packer, self.pairs)
        self.patterns = Patterns(self.packer)
        self.equal = Equal(self.packer)
        self.bulk = Bulk(self.packer, self.equal)
        self.most_value = MostValue(self.packer, self.many, self.pairs, self.bulk)
        self._floor = 0.0  # what no plan of the whole order is under, as far as known
        self._floors: dict[tuple, float] = {}

    def explained(self, draft: Draft) -> tuple[Draft, list[Trials]]:
        """The plan with what became of better cartons for each of its own."""
        return Trier(self.packer).explain(draft)

    def groups_too_large(self, left: Load) -> set[int]:
        """Kinds left out because no carton takes all that must stay together; the
        others lack a carton."""
        return self.many.groups_too_large(left)

    def solve(self) -> Draft:
        """The cheapest plan found for the whole order."""
        load = self.problem.load
        plain = self._plain(load)
        if plain:
            return plain
        alike = self._equal(load) if self.equal.suits(load) else None
        if alike and (alike.price <= self._floor + EPS or sum(load.values()) > FEW):
            return alike
        if self.problem.limited and self.most_value.runs_short(load):
            return self.repair.alone(self._most_valuable(load))
        full, left = self._full(load)
        best = self._plan(left) if left else draft_of(())
        if len(best.cartons) > 1 or self.problem.deadline is not None:
            best = self.repair.alone(best)
        if alike and alike.price <= best.price + EPS:
            best = alike
        if full:
            return draft_of([*full, *best.cartons])
        if self._worth_a_long_search():
            best = self._annealed(load, best)
        return best

    def _full(self, load: Load) -> tuple[list[Packed], Load]:
        """Full cartons of a very large order, and what is left of it."""
        return self.bulk.take(load) if self.bulk.suits(load) else ([], load)

    def _most_valuable(self, load: Load) -> Draft:
        """The plan where a quick one left something out: of all, if it can be, else
        of the most value."""
        problem = self.problem
        available = list(problem.available)
        with problem.portion(WHOLE_SHARE):
            full, left = self._full(load)
            best = self._plan(left) if left else draft_of(())
        best = draft_of([*full, *best.cartons])
        problem.available = available
        if _is_whole(best, load):
            return best
        seconds = (1 - WHOLE_SHARE) * (problem.deadline or 0.0)
        with problem.allow(seconds):
            return self.most_value.plan(load, best, self._plan)

    def _plain(self, load: Load) -> Draft | None:
        """The plan for a few units of one product, if it is plain that it is best:
        in the first carton that is not proven too small, cheaper than several."""
        if not self.equal.suits(load) or sum(load.values()) > FEW:
            return None
        fitter = self.packer.fitter
        ((number, many),) = load.items()
        for price, _, shell in self.packer.singles(load, inf):
            # rows and layers are put in with fewer steps
            placed = self.equal.hold(shell, number, many, deep=False)
            if len(placed) < many:
                placed = fitter.fit(shell, load, PLAIN_EFFORT)
            if placed:
                floor = self._several_floor(load, price)
                single = Packed(shell, placed, price)
                return Draft(price, [single]) if floor >= price - EPS else None
            if not (
                fitter.impossible(shell, load) or fitter.refuted(shell, load, NODES)
            ):
                break
        return None

    def _equal(self, load: Load) -> Draft | None:
        """The plan for one product; also notes what none is under."""
        draft, self._floor = self.equal.plan(load)
        if draft:
            self.problem.release()
        return draft

    def _plan(self, load: Load) -> Draft:
        problem = self.problem
        if problem.grouped and problem.deadline:
            self.many.prepare(load)
        quick = self._quick(load) if problem.deadline is not None else None
        known = quick.price if quick and _is_whole(quick, load) else inf
        with problem.until(SINGLE_SHARE):
            single = self._single(load, known)
        best = Draft(single.price, [single]) if single else quick
        whole = best is not None and _is_whole(best, load)
        below = best.price if whole else inf
        with problem.until(FLOOR_SHARE):
            floor = self._several_floor(load, below)
        if best and whole:
            problem.release()
            if floor >= below - EPS:
                return self._cheaper_single(load, best)
        if problem.deadline is not None and len(load) > 1 and best:
            best = self._hurried(load, best, floor)
            below = best.price if _is_whole(best, load) else inf
        limit = 12 if best else 24
        effort = PAIR_EFFORT if problem.support else FREE_PAIR_EFFORT
        with problem.until(PAIR_SHARE):
            best = self.pairs.pack(load, below, effort, limit) or best
        if best is None or len(best.cartons) > 1 and best.price > floor + EPS:
            best = self._several(load, best, floor)
        if len(best.cartons) == 2 and best.price > floor * (1 + FAR):
            best = self.pairs.pack(load, best.price, FAR_EFFORT, limit) or best
        return best

    def _single(self, load: Load, below: float) -> Packed | None:
        """The cheapest carton for all; where time is short none takes all of it."""
        if self.problem.deadline is None:
            return self.packer.single(load, below, self.effort)
        best = None
        for share in ROUNDS:
            found = self.packer.single(load, below, ceil(self.effort * share))
            if found:
                best, below = found, found.price
        return best

    def _cheaper_single(self, load: Load, best: Draft) -> Draft:
        """The plan, or one cheaper carton: nothing else can be cheaper."""
        if self.problem.deadline is None:
            return best
        single = self._single(load, best.price)
        return Draft(single.price, [single]) if single else best

    def _hurried(self, load: Load, best: Draft, floor: float) -> Draft:
        """The plan, or a cheaper one: made mostly of one carton, or with what did not
        go in well at the front."""
        if len(best.cartons) < 2:
            return best
        shells = self.many.by_rate(load)
        with self.problem.until(HURRIED_SHARE):
            for shell in shells[:SIZES]:
                if self.problem.late() or best.price <= floor + EPS:
                    break
                below = best.price if _is_whole(best, load) else inf
                found = self.many.one_size(load, shell, below, SIZE_TRIES)
                best = found or best
            if _is_whole(best, load) and best.price > floor + EPS:
                best = self.many.squeaky(load, best, QUICK_PASSES)
        return best

    def _quick(self, load: Load) -> Draft:
        """A plan, whatever the time: one carton, or one after the other."""
        with self.problem.until(SINGLE_SHARE / 2):
            single = self.packer.single(load, inf, QUICK_EFFORT)
        if single:
            return Draft(single.price, [single])
        found = None
        if self.problem.is_hasty and len(load) > 1:
            shell = self.many.by_rate(load)[0]
            found = self.many.one_size(load, shell, inf, SIZE_TRIES)
        return found or self.many.greedy(load)

    def _several(self, load: Load, best: Draft | None, floor: float) -> Draft:
        if best is None:
            best = self.many.greedy(load)
            self.problem.release()
        if self.problem.deadline is not None and _is_whole(best, load):
            # little time: a few plans side by side win more than repairing one
            with self.problem.until(BEAM_SHARE):
                best = self.many.beam(load, best.price, QUICK_WIDTH) or best
        if best.price > floor + EPS and len(best.cartons) > 2:
            best = self.repair.improve(best, floor)
        below = best.price if _is_whole(best, load) else inf
        if below <= floor * (1 + CLOSE) or self.problem.late():
            return best
        if len(best.cartons) > 2 and self.patterns.suits(load):
            best = self.patterns.pack(load, below) or best
            below = min(below, best.price)
        found = self.many.beam(load, below, WIDTH)
        if found or below < inf:
            best = found or best
            passes = PASSES if len(best.cartons) < MANY else MORE_PASSES
            best = self.many.squeaky(load, best, passes)
            best = self.repair.improve(best, floor)
        return best

    def _worth_a_long_search(self) -> bool:
        """Whether the order is small and free.

        With support there is less to find, and every try costs more.
        """
        problem = self.problem
        ruled = problem.ruled or problem.grouped or not problem.conflict_free
        return not (problem.support or ruled) and sum(problem.load.values()) <= SMALL

    def _annealed(self, load: Load, best: Draft) -> Draft:
        """The plan, or a cheaper one found by a long search."""
        if not _is_whole(best, load):
            return best
        left = self.effort * ALL_TRIES
        for floor, shells in self._promising(load, best.price * (1 - WORTHWHILE)):
            if floor >= best.price * (1 - WORTHWHILE) or self.problem.late():
                break
            gain = 1 - floor / best.price
            tries = min(left, int(self.effort * min(MOST_TRIES, TRIES * gain)))
            search = Annealer(self.problem, load, shells, best.price - EPS)
            found = search.search(tries)
            left -= tries
            if found:
                best = draft_of(map(self.packer.pack, shells, found))
        return best

    def _promising(
        self, load: Load, below: float
    ) -> list[tuple[float, tuple[Shell, ...]]]:
        """Cartons and pairs of cartons that may be cheaper, the cheapest first."""
        fitter, bounds = self.packer.fitter, self.packer.bounds
        least = self.problem.volume(load) / FULL
        promising: list[tuple[float, tuple[Shell, ...]]] = [
            (price, (shell,))
            for price, volume, shell in self.packer.singles(load, below)
            if volume > least
            and not fitter.impossible(shell, load)
            and not fitter.refuted(shell, load, NODES)
        ]
        if self._several_floor(load, below) < below - EPS:
            promising += [
                (floor, (one, other))
                for floor, one, other in self.pairs.candidates(load, below)
                if one.volume + other.volume > least
                and bounds.possible((one, other), load)
            ]
        promising.sort(key=lambda choice: choice[0])
        return promising[:PROMISING]

    def bound(self, price: float) -> float:
        """A proven lower bound of the price of the whole order, at most ``price``."""
        load = self.problem.load
        if self._floor >= price - EPS or not load:
            return price
        for paid, _, shell in self.packer.singles(load, price):
            fitter = self.packer.fitter
            if self.problem.late() or not (
                fitter.impossible(shell, load) or fitter.refuted(shell, load, NODES)
            ):
                price = paid
                break
        return max(self._floor, self._several_floor(load, price))

    def _several_floor(self, load: Load, below: float) -> float:
        """Least price of several cartons, as far as it is under ``below``.

        Found once: later prices are not above the first.
        """
        if sum(load.values()) < 2:
            return below
        key = tuple(sorted(load.items()))
        if key not in self._floors:
            self._floors[key] = self.packer.bounds.several(load, below)
        return min(below, self._floors[key])


def _is_whole(draft: Draft, load: Load) -> bool:
    """Whether all units of the load are in the cartons of the draft."""
    return sum(len(packed.placed) for packed in draft.cartons) == sum(load.values())
