"""A file of orders whose import is killed: nothing is lost, nothing comes twice."""

import os
import signal

import pytest
from devkit import databases
from odoo_process import database, query, run, start, wait_for

ORDERS = 60

PREPARE = """
import base64
env["res.partner"].create({"name": "Kill", "ref": "KILL"})
env["product.product"].create({"name": "Kill", "default_code": "KILL-1"})
channel = env["oms.channel"].create({"name": "Kill", "code": "KILL"})
rows = ["Order;Customer;Article;Qty"]
rows += [f"PO-{number};KILL;KILL-1;1" for number in range(%s)]
record = env["oms.import"].create({
    "channel_id": channel.id,
    "file": base64.b64encode("\\n".join(rows).encode()),
    "file_name": "kill.csv",
})
record.action_check()
record.state = "running"
cr.commit()
"""
RUN = """
from odoo.addons.oms_order_cycle_intake.models import oms_import_run
oms_import_run.CHUNK_ORDERS = 5
env["oms.import"]._cron_run()
"""
DONE = "SELECT number FROM oms_import_row WHERE state = 'done'"
REFS = "SELECT client_order_ref FROM sale_order WHERE client_order_ref LIKE 'PO-%%'"


@pytest.fixture
def db():
    with database(databases.addons_template(), "import_kill") as name:
        yield name


def test_killed_again_and_again(db):
    run(db, PREPARE % ORDERS)
    for target in (5, 25, 40):
        process = start(db, RUN)
        wait_for(lambda: len(query(db, DONE)) >= target, process=process)  # noqa: B023
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        done = len(query(db, DONE))
        assert target <= done < ORDERS, "it was killed in the middle"
        assert done == len(query(db, REFS)), "a chunk is done as a whole or not at all"
    run(db, RUN)
    assert len(query(db, DONE)) == ORDERS
    assert sorted(query(db, REFS)) == sorted(f"PO-{n}" for n in range(ORDERS))
    assert query(db, "SELECT state FROM oms_import") == ["done"]
