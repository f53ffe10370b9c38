"""People who work on one order at the same time."""

import pytest
from devkit import databases
from odoo_process import database, run

# Three picking transfers of one order; one is done. Two pickers validate the other two,
# each in a transaction that began before the other's was committed.
PICKERS = """
from contextlib import closing
from psycopg2.errors import SerializationFailure

warehouse = env["stock.warehouse"].search([], limit=1)
warehouse.delivery_steps = "pick_pack_ship"
product = env["product.product"].create({
    "name": "Parallel", "type": "consu", "is_storable": True,
})
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 100)
order = env["sale.order"].create({
    "partner_id": env["res.partner"].create({"name": "Parallel"}).id,
    "warehouse_id": warehouse.id,
    "order_line": [
        (0, 0, {"product_id": product.id, "product_uom_qty": number}) for number in (1, 2, 3)
    ],
})
order.action_confirm()
pick = order.picking_ids.filtered(lambda p: p.picking_type_id == warehouse.pick_type_id)
transfers = pick
for move in pick.move_ids[1:]:
    other = pick.copy({"move_ids": [], "name": "/"})
    move.picking_id = other
    move.move_line_ids.picking_id = other
    transfers |= other
transfers.action_assign()
transfers[0].with_context(skip_sms=True).button_validate()
cr.commit()
assert len(transfers) == 3 and transfers[0].state == "done", transfers.mapped("state")

def validate(env, picking_id):
    picking = env["stock.picking"].browse(picking_id)
    picking.with_context(skip_sms=True).button_validate()
    env.flush_all()

failed = 0
with closing(registry.cursor()) as one, closing(registry.cursor()) as two:
    first = api.Environment(one, SUPERUSER_ID, {})
    second = api.Environment(two, SUPERUSER_ID, {})
    # both have begun
    first["sale.order"].browse(order.id).name
    second["sale.order"].browse(order.id).name
    validate(first, transfers[1].id)
    one.commit()
    try:
        validate(second, transfers[2].id)
        two.commit()
    except SerializationFailure:
        # Odoo repeats the request
        failed += 1
        two.rollback()
        second.transaction.reset()
        validate(second, transfers[2].id)
        two.commit()
env.cr.rollback()
env.invalidate_all()
answer({
    "failed": failed,
    "states": transfers.mapped("state"),
    "picked": bool(order.oms_picked_at),
    "drift": [names for names in order._oms_mend_drift().values()],
})
"""

# Two orders of one customer under the same reference, confirmed at the same moment:
# neither transaction sees what the other does.
REFERENCES = """
from contextlib import closing
from psycopg2.errors import UniqueViolation

channel = env["oms.channel"].create({
    "name": "Parallel", "code": "PARALLEL", "require_client_ref": True,
})
customer = env["res.partner"].create({"name": "Parallel"})
orders = env["sale.order"].create([
    {
        "partner_id": customer.id,
        "oms_channel_id": channel.id,
        "client_order_ref": ref,
    }
    for ref in ("PO-1", "po-1 ")
])
cr.commit()

def confirm(env, order_id):
    env["sale.order"].browse(order_id).action_confirm()
    env.flush_all()

refused = False
with closing(registry.cursor()) as one, closing(registry.cursor()) as two:
    first = api.Environment(one, SUPERUSER_ID, {})
    second = api.Environment(two, SUPERUSER_ID, {})
    # both have begun
    first["sale.order"].browse(orders[0].id).name
    second["sale.order"].browse(orders[1].id).name
    confirm(first, orders[0].id)
    one.commit()
    try:
        confirm(second, orders[1].id)
        two.commit()
    except UniqueViolation:
        refused = True
        two.rollback()
env.cr.rollback()
env.invalidate_all()
answer({"refused": refused, "states": orders.mapped("state")})
"""


@pytest.fixture
def db():
    with database(databases.addons_template(), "parallel") as name:
        yield name


def test_two_pickers_of_one_order(db):
    found = run(db, PICKERS)
    assert found["states"] == ["done", "done", "done"]
    assert found["failed"] == 1, "the second has to be repeated"
    assert found["picked"]
    assert found["drift"] == []


def test_two_orders_under_one_reference(db):
    found = run(db, REFERENCES)
    assert found["refused"], "the second does not see the first, but is refused"
    assert found["states"] == ["sale", "draft"]
