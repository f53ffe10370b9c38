"""Installing on a database that is in use, updating it, and uninstalling again."""

import pytest
from devkit import common, databases
from odoo_process import database, odoo, query, run

ADDON = "oms_order_cycle"

# Orders in every state Odoo knows, made without our addon.
ORDERS = """
from datetime import timedelta
from odoo import Command, fields

# the cached template may not know of our bridges yet
env["ir.module.module"].update_list()
company = env.company
if not company.chart_template:
    company.country_id = env.ref("base.us")
    env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
three_steps = env["stock.warehouse"].create(
    {"name": "Three", "code": "WH3", "delivery_steps": "pick_pack_ship"}
)
warehouse = env["stock.warehouse"].search([], limit=1)
partner = env["res.partner"].create({"name": "Lifecycle Customer", "email": "a@example.com"})
goods, by_delivery = env["product.product"].create([
    {"name": name, "type": "consu", "is_storable": True, "list_price": 10, "invoice_policy": policy}
    for name, policy in (("Goods", "order"), ("Goods by delivery", "delivery"))
])
service = env["product.product"].create({"name": "Service", "type": "service", "list_price": 7})
env["stock.quant"].with_context(inventory_mode=True).create([
    {"product_id": product.id, "location_id": house.lot_stock_id.id, "inventory_quantity": 1000}
    for product in goods + by_delivery for house in warehouse + three_steps
]).action_apply_inventory()

def order(name, *products, house=warehouse, qty=10):
    return env["sale.order"].create({
        "partner_id": partner.id,
        "client_order_ref": name,
        "warehouse_id": house.id,
        "order_line": [
            Command.create({"product_id": product.id, "product_uom_qty": qty})
            for product in products or (goods, by_delivery)
        ] + [Command.create({"display_type": "line_note", "name": "Note"})],
    })

def confirmed(name, *products, **options):
    found = order(name, *products, **options)
    found.action_confirm()
    return found

def validate(pickings, part=None):
    pickings = pickings.filtered(lambda picking: picking.state not in ("done", "cancel"))
    if part:
        for move in pickings.move_ids:
            move.quantity = part
        pickings.move_ids.picked = True
    pickings.with_context(skip_sms=True, skip_backorder=True).button_validate()

def invoice(found):
    moves = found._create_invoices()
    moves.action_post()
    return moves

def pay(moves, **values):
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=moves.ids
    ).create(values).action_create_payments()

order("draft")
order("sent").action_quotation_sent()
confirmed("confirmed")
validate(confirmed("delivered").picking_ids)
validate(confirmed("partial").picking_ids, part=4)
closed = confirmed("short-closed")
validate(closed.picking_ids, part=4)
closed.picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
invoiced = confirmed("invoiced")
validate(invoiced.picking_ids)
invoice(invoiced)
drafted = confirmed("draft invoice")
validate(drafted.picking_ids)
drafted._create_invoices()
paid = confirmed("paid")
validate(paid.picking_ids)
pay(invoice(paid))
half = confirmed("half paid")
validate(half.picking_ids)
moves = invoice(half)
pay(moves, amount=moves.amount_total / 2)
ahead = confirmed("invoiced ahead", goods)
invoice(ahead)
returned = confirmed("returned")
validate(returned.picking_ids)
wizard = env["stock.return.picking"].with_context(
    active_id=returned.picking_ids.id, active_model="stock.picking"
).create({})
for line in wizard.product_return_moves:
    line.quantity = 3
validate(wizard._create_return())
confirmed("service", service)
pay(invoice(confirmed("service paid", service)))
confirmed("cancelled")._action_cancel()
later = confirmed("cancelled later")
validate(later.picking_ids)
later._action_cancel()
confirmed("three confirmed", house=three_steps)
validate(confirmed("three picked", house=three_steps).picking_ids)
shipped = confirmed("three shipped", house=three_steps)
for _step in range(3):
    validate(shipped.picking_ids)
assert all(move.state == "done" for move in shipped.picking_ids.move_ids)
assert len(shipped.picking_ids) == 3
env["sale.order"].create({"partner_id": partner.id, "client_order_ref": "empty"}).action_confirm()
cr.commit()
"""

