"""Who may write what of ours: every stored field, as every role, as by RPC."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_security import SecurityCommon

#: Models that nobody writes by hand: the buttons do.
WRITTEN_BY_NOBODY = {
    "oms.customer.lock",
    "oms.event",
    "oms.hold",
    "oms.outbox",
    "oms.pack.box",
    "oms.pack.box.line",
    "oms.pack.plan",
    "oms.pack.run",
    "oms.pack.run.line",
    "oms.promise",
}
#: Set-up: whoever may write its model may write all of it, but for what is below.
SET_UP = {
    "oms.channel",
    "oms.dim.rule",
    "oms.dim.rule.version",
    "oms.dim.surcharge",
    "oms.dim.trigger",
    "oms.hold.type",
    "oms.pack.family",
    "oms.product.size",
    "oms.reaction",
    "oms.stage",
    "oms.stage.action",
    "oms.workflow",
}
#: What nobody writes: it is derived, or a button writes it.
DERIVED = {
    "account.move": {"oms_posted_at"},
    "mail.activity": {"oms_notifier"},
    "oms.reaction": {"author_id"},
    "oms.stage": {"author_id"},
    "oms.stage.action": {"author_id"},
    "oms.workflow": {"approvals_gate", "root_id", "state", "version"},
    "sale.order": {
        "oms_client_ref_clean",
        "oms_client_ref_key",
        "oms_client_ref_missing",
        "oms_confirmed_at",
        "oms_cycle_state",
        "oms_delivered_at",
        "oms_goods",
        "oms_has_limited_decision",
        "oms_invoiced_at",
        "oms_loaded_at",
        "oms_open_hold_count",
        "oms_packed_at",
        "oms_paid_at",
        "oms_phase",
        "oms_picked_at",
        "oms_released_at",
        "oms_revision",
        "oms_shipped_at",
        "oms_stage_deadline",
        "oms_stage_id",
        "oms_stage_since",
        "oms_workflow_id",
        "oms_workflow_reason",
    },
    "sale.order.line": {"oms_launched_qty", "oms_release_pending"},
    "stock.move": {"oms_kit_quantity", "oms_released_at"},
    "stock.move.line": {"oms_packed_at"},
    "stock.package": {
        "oms_billable_label",
        "oms_billable_weight",
        "oms_carton_move_id",
        "oms_dimensional_weight",
        "oms_surcharges",
    },
    "stock.picking": {
        "oms_arrival_note",
        "oms_delivered_at",
        "oms_delivered_by",
        "oms_received_by",
    },
}
#: What those may write who may write the record in Odoo.
FREE = {
    "delivery.carrier": {
        "oms_cost_method",
        "oms_dim_rule_id",
        "oms_parcel_fee",
        "oms_price_per_parcel",
        "oms_weight_rate",
    },
    "product.template": {"oms_packs_cases"},
    "res.company": {
        "oms_deduct_cartons",
        "oms_guess_litres",
        "oms_guess_shape",
        "oms_guess_sizes",
        "oms_hold_type_ids",
        "oms_setup_dismissed",
        "oms_parcel_fee",
        "oms_weight_rate",
    },
    "sale.order": {"oms_channel_id"},
    "stock.package": {
        "oms_carrier_id",
        "oms_height",
        "oms_length",
        "oms_pack_company_id",
        "oms_ship_date",
        "oms_weight_source",
        "oms_width",
    },
    "stock.package.type": {
        "oms_carrier_ids",
        "oms_cost",
        "oms_cut_heights",
        "oms_filler_weight",
        "oms_inner_height",
        "oms_inner_length",
        "oms_inner_width",
        "oms_is_carton",
        "oms_limit_to_stock",
        "oms_margin",
        "oms_product_id",
        "oms_void_percent",
    },
    "stock.picking.type": {"oms_plan_packing", "oms_step"},
}
#: What only some roles write: (fields, roles).
BY_ROLE = {
    "res.users": ({"oms_digest_date"}, set()),
    "res.partner": (
        {"oms_is_stopped", "oms_stop_reason"},
        {"oms_credit", "oms_service", "oms_manager"},
    ),
}
_AUTOMATIC = {"id", "create_uid", "create_date", "write_uid", "write_date"}
_FORGED = "2001-01-01 00:00:00"


def get_stored_fields(env):
    """Every stored field of ours on real models: ``{model: {name: field}}``."""
    found = {}
    for model in env.values():
        if model._abstract or model._transient:
            continue
        own = model._name.startswith("oms.")
        fields = {
            field.name: field
            for field in model._fields.values()
            if field.store
            and field.type != "one2many"
            and field.name not in _AUTOMATIC
            and (own or field.name.startswith("oms_"))
            and "oms_order_cycle" in field._modules
        }
        if fields:
            found[model._name] = fields
    return found


def get_other_value(record, field):
    """A value for ``write`` that is not there yet."""
    value = record[field.name]
    if field.type == "boolean":
        return not value
    if field.type in ("integer", "float", "monetary"):
        return (value or 0) + 1
    if field.type in ("date", "datetime"):
        return _FORGED[:10] if field.type == "date" else _FORGED
    if field.type == "selection":
        return next((key for key in field.get_values(record.env) if key != value), "x")
    if field.type == "many2one":
        others = record.env[field.comodel_name].with_context(active_test=False)
        return others.search([("id", "not in", value.ids)], limit=1).id
    if field.type == "many2many":
        return [Command.clear()]
    return "x"


class WrittenFieldsCase(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls.create_order()
        cls.env["stock.package.type"].create({"name": "OMS Type"})
        line = order.picking_ids.move_line_ids[:1]
        line.result_package_id = cls.env["stock.package"].create({"name": "OMS-P"})
        other = cls.create_order()
        cls.ship(other)
        rule = cls.env["oms.dim.rule"].create(
            {"name": "R", "company_id": cls.company.id}
        )
        scope = {"rule_id": rule.id, "company_id": cls.company.id}
        carrier = cls.create_carrier()
        cls.rows = {
            **cls.records,
            "account.move": cls.invoice(other),
            "delivery.carrier": carrier,
            "oms.dim.rule": rule,
            "oms.dim.rule.version": cls.env["oms.dim.rule.version"].create(scope),
            "oms.dim.surcharge": cls.env["oms.dim.surcharge"].create(
                {"carrier_id": carrier.id, "code": "A"}
            ),
            "oms.dim.trigger": cls.env["oms.dim.trigger"].create(
                {**scope, "name": "T", "code": "T", "longest_gt": 5}
            ),
            "oms.pack.family": cls.env["oms.pack.family"].create({"name": "F"}),
            "oms.product.size": cls.env["oms.product.size"].create(
                {
                    "product_tmpl_id": cls.product_a.product_tmpl_id.id,
                    "length": 5,
                    "width": 5,
                    "height": 5,
                }
            ),
            "oms.reaction": cls.env["oms.reaction"].create(
                {
                    "name": "R",
                    "company_id": cls.company.id,
                    "event_kind": "fact",
                    "action_id": cls.env.ref("sale.model_sale_order_action_share").id,
                }
            ),
            "product.template": cls.product_a.product_tmpl_id,
            "res.company": cls.company,
            "res.partner": cls.customer,
            "res.users": cls.portal,
            "sale.order": order,
            "sale.order.line": order.order_line,
            "stock.move": order.picking_ids.move_ids,
            "stock.move.line": line,
            "stock.package": line.result_package_id,
            "stock.package.type": cls.env["stock.package.type"].create({"name": "T"}),
            "stock.picking": order.picking_ids,
            "stock.picking.type": order.picking_ids.picking_type_id,
        }
        cls.rows["oms.hold.type"] = cls.env["oms.hold.type"].create(
            {"name": "H", "company_id": cls.company.id}
        )
        # a draft: what is in use is tried in test_workflow
        cls.rows["oms.workflow"] = cls.create_workflow(
            "OMS Draft",
            ["confirmed", "shipped"],
            publish=False,
            company_id=cls.company.id,
        )
        cls.rows["oms.stage.action"] = cls.env["oms.stage.action"].create(
            {
                "stage_id": cls.rows["oms.workflow"].stage_ids[1].id,
                "kind": "activity",
                "activity_summary": "Call",
                "activity_for": "salesperson",
            }
        )
        cls.rows["oms.stage"] = cls.rows["oms.workflow"].stage_ids[0]
        cls.env.flush_all()

    @classmethod
    def create_carrier(cls):
        return cls.env["delivery.carrier"].create(
            {
                "name": "OMS Carrier",
                "company_id": cls.company.id,
                "product_id": cls.service.id,
            }
        )

    def try_to_write(self, user, record, name, value):
        """The error, or ``None``; nothing is kept."""
        try:
            with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
                record.with_user(user).write({name: value})
                self.env.flush_all()
                savepoint.rollback()
        except Exception as error:  # pylint: disable=broad-except
            return error
        finally:
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()
        return None


@tagged("post_install", "-at_install")
class TestWrittenFields(WrittenFieldsCase):
    def test_every_field_is_in_the_table(self):
        for model, fields in get_stored_fields(self.env).items():
            if model in WRITTEN_BY_NOBODY:
                continue
            derived, free = DERIVED.get(model, set()), FREE.get(model, set())
            free = free | BY_ROLE.get(model, (set(), ()))[0]
            with self.subTest(model):
                self.assertFalse(derived & free)
                if model not in SET_UP:
                    self.assertEqual(set(fields), derived | free, model)
                self.assertLessEqual(derived | free, set(fields), model)

    def test_nobody_writes_what_buttons_write(self):
        for model in WRITTEN_BY_NOBODY:
            for login, user in self.people.items():
                for operation in ("write", "create", "unlink"):
                    with self.subTest(model=model, user=login):
                        self.assertFalse(
                            self.env[model].with_user(user).has_access(operation)
                        )

    def test_every_field_as_every_role(self):
        for model, fields in get_stored_fields(self.env).items():
            if model not in self.rows or model in WRITTEN_BY_NOBODY:
                self.assertIn(model, WRITTEN_BY_NOBODY | {"mail.activity"})
                continue
            record = self.rows[model][:1]
            for login, user in self.people.items():
                may = record.with_user(user).has_access("write")
                for name, field in fields.items():
                    derived = name in DERIVED.get(model, ())
                    named, roles = BY_ROLE.get(model, ((), ()))
                    if name in named and login not in roles:
                        derived = True
                    if not may and not derived:
                        continue
                    value = get_other_value(record, field)
                    if value is False and field.type == "many2one":
                        continue
                    error = self.try_to_write(user, record, name, value)
                    with self.subTest(model=model, field=name, user=login):
                        if derived or not may:
                            self.assertIsInstance(error, AccessError | UserError)
                        elif field.type == "many2one":
                            # of another company, say
                            self.assertNotIsInstance(error, TypeError | KeyError)
                        else:
                            self.assertNotIsInstance(error, AccessError)

    def test_defaults_of_the_context_forge_nothing(self):
        move, order = self.rows["stock.move"], self.rows["sale.order"]
        warehouse = self.people["oms_warehouse"]
        forged = {
            "default_oms_released_at": _FORGED,
            "default_oms_packed_at": _FORGED,
            "default_oms_billable_weight": 99,
            "default_oms_carton_move_id": move.id,
        }
        models = self.env(user=warehouse, context={**self.env.context, **forged})
        values = {
            "product_id": self.product_a.id,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "picking_id": order.picking_ids.id,
        }
        new_move = models["stock.move"].create(
            {**values, "product_uom_qty": 1, "sale_line_id": order.order_line.id}
        )
        new_line = models["stock.move.line"].create({**values, "quantity": 1})
        package = models["stock.package"].create({"name": "OMS-FORGED"})
        self.assertNotEqual(str(new_move.sudo().oms_released_at), _FORGED)
        self.assertFalse(new_line.sudo().oms_packed_at)
        self.assertFalse(package.sudo().oms_billable_weight)
        self.assertFalse(package.sudo().oms_carton_move_id)

    def test_copies_forge_nothing(self):
        move = self.rows["stock.move"].with_user(self.people["oms_warehouse"])
        with self.assertRaises(AccessError):
            move.copy({"oms_released_at": _FORGED})
        copied = move.copy({"product_uom_qty": 1})
        self.assertEqual(copied.sudo().oms_released_at, move.sudo().oms_released_at)

    def test_workflow_is_made_by_its_buttons(self):
        consultant = self.people["oms_consultant"]
        workflows = self.env["oms.workflow"].with_user(consultant)
        values = {"name": "W", "company_id": self.company.id}
        for forged in (
            {"state": "published"},
            {"root_id": self.workflow.id},
            {"version": 9},
        ):
            with self.subTest(forged):
                with self.assertRaises(AccessError):
                    workflows.create({**values, **forged})
                with self.assertRaises(AccessError):
                    workflows.browse(self.workflow.id).write(forged)
                key, value = next(iter(forged.items()))
                made = workflows.with_context(**{f"default_{key}": value}).create(
                    values
                )
                self.assertEqual(made.state, "draft")
                self.assertFalse(made.root_id)
                self.assertEqual(made.version, 1)
        with self.assertRaises(UserError):
            made.action_publish()
        draft = workflows.browse(
            workflows.browse(self.workflow.id).action_new_version()["res_id"]
        )
        draft.action_publish()
        self.assertEqual(self.workflow.state, "retired")
        self.assertEqual(draft.state, "published")
        self.assertEqual(draft.root_id, self.workflow)


@tagged("post_install", "-at_install")
class TestReadFields(WrittenFieldsCase):
    def test_who_reads_a_model_reads_all_that_he_is_shown(self):
        """As exports, integrations and other apps do: without a list of fields."""
        for model in self.env.values():
            name = model._name
            if not name.startswith("oms.") or model._abstract or model._transient:
                continue
            for login, user in self.people.items():
                asked = model.with_user(user)
                if not asked.has_access("read"):
                    continue
                self.env.invalidate_all()
                with self.subTest(model=name, user=login):
                    try:
                        asked.search_read([], limit=3)
                    except AccessError as error:
                        self.fail(error)


#: What is refused in every number, and what is no number.
ODD_NUMBERS = (
    float("nan"),
    float("inf"),
    float("-inf"),
    1e308,
    10**30,
    "abc",
    "nan",
)


@tagged("post_install", "-at_install")
class TestNumbers(WrittenFieldsCase):
    def test_every_number_has_a_limit(self):
        """All numbers of what people set up, ours and on Odoo's models."""
        tried = set()
        for model, fields in get_stored_fields(self.env).items():
            # moves are no set-up
            if model in WRITTEN_BY_NOBODY or model == "stock.move":
                continue
            for name, field in fields.items():
                numbers = ("integer", "float", "monetary")
                if field.type not in numbers or name in DERIVED.get(model, ()):
                    continue
                record = self.rows[model][:1]
                for value in ODD_NUMBERS:
                    error = self.try_to_write(self.env.user, record, name, value)
                    with self.subTest(model=model, field=name, value=value):
                        self.assertIsInstance(
                            error, ValidationError, f"{model}.{name} {value}"
                        )
                tried.add((model, name))
        self.assertIn(("oms.stage", "allowed_hours"), tried)
        self.assertIn(("delivery.carrier", "oms_weight_rate"), tried)
        self.assertGreater(len(tried), 40)

    def test_what_can_be_reckoned_with_is_kept(self):
        order = self.create_order(confirm=False)
        for hours in (87_600, 0.25):
            stage = {"name": "A", "milestone": "confirmed", "allowed_hours": hours}
            workflow = self.create_workflow(
                "OMS Long", [stage, "shipped"], company_id=self.company.id
            )
            self.assertTrue(workflow)
        self.create_hold_type("Long", "overdue", overdue_days=36_500)
        order.action_confirm()
        self.env.flush_all()

    def test_cut_heights_are_heights(self):
        for text in ("nan", "inf", "1e300", "-5", "0", "250; nan", "x"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.rows["stock.package.type"].oms_cut_heights = text
        self.rows["stock.package.type"].oms_cut_heights = "250; 200,5"
