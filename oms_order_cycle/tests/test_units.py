from decimal import Decimal

from odoo import Command
from odoo.tests import TransactionCase, tagged

from ..packing import check, pack
from ..tools.units import Units, as_measured


@tagged("post_install", "-at_install")
class TestUnits(TransactionCase):
    """Databases in mm and kg, in feet and pounds, and in one of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env.ref("oms_order_cycle.dim_rule_ups_us")
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "OMS Parcel",
                "product_id": cls.env["product.product"]
                .create({"name": "OMS Freight", "type": "service"})
                .id,
                "oms_dim_rule_id": cls.rule.id,
                "oms_cost_method": "weight",
            }
        )

    def set_units(self, feet, pounds):
        config = self.env["ir.config_parameter"].sudo()
        config.set_param("product.volume_in_cubic_feet", "1" if feet else "0")
        config.set_param("product.weight_in_lbs", "1" if pounds else "0")
        return Units.of(self.env)

    def test_units_of_the_database(self):
        units = self.set_units(feet=False, pounds=False)
        self.assertEqual(units.mm(300), 300)
        self.assertEqual(units.mm(304.8), Decimal("304.80"))
        self.assertEqual((units.mm_up(304.8), units.mm_down(304.8)), (305, 304))
        self.assertEqual(units.mm_up_to_tenth(0.2), Decimal("0.2"))
        self.assertEqual(units.mm_up_to_tenth(0.21), Decimal("0.3"))
        self.assertEqual(repr(units.mm_up_to_tenth(20.0)), "20")
        self.assertEqual(units.mm_up_to_tenth(0.0), 0)
        self.assertEqual(units.grams(1.5), 1500)
        self.assertEqual(units.weight_unit, "kg")
        self.assertEqual(units.litres(0.002), 2)
        units = self.set_units(feet=True, pounds=True)
        self.assertEqual(units.mm(1), Decimal("304.80"))
        self.assertEqual(units.mm(11 / 12), Decimal("279.40"))
        self.assertEqual((units.mm_up(1), units.mm_down(1)), (305, 304))
        self.assertEqual(units.mm_up(0.9843), 301, "0.9843 ft are 300.01 mm")
        self.assertEqual(units.grams(3), 1361)
        self.assertEqual(units.weight_unit, "lb")
        self.assertAlmostEqual(units.litres(1), 28.316846592)

    def test_labels_of_weights(self):
        """Lists and pivots tell the unit of weights in the column's name."""
        for pounds, unit in (("0", "kg"), ("1", "lb")):
            self.env["ir.config_parameter"].set_param("product.weight_in_lbs", pounds)
            for model in ("oms.pack.plan", "oms.pack.box", "oms.pack.box.line"):
                labels = self.env[model].fields_get(["billable_weight", "price"])
                self.assertEqual(
                    labels["billable_weight"]["string"], f"Billable Weight ({unit})"
                )
                self.assertEqual(labels["price"]["string"], "Planned Cost")
                kinds = self.env[model].fields_get(["billable_weight"], ["type"])
                self.assertNotIn("string", kinds["billable_weight"])

    def test_there_and_back(self):
        for feet in (False, True):
            for pounds in (False, True):
                units = self.set_units(feet, pounds)
                for number in (1, 7, 305, 1199, 9999):
                    self.assertEqual(units.mm(units.length_of(number)), number)
                    self.assertEqual(units.grams(units.weight_of(number)), number)
        self.assertEqual(units.weight_from(2, "lb"), 2)
        self.assertAlmostEqual(units.weight_from(1, "kg"), 2.20462262, 6)

    def test_what_weighs_something_weighs_a_gram(self):
        units = self.set_units(feet=False, pounds=False)
        self.assertEqual((units.grams(0.0001), units.grams(0)), (1, 0))
        self.assertEqual(units.grams(False), 0)

    def test_noise_of_binary_fractions_is_dropped(self):
        self.assertEqual(as_measured(0.1 + 0.2), Decimal("0.3"))
        self.assertEqual(as_measured(24 * 25.4), Decimal("609.6"))
        self.assertIsInstance(as_measured(1361.0), int)

    def test_the_same_order_in_all_databases(self):
        """A carton of one cubic foot is billed as 13 lb, whatever the database."""
        for feet, pounds in (
            (False, False),
            (True, True),
            (False, True),
            (True, False),
        ):
            with self.subTest(feet=feet, pounds=pounds):
                units = self.set_units(feet, pounds)
                carton = self.env["stock.package.type"].create(
                    {
                        "name": "Cubic foot",
                        "oms_is_carton": True,
                        "packaging_length": units.length_of(Decimal("304.8")),
                        "width": units.length_of(Decimal("304.8")),
                        "height": units.length_of(Decimal("304.8")),
                        "base_weight": units.weight_of(300),
                        "max_weight": units.weight_of(20000),
                        "oms_cut_heights": f"{units.length_of(200)}",
                    }
                )
                product = self.env["product.product"].create(
                    {"name": "Thing", "type": "consu"}
                )
                product.write(
                    {
                        "oms_length": units.length_of(280),
                        "oms_width": units.length_of(200),
                        "oms_height": units.length_of(100),
                    }
                )
                # products are weighed to two decimals only, sizes exactly
                product.oms_size_ids.weight = units.weight_of(800)
                size = product._oms_get_sizes()[product, product.uom_id]
                self.assertEqual(
                    (size.length, size.width, size.height), (280, 200, 100)
                )
                self.assertEqual(size.weight, 800)
                shell = carton._oms_to_carton()
                self.assertEqual(shell.inner, (296, 296, 292))
                self.assertEqual(shell.outer, (Decimal("304.8"),) * 3)
                self.assertEqual((shell.tare, shell.max_gross), (300, 20000))
                self.assertEqual(shell.cut_heights, (200,))
                price = self.carrier._oms_get_price("2026-02-01")
                whole = price.bill(shell.outer, 1900)
                self.assertEqual((whole.billable, whole.unit), (13, "lb"))
                plan = pack([size.item(2)], [shell], price)
                self.assertFalse(check(plan, [size.item(2)], [shell]))
                self.assertEqual(plan.boxes[0].carton.cut, 200)
                self.assertEqual(plan.boxes[0].gross, 1900)

    def test_guess_from_the_volume(self):
        for feet in (False, True):
            units = self.set_units(feet, pounds=False)
            product = self.env["product.product"].create(
                {
                    "name": "Unknown",
                    "type": "consu",
                    "volume": units.volume_of(12_000_000_000),
                }
            )
            size = product._oms_get_sizes()[product, product.uom_id]
            self.assertAlmostEqual(size.length, 3000, delta=2)
            self.assertAlmostEqual(size.height, 2000, delta=2)
            self.assertTrue(size.is_guess)

    def test_typical_cartons(self):
        for feet, pounds in ((False, False), (True, True)):
            self.set_units(feet, pounds)
            self.env["stock.package.type"].search([("oms_is_carton", "=", True)]).write(
                {"oms_is_carton": False, "name": "Old"}
            )
            cartons = self.env["stock.package.type"]._oms_create_typical_cartons()
            self.assertEqual(len(cartons), 12)
            again = self.env["stock.package.type"]._oms_create_typical_cartons()
            self.assertEqual(again, cartons)
            made = cartons._oms_to_cartons()
            by_name = dict(zip(cartons.mapped("name"), made, strict=True))
            one = by_name["Carton 400 x 300 x 200"]
            self.assertEqual(one.outer, (400, 300, 200))
            self.assertEqual(one.inner, (394, 294, 192))
            self.assertEqual((one.tare, one.max_gross), (290, 20000))
            self.assertEqual(one.cut_heights, (150, 100))

    def test_a_carton_takes_only_what_the_carrier_takes(self):
        other = self.carrier.copy()
        Type = self.env["stock.package.type"]
        both = Type.create(
            {
                "name": "Both",
                "oms_is_carton": True,
                "packaging_length": 400,
                "width": 300,
                "height": 200,
            }
        )
        own = both.copy({"oms_carrier_ids": [Command.link(self.carrier.id)]})
        theirs = both.copy({"oms_carrier_ids": [Command.link(other.id)]})

        def keys(*args):
            return {carton.key for carton in Type._oms_get_cartons(*args)}

        self.assertLessEqual({both.id, own.id, theirs.id}, keys())
        self.assertLessEqual({both.id, own.id}, keys(self.carrier))
        self.assertNotIn(theirs.id, keys(self.carrier))