# What users do with the addon, so that there is something to leave behind.
USE = """
from odoo import Command

model = env.ref("sale.model_sale_order").id
action = env["ir.actions.server"].create({
    "name": "A consultant's action", "model_id": model, "state": "code", "code": "record.name",
})
workflow = env["oms.workflow"].create({
    "name": "Used",
    "stage_ids": [
        Command.create({
            "name": milestone, "exit_kind": "milestone", "milestone": milestone,
            "action_ids": action.ids,
        })
        for milestone in ("confirmed", "shipped", "paid")
    ],
    "hold_type_ids": env["oms.hold.type"].search([("check", "=", "address")]).ids,
})
channel = env["oms.channel"].create({"name": "Used", "code": "used", "kind": "phone"})
channel.workflow_id = workflow
workflow.action_publish()
partner = env["res.partner"].search([("name", "=", "Lifecycle Customer")])
goods = env["product.product"].search([("name", "=", "Goods")])
orders = env["sale.order"].create([
    {
        "partner_id": partner.id, "oms_channel_id": channel.id,
        "client_order_ref": "used %s" % number,
        "order_line": [Command.create({"product_id": goods.id, "product_uom_qty": number + 1})],
    }
    for number in range(3)
])
cr.commit()
orders.action_confirm()
assert orders.oms_hold_ids, "the customer has no address"
cr.commit()
orders.oms_hold_ids.action_lift("known customer")
orders.picking_ids.with_context(skip_sms=True).button_validate()
cr.commit()
env["oms.outbox"]._cron_process()
cr.commit()
answer({
    "events": env["oms.event"].search_count([("order_id", "in", orders.ids)]),
    "holds": env["oms.hold"].search_count([("order_id", "in", orders.ids)]),
    "done": env["oms.outbox"].search_count(
        [("order_id", "in", orders.ids), ("state", "=", "done")]
    ),
})
"""

UNINSTALL = """
addon = env["ir.module.module"].search([("name", "=", "oms_order_cycle")])
addon.button_immediate_uninstall()
"""
UNINSTALL_COMPANIONS = """
env["ir.module.module"].search([
    ("name", "=like", "oms_order_cycle%"), ("name", "!=", "oms_order_cycle"),
    ("state", "=", "installed"),
]).button_immediate_uninstall()
"""
INSTALLED = """
SELECT name FROM ir_module_module
 WHERE state = 'installed' AND name LIKE '%%oms_order_cycle%%'
"""

# Tables whose rows change by themselves: what Odoo keeps about its own running.
RESTLESS = {
    "base_registry_signaling",
    "bus_bus",
    "ir_cron",  # times of the next call; its rows are compared by name
    "ir_cron_progress",
    "ir_cron_trigger",
    "ir_logging",
    "ir_module_module",
    "ir_profile",
    "mail_presence",
    "orm_signaling_assets",
    "orm_signaling_default",
    "orm_signaling_groups",
    "orm_signaling_registry",
    "orm_signaling_routing",
    "orm_signaling_stable",
    "orm_signaling_templates",
    "res_device_log",
    "res_users_log",
    "web_tour_tour",
}
# Columns that say who touched a row last, not what is in it.
TOUCHES = {"write_date", "write_uid"}


@pytest.fixture(scope="module")
def used():
    """A database in which Odoo has been used without us."""
    with database(databases.dependencies_template(), "used") as name:
        run(name, ORDERS)
        yield name


def test_install_update_uninstall(used):
    """Installed and taken away again, unused: nothing differs from before."""
    with database(used, "life") as db:
        before = Snapshot(db)
        assert odoo(db, "-i", ADDON) == []
        # a bridge whose Python package may be missing is installed by hand
        come = {ADDON} | {
            name
            for name in common.companions()
            if common.manifest(name).get("auto_install")
        }
        assert come <= set(query(db, INSTALLED)), "they come with the core"
        installed = Snapshot(db)
        assert installed.documents(before) == before.documents(before)
        check_orders(db)

        facts = query(db, FACTS)
        assert odoo(db, "-u", ADDON) == []
        updated = Snapshot(db)
        assert updated.schema == installed.schema
        assert updated.rows == installed.rows
        assert query(db, FACTS) == facts
        check_orders(db)

        run(db, UNINSTALL)
        left = Snapshot(db).differences(before)
        assert not left, "\n".join(left)


def test_uninstall_after_use(used):
    """Used for a while: Odoo's documents stay as they are, nothing of ours does."""
    with database(used, "life") as db:
        before = Snapshot(db)
        odoo(db, "-i", ADDON)
        counts = run(db, USE)
        # each order entered three stages, each with the action
        assert counts["done"] == 9
        assert counts["holds"]
        assert counts["events"]
        assert odoo(db, "-u", ADDON) == []
        in_use = Snapshot(db)
        run(db, UNINSTALL)
        after = Snapshot(db)
        assert after.documents(before) == in_use.documents(before)
        assert after.schema == before.schema
        assert after.names == before.names | {
            ("ir_act_server", "A consultant's action")
        }

        # and it can come back
        assert odoo(db, "-i", ADDON) == []
        check_orders(db)


