"""What years of use leave on a database of orders: log, promises, holds, plans, actions."""

import time

from _copier import Copier
from _odoo import databases
from install import LINES, OFFSET

# Of so many orders, one has been held once; transfers that were packed by a plan; rows
# that wait in the queue of actions.
HELD, PLANNED, WAITING = 20, 40_000, 5_000

# Reached milestones in the order of their stages, with the stage that follows.
MILESTONES = ("confirmed", "released", "picked", "packed", "shipped", "delivered")
MILESTONES += ("invoiced", "paid")


def write_history(db, samples, orders):
    """Fill the tables that the installation leaves empty; users get their orders.

    :param dict samples: ids of one record of each kind (``history_samples``)
    :return: seconds taken
    """
    copier = Copier(db)
    started = time.perf_counter()
    _share_orders(copier)
    _write_log(copier, samples)
    _write_promises(copier, samples)
    _write_holds(copier, samples, orders)
    _write_plans(copier, samples)
    _write_actions(copier, samples)
    for table in ("oms_event", "oms_promise", "oms_hold", "oms_outbox"):
        _move_sequence(copier, table)
    for table in ("oms_pack_plan", "oms_pack_box", "oms_pack_box_line"):
        _move_sequence(copier, table)
    databases.execute("VACUUM ANALYZE", db=db)
    return time.perf_counter() - started


def _move_sequence(copier, table):
    copier.run(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")


def _share_orders(copier):
    """One order in ten is the seller's."""
    copier.run(
        "UPDATE sale_order SET user_id = (SELECT id FROM res_users WHERE login = 'seller')"
        f" WHERE id % 10 = 0 AND id > {OFFSET}"
    )


def _write_log(copier, samples):
    """A line for each milestone that an order has reached."""
    for number, milestone in enumerate(MILESTONES):
        column = f"oms_{milestone}_at"
        copier.copy(
            "oms_event",
            samples["event"],
            f"SELECT o.id AS order_id, o.{column} AS at, o.company_id,"
            f"       (o.id - {OFFSET}) * 10 + {number} + {OFFSET} AS id"
            f"  FROM sale_order o WHERE o.id > {OFFSET} AND o.{column} IS NOT NULL",
            order_id="s.order_id",
            company_id="s.company_id",
            date="s.at",
            kind="'fact'",
            milestone=f"'{milestone}'",
            name=f"'{milestone.title()}'",
            hold_id="NULL",
            stage_id="NULL",
            from_stage_id="NULL",
            data="NULL",
            amount="0",
        )


def _write_promises(copier, samples):
    copier.copy(
        "oms_promise",
        samples["promise"],
        "SELECT l.id, l.order_id, l.product_id, o.date_order AS at"
        "  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id"
        f" WHERE l.id > {OFFSET} AND o.state = 'sale' AND NOT EXISTS"
        "       (SELECT FROM oms_promise p WHERE p.line_id = l.id)",
        order_id="s.order_id",
        line_id="s.id",
        product_id="s.product_id",
        date="s.at",
        promised_date="s.at + interval '2 days'",
        ship_date="s.at + interval '1 day'",
        told_at="NULL",
    )


def _write_holds(copier, samples, orders):
    """Most are lifted; a thousand of orders that are under way are open."""
    values = {
        "order_id": "s.id",
        "partner_id": "s.partner_id",
        "company_id": "s.company_id",
        "opened_at": "s.date_order",
        "create_date": "s.date_order",
    }
    copier.copy(
        "oms_hold",
        samples["hold"],
        "SELECT id, partner_id, company_id, date_order FROM sale_order"
        f" WHERE id > {OFFSET} AND id % {HELD} = 0 AND oms_paid_at IS NOT NULL",
        **values,
        state="'lifted'",
        in_force="FALSE",
        lifted_at="s.date_order + interval '3 hours'",
    )
    copier.copy(
        "oms_hold",
        samples["hold"],
        "SELECT id, partner_id, company_id, date_order FROM sale_order"
        f" WHERE id > {OFFSET} AND state = 'sale' AND oms_shipped_at IS NULL"
        " ORDER BY id DESC LIMIT 1000",
        **values,
    )
    copier.run(
        "UPDATE sale_order SET oms_open_hold_count = 1 WHERE id IN"
        " (SELECT order_id FROM oms_hold WHERE state = 'open')"
    )


def _write_plans(copier, samples):
    """Plans of two boxes, five lines in each."""
    copier.copy(
        "oms_pack_plan",
        samples["plan"],
        "SELECT id, partner_id, date_done FROM stock_picking"
        f" WHERE id > {OFFSET} AND state = 'done' ORDER BY id DESC LIMIT {PLANNED}",
        picking_id="s.id",
        partner_id="s.partner_id",
        create_date="s.date_done",
        applied_at="s.date_done",
        ship_date="s.date_done::date",
    )
    copier.copy(
        "oms_pack_box",
        samples["box"],
        f"SELECT (p.id - {OFFSET}) * 2 + b + {OFFSET} AS id, p.id AS plan_id,"
        "        p.picking_id, p.partner_id, p.ship_date"
        f"  FROM oms_pack_plan p CROSS JOIN generate_series(0, 1) b WHERE p.id > {OFFSET}",
        plan_id="s.plan_id",
        picking_id="s.picking_id",
        partner_id="s.partner_id",
        ship_date="s.ship_date",
        package_id="NULL",
    )
    copier.copy(
        "oms_pack_box_line",
        samples["box_line"],
        f"SELECT (b.id - {OFFSET}) * {LINES} + l + {OFFSET} AS id, b.id AS box_id,"
        "        b.partner_id, b.ship_date"
        f"  FROM oms_pack_box b CROSS JOIN generate_series(0, {LINES - 1}) l"
        f" WHERE b.id > {OFFSET}",
        box_id="s.box_id",
        partner_id="s.partner_id",
        ship_date="s.ship_date",
    )


def _write_actions(copier, samples):
    """What waits for the background, and as much again that was done."""
    for state, first in (("pending", 0), ("done", 1_000_000)):
        copier.copy(
            "oms_outbox",
            samples["outbox"],
            f"SELECT id + {first} AS id, id AS order_id, date_order FROM sale_order"
            f" WHERE id > {OFFSET} AND state = 'sale' ORDER BY id LIMIT {WAITING}",
            order_id="s.order_id",
            key=f"'bench-{state}-' || s.order_id",
            state=f"'{state}'",
            next_try="now()" if state == "pending" else "NULL",
            create_date="s.date_order",
            write_date="s.date_order",
        )
