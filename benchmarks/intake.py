"""What it costs to hand orders in: `oms_submit_orders` against plain `create` of the same.

Both on one database, in turn, as an ordinary user, with the commit in it: so whatever
else the machine does meets both. Each call takes 200 orders, the most there may be.
"""

import argparse
import gc
import statistics
import sys
import threading
import time

from _odoo import common, databases, install_ours, make_base
from _results import machine, table, write_section

DB = "oms_bench_intake"
TARGET = 1.15
CALL = 200


class Run:
    """Orders made by either way, and how long it took."""

    def __init__(self, db, orders, lines):
        import odoo
        from odoo.modules.registry import Registry

        odoo.tools.config.parse_config(
            ["-d", db, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
            setup_logging=True,
        )
        threading.current_thread().dbname = db
        self.registry = Registry(db)
        self.orders, self.lines = orders, lines
        self.number = 0
        with self.registry.cursor() as cr:
            env = self._env(cr)
            self.uid = env.ref("base.user_admin").id
            self.products = env["product.product"].search_read(
                [("default_code", "=like", "BP%")], ["default_code"]
            )
            partners = env["res.partner"].search([("name", "=like", "Bench customer%")])
            for partner in partners:
                partner.ref = f"B{partner.id}"
            self.partners = partners.ids
            env["oms.channel"].create({"name": "Bench", "code": "BENCH", "kind": "edi"})
            cr.commit()

    def _env(self, cr, uid=1):
        from odoo import api

        return api.Environment(cr, uid, {})

    def measure(self, way):
        """Seconds and queries of one way."""
        calls = []
        for start in range(0, self.orders, CALL):
            size = min(CALL, self.orders - start)
            calls.append([self._choose() for _order in range(size)])
        prepared = [getattr(self, f"prepare_{way}")(call) for call in calls]
        gc.collect()
        queries = 0
        begun = time.perf_counter()
        for values in prepared:
            with self.registry.cursor() as cr:
                env = self._env(cr, self.uid)
                getattr(self, way)(env, values)
                cr.commit()
                queries += cr.sql_log_count
        return time.perf_counter() - begun, queries

    def _choose(self):
        """One order: its number, customer and products."""
        self.number += 1
        number = self.number
        products = [
            self.products[(number * self.lines + line) % len(self.products)]
            for line in range(self.lines)
        ]
        return number, self.partners[number % len(self.partners)], products

    @staticmethod
    def prepare_create(call):
        return [
            {
                "partner_id": partner,
                "client_order_ref": f"PO-{number}",
                "order_line": [
                    (0, 0, {"product_id": product["id"], "product_uom_qty": 3})
                    for product in products
                ],
            }
            for number, partner, products in call
        ]

    @staticmethod
    def create(env, values):
        env["sale.order"].create(values)

    @staticmethod
    def prepare_submit(call):
        return [
            {
                "version": 1,
                "channel": "BENCH",
                "external_ref": f"PO-{number}",
                "customer": {"ref": f"B{partner}"},
                "lines": [
                    {
                        "ref": str(line),
                        "product": {"code": product["default_code"]},
                        "qty": "3",
                    }
                    for line, product in enumerate(products, start=1)
                ],
            }
            for number, partner, products in call
        ]

    @staticmethod
    def submit(env, payloads):
        results = env["sale.order"].oms_submit_orders(payloads)
        wrong = [one for one in results if one["status"] != "created"]
        assert not wrong, wrong[0]


def main():
    parser = argparse.ArgumentParser(prog="./oms bench intake", description=__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=5)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="keep the database")
    parser.add_argument(
        "--reuse", action="store_true", help="use the one that was kept"
    )
    parser.add_argument(
        "--profile", action="store_true", help="say where the time goes"
    )
    options = parser.parse_args()
    with common.lock("oms_bench"):
        return compare(options)


def compare(options):
    if not (options.reuse and databases.exists(DB)):
        make_base(DB)
        install_ours(DB)
        databases.execute("VACUUM ANALYZE", db=DB)
    run = Run(DB, options.orders, options.lines)
    if options.profile:
        return profile(run)
    found = {"create": [], "submit": []}
    # the first of each is not counted: caches fill and code is loaded
    for repetition in range(-1, options.repetitions):
        for way in sorted(found, reverse=bool(repetition % 2)):
            measured = run.measure(way)
            if repetition >= 0:
                found[way].append(measured)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    ratio = show(options, found)
    if not (options.keep or options.reuse):
        databases.drop(DB)
    return 0 if ratio <= TARGET else 1


def show(options, found):
    pairs = zip(found["submit"], found["create"], strict=True)
    ratio = statistics.median(ours[0] / odoos[0] for ours, odoos in pairs)
    rows = [
        [
            way,
            f"{statistics.median(one[0] for one in found[key]):.2f}",
            f"{statistics.median(one[1] for one in found[key]) / options.orders:.2f}",
        ]
        for way, key in (("`create`", "create"), ("`oms_submit_orders`", "submit"))
    ]
    text = f"""## Orders that are handed in

{machine()}. {options.orders} orders of {options.lines} lines in calls of {CALL}, by both ways in
turn, {options.repetitions} times; medians. Handing in checks every order, finds customers and products by
their codes, keeps what came in and writes the journal. Time ratio **{ratio:.3f}**, the
target is at most {TARGET}.

{table(["way", "seconds", "queries per order"], rows)}
"""
    print(text, file=sys.stderr)
    if (options.orders, options.lines) == (1000, 5):
        write_section("intake", text)
    return ratio


def profile(run):
    import cProfile
    import pstats

    run.measure("submit")
    profiler = cProfile.Profile()
    profiler.enable()
    run.measure("submit")
    profiler.disable()
    stats = pstats.Stats(profiler, stream=sys.stderr)
    stats.sort_stats("cumulative").print_stats("oms_order_cycle", 40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
