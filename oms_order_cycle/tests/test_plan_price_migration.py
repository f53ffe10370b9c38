from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common_packing import PackingCommon

SCRIPT = "oms_order_cycle/migrations/19.0.2.0.0/pre-plan_price.py"
BENCH_SCRIPT = "oms_order_cycle/migrations/19.0.2.0.0/pre-pack_bench.py"


@tagged("post_install", "-at_install")
class TestPlanPriceMigration(PackingCommon):
    """Plans of version 1 held weights in the columns of prices."""

    def plan_of_version_1(self, method, price, carrier_vals=None, **columns):
        """A plan as version 1 kept it; its weight is 3 kg."""
        carrier = self.carrier.copy(
            {
                "oms_cost_method": method,
                # fixed prices are those of the product
                "product_id": self.carrier.product_id.copy().id,
                **(carrier_vals or {}),
            }
        )
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

    def migrate(self, path=SCRIPT):
        script = load_script(file_path(path), "oms_pre_script")
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

    def test_prices_were_rounded_to_the_currency(self):
        """3.125 kg were kept as 3.13, in yen as 3; half a kilogram more is money."""
        pure = self.plan_of_version_1(
            "weight", 3.13, carrier_billable=3.125, bound=2.9, usual_price=3.5
        )
        mixed = self.plan_of_version_1("weight", 3.14, carrier_billable=3.125, bound=2)
        self.migrate()
        self.assertEqual((pure.bound, pure.usual_objective), (2.9, 3.5))
        self.assertEqual((mixed.bound, mixed.usual_objective), (0.0, 3.125))

    def test_what_told_the_price(self):
        rule = {"variable": "weight", "operator": ">=", "max_value": 0}
        by_rules = {"delivery_type": "base_on_rule"}
        cases = (
            (True, "rate", {}),
            (True, "price", {"fixed_price": 5.0}),
            (False, "price", {"fixed_price": 0.0}),
            (False, "price", by_rules),
            (True, "price", {**by_rules, "price_rule_ids": [Command.create(rule)]}),
        )
        plans = [
            self.plan_of_version_1(method, 6.7, vals) for _told, method, vals in cases
        ]
        self.migrate()
        self.assertEqual(
            [plan.has_tariff for plan in plans], [told for told, *_rest in cases]
        )

    def test_rules_on_the_value_of_no_order(self):
        rule = {"variable": "price", "operator": ">=", "max_value": 0}
        plan = self.plan_of_version_1(
            "price",
            6.7,
            {"delivery_type": "base_on_rule", "price_rule_ids": [Command.create(rule)]},
        )
        self.migrate()
        self.assertTrue(plan.has_tariff)
        self.env.cr.execute("UPDATE oms_pack_plan SET objective = NULL")
        self.env.cr.execute(
            "UPDATE stock_picking SET sale_id = NULL WHERE id = %s",
            [plan.picking_id.id],
        )
        self.migrate()
        self.assertFalse(plan.has_tariff)

    def test_open_benches_are_closed(self):
        order = self.create_packing_order((self.mug, 4))
        order.picking_ids.action_oms_pack()
        bench = self.env["oms.pack.wizard"].search([])
        self.assertTrue(bench)
        self.env.flush_all()
        self.migrate(BENCH_SCRIPT)
        self.assertFalse(bench.exists())

    def test_again_changes_nothing(self):
        plan = self.plan_of_version_1("weight", 3.0)
        self.migrate()
        plan.price = 2.0
        self.env.flush_all()
        self.migrate()
        self.assertEqual((plan.price, plan.objective), (2.0, 3.0))
