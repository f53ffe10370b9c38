"""The facts are read more exactly: bring all orders to what they say now."""

from odoo import SUPERUSER_ID, api

from odoo.addons.oms_order_cycle.tools.filling import (
    fill_goods,
    find_changed_orders,
)

#: Orders that are computed at once.
_BATCH = 500
#: Types of a warehouse that were proposed as picking, though they bring nothing to a
#: customer; those of manufacturing are there where its addon is.
_INSIDE_TYPES = (
    "int_type_id",
    "store_type_id",
    "qc_type_id",
    "xdock_type_id",
    "pbm_type_id",
    "sam_type_id",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _forget_steps(env)
    fill_goods(env)
    orders = env["sale.order"].browse(find_changed_orders(env))
    for start in range(0, len(orders), _BATCH):
        orders[start : start + _BATCH]._oms_rederive()
        env.flush_all()


def _forget_steps(env):
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    types = env["stock.picking.type"]
    for name in _INSIDE_TYPES:
        if name in warehouses._fields:
            types |= warehouses[name]
    steps = warehouses.pick_type_id | warehouses.pack_type_id
    env.cr.execute(
        "UPDATE stock_picking_type SET oms_step = NULL"
        # another step than the one proposed is what somebody chose
        " WHERE code = 'internal' AND oms_step = 'pick' AND id = ANY(%s)",
        [(types - steps).ids],
    )
    types.invalidate_recordset(["oms_step"])
