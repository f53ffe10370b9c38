"""How long our screens take on a database with many orders and years of history.

Chromium opens every menu of ours in every view, as three users, and takes down what the
web client asks for; a process inside Odoo asks for the same again and measures. Odoo's
own list of orders is measured in the same run. Then what runs in the background, on this
database and on one with as much under way but a fifth of the orders.
"""

import argparse
import statistics
import sys

from _arguments import at_least
from _calls import Failure, Recorder, time_pages
from _history import write_history
from _odoo import Process, common, databases, install_ours
from _results import machine, table, write_section
from install import BASE, FULL, OFFSET, ROUND, fill, prepare

FEW, JOBS = "oms_bench_few", "oms_bench_jobs"
MEDIAN_TARGET, WORST_TARGET = 1.0, 2.0
ROLES = ("manager", "seller", "picker")
JOB_NAMES = ("nightly_check", "hold_check", "actions", "planning")


def main():
    parser = argparse.ArgumentParser(prog="./oms bench screens", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="20,000 orders, without writing"
    )
    parser.add_argument("--repetitions", type=at_least(1), default=5)
    parser.add_argument("--only", metavar="WORD", help="menus whose name has the word")
    parser.add_argument("--no-jobs", action="store_true", help="screens alone")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    options = parser.parse_args()
    with common.lock("oms_bench_install"):
        return measure(options)


def measure(options):
    full = f"{FULL}_quick" if options.quick else FULL
    orders = 20_000 if options.quick else 200_000
    samples = make(full, orders, ROUND, options.fresh)
    found = [
        row for role in ROLES for row in measure_role(full, role, samples, options)
    ]
    found += measure_portal(full, samples, options)
    with Process(full) as process:
        unused = process.call("unused_indexes")
    parts = [screens_table(found), unused_words(unused)]
    if not options.no_jobs:
        parts.append(measure_jobs(full, orders, options))
    text = "\n\n".join(parts)
    print(f"\n{text}")
    if not (options.quick or options.only or options.no_jobs):
        write_section("screens", report(text, orders))
    return 1 if any(verdict(row) for row in found) else 0


# -- databases ---------------------------------------------------------------------------


def make(name, orders, round_, fresh=False):
    """A database with orders and history, kept for the next time.

    One that is there is updated to the addons as they are.

    :return: ids of one record of each kind
    """
    state = common.addons_digest(common.suite())
    note = databases.read_note(name)
    if fresh or note.get("orders") != orders:
        base = prepare()
        common.say(f"writing {orders} orders")
        databases.drop(name)
        databases.clone(BASE, name)
        fill(name, orders, base, round_)
        install_ours(name)
        note = {"orders": orders, "addons": state}
    if note["addons"] != state:
        databases.run_odoo(
            name,
            *("-i", ",".join(common.suite()), "-u", "oms_order_cycle"),
            log=f"{name}.update.log",
            what=f"updating {name}",
        )
        note["addons"] = state
    if "history" not in note:
        common.say("writing history")
        databases.write_note(name)  # cut off here, it is made anew
        with Process(name) as process:
            note["history"] = process.call("history_samples")
        write_history(name, note["history"], orders)
    databases.write_note(name, **note)
    return note["history"]


# -- screens -----------------------------------------------------------------------------


def measure_role(db, login, samples, options):
    """Rows ``[role, screen, view, result]`` of all that a user's menus open."""
    rows = []
    with Process(db) as process:
        screens = [
            (name, f"/odoo/action-{action_id}?view_type={view}", view)
            for name, action_id, views in process.call("screens", login=login)
            for view in views
        ]
        if login != "picker":
            for what, order_id in (
                ("5", samples["order"]),
                ("1,000", samples["large"]),
            ):
                path = f"/odoo/sales/{order_id}"
                screens.append((f"Order of {what} lines", path, "form"))
        if options.only:
            screens = [screen for screen in screens if options.only in screen[0]]
        with Recorder(db, login) as recorder:
            for name, path, view in screens:
                try:
                    calls = recorder.record(path)
                except Failure as failure:
                    common.say(f"{login}: {name}, {view}: {failure}")
                    rows.append([login, name, view, None])
                    continue
                result = process.call(
                    "replay",
                    login=login,
                    calls=calls,
                    repetitions=options.repetitions,
                )
                rows.append([login, name, view, result])
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return rows


