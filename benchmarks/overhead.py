"""What the addon costs: the same orders on two clones of one database, with and without.

Each side is a process of its own. Every step is done by one and then by the other, so
that whatever else the machine does meets both; who begins changes with each repetition.
Every step is a request of its own, with the commit in it.
"""

import argparse
import statistics
import sys

import _world
from _arguments import at_least, new_file, size
from _odoo import Process, common, databases, install_ours, make_base
from _results import machine, table, write_section

BASE, WITHOUT, WITH = "oms_bench_base", "oms_bench_without", "oms_bench_with"
SIDES = (WITHOUT, WITH)

TIME_TARGET = 1.05
BATCH_TARGET = 0.5  # queries more, per order and step
SINGLE_TARGET = 15  # queries more, in the whole life of a single order

# orders, lines, three steps, repetitions
FULL = (
    (1, 5, False, 21),
    (50, 5, False, 5),
    (200, 5, False, 2),
    (1, 5, True, 21),
    (50, 5, True, 5),
    (200, 5, True, 2),
    (1, 1000, False, 3),
    (1, 1000, True, 3),
)
QUICK = (
    (1, 5, False, 7),
    (50, 5, False, 3),
    (1, 5, True, 7),
    (50, 5, True, 3),
)


class Comparison:
    """The measurements of one size of order on both sides."""

    def __init__(self, orders, lines, three_steps, repetitions):
        self.orders = orders
        self.lines = lines
        self.three_steps = three_steps
        self.repetitions = repetitions
        self.steps = _world.Life.steps(three_steps)
        self.measured = {side: {step: [] for step in self.steps} for side in SIDES}

    @property
    def title(self):
        orders = "1 order" if self.orders == 1 else f"{self.orders} orders"
        steps = "three-step" if self.three_steps else "one-step"
        return f"{orders} of {self.lines} lines, {steps}"

    def run(self, processes, explain=False):
        # The first of each is not counted: caches fill and code is loaded.
        for repetition in range(-1, self.repetitions):
            for side in SIDES:
                processes[side].call(
                    "start",
                    orders=self.orders,
                    lines=self.lines,
                    three_steps=self.three_steps,
                    offset=repetition + 1,
                )
            for step in self.steps:
                for side in SIDES if repetition % 2 else reversed(SIDES):
                    last = explain and repetition == self.repetitions - 1
                    found = processes[side].call("step", step=step, explain=last)
                    if repetition >= 0:
                        self.measured[side][step].append(found)
            print(".", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    def median(self, side, step, what):
        return statistics.median(one[what] for one in self.measured[side][step])

    def total(self, side, what):
        """Median of the whole lives."""
        return statistics.median(self._lives(side, what))

    def _lives(self, side, what):
        runs = zip(*(self.measured[side][step] for step in self.steps), strict=True)
        return [sum(one[what] for one in run) for run in runs]

    def _lives_cpu(self, side):
        return map(
            sum,
            zip(*(self._lives(side, w) for w in ("python", "postgres")), strict=True),
        )

    @property
    def ratio(self):
        """How much longer the whole life takes: median over pairs measured together."""
        pairs = zip(
            self._lives(WITH, "wall"), self._lives(WITHOUT, "wall"), strict=True
        )
        return statistics.median(a / b for a, b in pairs)

    @property
    def cpu_ratio(self):
        """The same for CPU time, which other programs disturb less than the clock."""
        pairs = zip(self._lives_cpu(WITH), self._lives_cpu(WITHOUT), strict=True)
        return statistics.median(a / b for a, b in pairs)

    def step_ratio(self, step, what="wall"):
        pairs = zip(
            self.measured[WITH][step], self.measured[WITHOUT][step], strict=True
        )
        return statistics.median(a[what] / b[what] for a, b in pairs)

    def more_queries(self, step=None):
        """Queries more with the addon, per order; of one step or the whole life."""
        if step:
            with_, without = (self.median(s, step, "queries") for s in (WITH, WITHOUT))
        else:
            with_, without = (self.total(s, "queries") for s in (WITH, WITHOUT))
        return (with_ - without) / self.orders

    def verdict(self):
        """What misses its target, in words."""
        missed = []
        if self.ratio > TIME_TARGET:
            missed.append(f"time {self.ratio:.3f}")
        if self.orders == 1:
            if self.lines == 5 and self.more_queries() > SINGLE_TARGET:
                missed.append(f"{self.more_queries():.0f} queries")
        else:
            worst = max(self.steps, key=self.more_queries)
            if self.more_queries(worst) > BATCH_TARGET:
                missed.append(
                    f"{worst}: {self.more_queries(worst):.2f} queries per order"
                )
        return "; ".join(missed)

    def steps_table(self):
        rows = [
            [
                step,
                *(f"{self.median(side, step, 'wall') * 1000:.0f}" for side in SIDES),
                f"{self.step_ratio(step):.3f}",
                *(f"{self.median(side, step, 'queries'):.0f}" for side in SIDES),
                f"{self.more_queries(step):+.2f}",
            ]
            for step in self.steps
        ]
        rows.append(
            [
                "**all**",
                *(f"{self.total(side, 'wall') * 1000:.0f}" for side in SIDES),
                f"**{self.ratio:.3f}**",
                *(f"{self.total(side, 'queries'):.0f}" for side in SIDES),
                f"{self.more_queries():+.2f}",
            ]
        )
        header = ["step", "ms without", "ms with", "ratio"]
        header += ["queries without", "queries with", "more per order"]
        return table(header, rows)

    def explain(self, minimum=1):
        """Which queries there are more of, and where our Python spends its time."""
        lines = []
        for step in self.steps:
            last = {side: self.measured[side][step][-1] for side in SIDES}
            more = {
                query: count - last[WITHOUT]["sql"].get(query, 0)
                for query, count in last[WITH]["sql"].items()
            }
            fewer = {
                query: -count
                for query, count in last[WITHOUT]["sql"].items()
                if query not in last[WITH]["sql"]
            }
            lines.append(f"\n== {self.title}: {step}")
            for query, count in sorted(
                (more | fewer).items(), key=lambda item: -item[1]
            ):
                if abs(count) >= minimum:
                    lines.append(f"{count:+5d}  {query[:400]}")
            for name, calls, own, total in last[WITH]["functions"][:15]:
                lines.append(
                    f"  {total * 1000:8.1f} ms {own * 1000:8.1f} own {calls:7d} x {name}"
                )
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="./oms bench overhead", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, without writing")
    parser.add_argument(
        "--size",
        action="append",
        type=size,
        metavar="ORDERS,LINES,STEPS",
        help="measure this instead, as 20,5,3; without writing",
    )
    parser.add_argument("--repetitions", type=at_least(1))
    parser.add_argument(
        "--explain",
        type=new_file,
        metavar="FILE",
        help="write queries and functions of each step",
    )
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    parser.add_argument(
        "--reuse", action="store_true", help="use databases that were kept"
    )
    parser.add_argument(
        "--control", action="store_true", help="compare Odoo with itself"
    )
    options = parser.parse_args()
    with common.lock("oms_bench"):
        return measure(options)


def measure(options):
    make_sides(options)
    sizes = QUICK if options.quick else FULL
    if options.size:
        sizes = [(*numbers, 3) for numbers in options.size]
    comparisons = [
        Comparison(orders, lines, three_steps, options.repetitions or repetitions)
        for orders, lines, three_steps, repetitions in sizes
    ]
    with Process(WITHOUT) as without, Process(WITH) as with_:
        for comparison in comparisons:
            print(f"{comparison.title} ", end="", file=sys.stderr, flush=True)
            comparison.run({WITHOUT: without, WITH: with_}, bool(options.explain))
            show(comparison)
            if options.explain:
                with open(options.explain, "a") as handle:
                    handle.write(comparison.explain())
    if not (options.quick or options.size or options.control):
        write_section("overhead", report(comparisons))
    if not options.keep and not options.reuse:
        for name in (BASE, *SIDES):
            databases.drop(name)
    return 1 if any(one.verdict() for one in comparisons) else 0


def make_sides(options):
    """Two clones of one database, ours installed in one of them."""
    state = "" if options.control else common.addons_digest(common.suite())
    made = all(databases.read_note(side).get("addons") == state for side in SIDES)
    if options.reuse and made:
        return
    if not (options.reuse and databases.exists(BASE)):
        common.say("making the database to measure with")
        make_base(BASE)
    for side in SIDES:
        databases.drop(side)
        databases.clone(BASE, side)
    if not options.control:
        install_ours(WITH)
    for side in SIDES:
        databases.execute("VACUUM ANALYZE", db=side)
        databases.write_note(side, addons=state)


def show(comparison):
    print(f"\n{comparison.title}\n{comparison.steps_table()}")
    print(f"time {comparison.ratio:.3f}, CPU time {comparison.cpu_ratio:.3f}", end=", ")
    print(comparison.verdict() or "within the targets", flush=True)


def report(comparisons):
    rows = [
        [
            one.title,
            f"{one.total(WITHOUT, 'wall'):.2f}",
            f"{one.total(WITH, 'wall'):.2f}",
            f"**{one.ratio:.3f}**",
            f"{one.cpu_ratio:.3f}",
            f"{one.more_queries():+.2f}",
            f"{max(map(one.more_queries, one.steps)):+.2f}",
            one.verdict() or "within",
        ]
        for one in comparisons
    ]
    header = ["orders", "s without", "s with", "time ratio", "CPU ratio"]
    header += ["queries more per order, whole life", "worst step", "targets"]
    text = f"""
## What the addon costs

`./oms bench overhead`, {machine()}. The same script on two clones of one database, without
and with the addon, step by step in turn, each step with its commit, as an ordinary user.
Seconds are medians of whole lives (create, confirm, reserve, pack, validate, invoice, post,
pay); ratios are medians over pairs measured together. Targets: time ratio at most
{TIME_TARGET}, at most {BATCH_TARGET} queries more per order and step in batch, at most
{SINGLE_TARGET} more for a single order through its whole life.

{table(header, rows)}
"""
    for one in comparisons:
        text += f"\n### {one.title}\n\n{one.steps_table()}\n"
    return text


if __name__ == "__main__":
    sys.exit(main())
