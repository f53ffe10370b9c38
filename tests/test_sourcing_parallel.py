"""The last pieces: two orders released at the same moment are not sourced from them
both."""

import pytest
from devkit import databases
from odoo_process import database, finish, query, run, start

# Ten pieces in the first warehouse of a rule, ten in the second, two orders of seven.
SETUP = """
first = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
second = env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
env["oms.sourcing.rule"].create({
    "name": "Rule",
    "place_ids": [(0, 0, {"warehouse_id": w.id, "sequence": n})
                  for n, w in enumerate((first, second))],
})
product = env["product.product"].create(
    {"name": "Last", "type": "consu", "is_storable": True})
for warehouse in (first, second):
    env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
customer = env["res.partner"].create({"name": "Customer"})
orders = env["sale.order"].create([{
    "partner_id": customer.id, "warehouse_id": first.id,
    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 7})],
} for _number in range(2)])
cr.commit()
answer(orders.ids)
"""

# Releases one of them as a request of Odoo would, once the other has read, too.
CONFIRM = """
import time
from odoo.service.model import retrying
from odoo.addons.oms_order_cycle_promise.models.oms_sourcing import OmsSourcing

tries = []

def slowly(self, lines, needs, places, found=OmsSourcing._lock):
    found(self, lines, needs, places)
    time.sleep(2)

OmsSourcing._lock = slowly

def confirm():
    tries.append(1)
    env["sale.order"].browse({order}).action_confirm()

env.cr.execute("SELECT count(*) FROM sale_order")
retrying(confirm, env)
cr.commit()
rows = env["sale.order"].browse({order}).oms_sourcing_ids
answer([sorted((row.warehouse_id.name, row.quantity, row.short) for row in rows), len(tries)])
"""


@pytest.fixture
def db():
    with database(databases.addons_template(), "sourcing") as name:
        yield name


def test_last_pieces(db):
    orders = run(db, SETUP)
    processes = [start(db, CONFIRM.format(order=order)) for order in orders]
    answers = [finish(process) for process in processes]
    assert max(tries for _rows, tries in answers) > 1, "they did not meet"
    plans = [rows for rows, _tries in answers]
    assert sorted(row[1] for rows in plans for row in rows) == [7, 7], plans
    # each has a warehouse of its own, and nothing is short
    assert len({row[0] for rows in plans for row in rows}) == 2, plans
    assert not any(row[2] for rows in plans for row in rows), plans
    most = query(
        db,
        "SELECT MAX(total) FROM (SELECT SUM(quantity) AS total FROM oms_sourcing_line"
        " GROUP BY warehouse_id) AS sums",
    )
    assert most == [7]
