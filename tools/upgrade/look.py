"""What only Odoo can tell after the update.

Runs in Odoo's shell with the checkout's code.
"""

import logging


def look(env):
    """What is wrong with our models, our external ids and the orders' stages."""
    modules = env["ir.module.module"].search([("name", "like", "oms_order_cycle")])
    unfinished = env["ir.module.module"].search(
        [("state", "in", ("to install", "to upgrade", "to remove"))]
    )
    return {
        "installed": modules.filtered(lambda one: one.state == "installed").mapped(
            "name"
        ),
        "waiting": unfinished.mapped("name"),
        "dangling": _find_dangling(env),
        "homeless": [*_find_homeless_models(env), *_find_homeless_fields(env)],
        "drift": find_drift(env),
    }


def _find_dangling(env):
    """External ids of ours without a record."""
    ours = env["ir.model.data"].search([("module", "=like", "%oms_order_cycle%")])
    dangling = []
    for model, found in ours.grouped("model").items():
        there = (
            env[model].browse(found.mapped("res_id")).exists() if model in env else []
        )
        known = set(there and there.ids)
        dangling += [
            f"{one.module}.{one.name}" for one in found if one.res_id not in known
        ]
    return dangling


def _find_homeless_models(env):
    for model in env["ir.model"].search([("model", "=like", "oms.%")]):
        if model.model not in env:
            yield f"model {model.model} is of no addon that is installed"
        elif env[model.model]._original_module not in _modules_of(model):
            yield f"model {model.model} has no external id of its addon"


def _find_homeless_fields(env):
    installed = set(
        env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")
    )
    for field in env["ir.model.fields"].search(
        ["|", ("model", "=like", "oms.%"), ("name", "=like", r"oms\_%")]
    ):
        known = field.model in env and field.name in env[field.model]._fields
        modules = _modules_of(field)
        if not known:
            yield f"field {field.model}.{field.name} is of no addon"
        elif not modules or not modules <= installed:
            yield f"field {field.model}.{field.name} is of {modules or 'nobody'}"


def _modules_of(record):
    found = record.env["ir.model.data"].search(
        [("model", "=", record._name), ("res_id", "=", record.id)]
    )
    return set(found.mapped("module"))


def find_drift(env):
    """Orders that do not stand where their documents say; nothing is mended."""
    # What is found is told by us, and not by the log.
    logging.disable(logging.ERROR)
    drift = env["sale.order"].search([])._oms_mend_drift()
    found = {
        order.display_name: sorted(map(str, names)) for order, names in drift.items()
    }
    env.cr.rollback()
    return found
