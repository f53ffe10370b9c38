"""Updating a database that the version before has made.

Not among the tests that run always, because it needs the old code beside the new one:

    git worktree add ../before 9327662
    OMS_BEFORE=../before ./oms test tests/test_update.py
"""

import os
import subprocess
from pathlib import Path

import pytest
from devkit import databases
from odoo_process import database, odoo, query, run

ADDON = "oms_order_cycle"
STUDY = "oms_order_cycle_carton_study"
BEFORE = os.environ.get("OMS_BEFORE")

pytestmark = pytest.mark.skipif(
    not BEFORE, reason="OMS_BEFORE does not name a checkout of the version before"
)

# Deliveries, a study of them that is done, another that waits, and what users changed.
STUDIES = """
from odoo import Command

warehouse = env["stock.warehouse"].search([], limit=1)
env["stock.package.type"]._oms_create_typical_cartons()
products = env["product.product"].create([
    {"name": f"Product {n}", "is_storable": True, "weight": n, "volume": n * 0.003}
    for n in range(1, 5)
])
env["stock.quant"].with_context(inventory_mode=True).create([
    {"product_id": product.id, "location_id": warehouse.lot_stock_id.id,
     "inventory_quantity": 1000}
    for product in products
]).action_apply_inventory()
partner = env["res.partner"].create({"name": "Customer"})
orders = env["sale.order"].create([
    {"partner_id": partner.id, "order_line": [
        Command.create({"product_id": products[n % 4].id, "product_uom_qty": 1 + n % 3})
    ]}
    for n in range(8)
])
orders.action_confirm()
for picking in orders.picking_ids:
    picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
study = env["oms.carton.study"].create({
    "name": "Done before", "price_basis": "rate", "parcel_fee": 4, "weight_rate": 1,
    "number_max": 2, "base_step": 100, "height_step": 100,
    "candidate_ids": env["stock.package.type"].search([], limit=2).ids,
})
study.action_start()
env.cr.commit()
cron = env.ref("oms_order_cycle.ir_cron_carton_study")
for _slice in range(20):
    cron.method_direct_trigger()
    env.cr.commit()
    study.invalidate_recordset()
assert study.state == "done", study.error
study.choice_ids[-1].action_create_cartons()
study.copy({"name": "Not started"})
cron.write({"interval_number": 7, "active": False})
rule = env.ref("oms_order_cycle.oms_carton_study_rule_company")
rule.name = "Changed by an administrator"
env.cr.commit()
"""

GO_ON = """
study = env["oms.carton.study"].search([("name", "=", "Not started")])
study.action_start()
cr.commit()
for _slice in range(20):
    env.ref("oms_order_cycle_carton_study.ir_cron_carton_study").method_direct_trigger()
    cr.commit()
    study.invalidate_recordset()
answer([study.state, study.error, len(study.choice_ids)])
"""

_OURS = "(SELECT id FROM ir_model WHERE model LIKE 'oms.carton.study%%')"
_ACTIONS = (
    "(SELECT 'ir.actions.act_window,' || id FROM ir_act_window"
    " WHERE res_model LIKE 'oms.carton.study%%')"
)
# Names that the new version adds.
_NEW = (
    "('model_inherit__oms_carton_study__oms_unit_names',"
    " 'field_res_config_settings__module_oms_order_cycle_carton_study')"
)
# All there is of it, without who touched it last.
OF_STUDIES = {
    "studies": "SELECT to_jsonb(t) FROM oms_carton_study t",
    "sets": "SELECT to_jsonb(t) FROM oms_carton_study_choice t",
    "cartons": "SELECT to_jsonb(t) FROM oms_carton_study_carton t",
    "candidates": "SELECT to_jsonb(t) FROM oms_carton_study_candidate_rel t",
    "models": f"SELECT id, model FROM ir_model WHERE id IN {_OURS}",
    "fields": f"SELECT id, name, ttype FROM ir_model_fields WHERE model_id IN {_OURS}",
    "access": "SELECT id, model_id, group_id, perm_read, perm_write, perm_create,"
    f" perm_unlink FROM ir_model_access WHERE model_id IN {_OURS}",
    "rules": f"SELECT id, name, domain_force FROM ir_rule WHERE model_id IN {_OURS}",
    "views": "SELECT id, name FROM ir_ui_view WHERE model LIKE 'oms.carton.study%%'",
    "menus": f"SELECT id, action FROM ir_ui_menu WHERE action IN {_ACTIONS}",
    "crons": "SELECT c.id, c.interval_number, c.active FROM ir_cron c"
    f" JOIN ir_act_server a ON a.id = c.ir_actions_server_id AND a.model_id IN {_OURS}",
    "names": "SELECT name, model, res_id, noupdate FROM ir_model_data"
    " WHERE name LIKE '%%carton_study%%' AND module LIKE 'oms_order_cycle%%'"
    f" AND name NOT IN {_NEW}",
    "constraints": f"SELECT id, name FROM ir_model_constraint WHERE model IN {_OURS}",
    "relations": f"SELECT id, name FROM ir_model_relation WHERE model IN {_OURS}",
    "schema": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid::regclass::text LIKE 'oms_carton_study%%'",
}
OWNERS = {
    "names": "SELECT DISTINCT module FROM ir_model_data"
    f" WHERE name LIKE '%%carton_study%%' AND module <> 'base' AND name NOT IN {_NEW}",
    "constraints": "SELECT DISTINCT m.name FROM ir_model_constraint c"
    f" JOIN ir_module_module m ON m.id = c.module WHERE c.model IN {_OURS}",
    "relations": "SELECT DISTINCT m.name FROM ir_model_relation c"
    f" JOIN ir_module_module m ON m.id = c.module WHERE c.model IN {_OURS}",
}


def before(*arguments, script=None):
    """Run `./oms` of the version before."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ODOO_RC", "PYTHONPATH", "OMS_ROOT")
    }
    subprocess.run(
        [str(Path(BEFORE).resolve() / "oms"), *arguments],
        input=script,
        text=True,
        check=True,
        env=environment,
    )


def read(db, queries):
    return {name: sorted(query(db, sql), key=repr) for name, sql in queries.items()}


def test_studies_of_cartons_move_to_their_addon():
    with database(databases.dependencies_template(), "update") as db:
        before("odoo", "-d", db, "-i", ADDON, "--stop-after-init", "--log-level=warn")
        before("shell", "--db", db, script=STUDIES)
        old = read(db, OF_STUDIES)
        assert all(old.values())
        assert read(db, OWNERS) == dict.fromkeys(OWNERS, [ADDON])

        assert odoo(db, "-u", ADDON) == []
        assert read(db, OF_STUDIES) == old
        assert read(db, OWNERS) == dict.fromkeys(OWNERS, [STUDY])
        assert run(db, GO_ON) == ["done", False, 3]
