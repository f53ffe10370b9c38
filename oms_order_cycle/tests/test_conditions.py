"""Conditions that people type: tried when saved, and never in the way of others."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.conditions import find_paths
from .common_holds import HoldsCommon

CONDITION_LOG = "odoo.addons.oms_order_cycle.models.cycle.sale_order_condition"

#: What is refused, and with what words.
SLIPS = (
    ("[('amount_total', '>', '1000')]", "another kind"),
    ("[('amount_total', '>', 'abc')]", "another kind"),
    ("[('amount_total', '=', 'abc')]", "another kind"),
    ("[('name', '>', 5)]", "another kind"),
    ("[('partner_id', '>', 5)]", "another kind"),
    ("[('order_line', '>', 1)]", "another kind"),
    ("[('date_order', '>', 5)]", ""),
    ("[('date_order', '>', 'soon')]", ""),
    ("[('order_line.product_uom_qty', '>', '5')]", "another kind"),
    ("[('order_line', 'any', [('product_uom_qty', '>', '5')])]", "another kind"),
    ("[('expected_date', '<', '2030-01-01')]", "cannot be searched"),
    ("[('oms_why', 'ilike', 'x')]", "cannot be searched"),
    ("[('no_such_field', '=', 1)]", "no field"),
    ("[('partner_id.no_such_field', '=', 1)]", "no field"),
    ("[('partner_id.country_id.no_such_field', '=', 1)]", "no field"),
    ("[('partner_id', 'any', [('no_such_field', '=', 1)])]", "no field"),
    ("[('name.length', '>', 1)]", "no field"),
    ("[('amount_total', '>', 1e999)]", "too large"),
    ("[('id', '>', 99999999999999999999)]", "too large"),
    ("[('client_order_ref', '=', 'a\\x00b')]", "letters"),
    ("[('client_order_ref', '=', '\\ud800')]", "letters"),
    ("[('client_order_ref', '=like', '%a%a%a%a%a%a%a%a%ab')]", "wildcards"),
    ("[('client_order_ref', 'like', 'a%a%b')]", "wildcards"),
    ("[('client_order_ref', 'like', [])]", "no text"),
    ("[('name', 'sounds like', 'x')]", ""),
    ("[('name', '=')]", ""),
    ("[(1, '=', 2)]", ""),
    ("[('id', 'in', " + "[" * 200 + "]" * 200 + ")]", ""),
    ("{'a': 1}", ""),
    ("5", ""),
    ("__import__('os')", ""),
)
#: What people have typed, and must go on working.
SOUND = (
    "[('amount_total', '>', 1000)]",
    "[('amount_total', '>=', 1000.5), ('state', 'in', ['sale', 'draft'])]",
    "['|', ('partner_id.country_id.code', '=', 'NL'), ('partner_id', '=', False)]",
    "['!', ('order_line.product_id.default_code', '=like', 'A%')]",
    "[('client_order_ref', 'ilike', '%urgent%')]",
    "[('client_order_ref', '=like', '%urgent%')]",
    "[('date_order', '>', '2026-01-01')]",
    "[('date_order', '>=', 'today -30d')]",
    "[('date_order.month_number', '=', 12)]",
    "[('commitment_date', '!=', False)]",
    "[('partner_id', 'ilike', 'bakery')]",
    "[('partner_id', 'child_of', 1)]",
    "[('partner_id.category_id', 'in', [1, 2])]",
    "[('order_line', 'any', [('product_uom_qty', '>', 5)])]",
    "[('order_line', '!=', False)]",
    "[('tag_ids', '=', False)]",
    "[('user_id', '=', 1)]",
    "[('oms_is_held', '=', True)]",
    "[('invoice_status', '=', 'to invoice')]",
    "[('picking_ids.state', '=', 'done')]",
    "[(1, '=', 1)]",
)


class ConditionCase(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant = cls.create_user(
            "oms_condition_consultant", "oms_order_cycle.group_oms_consultant"
        )

    def make(self, where, text, user=None):
        """A stage, workflow, hold type or reaction that asks a condition."""
        env = self.env(user=user) if user else self.env
        if where == "stage":
            workflow = env["oms.workflow"].create(
                {
                    "name": "Asks",
                    "company_id": self.company.id,
                    "stage_ids": [
                        Command.create(
                            {"name": "A", "exit_kind": "domain", "exit_domain": text}
                        )
                    ],
                }
            )
            return workflow.stage_ids
        if where == "workflow":
            return env["oms.workflow"].create(
                {"name": "Asks", "company_id": self.company.id, "domain": text}
            )
        if where == "hold":
            return env["oms.hold.type"].create(
                {
                    "name": "Asks",
                    "company_id": self.company.id,
                    "check": "min_value",
                    "min_amount": 1e6,
                    "domain": text,
                }
            )
        return env["oms.reaction"].create(
            {
                "name": "Asks",
                "company_id": self.company.id,
                "event_kind": "fact",
                "order_domain": text,
                "action_id": self.env.ref("sale.model_sale_order_action_share").id,
            }
        )

    def spoil(self, record, name, text):
        """A condition as it is once its field has gone with an addon."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET {name} = %s WHERE id = %s", [text, record.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()


@tagged("post_install", "-at_install")
class TestGate(ConditionCase):
    def test_slips_are_refused_with_words(self):
        self.create_order()
        for where in ("stage", "workflow", "hold"):
            for text, words in SLIPS:
                with (
                    self.subTest(where=where, text=text),
                    mute_logger("odoo.sql_db", "py.warnings"),
                    self.assertRaisesRegex(ValidationError, words) as caught,
                ):
                    self.make(where, text)
                self.assertRegex(str(caught.exception), '“A|"A')

    def test_sound_ones_are_kept(self):
        order = self.create_order()
        for where in ("stage", "workflow", "hold"):
            for text in SOUND:
                if where == "stage" and text == "[(1, '=', 1)]":
                    continue
                with self.subTest(where=where, text=text):
                    record = self.make(where, text)
                    self.assertFalse(record.condition_problem)
        self.assertTrue(order.oms_stage_id)

    def test_who_asks_must_be_allowed_to_read(self):
        """What an order does would answer any question, one yes or no at a time."""
        secrets = (
            "[('partner_id.signup_type', '=like', 'a%')]",
            "[('partner_id', 'any', [('signup_type', '=like', 'a%')])]",
            "['!', ('company_id.partner_id.signup_type', '=', 'a')]",
            "[('partner_id.credit_limit', '>', 5)]",
            "[('transaction_ids.provider_id.code', '=', 'a')]",
        )
        for where in ("stage", "workflow", "hold", "reaction"):
            for text in secrets:
                with (
                    self.subTest(where=where, text=text),
                    self.assertRaises(AccessError, msg=where + text),
                ):
                    self.make(where, text, self.consultant)
        self.assertTrue(self.make("stage", secrets[0]), "who may read it, may ask")

    def test_two_saved_together_do_not_vouch_for_each_other(self):
        text = "[('partner_id.credit', '>', 5)]"
        stage = {"exit_kind": "domain", "exit_domain": text}
        with self.assertRaises(AccessError):
            self.env["oms.workflow"].with_user(self.consultant).create(
                {
                    "name": "Twice",
                    "company_id": self.company.id,
                    "stage_ids": [
                        Command.create({"name": name, **stage}) for name in "AB"
                    ],
                }
            )

    def test_what_is_asked_already_is_kept_in_a_new_version(self):
        text = "[('partner_id.credit_limit', '>', 500)]"
        workflow = self.create_workflow(
            "OMS Careful",
            ["confirmed", {"name": "C", "exit_kind": "domain", "exit_domain": text}],
            company_id=self.company.id,
            domain=text,
        ).with_user(self.consultant)
        draft = workflow.browse(workflow.action_new_version()["res_id"])
        self.assertEqual(draft.stage_ids[1].exit_domain, text)
        draft.action_publish()
        self.assertEqual(workflow.state, "retired")

    def test_try_tells_nothing_that_who_asks_may_not_see(self):
        text = "[('partner_id.credit_limit', '>', 500)]"
        workflow = self.create_workflow(
            "OMS Careful",
            ["confirmed", {"name": "C", "exit_kind": "domain", "exit_domain": text}],
            company_id=self.company.id,
        )
        order = self.create_order()
        whys = set()
        for limit in (0, 1000):
            self.customer.with_company(self.company).credit_limit = limit
            self.env.flush_all()
            self.env.invalidate_all()
            trial = self.env["oms.workflow.try"].with_user(self.consultant)
            values = {"workflow_id": workflow.id, "order_id": order.id}
            whys.add(trial.create(values).line_ids[1].why)
        self.assertEqual(whys, {"The condition asks for what you may not see"})


@tagged("post_install", "-at_install")
class TestBrokenConditions(ConditionCase):
    """They are there all the same: a field went away, or older than the gate."""

    BROKEN = (
        "[('gone_with_its_addon', '=', True)]",
        "[('partner_id.gone_with_its_addon', '=', True)]",
        "[('partner_id', 'any', [('gone_with_its_addon', '=', True)])]",
        "[('amount_total', '>', '1000')]",
        "[('client_order_ref', '=like', '%a%a%a%a%a%a%a%a%a%a%a%ab')]",
        "(((",
    )

    def check_life_goes_on(self):
        """Everything can be saved, and an order goes its way."""
        self.env.registry._setup_models__(self.env.cr, ["sale.order"])
        self.env["res.partner"].create({"name": "Saved"})
        with mute_logger(CONDITION_LOG):
            order = self.create_order(client_order_ref="a" * 3000)
            order.note = "<p>Changed</p>"
            self.env.flush_all()
            self.assertTrue(order.oms_stage_id)
            self.assertTrue(order.oms_why)
        return order

    def test_stage(self):
        workflow = self.create_workflow(
            "OMS Waits",
            [
                "confirmed",
                {
                    "name": "C",
                    "exit_kind": "domain",
                    "exit_domain": "[('client_order_ref', '!=', False)]",
                },
                "shipped",
            ],
            company_id=self.company.id,
            sequence=-99,
        )
        self.addCleanup(self.registry._setup_models__, self.env.cr, ["sale.order"])
        for text in self.BROKEN:
            with self.subTest(text):
                self.spoil(workflow.stage_ids[1], "exit_domain", text)
                order = self.check_life_goes_on()
                self.assertStage(order, "C")
                self.assertIn("counts as not met", order.oms_why)
                self.assertIn("C", workflow.condition_problem)
                found = workflow.search([("condition_problem", "!=", False)])
                self.assertIn(workflow, found)
                self.assertNotIn(self.workflow, found)
                self.env["oms.workflow"].with_user(self.consultant).browse(
                    workflow.id
                ).read(["condition_problem"])

    def test_workflow(self):
        workflow = self.create_workflow(
            "OMS Some",
            ["confirmed", "shipped"],
            company_id=self.company.id,
            sequence=-99,
            domain="[('client_order_ref', '!=', False)]",
        )
        for text in self.BROKEN:
            with self.subTest(text):
                self.spoil(workflow, "domain", text)
                self.assertEqual(
                    self.check_life_goes_on().oms_workflow_id, self.workflow
                )
                self.assertTrue(workflow.condition_problem)
                self.assertFalse(workflow.is_for_all)

    def test_hold(self):
        """It stops nobody, and lets go nobody whom it has stopped."""
        hold_type = self.create_hold_type(
            "Small", "min_value", min_amount=1e6, domain="[('state', '=', 'sale')]"
        )
        held = self.create_order()
        self.assertHeld(held, hold_type)
        for text in (*self.BROKEN, "[('expected_date', '<', '2030-01-01')]"):
            with self.subTest(text):
                self.spoil(hold_type, "domain", text)
                self.assertHeld(self.check_life_goes_on())
                held.sudo()._oms_recheck_holds("cron")
                self.assertHeld(held, hold_type)
                self.assertTrue(hold_type.condition_problem)

    def test_field_of_a_user_is_deleted(self):
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_oms_passing",
                "model_id": self.env["ir.model"]._get("sale.order").id,
                "ttype": "boolean",
            }
        )
        self.create_workflow(
            "OMS Waits",
            [
                "confirmed",
                {
                    "name": "C",
                    "exit_kind": "domain",
                    "exit_domain": "[('x_oms_passing', '=', True)]",
                },
                "shipped",
            ],
            company_id=self.company.id,
            sequence=-99,
        )
        order = self.create_order()
        self.assertStage(order, "C")
        order.x_oms_passing = True
        self.assertStage(order, "To be shipped")
        with self.assertRaisesRegex(UserError, "“C”.*x_oms_passing"):
            field.unlink()

    def test_paths_of_all_comparisons_trigger(self):
        orders = self.env["sale.order"]
        for text, paths in (
            ("[('partner_id.name', '=', 'a')]", {"partner_id.name"}),
            (
                "[('partner_id', 'any', [('name', '=', 'a')])]",
                {"partner_id", "partner_id.name"},
            ),
            ("[('partner_id.id', '=', 1)]", {"partner_id"}),
            ("[('id', '=', 1)]", set()),
            ("[('date_order.month_number', '=', 1)]", {"date_order"}),
            ("[('gone', '=', 1), ('name', '=', 'a')]", set()),
            ("(((", set()),
        ):
            self.assertEqual(find_paths(orders, text), paths, text)
