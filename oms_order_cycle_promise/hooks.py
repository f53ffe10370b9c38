from odoo.addons.oms_order_cycle.tools.uninstall import forget_addon


def uninstall_hook(env):
    env.cr.postcommit.add(lambda: _clean_up(env.registry))


def _clean_up(registry):
    with registry.cursor() as cr:
        forget_addon(cr, "oms_order_cycle_promise")
