"""One order: the cheapest warehouses that bring most of it."""

from functools import lru_cache
from itertools import combinations

from .problem import Choice, Part

#: More warehouses than these are not tried: those that hold most of the order are.
MOST_SOURCES = 8
#: Costs that differ by less are the same: sums of fractions are never quite equal.
SAME = 1e-6


def choose(order, stock):
    """The best that one order can have of what is free; nothing is taken.

    Exact where its lines share no goods and no least value is asked of a split: every
    set of warehouses is tried, the cheapest first, as long as it can still win.

    :param order: :class:`~.problem.Order`
    :param stock: :class:`~.problem.Stock`
    :rtype: Choice
    """
    chooser = Chooser(order, stock.free)
    cost, takes = chooser.choose(stock.free)
    return Choice(cost, chooser.name_parts(takes))


class Chooser:
    """What is reckoned once for an order, however often it chooses.

    A line is its place in the order, a source its place among :attr:`sources`. *Takes*
    say for each line how much of it comes from where, without what is short:
    ``[{source: parts}, ...]``.
    """

    def __init__(self, order, free):
        """
        :param free: ``{(product, warehouse): quantity}`` there is at most
        """
        self.order = order
        self.lines = order.lines
        self.sources = _keep_useful(order, free)
        self.openings = tuple(
            0.0 if source.key in order.used else source.opening
            for source in self.sources
        )
        self.most = max(order.most, len(order.used), 1)
        total = sum(line.parts * line.value for line in self.lines) or 1.0
        self.weights = [line.value / total for line in self.lines]
        self.shares = _is_any_shared(self.lines)
        self.needs = [
            [
                [((product, source.key), quantity) for product, quantity in line.needs]
                for source in self.sources
            ]
            for line in self.lines
        ]
        self.subsets = self._list_subsets()

    def _list_subsets(self):
        """Sets of sources with what it costs to open them, the cheapest first."""
        if not self.sources:
            return []
        ways = tuple(source.handling for source in self.sources)
        subsets = _list_subsets(self.openings, ways, min(self.most, len(ways)))
        used = self.order.used
        if not used:
            return subsets
        known = [source.key in used for source in self.sources]
        room = self.most - len(used)
        fitting = [
            (opening, subset)
            for opening, subset in subsets
            if sum(not known[j] for j in subset) <= room
        ]
        # those that deliver already may have gone from the rule
        return fitting or subsets[:1]

    def choose(self, free, chance=None):
        """
        :param free: ``{(product, warehouse): quantity}`` now
        :param chance: ``random.Random`` to take from the chosen warehouses in any
            order, for what that leaves to others; otherwise the best way first
        :return: ``(cost, takes)``
        """
        table = self._count(free)
        bound = self._get_bound(table)
        best_cost, best = None, [{} for _line in self.lines]
        for opening, subset in self.subsets:
            if best_cost is not None and bound + opening >= best_cost - SAME:
                break
            if chance is not None and len(subset) > 1 and chance.random() < 0.5:
                subset = subset[::-1]
            if self.shares:
                takes = self._fill_shared(subset, free)
            else:
                takes = self._fill(subset, table)
            if self.order.least_value and not self._lift(subset, takes, table):
                continue
            cost = self._price(takes)
            if best_cost is None or cost < best_cost - SAME:
                best_cost, best = cost, takes
        if best_cost is None:
            best_cost = self._price(best)
        return best_cost, best

    def take(self, free, takes, sign=1):
        """Take from what is free; ``sign`` -1 gives back."""
        for needs, taken in zip(self.needs, takes, strict=True):
            for j, parts in taken.items():
                for pair, quantity in needs[j]:
                    free[pair] -= quantity * parts * sign

    def _count(self, free):
        """How many parts of each line each source has, at most those wanted."""
        get = free.get
        table = []
        for line, needs in zip(self.lines, self.needs, strict=True):
            row = []
            for pairs in needs:
                most = line.parts
                for pair, quantity in pairs:
                    there = get(pair, 0)
                    if there < quantity * most:
                        most = _count_parts(there, quantity)
                row.append(most)
            table.append(row)
        return table

    def _get_bound(self, table):
        """What the lines cost at least that nobody has enough of."""
        cost = 0.0
        for line, row in zip(self.lines, table, strict=True):
            there = sum(row) if line.splittable else max(row, default=0)
            if there < line.parts:
                cost += (line.parts - there) * line.short_cost
        return cost

    def _fill(self, subset, table):
        """Take as much as there is of each line, the best way first."""
        return [
            _take(line.parts, row, subset)
            if line.splittable
            else _take_from_one(row, subset)
            for line, row in zip(self.lines, table, strict=True)
        ]

    def _fill_shared(self, subset, free):
        """The same where lines share goods: first those whose lack costs most."""
        free = {pair: free.get(pair, 0) for pair in self._list_pairs()}
        takes = [{} for _line in self.lines]
        costly = sorted(range(len(self.lines)), key=lambda i: -self.lines[i].short_cost)
        for i in costly:
            line = self.lines[i]
            row = [
                count_there(line, source.key, free) if j in subset else 0
                for j, source in enumerate(self.sources)
            ]
            taken = (
                _take(line.parts, row, subset)
                if line.splittable
                else _take_from_one(row, subset)
            )
            for j, parts in taken.items():
                for pair, quantity in self.needs[i][j]:
                    free[pair] -= quantity * parts
            takes[i] = taken
        return takes

    def _list_pairs(self):
        return {
            pair for needs in self.needs for pairs in needs for pair, _quantity in pairs
        }

    def _lift(self, subset, takes, table):
        """Move parts until each warehouse brings the least that is asked of it.

        Direct moves only, and none where lines share goods: where the least value
        binds, a plan that just meets it may be missed, but none that does not meet it
        is ever chosen.

        :return: whether it is met
        """
        least = self.order.least_value - SAME
        worth = self._weigh(takes)
        if len(worth) <= 1:
            return True
        if not self.shares:
            for j in subset:
                for i, line in enumerate(self.lines):
                    if j not in worth or worth[j] >= least:
                        break
                    if line.splittable and line.value > 0:
                        self._move_towards(j, i, takes, worth, table)
        return all(value >= least for value in worth.values())

    def _move_towards(self, j, i, takes, worth, table):
        line, taken = self.lines[i], takes[i]
        least = self.order.least_value
        for donor in sorted(taken, key=lambda k: -worth[k]):
            if donor == j:
                continue
            spare = int((worth[donor] - least) / line.value + SAME)
            missing = -int((worth[j] - least) // line.value)
            room = table[i][j] - taken.get(j, 0)
            moved = min(spare, missing, room, taken[donor])
            if moved <= 0:
                continue
            taken[j] = taken.get(j, 0) + moved
            taken[donor] -= moved
            if not taken[donor]:
                del taken[donor]
            worth[j] += moved * line.value
            worth[donor] -= moved * line.value

    def _weigh(self, takes):
        worth = {}
        for line, taken in zip(self.lines, takes, strict=True):
            for j, parts in taken.items():
                worth[j] = worth.get(j, 0.0) + parts * line.value
        return worth

    def _price(self, takes):
        cost, opened = 0.0, set()
        for line, weight, taken in zip(self.lines, self.weights, takes, strict=True):
            left = line.parts
            for j, parts in taken.items():
                left -= parts
                cost += weight * parts * self.sources[j].handling
                opened.add(j)
            if left > 0:
                cost += left * line.short_cost
        for j in opened:
            cost += self.openings[j]
        return cost

    def name_parts(self, takes):
        """The answer for people: with what is short, at the place where it waits."""
        order = self.order
        if not order.sources:
            return ()
        opened = {self.sources[j].key for taken in takes for j in taken} | order.used
        parts = []
        for line, taken in zip(self.lines, takes, strict=True):
            there = {self.sources[j].key: count for j, count in taken.items()}
            short = line.parts - sum(there.values())
            place = None
            if short > 0:
                place = self._find_place_to_wait(line, there, opened)
                opened.add(place)
                there.setdefault(place, 0)
            for key, count in there.items():
                waiting = short if key == place else 0
                parts.append(Part(line.key, key, count + waiting, waiting))
        return tuple(parts)

    def _find_place_to_wait(self, line, there, opened):
        """Where goods come in first; where nobody knows of any, with the rest of the
        line or of the order, so that it need not be divided further."""
        if there and not line.splittable:
            return next(iter(there))
        allowed = [source.key for source in self.order.sources]
        awaited = [key for key in self.order.waits.get(line.key, ()) if key in allowed]
        together = [key for key in (*there, *allowed) if key in opened]
        if len(opened) < self.most:
            return next(iter((*awaited, *together, *allowed)))
        # no further delivery for the rest
        return next((key for key in (*awaited, *together) if key in opened), allowed[0])


def count_there(line, source, free):
    """How many parts of a line a warehouse has, at most those that are wanted.

    :param free: ``{(product, warehouse): quantity}``
    """
    most = line.parts
    for product, quantity in line.needs:
        there = free.get((product, source), 0)
        if there < quantity * most:
            most = _count_parts(there, quantity)
    return most


def _count_parts(there, quantity):
    # a hair is forgiven: quantities are sums of fractions
    return int(there / quantity + SAME) if there > 0 else 0


def _take(wanted, row, subset):
    taken = {}
    for j in subset:
        there = row[j]
        if there >= wanted:
            if wanted:
                taken[j] = wanted
            break
        if there:
            taken[j] = there
            wanted -= there
    return taken


def _take_from_one(row, subset):
    best = max(subset, key=lambda j: row[j])
    return {best: row[best]} if row[best] else {}


def _is_any_shared(lines):
    seen = set()
    for line in lines:
        for product, _quantity in line.needs:
            if product in seen:
                return True
            seen.add(product)
    return False


def _keep_useful(order, free):
    """At most so many sources as can be tried: those that hold any line, the best."""
    sources = order.sources
    if len(sources) <= MOST_SOURCES:
        return sources
    useful = [
        source
        for source in sources
        if source.key in order.used
        or any(count_there(line, source.key, free) for line in order.lines)
    ]
    return tuple(useful[:MOST_SOURCES]) or sources[:1]


@lru_cache(maxsize=1024)
def _list_subsets(openings, ways, most):
    places = sorted(range(len(ways)), key=lambda j: (ways[j], j))
    subsets = [
        (sum(openings[j] for j in subset), subset)
        for size in range(1, most + 1)
        for subset in combinations(places, size)
    ]
    subsets.sort(key=lambda one: (one[0], len(one[1])))
    return subsets
