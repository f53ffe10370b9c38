"""The promise ledger is new: take over what is promised for confirmed orders."""

from odoo.addons.oms_order_cycle.tools.filling import fill_promises


def migrate(cr, version):
    fill_promises(cr)
