from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..packing import pack
from .common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestPlanningSettings(OrderCycleCommon):
    def test_numbers_that_cannot_be_meant(self):
        for name, label in (
            ("oms_guess_litres", "Volume of a Guess"),
            ("oms_parcel_fee", "Planning Cost per Parcel"),
            ("oms_weight_rate", "Planning Cost per kg"),
        ):
            for value in (-1, 1e12, float("nan")):
                with (
                    self.subTest(name=name, value=value),
                    self.assertRaisesRegex(ValidationError, label),
                    self.env.cr.savepoint(),
                ):
                    self.company.write({name: value})
                with (
                    self.subTest(name=name, value=value, by="settings"),
                    self.assertRaisesRegex(ValidationError, label),
                    self.env.cr.savepoint(),
                ):
                    settings = self.env["res.config.settings"].create({name: value})
                    settings.execute()
            self.company.write({name: 0})


@tagged("post_install", "-at_install")
class TestProductSize(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Size = cls.env["oms.product.size"]
        cls.goods = cls.create_product("OMS Bottle", 0, weight=0.9)
        attribute = cls.env["product.attribute"].create(
            {
                "name": "OMS Colour",
                "value_ids": [
                    Command.create({"name": name}) for name in ("Red", "Blue")
                ],
            }
        )
        cls.shirt = cls.env["product.template"].create(
            {
                "name": "OMS Shirt",
                "type": "consu",
                "weight": 0.2,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        cls.red, cls.blue = cls.shirt.product_variant_ids

    def size(self, product, length, width, height, uom=None, **values):
        template = product._name == "product.template"
        return self.Size.create(
            {
                "product_tmpl_id": (
                    product if template else product.product_tmpl_id
                ).id,
                "product_id": values.pop("variant", False) and product.id,
                "uom_id": (uom or product.uom_id).id,
                "length": length,
                "width": width,
                "height": height,
                **values,
            }
        )

    def found(self, product, uom=None, **kw):
        uoms = uom or self.env["uom.uom"]
        return product._oms_get_sizes(uoms, **kw).get((product, uom or product.uom_id))

    # -- which size counts ----------------------------------

    def test_variant_before_template_before_guess(self):
        products = self.red + self.blue
        guesses = products._oms_get_sizes()
        self.assertTrue(all(size.is_guess for size in guesses.values()))
        self.size(self.shirt, 300, 200, 20)
        self.size(self.blue, 350, 250, 30, variant=True)
        sizes = products._oms_get_sizes()
        self.assertEqual(sizes[self.red, self.red.uom_id].sides, (300, 200, 20))
        self.assertEqual(sizes[self.blue, self.blue.uom_id].sides, (350, 250, 30))
        self.assertEqual(sizes[self.blue, self.blue.uom_id].source, "entered")

    def test_a_case_is_a_body_of_its_own(self):
        self.size(self.goods, 80, 80, 250)
        self.assertIsNone(self.found(self.goods, self.case), "nobody measured a case")
        self.size(self.goods, 250, 170, 260, self.case, weight=5.6)
        case = self.found(self.goods, self.case)
        self.assertEqual((*case.sides, case.weight), (250, 170, 260, 5600))
        self.size(self.goods, 500, 340, 260, self.dozen)
        dozen = self.found(self.goods, self.dozen)
        self.assertEqual(dozen.weight, 10800, "made from the weight of the product")
        self.assertEqual(self.found(self.goods).weight, 900)

    def test_guess_from_a_case(self):
        self.size(self.goods, 300, 200, 100, self.case)
        guess = self.found(self.goods)
        self.assertTrue(guess.is_guess)
        self.assertAlmostEqual(
            guess.length * guess.width * guess.height, 1_000_000, delta=30_000
        )

    def test_guess_is_configured(self):
        self.company.write({"oms_guess_shape": "cube", "oms_guess_litres": 8})
        self.assertEqual(self.found(self.goods).sides, (200, 200, 200))
        self.env["decimal.precision"].search([("name", "=", "Volume")]).digits = 3
        self.goods.volume = 0.027
        self.assertEqual(self.found(self.goods).sides, (300, 300, 300))
        self.company.oms_guess_sizes = False
        self.assertIsNone(self.found(self.goods))

    def test_a_number_of_queries_that_does_not_grow(self):
        products = self.env["product.product"].union(
            *(self.create_product(f"OMS Many {number}", 0) for number in range(30))
        )
        for product in products:
            self.size(product, 100, 100, 100)
        uoms = self.unit + self.case
        few, many = products[:2], products

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._oms_get_sizes(uoms)
            return self.cr.sql_log_count - before

        queries(few)
        self.assertLessEqual(queries(many), queries(few) + 1)

    def test_empty(self):
        self.assertEqual(self.env["product.product"]._oms_get_sizes(), {})
        self.assertFalse(self.Size._learn([]))

    # -- import ----------------------------------

    def load(self, rows, columns=("product_tmpl_id", "uom_id"), **context):
        names = [*columns, "length", "width", "height"]
        context = {"import_file": True, **context}
        result = self.Size.with_context(**context).load(names, rows)
        self.assertFalse(result["messages"])
        return self.Size.browse(result["ids"])

    def test_a_list_imported_again_corrects(self):
        rows = [
            ["OMS Bottle", self.unit.name, "80", "80", "250"],
            ["OMS Bottle", self.case.name, "330", "250", "260"],
            ["OMS Shirt", self.unit.name, "300", "200", "20"],
        ]
        first = self.load(rows)
        first[0].write({"fragile": True, "source": "learnt"})
        rows[0][2] = "85"
        again = self.load([*rows, ["OMS Shirt", self.case.name, "400", "300", "200"]])
        self.assertEqual(again[:3], first, "the same records, in the order of rows")
        self.assertEqual(len(again), 4)
        self.assertEqual(first.mapped("length"), [85, 330, 300])
        self.assertEqual(again.mapped("source"), ["imported"] * 4)
        self.assertTrue(first[0].fragile, "what is not in the list stays")
        self.assertEqual(
            self.Size.search_count([("product_tmpl_id", "=", self.shirt.id)]), 2
        )

    def test_import_of_variants_without_a_unit(self):
        self.red.default_code = "OMS-RED"
        common = self.size(self.shirt, 300, 200, 20)
        columns = ("product_id",)
        red = self.load([["OMS-RED", "310", "210", "25"]], columns)
        self.assertEqual((red.product_id, red.uom_id), (self.red, self.red.uom_id))
        again = self.load([["OMS-RED", "320", "210", "25"]], columns)
        self.assertEqual((again, red.length, common.length), (red, 320, 300))

    def test_import_with_an_external_id(self):
        size = self.size(self.goods, 80, 80, 250)
        columns = ("id", "product_tmpl_id")
        rows = [["oms_bottle", "OMS Bottle", "90", "80", "250"]]
        self.assertEqual(self.load(rows, columns), size)
        rows[0][2] = "95"
        self.assertEqual(self.load(rows, columns), size)
        self.assertEqual(size.length, 95)

    def test_of_two_rows_for_the_same_the_last_counts(self):
        rows = [["OMS Bottle", side, "80", "250"] for side in ("80", "90")]
        sizes = self.load(rows, ("product_tmpl_id",))
        self.assertEqual((len(set(sizes.ids)), sizes[0].length), (1, 90))

    # -- handling ----------------------------------

    def test_handling_reaches_the_engine(self):
        food, chemicals = self.env["oms.pack.family"].create(
            [{"name": "OMS Food"}, {"name": "OMS Chemicals"}]
        )
        food.apart_ids = chemicals
        self.size(
            self.goods, 80, 80, 250, vertical="h", turn=False, fragile=True,
            floor_only=True, top_load=1.5, single_product=True, together="set",
            family_id=chemicals.id,
        )  # fmt: skip
        item = self.found(self.goods).item(3)
        self.assertEqual((item.vertical, item.turn, item.quantity), ("h", False, 3))
        self.assertTrue(item.fragile and item.floor_only and item.single_product)
        self.assertEqual((item.top_load, item.together), (1500, "set"))
        self.assertEqual((item.family, item.apart), (chemicals.id, {food.id}))
        self.assertEqual(item.key, (self.goods.id, self.unit.id))

    def test_apart_works_both_ways(self):
        food, chemicals = self.env["oms.pack.family"].create(
            [{"name": "OMS Food"}, {"name": "OMS Chemicals"}]
        )
        food.apart_ids = chemicals
        self.size(self.product_a, 100, 100, 100, family_id=food.id)
        self.size(self.product_b, 100, 100, 100, family_id=chemicals.id)
        products = self.product_a + self.product_b
        items = [size.item(1) for size in products._oms_get_sizes().values()]
        carton = self.env["stock.package.type"].create(
            {
                "name": "OMS Carton",
                "oms_is_carton": True,
                "packaging_length": 400,
                "width": 300,
                "height": 300,
            }
        )
        price = self.env["delivery.carrier"]._oms_get_price()
        plan = pack(items, carton._oms_to_cartons(), price)
        self.assertEqual(len(plan.boxes), 2)
        with self.assertRaises(ValidationError):
            food.apart_ids = food

    # -- entering ----------------------------------

    def test_missing_size(self):
        Product, Template = self.env["product.product"], self.env["product.template"]
        missing = [("oms_missing_size", "=", True)]
        self.assertIn(self.goods, Product.search(missing))
        self.assertIn(self.goods.product_tmpl_id, Template.search(missing))
        self.assertNotIn(self.service, Product.search(missing))
        self.size(self.goods, 80, 80, 250, source="guess")
        self.assertTrue(self.goods.oms_missing_size, "a guess is not a size")
        self.Size.search(
            [("product_tmpl_id", "=", self.goods.product_tmpl_id.id)]
        ).write({"height": 240})
        self.assertFalse(self.goods.oms_missing_size)
        self.assertFalse(self.goods.product_tmpl_id.oms_missing_size)
        self.assertNotIn(self.goods, Product.search(missing))
        self.assertIn(self.goods, Product.search([("oms_missing_size", "=", False)]))
        self.assertIn(self.service, Product.search([("oms_missing_size", "!=", True)]))
        self.size(self.red, 300, 200, 20, variant=True)
        self.assertIn(self.blue, Product.search(missing))
        self.assertNotIn(self.red, Product.search(missing))
        self.assertIn(self.shirt, Template.search(missing))

    def test_enter_on_the_product(self):
        self.goods.write({"oms_length": 80, "oms_width": 80, "oms_height": 250})
        size = self.goods.oms_size_ids
        self.assertEqual((size.length, size.source), (80, "entered"))
        self.assertEqual(size.measured_by, self.env.user)
        self.goods.oms_height = 240
        self.assertEqual(size.height, 240)
        with self.assertRaisesRegex(UserError, "length, width and height"):
            self.product_a.oms_length = 100
        self.blue.write({"oms_length": 30, "oms_width": 20, "oms_height": 10})
        self.assertEqual(self.shirt.oms_size_ids.product_id, self.blue)
        self.assertEqual(self.red.oms_length, 0)

    def test_import(self):
        result = self.Size.with_context(import_file=True).load(
            ["product_tmpl_id/.id", "uom_id/.id", "length", "width", "height"],
            [
                [
                    str(self.goods.product_tmpl_id.id),
                    str(self.unit.id),
                    "80",
                    "80",
                    "250",
                ]
            ],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.goods.oms_size_ids.source, "imported")
        result = self.env["product.product"].load(
            [".id", "oms_length", "oms_width", "oms_height"],
            [[str(self.product_a.id), "100", "90", "80"]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.found(self.product_a).sides, (100, 90, 80))

    def test_learn(self):
        known = self.size(self.goods, 80, 80, 240, fragile=True)
        self.Size._learn(
            [
                (self.goods, self.unit, (81, 81, 252), 910),
                (self.goods, self.case, (250, 170, 260), 0),
                (self.product_b, self.unit, (10, 20, 30), 40),
            ]
        )
        self.assertEqual((known.height, known.source), (252, "learnt"))
        self.assertTrue(known.fragile, "how it is handled stays")
        self.assertEqual(self.found(self.goods).weight, 910)
        self.assertEqual(self.found(self.goods, self.case).sides, (250, 170, 260))
        found = self.found(self.product_b)
        self.assertEqual((*found.sides, found.weight), (10, 20, 30, 40))
        # a variant that differs gets a size of its own
        self.size(self.shirt, 300, 200, 20, vertical="h")
        self.Size._learn([(self.blue, self.blue.uom_id, (350, 250, 30), 0)])
        self.assertEqual(self.found(self.red).sides, (300, 200, 20))
        self.assertEqual(self.found(self.blue).sides, (350, 250, 30))
        self.assertEqual(self.found(self.blue).vertical, "h")

    def test_mistakes_are_refused(self):
        self.size(self.goods, 80, 80, 250)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.size(self.goods, 90, 80, 250)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.size(self.product_a, 0, 80, 250)
        with self.assertRaises(ValidationError):
            self.size(self.product_a, 1, 1, 1, self.env.ref("uom.product_uom_hour"))
        size = self.size(self.red, 1, 1, 1, variant=True)
        with self.assertRaises(ValidationError):
            size.product_tmpl_id = self.goods.product_tmpl_id

    def test_copies_with_the_product(self):
        self.size(self.goods, 80, 80, 250)
        copied = self.goods.product_tmpl_id.copy()
        self.assertEqual(copied.oms_size_ids.height, 250)

    # -- measuring ----------------------------------

    def test_measure_what_is_shipped_first(self):
        self.stock_up(self.goods, 20)
        self.goods.uom_ids = [Command.link(self.case.id)]
        self.create_order((self.goods, 6))
        user = self.create_user("measure", "oms_order_cycle.group_oms_warehouse")
        Measure = self.env["oms.product.measure"].with_user(user)
        action = Measure.action_measure()
        self.assertEqual(action["res_model"], "oms.product.measure")
        rows = Measure.search([])
        unit = rows.filtered(
            lambda row: row.product_id == self.goods and row.uom_id == self.unit
        )
        case = rows.filtered(
            lambda row: row.product_id == self.goods and row.uom_id == self.case
        )
        self.assertTrue(unit and case)
        self.assertEqual((unit.demand, unit.weight, case.weight), (6, 0.9, 5.4))
        self.assertFalse(any(rows.mapped("length")))
        with self.assertRaises(UserError):
            unit.write({"length": 80})
        unit.write({"length": 80, "width": 80, "height": 250, "weight": 0.95})
        self.assertTrue(unit.done)
        size = self.found(self.goods)
        self.assertEqual((size.height, size.weight, size.source), (250, 950, "entered"))
        self.assertEqual(self.goods.oms_size_ids.measured_by, user)
        Measure.action_measure()
        left = Measure.search([("product_id", "=", self.goods.id)])
        self.assertEqual(left.uom_id, self.case, "only what is not measured")
        Measure.action_measure(self.goods.with_user(user))
        self.assertEqual(len(Measure.search([])), 2, "chosen products, all units")

    def test_form(self):
        Size = self.Size.with_context(
            default_product_tmpl_id=self.goods.product_tmpl_id.id
        )
        with Form(Size) as form:
            form.length, form.width, form.height = 80, 70, 60
        self.assertEqual(form.record.uom_id, self.unit)
        self.assertAlmostEqual(form.record.litres, 0.336)
        action = self.goods.action_oms_sizes()
        self.assertEqual(self.Size.search(action["domain"]), form.record)

    # -- who may what ----------------------------------

    def test_rights(self):
        packer = self.create_user("packer", "oms_order_cycle.group_oms_warehouse")
        seller = self.create_user("seller", "oms_order_cycle.group_oms_sales")
        consultant = self.create_user("cons", "oms_order_cycle.group_oms_consultant")
        size = self.size(self.goods, 80, 80, 250)
        size.with_user(packer).height = 240
        with self.assertRaises(AccessError):
            size.with_user(seller).height = 230
        self.assertEqual(size.with_user(seller).height, 240)
        rule = self.env.ref("oms_order_cycle.dim_rule_dhl_express")
        with self.assertRaises(AccessError):
            rule.with_user(packer).name = "Mine"
        own = rule.copy({"company_id": self.company.id})
        own.with_user(consultant).name = "Ours"
        for user in (packer, seller):
            self.assertTrue(
                rule.with_user(user).compute_billable((400, 300, 200), 1)["billable"]
            )
            self.assertTrue(
                self.env["delivery.carrier"].with_user(user)._oms_get_price()
            )

    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "OMS Elsewhere"})
        size = self.size(self.goods, 80, 80, 250)
        self.goods.company_id = self.company
        rule = self.env["oms.dim.rule"].create(
            {"name": "Ours", "company_id": self.company.id}
        )
        user = new_test_user(
            self.env,
            login="elsewhere",
            groups="oms_order_cycle.group_oms_warehouse",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (size, rule):
            theirs = record.with_user(user).with_context(allowed_company_ids=other.ids)
            self.assertFalse(theirs.search([("id", "=", record.id)]))