def measure_portal(db, samples, options):
    """The pages of a customer with very many orders."""
    customer = databases.execute(
        "SELECT o.id FROM sale_order o JOIN res_users u ON u.partner_id = o.partner_id"
        f" WHERE u.login = 'customer' AND o.id > {OFFSET} AND o.state = 'sale'"
        " ORDER BY o.id DESC LIMIT 1",
        db=db,
    )
    pages = {
        "/my/orders": "Portal, orders",
        "/my/orders?page=2": "Portal, orders, page 2",
        f"/my/orders/{customer[0][0]}": "Portal, order",
    }
    if options.only:
        return []
    rows = []
    for path, measured in time_pages(
        db, "customer", pages, options.repetitions
    ).items():
        result = {
            "seconds": [seconds for seconds, _queries in measured],
            "queries": measured[-1][1],
            "scanned": [],
            "slowest": "",
        }
        rows.append(["customer", pages[path], "page", result])
    return rows


def verdict(row):
    """What misses its target, in words."""
    result = row[3]
    if result is None:
        return "error"
    missed = []
    seconds = result["seconds"]
    if statistics.median(seconds) > MEDIAN_TARGET or max(seconds) > WORST_TARGET:
        missed.append(f"time ({result['slowest']})")
    if result["scanned"] and "(Odoo)" not in row[1]:
        missed.append(f"reads all of {', '.join(result['scanned'])}")
    return "; ".join(missed)


def screens_table(found):
    rows = []
    for row in found:
        role, name, view, result = row
        if result is None:
            rows.append([role, name, view, "", "", "", "error"])
            continue
        seconds = result["seconds"]
        rows.append(
            [
                role,
                name,
                view,
                f"{statistics.median(seconds):.2f}",
                f"{max(seconds):.2f}",
                result["queries"],
                verdict(row) or "within",
            ]
        )
    header = ["user", "screen", "view", "s median", "s worst", "queries", "targets"]
    return table(header, rows)


def unused_words(unused):
    if not unused:
        return "Every index of ours was read."
    names = ", ".join(
        f"{index} ({size // 1024:,} kB)" for _table, index, size in unused
    )
    return f"Indexes that none of these screens read: {names}."


# -- jobs --------------------------------------------------------------------------------


def measure_jobs(full, orders, options):
    """What runs in the background: its time must not grow with orders that are over."""
    few = f"{FEW}_quick" if options.quick else FEW
    make(few, orders // 5, ROUND // 5, options.fresh)
    measured = {}
    for db in (few, full):
        for name in JOB_NAMES:
            databases.drop(JOBS)
            databases.clone(db, JOBS)
            with Process(JOBS) as process:
                measured[db, name] = process.call("job", name=name)
    databases.drop(JOBS)
    rows = [
        [
            name.replace("_", " "),
            f"{measured[few, name]['seconds']:.1f}",
            f"{measured[full, name]['seconds']:.1f}",
            measured[few, name]["queries"],
            measured[full, name]["queries"],
        ]
        for name in JOB_NAMES
    ]
    header = ["job", f"s, {orders // 5:,} orders", f"s, {orders:,} orders"]
    header += ["queries", "queries"]
    return f"The same number of orders is under way in both.\n\n{table(header, rows)}"


def report(text, orders):
    return f"""
## Screens at {orders:,} orders

`./oms bench screens`, {machine()}. What the web client asked for on each screen, asked
again {{0}} inside Odoo: seconds of all its requests together. Targets: median at most
{MEDIAN_TARGET} s, worst at most {WORST_TARGET} s, no table of 100,000 rows read from end
to end.

{text}
""".replace("{0}", "as the same user")


if __name__ == "__main__":
    sys.exit(main())