# What users do with a companion before it is taken away.
USE_COMPANION = {
    "oms_order_cycle_intake": """
channel = env["oms.channel"].create({
    "name": "Intake", "code": "INTAKE", "kind": "edi", "on_fault": "draft",
    "on_other_content": "hold",
})
user = env["res.users"].create({
    "name": "Program", "login": "program",
    "group_ids": [(6, 0, env.ref("oms_order_cycle_intake.group_oms_intake_api").ids)],
})
channel.technical_user_id = user
goods = env["product.product"].search([("name", "=", "Goods")])
customer = env["res.partner"].search([("name", "=", "Lifecycle Customer")])
goods.default_code = "GOODS"
def submit(code, qty):
    [result] = env["sale.order"].with_user(user).oms_submit_orders([{
        "channel": "INTAKE", "external_ref": "PO-1", "customer": {"id": customer.id},
        "lines": [{"product": {"code": code}, "qty": qty}],
    }])
    return result
assert submit("GOODS", -1)["holds"], "faulty"
assert submit("GOODS", 2)["holds"], "another content"
env["sale.order"]._oms_learn_codes(customer, [("K-1", goods.id, False)])
cr.commit()
order = env["sale.order"].search([("client_order_ref", "=", "PO-1")])
assert len(order.oms_hold_ids) == 2 and len(order.oms_intake_ids) == 2
# Odoo's own documents, and what is kept with them, stay; here they shall not count as
# left behind
held = order.copy({"client_order_ref": "held"})
env["oms.hold"]._open([{
    "order_id": order.id, "type_id": env.ref("oms_order_cycle.oms_hold_type_service").id,
    "reason": "held by the core, too",
}])
cr.commit()
env["ir.module.module"].search(
    [("name", "=", "oms_order_cycle_intake")]
).button_immediate_uninstall()
env = env(user=SUPERUSER_ID)
env.transaction.reset()
order = env["sale.order"].search([("client_order_ref", "=", "PO-1")])
assert order.oms_hold_ids.type_id.code == "SERVICE", "stays stopped"
assert len(order.oms_hold_ids.filtered(lambda hold: hold.state == "open")) == 1
env["mail.message"].search(
    [("model", "=", "oms.hold"), ("res_id", "in", order.oms_hold_ids.ids)]
).unlink()
(order + env["sale.order"].search([("client_order_ref", "=", "held")])).unlink()
env["oms.channel"].search([("code", "=", "INTAKE")]).unlink()
user = env["res.users"].search([("login", "=", "program")])
partner = user.partner_id
user.unlink()
partner.unlink()
env["product.product"].search([("name", "=", "Goods")]).default_code = False
cr.commit()
""",
    "oms_order_cycle_promise": """
houses = env["stock.warehouse"].search([])
houses.oms_calendar_id = env.company.resource_calendar_id
env["oms.sourcing.rule"].create({
    "name": "All", "place_ids": [(0, 0, {"warehouse_id": house.id}) for house in houses],
})
goods = env["product.product"].search([("name", "=", "Goods")])
customer = env["res.partner"].search([("name", "=", "Lifecycle Customer")])
customer.oms_customer_class_id = env["oms.customer.class"].create({"name": "Key Accounts"})
others = env["product.product"].search([("name", "=", "Goods by delivery")])
goods.product_tmpl_id.oms_substitute_ids = others
order = env["sale.order"].create({
    "partner_id": customer.id, "warehouse_id": houses[0].id, "client_order_ref": "promised",
    "order_line": [(0, 0, {"product_id": goods.id, "product_uom_qty": 1500})],
})
order.action_confirm()
assert order.order_line.oms_ship_date, "promised"
assert len(order.picking_ids.picking_type_id.warehouse_id) > 1, "from two warehouses"
cr.commit()
env["ir.module.module"].search(
    [("name", "=", "oms_order_cycle_promise")]
).button_immediate_uninstall()
env = env(user=SUPERUSER_ID)
env.transaction.reset()
# Odoo's own documents stay; here they shall not count as left behind
order = env["sale.order"].search([("client_order_ref", "=", "promised")])
assert order.state == "sale" and len(order.picking_ids) > 1
order._action_cancel()
references = order.stock_reference_ids
order.picking_ids.unlink()
order.unlink()
references.unlink()
cr.commit()
""",
    "oms_order_cycle_carton_study": """
env["stock.package.type"]._oms_create_typical_cartons()
study = env["oms.carton.study"].create(
    {"price_basis": "rate", "parcel_fee": 4, "number_max": 1, "height_step": 100}
)
study.action_start()
for _slice in range(20):
    study._work()
    if study.state not in ("waiting", "running"):
        break
assert study.state == "done", study.error
# what was made of it stays; here it shall not count as left behind
study.choice_ids[-1].action_create_cartons()
study.choice_ids.carton_ids.package_type_id.unlink()
# the first carton turned Odoo's packages on
env.ref("base.group_user").implied_ids -= env.ref("stock.group_tracking_lot")
cr.commit()
""",
}


