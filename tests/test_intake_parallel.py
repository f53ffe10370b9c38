"""Orders handed in by two at the same moment, and by processes that are killed."""

import os
import signal

import pytest
from devkit import databases
from odoo_process import MARK, database, run, start

# What all scripts begin with.
PAYLOAD = """
def payload(ref, qty=1):
    return {
        "channel": "RACE", "external_ref": ref, "customer": {"ref": "RACE"},
        "lines": [{"ref": "1", "product": {"code": "RACE"}, "qty": qty}],
    }
"""
PREPARE = """
env["oms.channel"].create(
    {"name": "Race", "code": "RACE", "kind": "edi", "submit_as": "order"}
)
env["res.partner"].create({"name": "Race", "ref": "RACE"})
env["product.product"].create({"name": "Race", "default_code": "RACE"})
cr.commit()
"""
# Each has a connection of its own, and Odoo's own way to repeat a request.
TOGETHER = (
    PAYLOAD
    + """
import threading
from contextlib import closing
from odoo.service.model import retrying

def together(*batches):
    return do_together(
        *(lambda env, batch=batch: env["sale.order"].oms_submit_orders(batch)
          for batch in batches)
    )

def do_together(*calls):
    barrier = threading.Barrier(len(calls))
    found = [None] * len(calls)
    def hand_in(number, do):
        threading.current_thread().dbname = cr.dbname
        begun = []
        with closing(registry.cursor()) as own:
            own_env = api.Environment(own, SUPERUSER_ID, {})
            def call():
                own.execute("SELECT COUNT(*) FROM oms_intake")
                if not begun:
                    # both transactions see the database as it was before either
                    begun.append(True)
                    barrier.wait(60)
                return do(own_env)
            found[number] = retrying(call, own_env)
    threads = [
        threading.Thread(target=hand_in, args=one) for one in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(200)
    return found

def count():
    cr.rollback()
    env.invalidate_all()
    orders = env["sale.order"].search([("client_order_ref", "=like", "R-%")])
    return [len(orders), env["oms.intake"].search_count([("is_claim", "=", True)])]
"""
)


@pytest.fixture(scope="module")
def db():
    with database(databases.addons_template(), "intake") as name:
        run(name, PREPARE)
        yield name


def test_same_order_at_the_same_moment(db):
    found = run(
        db, TOGETHER + 'answer([together([payload("R-1")], [payload("R-1")]), count()])'
    )
    [[one], [two]], counts = found
    assert sorted([one["status"], two["status"]]) == ["already there", "created"]
    assert one["order_id"] == two["order_id"]
    assert one["order"]
    assert counts == [1, 1]


def test_other_content_at_the_same_moment(db):
    [[one], [two]] = run(
        db, TOGETHER + 'answer(together([payload("R-2")], [payload("R-2", 7)]))'
    )
    assert sorted([one["status"], two["status"]]) == ["created", "refused"]
    refused = one if one["status"] == "refused" else two
    assert [error["code"] for error in refused["errors"]] == ["content_differs"]
    assert one["order_id"] == two["order_id"]


def test_batches_that_overlap_in_another_order(db):
    """No deadlock, whoever comes first."""
    script = """
refs = ["R-3-%02d" % number for number in range(20)]
answer([
    together(
        [payload(ref) for ref in refs[:15]], [payload(ref) for ref in reversed(refs[5:])]
    ),
    count(),
])
"""
    [one, two], _counts = run(db, TOGETHER + script)
    by_ref = {}
    for result in one + two:
        by_ref.setdefault(result["external_ref"], []).append(result)
    assert len(by_ref) == 20
    for results in by_ref.values():
        assert [one["status"] for one in results].count("created") == 1, results
        assert len({one["order_id"] for one in results}) == 1


def test_same_change_at_the_same_moment(db):
    """It is asked for once, also where the order is to be checked already."""
    script = """
env["oms.channel"].search([("code", "=", "RACE")]).on_other_content = "hold"
for qty in (1, 2):
    env["sale.order"].oms_submit_orders([payload("R-5", qty)])
env["sale.order"].search([("client_order_ref", "=", "R-5")]).oms_hold_ids.action_lift()
cr.commit()
found = together([payload("R-5", 3)], [payload("R-5", 3)])
cr.rollback()
env.invalidate_all()
order = env["sale.order"].search([("client_order_ref", "=", "R-5")])
answer([
    found,
    len(order.oms_intake_ids),
    sorted(order.oms_intake_ids.mapped("tries")),
    len(order.oms_hold_ids.filtered(lambda hold: hold.state == "open")),
])
"""
    [[one], [two]], intakes, tries, holds = run(db, TOGETHER + script)
    assert {one["status"], two["status"]} == {"already there"}
    assert one["intake_id"] == two["intake_id"]
    assert (intakes, tries, holds) == (3, [1, 1, 2], 1)


def test_learnt_at_the_same_moment(db):
    """What is remembered once is nobody's error."""
    script = """
product = env["product.product"].search([("default_code", "=", "RACE")])
partner = env["res.partner"].search([("ref", "=", "RACE")])
channel = env["oms.channel"].search([("code", "=", "RACE")])
def learn(own_env):
    orders = own_env["sale.order"]
    codes = orders._oms_learn_codes(
        own_env["res.partner"].browse(partner.id), [("X-1", product.id, False)]
    )
    mapping = own_env["oms.import.mapping"]._remember(
        own_env["oms.channel"].browse(channel.id),
        own_env["res.partner"].browse(partner.id),
        {"article": "lines.product"},
    )
    return [codes.ids, mapping.ids]
found = do_together(learn, learn)
cr.rollback()
answer([
    found,
    env["oms.customer.code"].search_count([("code", "=", "X-1")]),
    env["oms.import.mapping"].search_count([("channel_id", "=", channel.id)]),
])
"""
    [one, two], codes, mappings = run(db, TOGETHER + script)
    assert one == two
    assert (codes, mappings) == (1, 1)


def test_killed_in_the_middle_of_a_batch(db):
    """Nothing is half there, and sending it again makes each order once."""
    batch = """
batch = [payload("R-4-%02d" % number) for number in range(20)]
"""
    orders = """
answer([
    env["sale.order"].search_count([("client_order_ref", "=like", "R-4-%")]),
    env["oms.intake"].search_count([("external_ref", "=like", "R-4-%")]),
])
"""
    deadly = """
import time
model = type(env["sale.order"])
original = model._oms_confirm_taken
def confirm(self, submissions):
    original(self, submissions)
    self.env.flush_all()
    answer("middle")
    time.sleep(600)
model._oms_confirm_taken = confirm
env["sale.order"].oms_submit_orders(batch)
"""
    process = start(db, PAYLOAD + batch + deadly)
    line = process.stdout.readline()
    assert line.startswith(MARK), process.stderr.read()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert run(db, orders) == [0, 0]

    # killed before the answer was sent: the sender knows nothing of what was made
    answered = """
env["sale.order"].oms_submit_orders(batch)
cr.commit()
os.kill(os.getpid(), 9)
"""
    process = start(db, PAYLOAD + batch + answered)
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    again = run(
        db, PAYLOAD + batch + 'answer(env["sale.order"].oms_submit_orders(batch))'
    )
    assert {result["status"] for result in again} == {"already there"}
    assert {result["state"] for result in again} == {"sale"}
    assert run(db, orders) == [20, 20]
