"""The demo company: an addon of its own, for databases that have the company."""

from odoo.addons.oms_order_cycle.tools.migration import move_to_module

DEMO = "oms_order_cycle_demo"


def migrate(cr, version):
    cr.execute(
        """
        SELECT 1
          FROM ir_model_data d, ir_module_module m
         WHERE d.module = 'oms_demo' AND d.name = 'company'
           AND m.name = %s AND m.state <> 'uninstallable'
        """,
        [DEMO],
    )
    # Nothing moves: the external ids of the company are no module's.
    if cr.fetchone():
        move_to_module(cr, version, DEMO)
