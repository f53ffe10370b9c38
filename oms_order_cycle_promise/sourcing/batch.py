"""All orders of a batch: the older first, then swaps among those that are equal."""

import random
import time

from .choose import SAME, Chooser
from .problem import Choice, Stock

#: How many swaps are tried for each order that could be better off, and at most.
TRIES_PER_ORDER, MOST_TRIES = 600, 15_000
#: How many orders give back what they have, to choose anew.
MOST_TOGETHER = 4
#: How often swapping starts anew from the best that was seen.
ROUNDS = 3


def choose_all(orders, free, seconds=0.8, seed=0, tries=None):
    """Choose for many orders that share what is free.

    Classes are served one after the other. Within a class the older promise goes
    first: what is taken away from it for a younger one is nothing. Orders of the same
    promise may be swapped, as long as all together are better off by it.

    :param orders: :class:`~.problem.Order`, in the order of ties
    :param free: ``{(product, warehouse): quantity}``
    :param seconds: when to stop swapping
    :param seed: swaps are tried at random; the same seed, the same answer, as long as
        there is time
    :param tries: how many swaps are tried; otherwise by the number of orders
    :return: ``({order key: Choice}, Stock)``: the stock is what is left
    """
    left = dict(free)
    ends = time.monotonic() + seconds
    found = {}

    turns = {}
    for order in orders:
        turns.setdefault((order.priority, order.promise), []).append(order)
    for turn in sorted(turns):
        swap = _Swap(turns[turn], left, dict(left), random.Random(seed))
        swap.run(ends, tries)
        found.update(swap.name_choices())
    return found, Stock(left)


class _Swap:
    """Orders of one class and promise, which may take from each other."""

    def __init__(self, orders, free, whole, chance):
        """
        :param free: what there is now, and what is taken from
        :param whole: what there would be for an order alone
        """
        self.free = free
        self.chance = chance
        self.choosers = [Chooser(order, whole) for order in orders]
        self.ideals = [chooser.choose(whole)[0] for chooser in self.choosers]
        self.costs, self.takes = [], []
        for chooser in self.choosers:
            cost, takes = chooser.choose(free)
            chooser.take(free, takes)
            self.costs.append(cost)
            self.takes.append(takes)

    def name_choices(self):
        return {
            chooser.order.key: Choice(cost, chooser.name_parts(takes))
            for chooser, cost, takes in zip(
                self.choosers, self.costs, self.takes, strict=True
            )
        }

    def run(self, ends, tries=None):
        """
        :param ends: when to stop, by ``time.monotonic``
        """
        costly = self._list_costly()
        if not costly:
            return
        if tries is None:
            tries = min(TRIES_PER_ORDER * len(costly), MOST_TRIES)
        self.rivals = self._find_rivals()
        self._anneal(tries, ends)

    def _list_costly(self):
        """Orders that would be better off alone."""
        return [
            i
            for i, (cost, ideal) in enumerate(zip(self.costs, self.ideals, strict=True))
            if cost > ideal + SAME
        ]

    def _find_rivals(self):
        """For each order those that want some of the same goods."""
        products = [
            {product for line in chooser.lines for product, _quantity in line.needs}
            for chooser in self.choosers
        ]
        users = {}
        for i, wanted in enumerate(products):
            for product in wanted:
                users.setdefault(product, set()).add(i)
        return [
            sorted(set().union(*(users[product] for product in wanted)) - {i})
            for i, wanted in enumerate(products)
        ]

    def _anneal(self, tries, ends):
        """Worse is taken, too, the less the longer: else it ends in the next hollow.
        What is kept is the best that was seen."""
        total = best = sum(self.costs)
        kept = list(self.costs), list(self.takes)
        heat = self._get_heat()
        everyone = range(len(self.choosers))
        starts, spent, rounds = time.monotonic(), 0.0, 0
        for turn in range(tries):
            if turn % 32 == 0:
                costly = self._list_costly()
                spent = (time.monotonic() - starts) / max(ends - starts, SAME)
                if not costly or spent >= 1:
                    break
            # by the time, too: where it is short, the end is to be calm all the same
            progress = max(turn / tries, spent) * ROUNDS
            if int(progress) > rounds:
                rounds = int(progress)
                self._put_back(everyone, zip(*kept, strict=True))
                total = best
            together = self._pick(costly)
            before = [(self.costs[i], self.takes[i]) for i in together]
            gain = self._choose_anew(together)
            allowed = heat * (1 - progress % 1) ** 2 * self.chance.random()
            if gain < -allowed:
                self._put_back(together, before)
                continue
            total -= gain
            if total < best - SAME:
                best, kept = total, (list(self.costs), list(self.takes))
        self._put_back(everyone, zip(*kept, strict=True))

    def _get_heat(self):
        openings = [
            opening for chooser in self.choosers for opening in chooser.openings
        ]
        return 0.5 * (sum(openings) / max(len(openings), 1) or 1.0)

    def _pick(self, costly):
        """One that could be better off, and some that want the same goods."""
        first = self.chance.choice(costly)
        rivals = self.rivals[first]
        others = min(len(rivals), self.chance.randint(1, MOST_TOGETHER - 1))
        together = [first, *self.chance.sample(rivals, others)]
        if self.chance.random() < 0.5:
            self.chance.shuffle(together)
        return together

    def _choose_anew(self, together):
        """
        :return: how much cheaper it has become
        """
        for i in together:
            self.choosers[i].take(self.free, self.takes[i], -1)
        gain = 0.0
        chance = self.chance if self.chance.random() < 0.5 else None
        for i in together:
            cost, takes = self.choosers[i].choose(self.free, chance)
            self.choosers[i].take(self.free, takes)
            gain += self.costs[i] - cost
            self.costs[i], self.takes[i] = cost, takes
        return gain

    def _put_back(self, together, before):
        for i in together:
            self.choosers[i].take(self.free, self.takes[i], -1)
        for i, (cost, takes) in zip(together, before, strict=True):
            self.choosers[i].take(self.free, takes)
            self.costs[i], self.takes[i] = cost, takes
