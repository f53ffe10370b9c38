"""The outbox under processes that are killed, that run at once, that take all down."""

import os
import signal

import pytest
from devkit import databases
from odoo_process import database, finish, query, run, server, start, wait_for

ROWS = 20

# The action leaves one record and says which database session made it. The pause is
# there to be killed in.
PREPARE = """
order = env["sale.order"].create(
    {"partner_id": env["res.partner"].create({"name": "Kill"}).id}
)
stage = env["oms.stage"].search([], limit=1)
action = env["ir.actions.server"].create({
    "name": "Leave a trace",
    "model_id": env.ref("sale.model_sale_order").id,
    "state": "code",
    "code": '''
env.cr.execute("SELECT pg_backend_pid()")
pid = env.cr.fetchone()[0]
row = env["oms.outbox"]._get_running()
env["res.partner"].create({"name": row.key, "ref": "trace", "comment": str(pid)})
env.flush_all()
time.sleep(%(pause)s)
''',
})
env["oms.outbox"]._enqueue([
    {
        "order_id": order.id,
        "stage_id": stage.id,
        "action_id": action.id,
        "key": "key %%02d" %% number,
    }
    for number in range(%(rows)s)
])
cr.commit()
"""
TRACES = "SELECT name FROM res_partner WHERE ref = 'trace' ORDER BY name"
DONE = "SELECT key FROM oms_outbox WHERE state = 'done' ORDER BY key"
KEYS = [f"key {number:02}" for number in range(ROWS)]


@pytest.fixture
def db():
    with database(databases.addons_template(), "kill") as name:
        # Other scheduled jobs of the server would only take time.
        query(
            name,
            "UPDATE ir_cron SET active = (id = (SELECT res_id FROM ir_model_data"
            " WHERE module = 'oms_order_cycle' AND name = 'oms_outbox_cron'))",
        )
        yield name


def test_killed_in_the_middle(db):
    """Odoo's server is killed while it runs the queue, and started again."""
    run(db, PREPARE % {"rows": ROWS, "pause": 0.3})
    with server(db) as process:
        wait_for(lambda: len(query(db, DONE)) >= 5, process=process)
        # in the pause of an action: what it has done is not committed
        wait_for(lambda: _count_running(db) == 1, process=process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    wait_for(lambda: _count_sessions(db) == 0)
    done = query(db, DONE)
    assert 5 <= len(done) < ROWS
    assert query(db, TRACES) == done
    assert _count_running(db) == 1, "the attempt is on record"

    with server(db) as process:
        wait_for(lambda: len(query(db, DONE)) == ROWS, process=process)
    assert query(db, TRACES) == KEYS
    tries = query(db, "SELECT tries FROM oms_outbox ORDER BY tries")
    assert tries == [1] * (ROWS - 1) + [2]


def test_killed_again_and_again(db):
    """Wherever it is killed, nothing is lost and nothing comes twice."""
    run(db, PREPARE % {"rows": ROWS, "pause": 0.02})
    for target in range(3, ROWS, 5):
        process = start(db, 'env["oms.outbox"]._cron_process()')
        wait_for(lambda: len(query(db, DONE)) >= target, process=process)  # noqa: B023
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert query(db, TRACES) == query(db, DONE)
    query(
        db,
        "UPDATE oms_outbox SET next_try = now() - interval '1 day' WHERE state <> 'done'",
    )
    run(db, 'env["oms.outbox"]._cron_process()')
    assert query(db, TRACES) == KEYS
    assert query(db, DONE) == KEYS


def test_two_processes_at_once(db):
    run(db, PREPARE % {"rows": ROWS, "pause": 0.1})
    script = 'env["oms.outbox"]._cron_process()'
    for process in [start(db, script) for _number in range(3)]:
        finish(process)
    assert query(db, TRACES) == KEYS
    assert query(db, DONE) == KEYS
    assert set(query(db, "SELECT tries FROM oms_outbox")) == {1}
    workers = query(db, "SELECT DISTINCT comment FROM res_partner WHERE ref = 'trace'")
    assert len(workers) > 1, "they shared the work"


def test_action_that_takes_the_server_down(db):
    """Such an action does not keep the others from running for ever."""
    run(db, PREPARE % {"rows": 5, "pause": 0})
    deadly = """
import signal
outbox = type(env["oms.outbox"])
original = outbox._execute
def execute(row):
    if row.key == "key 00":
        os.kill(os.getpid(), signal.SIGKILL)
    original(row)
outbox._execute = execute
env["oms.outbox"]._cron_process()
"""
    for _number in range(2):
        process = start(db, deadly)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    run(db, deadly)
    assert query(db, DONE) == KEYS[1:5]
    [(state, tries, error, waits)] = query(
        db,
        "SELECT state, tries, error, next_try > now() AT TIME ZONE 'UTC'"
        "  FROM oms_outbox WHERE key = 'key 00'",
    )
    assert (state, tries, waits) == ("pending", 2, True)
    assert "The server stopped" in error


def _count_running(db):
    [count] = query(db, "SELECT COUNT(*) FROM oms_outbox WHERE started_at IS NOT NULL")
    return count


def _count_sessions(db):
    [count] = query(
        db,
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
        db,
    )
    return count
