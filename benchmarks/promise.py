"""What dates that are kept cost: orders confirmed and released, with sourcing and dates
switched on, against Odoo alone; a long quotation; the nightly look at open promises.
"""

import argparse
import statistics
import sys

from _odoo import Process, databases, install_ours, make_base
from _results import machine, table, write_section

BASE, WITHOUT, WITH = "oms_bench_base", "oms_bench_without", "oms_bench_promise"
SIDES = (WITHOUT, WITH)
RATIO, QUOTATION = 1.15, 0.100
LINES = 50


def main():
    parser = argparse.ArgumentParser(prog="./oms bench promise", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less, without writing")
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    options = parser.parse_args()
    prepare()
    try:
        text, missed = measure(options.quick)
    finally:
        if not options.keep:
            for name in (BASE, *SIDES):
                databases.drop(name)
    print(f"\n{text}")
    if not options.quick:
        write_section("promise", report(text))
    return 1 if missed else 0


def prepare():
    make_base(BASE)
    for name in SIDES:
        databases.drop(name)
        databases.clone(BASE, name)
    install_ours(WITH)


def measure(quick):
    """A table, and whether a target was missed."""
    with Process(WITHOUT) as without, Process(WITH) as with_:
        processes = {WITHOUT: without, WITH: with_}
        with_.call("promises_switch_on")
        orders, repetitions = (20, 2) if quick else (200, 5)
        confirmed = compare(processes, orders, repetitions)
        quotation = with_.call("promises_quotation", lines=LINES, repetitions=11)
        # orders of many lines stay open for the night
        for number in range(1 if quick else 10):
            with_.call("start", orders=20, lines=50, three_steps=False, offset=number)
            for step in ("create", "confirm"):
                with_.call("step", step=step)
        databases.execute("VACUUM ANALYZE", db=WITH)
        night = with_.call("promises_refresh")
    plain, more, queries = (
        statistics.median(one) for one in zip(*quotation, strict=True)
    )
    ratio = statistics.median(mine / theirs for theirs, mine in confirmed)
    theirs, mine = (statistics.median(one) for one in zip(*confirmed, strict=True))
    rows = [
        [
            f"{orders} orders of 5 lines confirmed and released",
            f"{theirs * 1000:.0f}",
            f"{mine * 1000:.0f}",
            f"ratio {ratio:.3f}, at most {RATIO}",
        ],
        [
            f"a quotation of {LINES} lines read, and its dates",
            f"{plain * 1000:.0f}",
            f"+{more * 1000:.0f}",
            f"{queries:.0f} queries; below {QUOTATION * 1000:.0f} more",
        ],
        [
            f"a night: {night['lines']:,} open lines looked at",
            "",
            f"{night['seconds'] * 1000:.0f}",
            f"{night['queries']} queries, {night['moved']} moved",
        ],
    ]
    header = ["what is done", "ms plain", "ms ours", ""]
    return table(header, rows), ratio > RATIO or more > QUOTATION


def compare(processes, orders, repetitions):
    """Seconds of confirming on both sides, measured in turn."""
    found = []
    for repetition in range(-1, repetitions):
        seconds = {}
        for side in SIDES if repetition % 2 else reversed(SIDES):
            call = processes[side].call
            call("start", orders=orders, lines=5, three_steps=False, offset=repetition)
            call("step", step="create")
            seconds[side] = call("step", step="confirm")["wall"]
        if repetition >= 0:
            found.append((seconds[WITHOUT], seconds[WITH]))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def report(text):
    return f"""
## Dates that are kept

`./oms bench promise`, {machine()}. Two clones of one database, one with Odoo alone, the
other with all of ours, working hours on its warehouses, dates that set Delivery Dates and
deadlines, and a sourcing rule over both warehouses. Confirming is one request with its
commit, by one side and then by the other; the ratio is the median over such pairs.

{text}
"""


if __name__ == "__main__":
    sys.exit(main())
