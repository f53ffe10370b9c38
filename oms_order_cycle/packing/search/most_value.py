"""Where cartons run short: what goes in, so that it is worth most, then is most.

The plan that the search for the least price left incomplete is the start. Others are
made from the most valuable units that could be in the cartons at all; the best of them
is improved unit by unit. Where there are few ways to leave something out, they are gone
through from the least loss on, until one of them is packed. At last, what goes in is
packed for the least price.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

from ..geometry import Placed
from ..problem import Load, Shell, count, minus
from .bulk import Bulk
from .construct import far_corner, low_top
from .many import Many
from .packer import Draft, Packed, Packer, draft_of, used
from .pairs import Pairs

SHARES = (1.0, 0.92, 0.84, 0.76, 0.68)  # of the room that is aimed at
LARGE = 400  # units from which nothing is looked at one by one
EFFORT = 8  # tries of a carton with one unit more
FITS = 120  # such cartons looked at
SUBSETS = 4000  # ways to leave something out that are looked at
TRIALS = 60  # of them that are packed
PAIR_EFFORT = 4  # for each
PAIR_LIMIT = 6
WIDTH = 2  # of the beam search for each
ROUND = 6  # digits of a value that count


class Piece(NamedTuple):
    """What goes in or stays out as one: a unit, or all that must stay together."""

    units: tuple[tuple[int, int], ...]  # (kind, number)
    number: int  # of such pieces
    value: float
    volume: int


class MostValue:
    """Chooses what goes into cartons that do not take all."""

    def __init__(self, packer: Packer, many: Many, pairs: Pairs, bulk: Bulk):
        self.packer, self.problem = packer, packer.problem
        self.many, self.pairs, self.bulk = many, pairs, bulk
        self.kinds = packer.problem.kinds

    def runs_short(self, load: Load) -> bool:
        """Whether a quick plan finds too few cartons for the load."""
        packed = self.many.greedy(load)
        return sum(len(one.placed) for one in packed.cartons) < sum(load.values())

    def plan(self, load: Load, best: Draft, cheapest: Callable[[Load], Draft]) -> Draft:
        """The most valuable plan found.

        :param best: what was found for the least price; the answer is not worse
        :param cheapest: makes a plan for the least price of what goes in
        """
        pieces = self._pieces(load)
        for draft in self._made_anew(pieces, load):
            best = max(best, draft, key=self._rank)
        if sum(load.values()) <= LARGE:
            best = self._improved(load, best)
            best = self._with_least_loss(pieces, load, best)
        chosen = self._packed(best)
        if chosen and not self.problem.late():
            again = cheapest(chosen)
            if self._packed(again) == chosen and again.price < best.price:
                best = again
        return best

    # -- what is made most of -----------------------------------------------------

    def _rank(self, draft: Draft) -> tuple[float, int, float]:
        load = self._packed(draft)
        return (*self._worth(load), -draft.price)

    def _worth(self, load: Load) -> tuple[float, int]:
        value = sum(self.kinds[kind].worth(many) for kind, many in load.items())
        return round(value, ROUND), self.problem.volume(load)

    @staticmethod
    def _packed(draft: Draft) -> Load:
        return dict(Counter(unit[0] for one in draft.cartons for unit in one.placed))

    def _pieces(self, load: Load) -> list[Piece]:
        """The load in pieces; of each kind no more than all cartons can hold."""
        together, pieces = {}, []
        for kind, many in load.items():
            group = self.kinds[kind].item.together
            if group is not None:
                together.setdefault(group, {})[kind] = many
                continue
            left = min(many, self._most(kind, many))
            for value, number in self.kinds[kind].values:
                number = min(number, left)
                left -= number
                if number:
                    volume = self.kinds[kind].volume
                    pieces.append(Piece(((kind, 1),), number, value, volume))
        for units in together.values():
            value, volume = self._worth(units)
            pieces.append(Piece(tuple(units.items()), 1, value, volume))
        return pieces

    def _most(self, kind: int, many: int) -> float:
        """How many units of a kind all cartons hold together, at most."""
        most: Counter = Counter()
        for shell in self.packer.shells:
            if not self.problem.holds[shell.number][kind]:
                continue
            if self.problem.available[shell.stock] is None:
                return many
            bounds = self.packer.bounds
            held = bounds.at_a_look(shell, kind, many)
            if held > 1:
                held = bounds.most(shell, kind, held)
            most[shell.stock] = max(most[shell.stock], held)
        return sum(self.problem.available[stock] * n for stock, n in most.items())

    def _room(self) -> tuple[float, float]:
        """mm3 and g that all cartons hold together."""
        roomiest, strongest = Counter(), Counter()
        for shell in self.packer.shells:
            roomiest[shell.stock] = max(roomiest[shell.stock], shell.volume)
            strongest[shell.stock] = max(strongest[shell.stock], shell.cap)
        rooms = [0.0, 0.0]
        for place, each in enumerate((roomiest, strongest)):
            for stock, most in each.items():
                number = self.problem.available[stock]
                if most:
                    rooms[place] += most * (inf if number is None else number)
        return rooms[0], rooms[1]

    # -- plans made anew ------------------------------------------------------------

    def _made_anew(self, pieces: list[Piece], load: Load) -> Iterator[Draft]:
        """Plans for the most valuable units that may go in."""
        seen = set()
        for share in SHARES:
            for rate in (_by_volume, _by_value):
                if self.problem.late():
                    return
                target = self._target(pieces, rate, share)
                key = tuple(sorted(target.items()))
                if target and key not in seen:
                    seen.add(key)
                    yield self._filled_up(target, load)
        if sum(load.values()) <= LARGE and not self.problem.grouped:
            for rate in (_by_volume, _by_value):
                yield self._in_order(pieces, load, rate)

    def _target(self, pieces: list[Piece], rate: Callable, share: float) -> Load:
        """The best pieces that fill this share of all cartons."""
        room, strength = self._room()
        room *= share
        target: Counter = Counter()
        for piece in sorted(pieces, key=rate, reverse=True):
            weight = self.problem.weight(dict(piece.units))
            number = min(piece.number, max(0, room) // piece.volume)
            if weight:
                number = min(number, max(0, strength) // weight)
            number = int(number)
            room -= number * piece.volume
            strength -= number * weight
            for kind, many in piece.units if number else ():
                target[kind] += many * number
        return dict(target)

    def _filled_up(self, target: Load, load: Load) -> Draft:
        """As much of the target as goes in, then of what else there is."""
        full, rest = [], target
        if self.bulk.suits(target):
            available = list(self.problem.available)
            full, rest = self.bulk.take(target)
            self.problem.available = available
        draft = self.many.greedy(rest, full)
        rest = minus(load, self._packed(draft))
        return self.many.greedy(rest, draft.cartons) if rest else draft

    def _in_order(self, pieces: list[Piece], load: Load, rate: Callable) -> Draft:
        """The largest cartons first, each filled with the best units there are."""
        ranked = sorted(pieces, key=rate, reverse=True)
        order = list(dict.fromkeys(piece.units[0][0] for piece in ranked))
        cartons: list[Packed] = []
        rest = load
        for shell in sorted(self.packer.shells, key=lambda shell: -shell.volume):
            limited = self.problem.available[shell.stock] is not None
            while limited and rest and self.problem.in_stock(shell, used(cartons)):
                ways = [
                    self.packer.filler.fill(shell, order, rest, rule)
                    for rule in (far_corner, low_top)
                ]
                placed = max(ways, key=lambda way: self._worth(count(way)))
                if not placed:
                    break
                cartons.append(self.packer.pack(shell, placed))
                rest = minus(rest, count(placed))
                order = [kind for kind in order if kind in rest]
        return self.many.greedy(rest, cartons) if rest else draft_of(cartons)

    # -- unit by unit -----------------------------------------------------------------

    def _improved(self, load: Load, best: Draft) -> Draft:
        """The plan with units added, or put in the place of less worthy ones."""
        fits = FITS
        better = True
        while better:
            better = False
            packed = self._packed(best)
            for change in self._changes(load, packed, best):
                if fits <= 0 or self.problem.late():
                    return best
                place, shell, wanted = change
                if self.packer.fitter.impossible(shell, wanted):
                    continue
                fits -= 1
                placed = self.packer.fitter.fit(shell, wanted, EFFORT)
                if placed:
                    best = self._with(best, place, shell, placed)
                    rest = minus(load, self._packed(best))
                    best = self.many.greedy(rest, best.cartons) if rest else best
                    better = True
                    break
        return best

    def _changes(
        self, load: Load, packed: Load, best: Draft
    ) -> Iterator[tuple[int, Shell, Load]]:
        """(carton, shell for it, its contents) of plans that are worth more, the most
        worthy first."""
        left = minus(load, packed)
        stock = used(best.cartons)
        before = self._worth(packed)
        found = []
        for place, one in enumerate(best.cartons):
            inside = count(one.placed)
            shells = [one.shell, *self._larger(one.shell, stock)]
            for coming in left:
                if self.kinds[coming].item.together is not None:
                    continue
                for going, many in self._going(inside, coming, one.shell):
                    wanted = dict(inside)
                    wanted[coming] = wanted.get(coming, 0) + 1
                    all_in = {**packed, coming: packed.get(coming, 0) + 1}
                    if many:
                        wanted[going] -= many
                        all_in[going] -= many
                    worth = self._worth(all_in)
                    if worth > before:
                        wanted = {kind: n for kind, n in wanted.items() if n}
                        for shell in shells:
                            row = worth, -len(found), place, shell, wanted
                            found.append(row)
        found.sort(key=lambda row: row[:2], reverse=True)
        for _worth, _number, place, shell, wanted in found:
            yield place, shell, wanted

    def _larger(self, than: Shell, stock: Counter) -> list[Shell]:
        return [
            shell
            for shell in self.packer.shells
            if shell.volume > than.volume and self.problem.in_stock(shell, stock)
        ]

    def _going(
        self, inside: Load, coming: int, shell: Shell
    ) -> Iterator[tuple[int, int]]:
        """Units that could make room: none, or some of another kind."""
        yield coming, 0
        wanted = self.kinds[coming].volume
        for kind, there in inside.items():
            if kind != coming and self.kinds[kind].item.together is None:
                enough = -(-wanted // self.kinds[kind].volume)
                for many in {1, min(there, enough), min(there, enough + 1)}:
                    yield kind, many

    def _with(
        self, draft: Draft, place: int, shell: Shell, placed: list[Placed]
    ) -> Draft:
        cartons = list(draft.cartons)
        cartons[place] = self.packer.pack(shell, placed)
        return draft_of(cartons)

    # -- the least loss ---------------------------------------------------------------

    def _with_least_loss(self, pieces: list[Piece], load: Load, best: Draft) -> Draft:
        """The first of all ways to leave something out that is packed."""
        room, strength = self._room()
        trials, seen = TRIALS, set()
        rank = self._rank(best)[:2]
        for target in self._by_loss(pieces):
            if self._worth(target) <= rank or not trials or self.problem.late():
                break
            key = tuple(sorted(target.items()))
            if (
                key in seen
                or self.problem.volume(target) > room
                or self.problem.weight(target) > strength
            ):
                continue
            seen.add(key)
            trials -= 1
            draft = self._whole(target)
            if draft:
                return draft
        return best

    def _by_loss(self, pieces: list[Piece]) -> Iterator[Load]:
        """What is left when pieces stay out, the least loss first."""
        pieces = [piece for piece in pieces if piece.number]
        pieces.sort(key=lambda piece: (piece.value, piece.volume))
        nothing = (0,) * len(pieces)
        waiting: list[tuple] = [(0.0, 0, nothing, 0)]
        left = SUBSETS
        while waiting and left:
            left -= 1
            value, volume, out, start = heappop(waiting)
            target: Counter = Counter()
            for piece, number in zip(pieces, out, strict=True):
                for kind, many in piece.units:
                    target[kind] += many * (piece.number - number)
            yield {kind: many for kind, many in target.items() if many}
            for place in range(start, len(pieces)):
                if out[place] < pieces[place].number:
                    more = (*out[:place], out[place] + 1, *out[place + 1 :])
                    lost = round(value + pieces[place].value, ROUND)
                    row = lost, volume + pieces[place].volume, more, place
                    heappush(waiting, row)

    def _whole(self, load: Load) -> Draft | None:
        """All of a load in the cartons there are, if a way is found."""
        if not load:
            return None
        single = self.packer.single(load, inf, EFFORT)
        if single:
            return draft_of([single])
        pair = self.pairs.pack(load, inf, PAIR_EFFORT, PAIR_LIMIT)
        if pair:
            return pair
        draft = self.many.greedy(load)
        if self._packed(draft) == load:
            return draft
        numbers = (3 if n is None else n for n in self.problem.available)
        return self.many.beam(load, inf, WIDTH) if sum(numbers) > 2 else None


def _by_volume(piece: Piece) -> tuple:
    return piece.value / piece.volume, piece.volume


def _by_value(piece: Piece) -> tuple:
    return piece.value, piece.volume
