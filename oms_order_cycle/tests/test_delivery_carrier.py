from math import inf

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..packing import Item, pack
from ..tools.billable_weight import STEPS
from ..tools.shipment import Shipment
from .common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestDeliveryCarrier(OrderCycleCommon):
    """Prices from billable weight: of a parcel, of a shipment, of a quotation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dhl = cls.env.ref("oms_order_cycle.dim_rule_dhl_express")
        cls.ups = cls.env.ref("oms_order_cycle.dim_rule_ups_us")
        cls.fedex = cls.env.ref("oms_order_cycle.dim_rule_fedex_us")

    def carrier(self, *rules, **values):
        product = self.env["product.product"].create(
            {"name": "OMS Freight", "type": "service", "taxes_id": [Command.clear()]}
        )
        return self.env["delivery.carrier"].create(
            {
                "name": "OMS Parcel",
                "product_id": product.id,
                "delivery_type": "base_on_rule" if rules else "fixed",
                "company_id": self.company.id,
                "oms_dim_rule_id": self.dhl.id,
                "price_rule_ids": [
                    Command.create(
                        {
                            "sequence": sequence,
                            "variable": variable,
                            "operator": operator,
                            "max_value": limit,
                            "list_base_price": base,
                            "list_price": factor,
                            "variable_factor": factor_variable,
                        }
                    )
                    for sequence, (
                        variable, operator, limit, base, factor, factor_variable,
                    ) in enumerate(rules)
                ],
                **values,
            }
        )  # fmt: skip

    def measure(self, product, length, width, height):
        product.write({"oms_length": length, "oms_width": width, "oms_height": height})

    # -- of a parcel, for planning ----------------------------------

    def test_tariff_of_rules(self):
        """Rules are a tariff if they can be used: the value of no order is known."""
        carrier = self.carrier(("price", "<=", 100, 7.0, 0.0, "weight"))
        self.assertFalse(carrier._oms_get_price().is_tariff)
        self.assertTrue(carrier._oms_get_price(values={"price": 50}).is_tariff)
        carrier.price_rule_ids = [Command.clear()]
        self.assertFalse(carrier._oms_get_price().is_tariff)
        by_weight = self.carrier(fixed_price=8.0, oms_cost_method="weight")
        self.assertFalse(by_weight._oms_get_price().is_tariff, "it is not taken")

    def test_price_rules_per_parcel(self):
        carrier = self.carrier(
            ("billable_weight", "<=", 5, 6.0, 0.0, "weight"),
            ("billable_weight", "<=", 30, 4.0, 0.5, "billable_weight"),
        )
        price = carrier._oms_get_price("2026-02-01")
        self.assertEqual(price((400, 300, 200), 3000), 6.0)
        self.assertEqual(price((400, 300, 210), 3000), 4.0 + 0.5 * 5.5)
        self.assertEqual(price((800, 800, 800), 3000), inf, "no price rule holds")
        self.assertEqual(price.unit, "kg")

    def test_price_rules_on_other_variables(self):
        carrier = self.carrier(
            ("volume", "<=", 0.01, 3.0, 0.0, "weight"),
            ("weight", ">", 5, 1.0, 1.0, "weight"),
            ("dimensional_weight", ">", 4.5, 10.0, 0.0, "weight"),
            ("quantity", "==", 1, 2.0, 0.0, "weight"),
        )
        price = carrier._oms_get_price()
        self.assertEqual(price((100, 100, 100), 6000), 3.0)
        self.assertEqual(price((400, 300, 200), 6000), 7.0)
        self.assertEqual(price((400, 300, 200), 2000), 10.0)
        self.assertEqual(price((300, 300, 200), 2000), 2.0)

    def test_planning_costs_of_the_company(self):
        """Where a method tells nothing: a fee, and what the weight costs."""
        self.company.write({"oms_parcel_fee": 4.0, "oms_weight_rate": 0.9})
        free = self.carrier(fixed_price=0.0)
        price = free._oms_get_price()
        self.assertAlmostEqual(price((400, 300, 200), 3000), 4.0 + 0.9 * 5)
        fixed = self.carrier(fixed_price=7.95)
        price = fixed._oms_get_price()
        self.assertAlmostEqual(price((400, 300, 200), 3000), 7.95 + 0.9 * 5)
        free.oms_dim_rule_id = self.ups
        price = free._oms_get_price("2026-02-01")
        foot = (304.8, 304.8, 304.8)
        self.assertAlmostEqual(price(foot, 1000), 4.0 + 0.9 * 13 * 0.45359237)
        free.oms_dim_rule_id = False
        self.assertAlmostEqual(free._oms_get_price()(foot, 2000), 4.0 + 0.9 * 2)
        self.assertTrue(fixed._oms_get_price().is_tariff)
        self.assertFalse(free._oms_get_price().is_tariff)
        nobody = self.env["delivery.carrier"]._oms_get_price()
        self.assertFalse(nobody.is_tariff)
        self.assertAlmostEqual(nobody(foot, 2000), 4.0 + 0.9 * 2)
        self.assertEqual(nobody.bill(foot, 2000).billable, 2)

    def test_own_rate_and_weight_itself(self):
        carrier = self.carrier(
            oms_cost_method="rate", oms_parcel_fee=3, oms_weight_rate=1.1
        )
        self.assertAlmostEqual(
            carrier._oms_get_price()((400, 300, 200), 3000), 3 + 1.1 * 5
        )
        self.assertTrue(carrier._oms_get_price().is_tariff)
        carrier.oms_cost_method = "weight"
        weight = carrier._oms_get_objective(carrier._oms_get_price())
        self.assertEqual(weight((400, 300, 200), 3000), 5)
        self.assertFalse(carrier._oms_get_price().is_tariff)

    def test_surcharges_and_what_is_not_taken(self):
        carrier = self.carrier(
            oms_cost_method="weight",
            oms_dim_rule_id=self.fedex.id,
            oms_surcharge_ids=[
                Command.create({"code": "AHS_DIM", "amount": 25}),
                Command.create({"code": "LARGE", "refused": True}),
            ],
        )
        weight = carrier._oms_get_objective(carrier._oms_get_price("2026-02-01"))
        inch = 25.4
        long = (49 * inch, 10 * inch, 10 * inch)
        # pounds, never pounds and dollars: 25 of them are no 0.01 lb
        item = Item("long", 1200, 200, 200, 8900)
        asked = weight.offer([item], []).price
        self.assertEqual(weight(long, 9000), 40)
        self.assertAlmostEqual(asked(long, 9000) / STEPS, 40, 2)
        self.assertGreater(
            asked(long, 9000) / STEPS, 40, "the surcharge decides between equals"
        )
        self.assertEqual(weight.total([(long, 9000)]), 40)
        self.assertEqual(weight((97 * inch, 10 * inch, 10 * inch), 9000), inf)
        self.assertEqual(
            weight((10 * inch, 10 * inch, 10 * inch), 70_000), inf, "over 150 lb"
        )
        carrier.write({"oms_cost_method": "rate", "oms_weight_rate": 0.5})
        price = carrier._oms_get_price("2026-02-01")
        self.assertEqual(price(long, 9000), 40 * 0.5 + 25)

    def test_a_plan_avoids_a_surcharge(self):
        carrier = self.carrier(
            oms_cost_method="rate",
            oms_parcel_fee=5,
            oms_weight_rate=0.5,
            oms_dim_rule_id=self.fedex.id,
        )
        Type = self.env["stock.package.type"]
        long, short = Type.create(
            [
                {
                    "name": name,
                    "oms_is_carton": True,
                    "packaging_length": length,
                    "width": 200,
                    "height": 200,
                }
                for name, length in (("Long", 1300), ("Short", 660))
            ]
        )
        self.measure(self.product_a, 600, 180, 180)
        size = self.product_a._oms_get_sizes()[self.product_a, self.unit]
        cartons = (long + short)._oms_to_cartons()
        plan = pack([size.item(2)], cartons, carrier._oms_get_price("2026-02-01"))
        self.assertEqual([box.carton.key for box in plan.boxes], [short.id] * 2)
        carrier.oms_dim_rule_id = self.dhl
        plan = pack([size.item(2)], cartons, carrier._oms_get_price("2026-02-01"))
        self.assertEqual([box.carton.key for box in plan.boxes], [long.id])

    def test_no_version_in_force_is_the_actual_weight(self):
        self.ups.version_ids.active = False
        carrier = self.carrier(oms_cost_method="weight", oms_dim_rule_id=self.ups.id)
        weight = carrier._oms_get_objective(carrier._oms_get_price())
        self.assertEqual(weight((400, 300, 200), 3000), 3)

    # -- of an order, for customers ----------------------------------

    def test_quotation_pays_dimensional_weight(self):
        carrier = self.carrier(
            ("billable_weight", "<=", 1000, 2.0, 1.0, "billable_weight"),
        )
        self.measure(self.product_a, 400, 300, 200)  # 24 l, 4.8 kg
        order = self.create_order((self.product_a, 2), confirm=False)
        carrier = carrier.with_context(
            oms_shipment=Shipment((((400, 300, 400), 3000, 1),), "2026-02-01")
        )
        self.assertEqual(carrier.rate_shipment(order)["price"], 2.0 + 10)
        carrier = carrier.with_context(
            oms_shipment=Shipment((((400, 300, 200), 1500, 2),), "2026-02-01")
        )
        self.assertEqual(carrier._get_price_available(order), 2.0 + 2 * 5)
        carrier.oms_price_per_parcel = True
        self.assertEqual(carrier._get_price_available(order), 2 * (2.0 + 5))

    def test_quotation_without_parcels_known(self):
        """A first estimate, from the sizes of the products."""
        carrier = self.carrier(
            ("dimensional_weight", ">=", 0, 0.0, 1.0, "dimensional_weight"),
        )
        self.measure(self.product_a, 400, 300, 200)
        order = self.create_order((self.product_a, 2), confirm=False)
        found = carrier.rate_shipment(order)
        self.assertTrue(found["success"], found)
        # the exact figure depends on the cartons; the goods alone are 9.6 kg
        self.assertGreaterEqual(found["price"], 9.5)
        self.assertLess(found["price"], 20)

    def test_volume_is_enough(self):
        carrier = self.carrier(
            ("dimensional_weight", ">=", 0, 0.0, 1.0, "dimensional_weight"),
        )
        self.assertEqual(
            carrier._get_price_from_picking(0, weight=1, volume=0.027, quantity=1), 5.5
        )

    def test_others_are_not_touched(self):
        carrier = self.carrier(("weight", "<=", 100, 1.0, 1.0, "weight"))
        carrier.oms_dim_rule_id = False
        order = self.create_order((self.product_a, 2), confirm=False)
        self.assertEqual(carrier._get_price_available(order), 1.0 + 3.0)
        values = carrier._get_price_dict(10, 3, 0.1, 2)
        self.assertEqual(values["billable_weight"], 3)
        self.assertEqual(values["dimensional_weight"], 0)
        self.assertEqual(values["weight"], 3)

    # -- cartons ----------------------------------

    def test_carton_in_stock(self):
        box = self.create_product("OMS Box", 3)
        carton = self.env["stock.package.type"].create(
            {
                "name": "OMS Carton",
                "oms_is_carton": True,
                "packaging_length": 400,
                "width": 300,
                "height": 200,
                "oms_product_id": box.id,
                "oms_limit_to_stock": True,
                "oms_void_percent": 10,
                "oms_margin": 5,
                "oms_filler_weight": 0.1,
                "oms_cost": 0.5,
            }
        )
        one = carton._oms_to_cartons(self.company, self.warehouse)[0]
        self.assertEqual((one.available, one.margin, one.filler), (3, 5, 100))
        self.assertEqual((one.cost, one.void_share), (0.5, 0.1))
        carton.oms_limit_to_stock = False
        self.assertIsNone(carton._oms_to_cartons()[0].available)

    def test_mistakes_in_cartons_are_refused(self):
        Type = self.env["stock.package.type"]
        good = {
            "name": "OMS Carton",
            "oms_is_carton": True,
            "packaging_length": 400,
            "width": 300,
            "height": 200,
        }
        for bad in (
            {"height": 0},
            {"oms_inner_length": 401},
            {"oms_cut_heights": "100; low"},
            {"oms_cut_heights": "-100"},
        ):
            with self.subTest(bad=bad), self.assertRaises(ValidationError):
                Type.create({**good, **bad})
        carton = Type.create({**good, "oms_cut_heights": "100; 150 120,5"})
        self.assertEqual(carton._oms_get_cut_heights(), [150, 120.5, 100])
