"""How long installing the addon takes on a database with many orders, and on an empty one.

The orders are not made by Odoo, which would take days, but written by PostgreSQL itself:
orders, lines, transfers, moves, invoices and payments in believable proportions, nine in
ten of them closed. What the installation derives from them is checked against Odoo's ORM.
"""

import argparse
import sys
import time

from _arguments import at_least
from _copier import Copier
from _odoo import Process, common, databases, install_ours, make_base
from _results import machine, table, write_section

BASE, EMPTY, FULL = "oms_bench_install", "oms_bench_empty", "oms_bench_full"
LINES = 5

# Ids begin there, so that what Odoo has made before is not in the way.
OFFSET = 10_000_000

# How an order of number n stands: the last 20 of each round are under way (of 200, nine in
# ten are paid). Moves are done where the order is shipped, invoices posted where it is
# invoiced.
ROUND = 200
SETTINGS = """
CREATE TABLE bench_order AS
SELECT n,
       {offset} + n AS id,
       date_trunc('second', now()::timestamp) - ({orders} - n) * interval '150 seconds' AS at,
       CASE WHEN n % {round} < {round} - 20 THEN 'paid'
            WHEN n % {round} < {round} - 16 THEN 'invoiced'
            WHEN n % {round} < {round} - 12 THEN 'shipped'
            WHEN n % {round} < {round} - 10 THEN 'partial'
            WHEN n % {round} < {round} - 6 THEN 'confirmed'
            WHEN n % {round} < {round} - 3 THEN 'draft'
            ELSE 'cancel' END AS stand,
       p.ids[1 + n % array_length(p.ids, 1)] AS partner_id
  FROM generate_series(1, {orders}) n
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM res_partner
              WHERE name LIKE 'Bench customer %') p;
CREATE UNIQUE INDEX ON bench_order (id);
ANALYZE bench_order;
"""


def fill(db, orders, samples, round_=ROUND):
    """Write orders and their documents, each like the sample that Odoo has made.

    :param int round_: of so many orders, 20 are under way
    :return: seconds taken
    """
    copier = Copier(db)
    started = time.perf_counter()
    copier.run(SETTINGS.format(orders=orders, offset=OFFSET, round=round_))
    copier.copy(
        "sale_order",
        samples["order"],
        "SELECT * FROM bench_order",
        name="'BO' || s.n",
        partner_id="s.partner_id",
        partner_invoice_id="s.partner_id",
        partner_shipping_id="s.partner_id",
        state="CASE s.stand WHEN 'draft' THEN 'draft' WHEN 'cancel' THEN 'cancel' ELSE 'sale' END",
        date_order="s.at",
        create_date="s.at",
        access_token="NULL",
    )
    copier.copy(
        "sale_order_line",
        samples["line"],
        f"SELECT {OFFSET} + (o.n - 1) * {LINES} + l AS id, o.id AS order_id,"
        "       o.at, o.stand, o.partner_id, l"
        f"  FROM bench_order o CROSS JOIN generate_series(1, {LINES}) l",
        order_id="s.order_id",
        order_partner_id="s.partner_id",
        sequence="s.l",
        state="CASE s.stand WHEN 'draft' THEN 'draft' WHEN 'cancel' THEN 'cancel' ELSE 'sale' END",
        create_date="s.at",
        qty_delivered="CASE WHEN s.stand IN ('paid', 'invoiced', 'shipped') THEN m.product_uom_qty ELSE 0 END",
    )
    moved = "s.stand NOT IN ('draft', 'cancel')"
    done = "s.stand IN ('paid', 'invoiced', 'shipped')"
    copier.copy(
        "stock_picking",
        samples["picking"],
        f"SELECT o.id, o.n, o.at, o.stand, o.partner_id FROM bench_order o WHERE o.{moved[2:]}",
        name="'BENCH/OUT/' || s.n",
        sale_id="s.id",
        partner_id="s.partner_id",
        origin="'BO' || s.n",
        state=f"CASE WHEN {done} THEN 'done' ELSE 'assigned' END",
        date_done=f"CASE WHEN {done} THEN s.at + interval '1 day' END",
        create_date="s.at",
        backorder_id="NULL",
    )
    copier.copy(
        "stock_move",
        samples["move"],
        f"SELECT l.id, l.id AS line_id, o.id AS picking_id, o.at, o.stand,"
        f"       o.partner_id, l.sequence AS l"
        f"  FROM bench_order o JOIN sale_order_line l ON l.order_id = o.id"
        f" WHERE o.{moved[2:]}",
        sale_line_id="s.line_id",
        picking_id="s.picking_id",
        partner_id="s.partner_id",
        state=f"CASE WHEN {done} OR s.stand = 'partial' AND s.l < 3 THEN 'done' ELSE 'assigned' END",
        date=f"CASE WHEN {done} OR s.stand = 'partial' THEN s.at + interval '1 day' ELSE s.at END",
        create_date="s.at",
    )
    copier.copy(
        "stock_move_line",
        samples["move_line"],
        "SELECT mv.id, mv.picking_id, mv.state, mv.date FROM stock_move mv"
        f" WHERE mv.id >= {OFFSET}",
        move_id="s.id",
        picking_id="s.picking_id",
        state="s.state",
        date="s.date",
        result_package_id="NULL",
    )
    billed = "o.stand IN ('paid', 'invoiced')"
    copier.copy(
        "account_move",
        samples["invoice"],
        f"SELECT o.id, o.n, o.at, o.stand, o.partner_id FROM bench_order o WHERE {billed}",
        name="'BINV/' || s.n",
        partner_id="s.partner_id",
        commercial_partner_id="s.partner_id",
        partner_shipping_id="s.partner_id",
        invoice_origin="'BO' || s.n",
        payment_state="CASE s.stand WHEN 'paid' THEN 'paid' ELSE 'not_paid' END",
        amount_residual="CASE s.stand WHEN 'paid' THEN 0 ELSE m.amount_total END",
        invoice_date="(s.at + interval '1 day')::date",
        date="(s.at + interval '1 day')::date",
        sequence_number="s.n",
        sequence_prefix="'BINV/'",
        create_date="s.at + interval '1 day'",
        access_token="NULL",
        payment_reference="NULL",
    )
    copier.copy(
        "account_move_line",
        samples["invoice_line"],
        "SELECT l.id, l.order_id, l.order_partner_id AS partner_id, o.at"
        "  FROM bench_order o JOIN sale_order_line l ON l.order_id = o.id"
        f" WHERE {billed}",
        move_id="s.order_id",
        move_name=f"'BINV/' || (s.order_id - {OFFSET})",
        partner_id="s.partner_id",
        date="(s.at + interval '1 day')::date",
    )
    lines = orders * LINES
    # what the lines come to, so that Odoo finds the invoice balanced
    due = (
        f"(SELECT -balance * {LINES} FROM account_move_line"
        f" WHERE id = {samples['invoice_line']})"
    )
    copier.copy(
        "account_move_line",
        samples["due_line"],
        f"SELECT {OFFSET + lines} + o.n AS id, o.id AS move_id, o.partner_id, o.at, o.stand"
        f"  FROM bench_order o WHERE {billed}",
        move_id="s.move_id",
        partner_id="s.partner_id",
        reconciled="s.stand = 'paid'",
        **dict.fromkeys(("debit", "balance", "amount_currency"), due),
        amount_residual=f"CASE s.stand WHEN 'paid' THEN 0 ELSE {due} END",
        full_reconcile_id="NULL",
        matching_number="NULL",
        date="(s.at + interval '1 day')::date",
    )
    copier.copy(
        "account_move_line",
        samples["credit_line"],
        f"SELECT {OFFSET + lines + orders} + o.n AS id, o.partner_id, o.at"
        "  FROM bench_order o WHERE o.stand = 'paid'",
        partner_id="s.partner_id",
        full_reconcile_id="NULL",
        matching_number="NULL",
        date="(s.at + interval '20 days')::date",
    )
    copier.copy(
        "account_partial_reconcile",
        samples["partial"],
        "SELECT o.id, o.n, o.at FROM bench_order o WHERE o.stand = 'paid'",
        debit_move_id=f"{OFFSET + lines} + s.n",
        credit_move_id=f"{OFFSET + lines + orders} + s.n",
        full_reconcile_id="NULL",
        create_date="s.at + interval '20 days'",
        max_date="(s.at + interval '20 days')::date",
    )
    copier.run(
        "INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)"
        " SELECT l.id, l.id FROM bench_order o JOIN sale_order_line l ON l.order_id = o.id"
        f" WHERE {billed}"
    )
    copier.run("DROP TABLE bench_order")
    databases.execute("VACUUM ANALYZE", db=db)
    return time.perf_counter() - started