@pytest.fixture(scope="module")
def core_alone(used):
    """The core on a database in use, without what comes with it."""
    with database(used, "core") as name:
        assert odoo(name, "-i", ADDON, "--skip-auto-install") == []
        yield name


def test_core_alone(used, core_alone):
    assert query(core_alone, INSTALLED) == [ADDON]
    check_orders(core_alone)
    with database(core_alone, "alone") as db:
        run(db, UNINSTALL)
        left = Snapshot(db).differences(Snapshot(used))
        assert not left, "\n".join(left)


@pytest.mark.parametrize("companion", common.companions())
def test_companion_leaves_nothing(core_alone, companion):
    """Used and uninstalled alone: the core and Odoo's documents are as before."""
    depends = common.manifest(companion)["depends"]
    others = [name for name in depends if name not in common.addons()]
    with database(core_alone, "companion") as db:
        if others:
            assert odoo(db, "-i", ",".join(others), "--skip-auto-install") == []
        before = Snapshot(db)
        assert odoo(db, "-i", companion, "--skip-auto-install") == []
        check_orders(db)
        run(db, USE_COMPANION.get(companion, ""))
        # with one that serves another, that one goes as well
        run(db, UNINSTALL_COMPANIONS)
        left = Snapshot(db).differences(before)
        assert not left, "\n".join(left)


FACTS = """
SELECT o.id, o.oms_stage_id, o.oms_cycle_state, o.oms_confirmed_at, o.oms_released_at,
       o.oms_picked_at, o.oms_packed_at, o.oms_shipped_at, o.oms_delivered_at,
       o.oms_invoiced_at, o.oms_paid_at
  FROM sale_order o ORDER BY o.id
"""


def check_orders(db):
    """Every order stands where its documents say: computing anew finds nothing."""
    found = run(
        db,
        """
orders = env["sale.order"].search([])
before = {
    order.client_order_ref: (order.oms_cycle_state, order.oms_stage_id.milestone or None)
    for order in orders
}
drift = orders._oms_mend_drift()
answer([
    before,
    {order.client_order_ref: names for order, names in drift.items()},
    [order.client_order_ref for order in orders
     if order.oms_cycle_state == "open" and not order.oms_stage_id],
])
cr.rollback()
""",
    )
    stands, drift, lost = found
    assert drift == {}
    assert lost == []
    assert stands["cancelled"][0] == "cancel"
    assert stands["paid"][0] == "closed"
    assert stands["service paid"][0] == "closed"
    for name in ("draft", "sent", "confirmed", "partial", "invoiced", "half paid"):
        assert stands[name][0] == "open", name


