"""The check of holds and the planning of packing, killed in the middle."""

import os
import signal

import pytest
from devkit import databases
from odoo_process import database, query, run, server, start, wait_for

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

TO_PACK = (
    _GOODS
    + """
env["stock.package.type"].create({
    "name": "Kill", "packaging_length": 400, "width": 300, "height": 300,
    "oms_is_carton": True,
})
orders.action_confirm()
# so many are planned in the background
run = env["oms.pack.run"].search([])
assert run.total == len(orders), run
cr.commit()
"""
)
# What the thread for scheduled actions does in Odoo's server.
RUN_ACTIONS = """
type(env["ir.cron"])._process_jobs(cr.dbname)
"""
PACK = (
    """
import time
from odoo.addons.oms_order_cycle.models.pack import oms_pack_run
oms_pack_run.CHUNK = 3
run_model = type(env["oms.pack.run"])
original = run_model._work
def slowly(self, lines, packer):
    original(self, lines, packer)
    env.flush_all()
    time.sleep(0.1)
run_model._work = slowly
"""
    + RUN_ACTIONS
)
PACK_DEADLY = (
    """
import signal
def die(self, lines, packer):
    os.kill(os.getpid(), signal.SIGKILL)
type(env["oms.pack.run"])._work = die
"""
    + RUN_ACTIONS
)
# Other scheduled actions would only take time.
PACK_ALONE = """
UPDATE ir_cron SET active = (
    id = (
        SELECT res_id FROM ir_model_data
         WHERE module = 'oms_order_cycle' AND name = 'ir_cron_pack_run'
    )
)
"""
# What is due within so many minutes is due now.
SOON = """
UPDATE ir_cron_trigger SET call_at = now() AT TIME ZONE 'UTC'
 WHERE call_at <= now() AT TIME ZONE 'UTC' + %s * interval '1 minute'
"""
PLANNED = "SELECT picking_id FROM oms_pack_run_line WHERE state = 'done' ORDER BY 1"
RUN_STATE = "SELECT state FROM oms_pack_run"
PLANS = "SELECT picking_id FROM oms_pack_plan WHERE picking_id IS NOT NULL ORDER BY 1"


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


def test_packing_run(db):
    """No transfer is planned twice or left out, and the run ends."""
    run(db, TO_PACK % {"orders": ORDERS})
    query(db, PACK_ALONE)
    for _kill in kill_at(db, PACK, PLANNED, (2, 9, 17)):
        assert query(db, PLANS) == query(db, PLANNED)
        assert len(query(db, PLANNED)) < ORDERS
    # Odoo's own server takes it up
    with server(db) as process:
        wait_for(lambda: query(db, RUN_STATE) == ["done"], 300, process)
    assert query(db, PLANS) == query(db, PLANNED)
    assert query(db, "SELECT done_count FROM oms_pack_run") == [ORDERS]


def test_packing_run_that_is_killed_before_it_gets_anywhere(db):
    """Odoo counts such a job as failed in the end, but it is called again soon."""
    run(db, TO_PACK % {"orders": ORDERS})
    query(db, PACK_ALONE)
    for _number in range(3):
        process = start(db, PACK_DEADLY)
        process.communicate(timeout=300)
        assert process.returncode == -signal.SIGKILL
    run(db, RUN_ACTIONS)
    assert query(db, "SELECT failure_count FROM ir_cron WHERE active") == [1]
    assert not query(db, PLANNED), "Odoo did not call it"
    query(db, SOON, 5)
    run(db, RUN_ACTIONS)
    assert query(db, RUN_STATE) == ["done"]
    assert len(query(db, PLANS)) == ORDERS
    assert query(db, "SELECT failure_count FROM ir_cron WHERE active") == [0]
