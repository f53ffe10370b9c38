from odoo.addons.oms_order_cycle.tools.uninstall import forget_addon


def uninstall_hook(env):
    _keep_stopped(env)
    env.cr.postcommit.add(lambda: _clean_up(env.registry))


def _clean_up(registry):
    with registry.cursor() as cr:
        forget_addon(cr, "oms_order_cycle_intake")


def _keep_stopped(env):
    """Orders stay stopped when the reasons that this addon knows go away."""
    ours = env["oms.hold.type"].browse()
    for name in ("oms_hold_type_check", "oms_hold_type_change"):
        ours |= (
            env.ref(f"oms_order_cycle_intake.{name}", raise_if_not_found=False) or ours
        )
    holds = env["oms.hold"].search([("type_id", "in", ours.ids)])
    if not holds:
        return
    stopped = env.ref(
        "oms_order_cycle.oms_hold_type_service", raise_if_not_found=False
    ) or env["oms.hold.type"].create({"name": "Stopped", "company_id": False})
    # an order is on a hold once
    opened = holds.filtered(lambda hold: hold.state == "open")
    for same in opened.grouped("order_id").values():
        others = same.order_id.oms_hold_ids.filtered(
            lambda hold: hold.state == "open" and hold.type_id == stopped
        )
        same[0 if others else 1 :]._lift()
    holds.type_id = stopped
