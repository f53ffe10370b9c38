"""The check of holds, killed in the middle."""

import os
import signal

import pytest
from devkit import databases
from odoo_process import database, query, run, start, wait_for

ORDERS = 30

_GOODS = """
product = env["product.product"].create({
    "name": "Kill", "type": "consu", "is_storable": True, "list_price": 10,
})
warehouse = env["stock.warehouse"].search([], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 1000)
orders = env["sale.order"].create([
    {
        "partner_id": env["res.partner"].create({"name": "Kill"}).id,
        "warehouse_id": warehouse.id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": number + 1})
        ],
    }
    for number in range(%(orders)s)
])
"""
# All orders are on hold for being too small; then the minimum is given up.
HELD = (
    _GOODS
    + """
hold_type = env["oms.hold.type"].create({
    "name": "Minimum", "check": "min_value", "min_amount": 1000000, "block_release": True,
})
env["oms.workflow"].search([("state", "=", "published")]).hold_type_ids = hold_type
orders.action_confirm()
assert not orders.picking_ids
hold_type.min_amount = 1
cr.commit()
"""
)
# The pauses are there to be killed in.
CHECK = """
import time
order_model = type(env["sale.order"])
original = order_model._oms_recheck_holds_safely
def slowly(orders):
    original(orders)
    env.flush_all()
    time.sleep(0.1)
order_model._oms_recheck_holds_safely = slowly
env["oms.hold"]._cron_check(batch_size=3)
"""
LIFTED = "SELECT DISTINCT order_id FROM oms_hold WHERE state = 'lifted' ORDER BY 1"
LAUNCHED = (
    "SELECT sale_id FROM stock_picking WHERE sale_id IS NOT NULL ORDER BY sale_id"
)


@pytest.fixture
def db():
    with database(databases.addons_template(), "cron_kill") as name:
        yield name


def kill_at(db, script, done, targets):
    """Kill a process again and again, each time when so much more is committed."""
    for target in targets:
        process = start(db, script)
        wait_for(lambda: len(query(db, done)) >= target, 300, process)  # noqa: B023
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        yield


def test_check_of_holds(db):
    """An order that was set free was released, once, wherever the check was killed."""
    run(db, HELD % {"orders": ORDERS})
    assert not query(db, LIFTED)
    for _kill in kill_at(db, CHECK, LIFTED, (2, 9, 17)):
        assert query(db, LAUNCHED) == query(db, LIFTED)
        assert len(query(db, LIFTED)) < ORDERS
    run(db, 'env["oms.hold"]._cron_check()')
    assert len(query(db, LIFTED)) == ORDERS
    assert query(db, LAUNCHED) == query(db, LIFTED)