def main():
    parser = argparse.ArgumentParser(prog="./oms bench install", description=__doc__)
    parser.add_argument("--orders", type=at_least(1), default=200_000)
    parser.add_argument(
        "--quick", action="store_true", help="20,000 orders, without writing"
    )
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    options = parser.parse_args()
    orders = 20_000 if options.quick else options.orders
    with common.lock("oms_bench_install"):
        return measure(options, orders)


def prepare():
    """The database that is multiplied, made where it is missing; its sample records."""
    samples = databases.read_note(BASE).get("samples")
    if not samples:
        common.say("making the database to multiply")
        make_base(BASE)
        with Process(BASE) as process:
            samples = process.call("sample", lines=LINES)
        databases.write_note(BASE, samples=samples)
    return samples


def measure(options, orders):
    samples = prepare()
    for name in (EMPTY, FULL):
        databases.drop(name)
        databases.clone(BASE, name)
    common.say(f"writing {orders} orders")
    seconds = fill(FULL, orders, samples)
    common.say(f"written in {seconds:.0f} s")

    took = {}
    for name in (EMPTY, FULL):
        started = time.perf_counter()
        install_ours(name, f"installing on {name}")
        took[name] = time.perf_counter() - started
    with Process(FULL) as process:
        stands = process.call("check_install", sample=200, first=OFFSET)
    rows = [
        ["without orders", f"{took[EMPTY]:.1f}"],
        [f"{orders:,} orders, {orders * LINES:,} lines", f"{took[FULL]:.1f}"],
        ["difference", f"{took[FULL] - took[EMPTY]:.1f}"],
    ]
    result = table(["database", "seconds"], rows)
    print(f"\n{result}\n\n{stands}")
    if not options.quick and orders == 200_000:
        write_section("install", report(result, stands, orders))
    if options.keep:
        databases.write_note(
            FULL, orders=orders, addons=common.addons_digest(common.suite())
        )
    else:
        for name in (BASE, EMPTY, FULL):
            databases.drop(name)


def report(result, stands, orders):
    states = ", ".join(f"{count:,} {state}" for state, count in stands.items())
    return f"""
## Installing on a database with many orders

`./oms bench install`, {machine()}. The addon with all that belongs to it, installed by Odoo
on two clones of one database, one of them with {orders:,} orders of {LINES} lines, their
transfers, invoices and payments. Every order got its facts and its stage ({states}); for
200 of them Odoo's ORM computed the same again.

{result}
"""


if __name__ == "__main__":
    sys.exit(main())
