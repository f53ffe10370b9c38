from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common_packing import PackingCommon

SCRIPT = "oms_order_cycle/migrations/19.0.2.0.0/pre-plan_price.py"


@tagged("post_install", "-at_install")
class TestPlanPriceMigration(PackingCommon):
    """Plans of version 1 held weights in the columns of prices."""

    def plan_of_version_1(self, method, price, **columns):
        """A plan as version 1 kept it; its weight is 3 kg."""
        carrier = self.carrier.copy({"oms_cost_method": method})
        order = self.create_order((self.mug, 4), (self.book, 2), carrier_id=carrier.id)
        plan = order.picking_ids.oms_pack_plan_id
        columns = {
            "price": price,
            "objective": None,
            "has_tariff": None,
            "minimised": "cost",
            **columns,
        }
        self.env.flush_all()
        for name, value in columns.items():
            self.env.cr.execute(
                f"UPDATE oms_pack_plan SET {name} = %s WHERE id = %s", [value, plan.id]
            )
        self.env.cr.execute(
            "UPDATE oms_pack_box SET price = %s, nearly_saving = 0.5"
            " WHERE plan_id = %s",
            [price, plan.id],
        )
        self.env.invalidate_all()
        return plan

    def migrate(self):
        script = load_script(file_path(SCRIPT), "oms_pre_plan_price")
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_money_and_weight_part(self):
        money = self.plan_of_version_1("rate", 6.7, usual_price=8.0, saving=1.3)
        weight = self.plan_of_version_1("weight", 3.0, usual_price=3.5, bound=2.9)
        mixed = self.plan_of_version_1("weight", 4.2, usual_price=5.0, bound=4.0)
        self.migrate()
        self.assertEqual((money.minimised, money.has_tariff), ("cost", True))
        self.assertEqual((money.price, money.objective), (6.7, 6.7))
        self.assertEqual(money.objective_unit, self.company.currency_id.name)
        self.assertEqual((money.usual_price, money.saving), (8.0, 1.3))
        self.assertEqual(money.box_ids.nearly_saving, 0.5)
        for plan, bound, usual, nearly in (
            (weight, 2.9, 3.5, 0.5),
            (mixed, 0.0, 3.0, 0.0),
        ):
            self.assertEqual((plan.minimised, plan.has_tariff), ("weight", False))
            self.assertEqual((plan.objective, plan.objective_unit), (3.0, "kg"))
            self.assertEqual((plan.bound, plan.usual_objective), (bound, usual))
            self.assertEqual((plan.price, plan.usual_price, plan.saving), (0, 0, 0))
            self.assertEqual(plan.box_ids.price, 0)
            self.assertEqual(plan.box_ids.nearly_saving, 0)
            self.assertEqual(plan.box_ids.nearly_weight, nearly)
            self.assertFalse(any(plan.box_ids.line_ids.mapped("price")))

    def test_again_changes_nothing(self):
        plan = self.plan_of_version_1("weight", 3.0)
        self.migrate()
        plan.price = 2.0
        self.env.flush_all()
        self.migrate()
        self.assertEqual((plan.price, plan.objective), (2.0, 3.0))
