"""Walks of pick lists over the shortest there are, beside rules of thumb.

Five warehouses with seeded lists: A to C as Hessler & Irnich (2022), D as Henn &
Waescher (2012), E with a cross aisle in the middle. The shortest walk is found by a
method of its own here, that knows nothing of ours: Held & Karp for some short lists of
each warehouse, the published mean for the rest.
"""

import argparse
import itertools
import random
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from _arguments import at_least
from _results import machine, table, write_section
from _walk_rules import combined, largest_gap, name_order, s_shape, serpentine

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oms_order_cycle_floor"))
from walk import Layout, optimum, plan_walk

SEED = 20260101
FEW = 8  # picks of a list that Held & Karp is asked for
SLOWEST, LONGEST_BY_NUMBER = 15, 1.25


class Setting(NamedTuple):
    """A warehouse and what is picked in it; lengths in any unit."""

    name: str
    aisles: int
    bays: int  # in an aisle, of one block
    picks: int
    depot: int
    pitch: float = 3
    end: float = 1  # from a cross aisle to the bay next to it
    blocks: int = 1
    published: float | None = None  # mean length of the shortest walk

    def make_layout(self):
        length = 2 * self.end + self.bays - 1
        ends = [(length * block, length * (block + 1)) for block in range(self.blocks)]
        return Layout(self.aisles, ends, self.pitch, (self.depot, 0))

    def draw_lists(self, count, picks=None):
        """Lists with bays drawn at random; a bay that is drawn twice counts once."""
        rng = random.Random(SEED)
        starts = [start for start, _end in self.make_layout().blocks]
        bays = [
            (aisle, start + self.end + bay)
            for aisle in range(self.aisles)
            for start in starts
            for bay in range(self.bays)
        ]
        return [
            sorted(
                {bays[rng.randrange(len(bays))] for _pick in range(picks or self.picks)}
            )
            for _list in range(count)
        ]


SETTINGS = [
    Setting("A: 5 x 30, 15 picks", 5, 30, 15, depot=3, published=151.80),
    Setting("B: 10 x 60, 30 picks", 10, 60, 30, depot=6, published=554.80),
    Setting("C: 25 x 30, 30 picks", 25, 30, 30, depot=13, published=525.64),
    Setting("D: 10 x 45, 45 picks", 10, 45, 45, depot=0, pitch=5, end=1.5),
    Setting("E: two blocks, 20 picks", 10, 23, 20, depot=0, pitch=5, end=1.5, blocks=2),
]

# so many cross aisles that the shortest walk is not looked for
SIX_CROSS_AISLES = Setting(
    "F: five blocks, 40 picks", 20, 15, 40, depot=3, pitch=5, end=1.5, blocks=5
)
SECTIONS_OF_SIX = 3032  # all that six cross aisles can have
MOST_BEYOND = 1.03


