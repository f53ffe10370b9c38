"""The last pieces: what is there is promised to one of two who ask at the same moment."""

import pytest
from devkit import databases
from odoo_process import database, finish, query, run, start

# A warehouse with working hours, ten pieces, and two orders of seven.
SETUP = """
calendar = env["resource.calendar"].create({"name": "Week", "tz": "UTC"})
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
warehouse.write({"oms_calendar_id": calendar.id, "oms_tz": "UTC"})
product = env["product.product"].create(
    {"name": "Last", "type": "consu", "is_storable": True})
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
customer = env["res.partner"].create({"name": "Customer"})
orders = env["sale.order"].create([{
    "partner_id": customer.id, "warehouse_id": warehouse.id, "picking_policy": "one",
    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 7})],
} for _number in range(2)])
hold = env["oms.hold.type"].create(
    {"name": "Stop", "check": "manual", "block_release": True})
if HELD:
    orders._oms_place_hold(hold, "wait")
    env["oms.promise.key"]._lock([(product.id, warehouse.id)])
cr.commit()
answer(orders.ids)
"""

# Confirms one of them as a request of Odoo would, once the other has read, too.
CONFIRM = """
import time
from odoo.service.model import retrying
from odoo.addons.oms_order_cycle_promise.models.sale_order_line_dates import SaleOrderLine

tries = []

def slowly(self, found=SaleOrderLine._oms_promise_anew):
    found(self)
    time.sleep(2)

SaleOrderLine._oms_promise_anew = slowly

def confirm():
    tries.append(1)
    env["sale.order"].browse({order}).action_confirm()

env.cr.execute("SELECT count(*) FROM sale_order")
retrying(confirm, env)
cr.commit()
line = env["sale.order"].browse({order}).order_line
answer([str(line.oms_promise_date or ""), len(tries)])
"""


@pytest.fixture
def db():
    with database(databases.addons_template(), "promise") as name:
        yield name


@pytest.mark.parametrize("held", [False, True], ids=["first", "known"])
def test_last_pieces(db, held):
    """Also where nobody has promised the product before, and no transfer is made."""
    orders = run(db, SETUP.replace("HELD", str(held)))
    processes = [start(db, CONFIRM.format(order=order)) for order in orders]
    answers = [finish(process) for process in processes]
    dates = sorted(date for date, _tries in answers)
    assert dates[0] == "" and dates[1], answers
    assert max(tries for _date, tries in answers) > 1, "they did not meet"
    promised = query(
        db,
        "SELECT SUM(quantity) FROM oms_promise WHERE promised_date IS NOT NULL"
        " AND order_id = ANY(%s)",
        orders,
    )
    assert promised == [7]
