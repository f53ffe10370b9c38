"""Which cartons to stock: an addon of its own."""

from odoo.addons.oms_order_cycle.tools.migration import move_to_module

MODELS = ("oms.carton.study", "oms.carton.study.choice", "oms.carton.study.carton")


def migrate(cr, version):
    move_to_module(
        cr,
        version,
        "oms_order_cycle_carton_study",
        models=MODELS,
        names=[r"oms\_carton\_study%", r"ir\_cron\_carton\_study%"],
    )