def main():
    parser = argparse.ArgumentParser(prog="./oms bench walk", description=__doc__)
    parser.add_argument("--lists", type=at_least(10), default=200)
    parser.add_argument("--keep", action="store_true", help="write no results")
    options = parser.parse_args()
    found = [measure(setting, options.lists) for setting in SETTINGS]
    beyond = measure_beyond(options.lists // 10)
    text = report(found, beyond, options.lists)
    print(text)
    if not options.keep:
        write_section("walk", text)
    is_all_good = all(is_good(one) for one in found) and beyond[0] <= MOST_BEYOND
    return 0 if is_all_good else 1


def measure(setting, count):
    """Total lengths of all lists over the shortest, and times."""
    layout = setting.make_layout()
    totals = dict.fromkeys(["ours", "number", "name", "s", "gap", "combined"], 0)
    times, longer = [], 0
    for picks in setting.draw_lists(count):
        start = time.perf_counter()
        walk = plan_walk(picks, layout)
        times.append(time.perf_counter() - start)
        assert sorted(walk.order) == picks
        assert walk.is_shortest
        length = layout.measure(walk.order)
        numbered = [
            (None, None, number, pick) for number, pick in enumerate(serpentine(picks))
        ]
        by_number = plan_walk(numbered, layout).order
        totals["ours"] += length
        totals["number"] += layout.measure(pick for *_none, pick in by_number)
        totals["name"] += name_order(layout, picks)
        totals["s"] += s_shape(layout, picks)
        totals["gap"] += largest_gap(layout, picks)
        totals["combined"] += combined(layout, picks) or float("nan")
        longer += length > name_order(layout, picks) + 1e-6
    return {
        "setting": setting,
        "mean": totals["ours"] / count,
        **{way: total / totals["ours"] for way, total in totals.items()},
        "ours": compare_with_exact(setting, layout, count // 10),
        "longer": longer,
        "ms": statistics.median(times) * 1000,
        "slowest": max(times) * 1000,
    }


def measure_beyond(count):
    """Ours over the shortest walks, and ms, where the shortest takes too long."""
    layout = SIX_CROSS_AISLES.make_layout()
    lists = SIX_CROSS_AISLES.draw_lists(count)
    ours, times = 0, []
    for picks in lists:
        start = time.perf_counter()
        walk = plan_walk(picks, layout)
        times.append(time.perf_counter() - start)
        ours += layout.measure(walk.order)
        assert layout.measure(walk.order) <= name_order(layout, picks)
    usual, optimum.MOST = optimum.MOST, SECTIONS_OF_SIX
    walks = [plan_walk(picks, layout) for picks in lists]
    optimum.MOST = usual
    assert all(walk.is_shortest for walk in walks)
    shortest = sum(walk.length for walk in walks)
    return ours / shortest, statistics.median(times) * 1000


def compare_with_exact(setting, layout, count):
    """Ours over the shortest walk, of lists short enough to try all."""
    lists = setting.draw_lists(count, FEW)
    ours = sum(plan_walk(picks, layout).length for picks in lists)
    return ours / sum(held_karp(layout, picks) for picks in lists)


def held_karp(layout, picks):
    """Length of the shortest walk, from all subsets of its picks."""
    ways = [[layout.distance(one, other) for other in picks] for one in picks]
    home = [layout.distance(layout.depot, pick) for pick in picks]
    best = {(1 << one, one): home[one] for one in range(len(picks))}
    for size in range(2, len(picks) + 1):
        for part in itertools.combinations(range(len(picks)), size):
            mask = sum(1 << one for one in part)
            for last in part:
                rest = mask & ~(1 << last)
                best[mask, last] = min(
                    best[rest, before] + ways[before][last]
                    for before in part
                    if before != last
                )
    whole = (1 << len(picks)) - 1
    return min(best[whole, last] + home[last] for last in range(len(picks)))


def is_good(one):
    return (
        abs(one["ours"] - 1) < 1e-9
        and not one["longer"]
        and one["number"] <= LONGEST_BY_NUMBER
        and one["ms"] <= SLOWEST
    )


def report(found, beyond, count):
    header = ["warehouse", "shortest", "published", "ours", "by number", "name order"]
    header += ["S-shape", "largest gap", "combined", "ms median", "ms most"]
    rows = [
        [
            one["setting"].name,
            f"{one['mean']:.2f}",
            f"{one['setting'].published:.2f}" if one["setting"].published else "",
            *(
                "" if one[way] != one[way] else f"{one[way]:.3f}"
                for way in ["ours", "number", "name", "s", "gap", "combined"]
            ),
            f"{one['ms']:.1f}",
            f"{one['slowest']:.1f}",
        ]
        for one in found
    ]
    return f"""## Walks of pick lists: `./oms bench walk`

{machine()}. {count} lists of each warehouse, seed {SEED}. *Shortest* is the mean length
of our walks, *published* the mean of 50 other lists of the same kind (Hessler & Irnich
2022). *Ours* is measured over the shortest walks of {count // 10} lists of {FEW} picks,
found by trying all (Held & Karp); the other ways over ours, all lists together. *By
number*: bays have a number (up one aisle, down the next) but no place; *name order* is
Odoo's. Walks longer than in name order: {sum(one["longer"] for one in found)}.

{table(header, rows)}

Six cross aisles ({SIX_CROSS_AISLES.name}, {count // 10} lists): {beyond[0]:.3f} of the
shortest, {beyond[1]:.0f} ms median.
"""


if __name__ == "__main__":
    sys.exit(main())
