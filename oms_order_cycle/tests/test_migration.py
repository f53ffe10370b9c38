from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

from ..tools.migration import move_to_module

TARGET = "oms_test_migration_target"


@tagged("post_install", "-at_install")
class TestMoveToModule(TransactionCase):
    """A module leaves a part of its records to a new one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls.env["ir.module.module"].create(
            {"name": TARGET, "state": "uninstalled"}
        )

    def move(self, module=TARGET, **what):
        move_to_module(self.env.cr, "19.0.1.0.0", module, **what)
        self.env.invalidate_all()

    def names(self, module, *domain):
        data = self.env["ir.model.data"].search([("module", "=", module), *domain])
        return set(data.mapped("name"))

    def test_a_model_moves_with_all_that_describes_it(self):
        described = [
            "|",
            ("name", "=", "model_oms_pack_run"),
            ("name", "=like", r"%\_oms\_pack\_run\_\_%"),
        ]
        before = self.names("oms_order_cycle", *described)
        others = self.names("oms_order_cycle") - before
        self.assertIn("field_oms_pack_run__state", before)
        self.assertIn("selection__oms_pack_run__state__done", before)
        self.move(models=["oms.pack.run"])
        self.assertEqual(self.names(TARGET), before)
        self.assertEqual(self.names("oms_order_cycle"), others)

    def test_constraints_move(self):
        self.check_tables_move("ir.model.constraint", ("type", "=", "u"))
        self.assertTrue(
            any(name.startswith("constraint_") for name in self.names(TARGET))
        )

    def test_tables_of_relations_move(self):
        self.check_tables_move("ir.model.relation")

    def check_tables_move(self, kind, *domain):
        ours = [("module.name", "=", "oms_order_cycle")]
        tables = self.env[kind].search(
            [*ours, ("model.model", "=like", "oms.%"), *domain]
        )
        model = tables.model[:1]
        moving = self.env[kind].search([*ours, ("model", "=", model.id)])
        staying = self.env[kind].search(ours) - moving
        self.assertTrue(moving and staying)
        self.move(models=[model.model])
        self.assertEqual(moving.module, self.target)
        self.assertEqual(staying.module.name, "oms_order_cycle")

    def test_other_records_move_by_name(self):
        self.move(names=[r"oms\_pack\_run\_view%", r"oms\_pack\_run\_action"])
        moved = self.names(TARGET)
        self.assertIn("oms_pack_run_action", moved)
        self.assertTrue(any(name.startswith("oms_pack_run_view") for name in moved))
        self.assertNotIn("model_oms_pack_run", moved)

    def test_the_module_is_updated_from_the_version_of_its_data(self):
        """Not installed: that would write over what users changed."""
        self.move(names=["nothing"])
        self.assertEqual(self.target.state, "to upgrade")
        self.assertEqual(self.target.latest_version, "19.0.1.0.0")

    def test_a_module_that_is_installed_stays_so(self):
        self.target.write({"state": "installed", "latest_version": "19.0.3.0.0"})
        self.move(names=["nothing"])
        self.assertEqual(self.target.state, "installed")
        self.assertEqual(self.target.latest_version, "19.0.3.0.0")

    def test_nothing_is_given_to_a_module_that_is_not_there(self):
        with self.assertRaisesRegex(ValueError, "oms_unknown is not among the addons"):
            self.move("oms_unknown", models=["oms.pack.run"])
        self.target.state = "uninstallable"
        self.env.flush_all()
        with self.assertRaises(ValueError):
            self.move(models=["oms.pack.run"])
        self.assertFalse(self.names(TARGET))


@tagged("post_install", "-at_install")
class TestStepsOfTypes(TransactionCase):
    """Types of the house were proposed as picking by version 2; what somebody chose
    for them stays."""

    def test_only_what_was_proposed_is_taken_away(self):
        script = load_script(
            file_path("oms_order_cycle/migrations/19.0.3.0.0/end-facts.py"), "end-facts"
        )
        first, second = self.env["stock.warehouse"].create(
            [
                {"name": f"OMS {code}", "code": code, "delivery_steps": "pick_ship"}
                for code in ("OMA", "OMB")
            ]
        )
        first.int_type_id.oms_step = "pick"
        second.int_type_id.oms_step = "pack"
        self.env.flush_all()
        script._forget_steps(self.env)
        self.assertFalse(first.int_type_id.oms_step)
        self.assertEqual(second.int_type_id.oms_step, "pack")
        self.assertEqual(first.pick_type_id.oms_step, "pick")
