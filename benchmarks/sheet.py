"""A file of 5,000 order lines against Odoo's own `create` of the same orders.

Both in one process, in turns, in transactions of 50 orders. Of the file everything
counts: reading, guessing and checking all rows, and importing them.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import time

from _odoo import databases
from _results import machine, table, write_section

DB = "oms_bench_sheet"
LINES, CHUNK = 5, 50
TARGET = 1.3


def main():
    parser = argparse.ArgumentParser(prog="./oms bench sheet", description=__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--inside", metavar="DB", help=argparse.SUPPRESS)
    parser.add_argument("--keep", action="store_true", help="write no results")
    options = parser.parse_args()
    if options.inside:
        return inside(options)
    databases.drop(DB)
    databases.clone(databases.addons_template(), DB)
    done = subprocess.run(
        [sys.executable, __file__, "--inside", DB]
        + ["--orders", str(options.orders), "--rounds", str(options.rounds)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
    )
    databases.drop(DB)
    rounds = json.loads(done.stdout.splitlines()[-1])
    text = report(rounds, options.orders)
    print(text)
    if not options.keep:
        write_section("sheet", text)
    return 0 if min(ratio(one) for one in rounds) <= TARGET else 1


def ratio(one):
    return (one["check"] + one["import"]) / one["plain"]


def report(rounds, orders):
    rows = [
        [
            number,
            f"{one['check']:.1f}",
            f"{one['import']:.1f}",
            f"{one['plain']:.1f}",
            f"{ratio(one):.2f}",
            f"{one['page'] * 1000:.0f}",
            f"{one['correct'] * 1000:.0f}",
        ]
        for number, one in enumerate(rounds, start=1)
    ]
    header = ["round", "read and check (s)", "import (s)", "plain create (s)"]
    header += ["ratio", "a page (ms)", "a correction (ms)"]
    return (
        f"## Order files\n\n{__doc__.strip()}\n\n{orders * LINES:,} lines in"
        f" {orders:,} orders, XLSX. Wanted: a ratio of at most {TARGET}.\n\n"
        f"{machine()}\n\n{table(header, rows)}"
    )


# -- inside Odoo -------------------------------------------------------------------------


def inside(options):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import odoo
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(
        ["-d", options.inside, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
        setup_logging=True,
    )
    registry = Registry(options.inside)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        world = build(env)
        cr.commit()
        # caches of a process that has just started
        measure(env, world, "W", 60)
        rounds = [
            measure(env, world, f"R{number}", options.orders)
            for number in range(options.rounds)
        ]
    print(json.dumps(rounds), file=answers, flush=True)
    return 0


def build(env):
    country = env.ref("base.us").id
    partners = env["res.partner"].create(
        [
            {"name": f"Sheet customer {n}", "ref": f"SC{n:03}", "country_id": country}
            for n in range(50)
        ]
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Sheet product {n}",
                "default_code": f"SP{n:04}",
                "list_price": 10,
            }
            for n in range(1000)
        ]
    )
    channel = env["oms.channel"].create({"name": "Sheets", "code": "SHEETS"})
    return partners, products, channel


def orders_of(world, name, count):
    """(reference, partner, [(product, quantity)]) of each order."""
    partners, products, _channel = world
    for number in range(count):
        yield (
            f"{name}-{number}",
            partners[number % len(partners)],
            [
                (products[(number * LINES + line) % len(products)], 1 + line)
                for line in range(LINES)
            ],
        )


def measure(env, world, name, count):
    content = write_file(world, f"{name}F", count)
    env.cr.commit()
    start = time.perf_counter()
    record = env["oms.import"].create(
        {
            "channel_id": world[2].id,
            "file": base64.b64encode(content),
            "file_name": f"{name}.xlsx",
        }
    )
    record.action_check()
    env.cr.commit()
    checked = time.perf_counter() - start
    assert record.good_count == count * LINES, record.get_page(which="faulty")

    page, correct = measure_screen(env, record)

    record.state = "running"
    env.cr.commit()
    start = time.perf_counter()
    while rows := record._take_chunk():
        record._submit_rows(rows)
        env.cr.commit()
        env.invalidate_all()
    imported = time.perf_counter() - start
    assert record.done_count == count * LINES
    record._end()

    start = time.perf_counter()
    create_plainly(env, world, f"{name}P", count)
    plain = time.perf_counter() - start
    return {
        "check": checked,
        "import": imported,
        "plain": plain,
        "page": page,
        "correct": correct,
    }


def measure_screen(env, record):
    env.invalidate_all()
    start = time.perf_counter()
    page = record.get_page(offset=record.row_count // 2)
    shown = time.perf_counter() - start
    column = next(c["index"] for c in page["columns"] if c["is_number"])
    env.invalidate_all()
    start = time.perf_counter()
    record.correct(page["rows"][0]["id"], column, "3")
    env.flush_all()
    return shown, time.perf_counter() - start


def create_plainly(env, world, name, count):
    orders = [
        {
            "partner_id": partner.id,
            "client_order_ref": ref,
            "oms_channel_id": world[2].id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
                for product, quantity in lines
            ],
        }
        for ref, partner, lines in orders_of(world, name, count)
    ]
    for first in range(0, count, CHUNK):
        env["sale.order"].create(orders[first : first + CHUNK])
        env.cr.commit()
        env.invalidate_all()


def write_file(world, name, count):
    from odoo.addons.oms_order_cycle_intake.sheet import write_sheet

    rows = [["Order Reference", "Customer Number", "Article", "Quantity"]]
    for ref, partner, lines in orders_of(world, name, count):
        rows += [
            [ref, partner.ref, product.default_code, quantity]
            for product, quantity in lines
        ]
    return write_sheet("Orders", rows, header=0)


if __name__ == "__main__":
    sys.exit(main())
