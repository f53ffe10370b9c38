from odoo import SUPERUSER_ID, api

from odoo.addons.oms_order_cycle.tools.filling import fill_phases


def migrate(cr, version):
    fill_phases(api.Environment(cr, SUPERUSER_ID, {}))