class Snapshot:
    """All of a database that should be as it was: structure, rows, names."""

    def __init__(self, db):
        self.schema = self._read_schema(db)
        self.columns = {}
        for kind, table, column in self.schema:
            if kind == "column":
                self.columns.setdefault(table, []).append(column.split()[0])
        self.db = db
        self.rows = {
            table: query(db, f'SELECT COUNT(*) FROM "{table}"')[0]
            for table in self.columns
            if table not in RESTLESS
        }
        self.rows["ir_attachment"] = query(
            db,
            "SELECT COUNT(*) FROM ir_attachment WHERE url IS NULL"
            " OR url NOT LIKE '/web/assets/%%'",
        )[0]
        self.names = self._read_names(db)
        self._documents = {table: self._read_hashes(table) for table in DOCUMENTS}

    @staticmethod
    def _read_schema(db):
        found = query(
            db,
            """
            SELECT 'column', c.table_name,
                   c.column_name || ' ' || c.udt_name || ' ' || c.is_nullable
              FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
             UNION
            SELECT 'view', table_name, '' FROM information_schema.views
             WHERE table_schema = 'public'
             UNION
            SELECT 'constraint', conrelid::regclass::text,
                   conname || ' ' || pg_get_constraintdef(oid)
              FROM pg_constraint WHERE connamespace = 'public'::regnamespace
             UNION
            SELECT 'index', tablename, indexdef FROM pg_indexes
             WHERE schemaname = 'public'
             UNION
            SELECT 'sequence', sequence_name, '' FROM information_schema.sequences
             WHERE sequence_schema = 'public'
             UNION
            SELECT 'function', proname, pg_get_function_identity_arguments(oid)
              FROM pg_proc WHERE pronamespace = 'public'::regnamespace
             UNION
            SELECT 'trigger', event_object_table, trigger_name
              FROM information_schema.triggers WHERE trigger_schema = 'public'
            """,
        )
        return set(map(tuple, found))

    def _read_names(self, db):
        """Records that make Odoo what it is, by their names."""
        found = set()
        for table, name in NAMED.items():
            rows = query(db, f"SELECT DISTINCT ({name})::text FROM {table}")
            found.update((table, row) for row in rows)
        return found

    def _read_hashes(self, table):
        """One hash of each column, over all rows."""
        columns = [name for name in self.columns[table] if name not in TOUCHES]
        sums = ", ".join(
            f"""md5(string_agg(COALESCE("{name}"::text, '~'), '|' ORDER BY id))"""
            for name in columns
        )
        [hashes] = databases.execute(f'SELECT {sums} FROM "{table}"', db=self.db)
        return dict(zip(columns, hashes, strict=True))

    def documents(self, base):
        """Hashes of the documents' columns that are also in another database."""
        return {
            table: {
                name: found
                for name, found in columns.items()
                if name in base.columns[table]
            }
            for table, columns in self._documents.items()
        }

    def differences(self, other):
        """What is here but not there, or the other way round, in words."""
        found = [f"left: {' '.join(entry)}" for entry in self.schema - other.schema]
        found += [f"lost: {' '.join(entry)}" for entry in other.schema - self.schema]
        found += [
            f"left: {' '.join(map(str, entry))}" for entry in self.names - other.names
        ]
        found += [
            f"lost: {' '.join(map(str, entry))}" for entry in other.names - self.names
        ]
        found += [
            f"{table}: {count} rows, before {other.rows.get(table)}"
            for table, count in self.rows.items()
            if count != other.rows.get(table)
        ]
        mine, theirs = self.documents(other), other.documents(other)
        found += [
            f"changed: {table}.{name}"
            for table, columns in theirs.items()
            for name, value in columns.items()
            if mine[table].get(name) != value
        ]
        return sorted(found)


DOCUMENTS = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "delivery_carrier",
    "product_product",
    "product_template",
    "res_company",
    "res_partner",
    "res_users",
    "sale_order",
    "sale_order_line",
    "stock_location",
    "stock_move",
    "stock_move_line",
    "stock_package_type",
    "stock_picking",
    "stock_picking_type",
    "stock_quant",
    "stock_rule",
    "stock_warehouse",
    "uom_uom",
)

NAMED = {
    "decimal_precision": "name",
    "ir_act_client": "tag",
    "ir_act_report_xml": "report_name",
    "ir_act_server": "name->>'en_US'",
    "ir_act_window": "res_model || ' ' || (name->>'en_US')",
    "ir_asset": "path",
    "ir_config_parameter": "key",
    "ir_cron": "cron_name",
    "ir_default": "field_id || ' ' || json_value",
    "ir_filters": "model_id || name::text",
    "ir_model": "model",
    "ir_model_access": "name",
    "ir_model_constraint": "name",
    "ir_model_data": "module || '.' || name",
    "ir_model_fields": "model || '.' || name",
    "ir_model_fields_selection": "field_id || ' ' || value",
    "ir_model_relation": "name",
    "ir_module_category": "name->>'en_US'",
    "ir_rule": "name",
    "ir_sequence": "name || COALESCE(code, '')",
    "ir_ui_menu": "name->>'en_US'",
    "ir_ui_view": "name || COALESCE(key, '')",
    "mail_activity_type": "name->>'en_US'",
    "mail_message_subtype": "name->>'en_US'",
    "mail_template": "name->>'en_US'",
    "res_groups": "name->>'en_US'",
    "res_groups_privilege": "name->>'en_US'",
}


def test_addons_are_found():
    assert ADDON in common.addons()


def test_flows_are_tested_with_every_companion():
    depends = common.manifest("test_oms_order_cycle")["depends"]
    assert {name for name in depends if name in common.addons()} == set(common.suite())
