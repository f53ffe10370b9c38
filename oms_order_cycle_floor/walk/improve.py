"""A good walk made better, where the shortest would take too long to find."""

from __future__ import annotations

import random

# how many of the nearest stops are tried as the next one
NEAR = 10
# how often a walk that no step improves is shaken up, to be improved again
ROUNDS = 40
LEAST_GAIN = 1e-9


def improve(stops, distance):
    """Reverse parts of a closed walk (2-opt), move stops (Or-opt): ever shorter.

    :param stops: in the order of the walk; the first stays the first
    :param distance: function of two stops
    """
    count = len(stops)
    if count < 4:
        return list(stops)
    ways = [[distance(one, other) for other in stops] for one in stops]
    near = [
        sorted((to for to in range(count) if to != one), key=lambda to: (row[to], to))
        for one, row in enumerate(ways)
    ]
    near = [row[:NEAR] for row in near]
    best = _settle(list(range(count)), ways, near)
    length = _measure(best, ways)
    rng = random.Random(count)  # the same walk for the same stops
    for _round in range(ROUNDS):
        tour = _settle(_shake(best, rng), ways, near)
        if _measure(tour, ways) < length - LEAST_GAIN:
            best, length = tour, _measure(tour, ways)
    start = best.index(0)
    return [stops[index] for index in best[start:] + best[:start]]


def _settle(tour, ways, near):
    """The tour, after all steps that make it shorter."""
    while _reverse_parts(tour, ways, near) or _move_stops(tour, ways, near):
        pass
    return tour


def _shake(tour, rng):
    """Exchange two parts that follow each other: no single step undoes it."""
    one, two, three = sorted(rng.sample(range(1, len(tour)), 3))
    return tour[:one] + tour[two:three] + tour[one:two] + tour[three:]


def _measure(tour, ways):
    return sum(
        ways[one][other] for one, other in zip(tour, tour[1:] + tour[:1], strict=True)
    )


def _reverse_parts(tour, ways, near):
    """2-opt, once around; whether it found anything."""
    count, found = len(tour), False
    at = _positions(tour)
    for one in range(count):
        for step in (1, -1):
            here = at[one]
            after = tour[(here + step) % count]
            old = ways[one][after]
            for other in near[one]:
                if ways[one][other] >= old:
                    break
                behind = tour[(at[other] + step) % count]
                gain = old + ways[other][behind]
                gain -= ways[one][other] + ways[after][behind]
                if gain > LEAST_GAIN:
                    ends = (here, at[other]) if step > 0 else (here - 1, at[other] - 1)
                    _reverse(tour, at, *sorted(end % count for end in ends))
                    found = True
                    break
    return found


def _reverse(tour, at, low, high):
    """Reverse what stands behind low, up to high."""
    tour[low + 1 : high + 1] = tour[low + 1 : high + 1][::-1]
    for index in range(low + 1, high + 1):
        at[tour[index]] = index


def _move_stops(tour, ways, near):
    """Or-opt: the first move that makes the walk shorter; whether there was one."""
    count = len(tour)
    at = _positions(tour)
    for size in (1, 2, 3):
        if count < size + 3:
            break
        for start in range(count):
            part = [tour[(start + index) % count] for index in range(size)]
            before, after = tour[start - 1], tour[(start + size) % count]
            first, last = part[0], part[-1]
            saved = ways[before][first] + ways[last][after] - ways[before][after]
            if saved <= LEAST_GAIN:
                continue
            for end, far in ((first, last), (last, first)):
                for beside in near[end]:
                    if ways[end][beside] >= saved:
                        break
                    if beside in part:
                        continue
                    for step in (1, -1):
                        across = tour[(at[beside] + step) % count]
                        if across in part:
                            continue
                        added = ways[end][beside] + ways[far][across]
                        added -= ways[beside][across]
                        if saved - added > LEAST_GAIN:
                            _move(tour, part, beside, step, end == first)
                            return True
    return False


def _move(tour, part, beside, step, first_beside):
    """Put a part next to a stop: behind it (step 1) or before it (step -1)."""
    for stop in part:
        tour.remove(stop)
    if (step == 1) != first_beside:
        part = part[::-1]
    index = tour.index(beside) + (step == 1)
    tour[index:index] = part


def _positions(tour):
    at = [0] * len(tour)
    for index, stop in enumerate(tour):
        at[stop] = index
    return at
