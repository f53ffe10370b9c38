from odoo.modules.module import get_module_path, load_script
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    """The demo company was a part of the core: who has it gets the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = get_module_path("oms_order_cycle")
        cls.script = load_script(
            f"{path}/migrations/19.0.2.0.0/pre-demo.py", "oms_pre_demo"
        )
        cls.module = cls.env.ref("base.module_oms_order_cycle_demo")
        cls.module.state = "uninstalled"
        cls.env.flush_all()

    def migrate(self):
        self.script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_where_the_company_is(self):
        self.migrate()
        self.assertEqual(self.module.state, "to upgrade")

    def test_where_it_is_not(self):
        self.env["ir.model.data"].search(
            [("module", "=", "oms_demo"), ("name", "=", "company")]
        ).unlink()
        self.env.flush_all()
        self.migrate()
        self.assertEqual(self.module.state, "uninstalled")

    def test_without_the_addon(self):
        self.module.state = "uninstallable"
        self.env.flush_all()
        self.migrate()
        self.assertEqual(self.module.state, "uninstallable")
