from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..packing import Item
from ..tools.packer.planner import Packer
from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestShipmentPrice(PackingCommon):
    """Quotation, plan and real cost of a shipment: what they ask and that they agree.

    The large carton is 608 x 408 x 412 mm outside: 61 x 41 x 42 / 5000 = 21.008 kg,
    billed as 21.5. A crate fills it: 0.5 + 5 = 5.5 kg.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crate = cls.create_sized("OMS Crate", (600, 400, 400), 5.0)
        cls.warehouse.out_type_id.print_label = True

    def rules(self, *rules, **values):
        """Make the carrier's price that of rules, one unit of money per kg unless
        others are given."""
        rules = rules or (("billable_weight", ">=", 0, 0.0, 1.0, "billable_weight"),)
        names = ("variable", "operator", "max_value", "list_base_price", "list_price",
                 "variable_factor")  # fmt: skip
        self.carrier.product_id.taxes_id = [Command.clear()]
        self.carrier.write(
            {
                "delivery_type": "base_on_rule",
                "oms_cost_method": "price",
                "price_rule_ids": [Command.clear()]
                + [
                    Command.create(
                        {"sequence": n, **dict(zip(names, rule, strict=True))}
                    )
                    for n, rule in enumerate(rules)
                ],
                **values,
            }
        )
        return self.carrier

    def quote(self, order):
        found = order.carrier_id.rate_shipment(order)
        self.assertTrue(found["success"], found["error_message"])
        return found["price"]

    # -- real cost -----------------------------------------------------------------

    def test_real_cost_of_part_of_an_order(self):
        """Each delivery pays its own packages: 21.5 + 21.5, not 43 + 43."""
        self.rules(invoice_policy="real")
        order = self.create_packing_order((self.crate, 2))
        self.assertEqual(self.quote(order), 43.0)
        first = order.picking_ids
        first.oms_pack_plan_id.box_ids[0]._pack()
        packed = first.move_line_ids.filtered("result_package_id")
        packed.picked = True
        first.with_context(skip_backorder=True).button_validate()
        self.assertEqual(first.carrier_price, 21.5)
        second = self.open_transfers(order)
        second.oms_pack_plan_id.action_apply()
        second.button_validate()
        self.assertEqual(second.carrier_price, 21.5)
        freight = order.order_line.filtered("is_delivery")
        self.assertEqual(sum(freight.mapped("price_subtotal")), 43.0)

    def test_real_cost_of_what_is_in_no_package(self):
        """Goods without a package cost what the quotation took them for."""
        self.rules(invoice_policy="real")
        order = self.create_packing_order((self.crate, 2))
        picking = order.picking_ids
        self.validate(picking, {self.crate: 1})
        self.assertEqual(picking.carrier_price, 21.5)

    def test_real_cost_when_no_plan_can_be_made(self):
        """One crate of 0.1 m3 by its product: a cube of 464.16 mm, 47 x 47 x 47 cm
        / 5000 = 20.76, billed as 21 kg; not two of them."""
        self.rules(invoice_policy="real")
        self.crate.volume = 0.1
        order = self.create_packing_order((self.crate, 2))
        with (
            patch.object(Packer, "_solve", side_effect=ValueError("nothing works")),
            mute_logger(
                "odoo.addons.oms_order_cycle.tools.guard",
                "odoo.addons.oms_order_cycle.tools.guard",
            ),
        ):
            self.validate(order.picking_ids, {self.crate: 1})
        self.assertEqual(order.picking_ids[:1].carrier_price, 21.0)

    def test_real_cost_of_the_carton_that_was_taken(self):
        """Four mugs in a large carton: 21.5 kg, where two small ones are 2 x 1 kg."""
        self.rules(invoice_policy="real")
        order = self.create_packing_order((self.mug, 4))
        self.assertEqual(self.quote(order), 2.0)
        picking = order.picking_ids
        picking.move_line_ids._put_in_pack(package_type_id=self.large.id)
        picking.button_validate()
        self.assertEqual(picking.carrier_price, 21.5)

    def test_real_cost_by_weight_and_number_of_what_ships(self):
        """Rules of a parcel, on all that may be shipped in part: 5.5 kg of one."""
        self.rules(
            ("quantity", ">", 1, 100.0, 0.0, "weight"),
            ("volume", ">", 0.2, 200.0, 0.0, "weight"),
            ("weight", ">=", 0, 1.0, 2.0, "weight"),
            oms_price_per_parcel=True,
            invoice_policy="real",
        )
        order = self.create_packing_order((self.crate, 2))
        picking = order.picking_ids
        self.validate(picking, {self.crate: 1})
        self.assertEqual(picking.carrier_price, 1.0 + 2.0 * 5.5)

    def test_real_cost_of_a_pallet(self):
        """Two cartons of 1 and 1.5 kg on a pallet are billed as the pallet."""
        self.rules(invoice_policy="real")
        order = self.create_packing_order((self.mug, 2), (self.book, 2))
        picking = order.picking_ids
        for line in picking.move_line_ids:
            line._put_in_pack(package_type_id=self.small.id)
        cartons = picking.move_line_ids.result_package_id
        pallet = cartons.create({"package_type_id": self.large.id})
        cartons.package_dest_id = pallet
        picking.button_validate()
        self.assertEqual(cartons.parent_package_id, pallet)
        self.assertEqual(picking.carrier_price, 21.5)

    def test_package_without_a_size(self):
        """A bag: as compact as its contents, 8 l / 5000 = 1.6, billed as 2 kg."""
        self.rules(invoice_policy="real")
        order = self.create_packing_order((self.mug, 8))
        picking = order.picking_ids
        package = picking.move_line_ids._put_in_pack()
        package.shipping_weight = 1.0
        picking.button_validate()
        self.assertEqual(picking.carrier_price, 2.0)

    def test_methods_without_sizes_stay_as_they_are(self):
        self.rules(
            ("weight", ">=", 0, 1.0, 2.0, "weight"),
            oms_dim_rule_id=False,
            invoice_policy="real",
        )
        order = self.create_packing_order((self.crate, 2))
        self.validate(order.picking_ids, {self.crate: 1})
        self.assertEqual(order.picking_ids[:1].carrier_price, 21.0, "Odoo's own way")

    # -- quotation -----------------------------------------------------------------

    def test_what_fits_in_no_carton_is_a_parcel_more(self):
        """Four mugs are 2 x 1 kg; a pole of 3000 x 100 x 100 mm is billed by its own
        sides: 300 x 10 x 10 cm / 5000 = 6 kg, and two of them piece by piece."""
        self.rules()
        pole = self.create_sized("OMS Pole", (3000, 100, 100), 4.0)
        order = self.create_packing_order((self.mug, 4), (pole, 1), confirm=False)
        parcels = order._oms_get_parcels(self.carrier)
        self.assertEqual(
            sorted((gross, number) for _outer, gross, number in parcels),
            [(900, 2), (4000, 1)],
        )
        self.assertEqual(self.quote(order), 2.0 + 6.0)
        order = self.create_packing_order((self.mug, 4), (pole, 2), confirm=False)
        self.assertEqual(self.quote(order), 2.0 + 2 * 6.0)

    def test_price_without_parcels_says_so(self):
        self.rules()
        order = self.create_packing_order((self.mug, 4), confirm=False)
        self.assertFalse(self.carrier.rate_shipment(order)["warning_message"])
        with (
            patch.object(Packer, "parcels", side_effect=ValueError("no")),
            mute_logger("odoo.addons.oms_order_cycle.tools.guard"),
        ):
            dialog = self.env["choose.delivery.carrier"].create(
                {"order_id": order.id, "carrier_id": self.carrier.id}
            )
            dialog.update_price()
        self.assertIn("could not be planned", dialog.delivery_message)
        dialog.button_confirm()
        self.assertIn("could not be planned", order.delivery_message)
        self.assertIn("could not be planned", order.message_ids[0].body)

    def test_contract_of_the_company_of_the_order(self):
        """The order's company has a divisor of 4000: 26.26, billed as 26.5 kg.

        An order is quoted while another company is active as well.
        """
        self.rules()
        other = self.create_company("OMS Other Company")
        self.dim_rule.version_ids = [
            Command.create(
                {
                    "company_id": company.id,
                    "divisor": divisor,
                    "weight_step": 0.5,
                    "actual_step": 0.5,
                }
            )
            for company, divisor in ((self.company, 4000), (other, 1000))
        ]
        order = self.create_packing_order((self.crate, 1), confirm=False)
        order = order.with_context(allowed_company_ids=(other + self.company).ids)
        self.assertEqual(order.env.company, other)
        self.assertEqual(self.quote(order), 26.5)
        self.carrier.company_id = self.company
        self.assertEqual(self.quote(order), 26.5)

    # -- plan and quotation -----------------------------------------------------------

    def road(self, **values):
        return self.rules(
            oms_dim_rule_id=self.env.ref("oms_order_cycle.dim_rule_road_eu").id,
            **values,
        )

    def test_road_freight_is_billed_at_once(self):
        """30 large cartons of 0.608 x 0.408 x 0.412 m: 30 x 0.102202 = 3.06607 m3,
        x 333 = 1021.0 kg, billed as 1022 at once; one by one it were 30 x 35 = 1050."""
        self.road()
        order = self.create_packing_order((self.crate, 30))
        plan = order.picking_ids.oms_pack_plan_id
        self.assertEqual(plan.box_count, 30)
        self.assertEqual(plan.carrier_billable, 1022)
        self.assertAlmostEqual(plan.billable_weight, 1022)
        self.assertAlmostEqual(plan.price, 1022)
        self.assertAlmostEqual(sum(plan.box_ids.mapped("price")), 1022)
        self.assertAlmostEqual(plan.usual_price, 1022)
        self.assertFalse(plan.is_proven)
        self.assertEqual(self.quote(order), 1022)

    def test_road_freight_by_fee_and_rate(self):
        """Two cartons: 68.07 kg, billed as 69; 2 x 4 + 0.9 x 69 and 2 x 0.5 for the
        cartons. Each gets half of it."""
        self.large.oms_cost = 0.5
        self.road(oms_cost_method="rate")
        order = self.create_packing_order((self.crate, 2))
        plan = order.picking_ids.oms_pack_plan_id
        self.assertEqual(plan.carrier_billable, 69)
        self.assertAlmostEqual(plan.price, 8 + 0.9 * 69 + 1)
        self.assertAlmostEqual(plan.box_ids[0].price, (8 + 0.9 * 69 + 1) / 2)

    def test_road_freight_changed_by_hand(self):
        """Two mugs in a small carton and two crates: 0.208 x 0.158 x 0.112 m are
        1.2257 kg; with 68.0668 kg of the crates 69.29, billed as 70. In a medium one,
        0.308 x 0.208 x 0.212 m: 4.5226 kg, together 72.59, billed as 73."""
        self.large.oms_cost = 0.5
        self.road(oms_cost_method="rate")
        order = self.create_packing_order((self.crate, 2), (self.mug, 2))
        picking = order.picking_ids
        self.assertAlmostEqual(picking.oms_pack_plan_id.price, 12 + 0.9 * 70 + 1)
        action = picking.action_oms_pack()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        boxes = wizard.bench["transfers"][0]["boxes"]
        number = next(
            number for number, box in enumerate(boxes, 1) if box["name"] == "OMS Small"
        )
        wizard.change_carton(picking.id, number, self.medium.id)
        wizard.reason = "No small cartons left"
        wizard.action_apply()
        plan = picking.oms_pack_plan_id
        self.assertTrue(plan.is_manual)
        self.assertEqual(plan.carrier_billable, 73)
        self.assertAlmostEqual(plan.price, 12 + 0.9 * 73 + 1)

    def test_road_freight_light_and_heavy_together(self):
        """A full carton of 50.5 kg and an empty one of 5.5: together 56 kg are less
        than 68.07 kg by volume; each alone they were 51 and 35."""
        heavy = self.create_sized("OMS Anvil", (600, 400, 400), 50.0)
        self.road()
        order = self.create_packing_order((self.crate, 1), (heavy, 1))
        plan = order.picking_ids.oms_pack_plan_id
        self.assertEqual(plan.carrier_billable, 69)
        self.assertEqual(self.quote(order), 69)

    def test_rules_on_value_or_quantity_pack(self):
        """What rules on the order tell is the fee of a parcel, beside the planning
        rate: 7 + 0.9 x 1 for the small carton of two mugs."""
        for rule in (
            ("price", ">=", 5, 7.0, 0.0, "weight"),
            ("quantity", ">=", 2, 7.0, 0.0, "weight"),
        ):
            self.rules(rule)
            with self.subTest(rule=rule):
                order = self.create_packing_order((self.mug, 2))
                self.assertEqual(self.quote(order), 7.0)
                plan = order.picking_ids.oms_pack_plan_id
                self.assertFalse(plan.unpacked_note)
                self.assertEqual(plan.box_ids.package_type_id, self.small)
                self.assertAlmostEqual(plan.price, 7.0 + 0.9)

    def test_rules_on_the_order_and_its_parcels(self):
        """20 each: free from 40, else 3 + 0.5 per kg."""
        self.rules(
            ("price", ">=", 40, 0.0, 0.0, "weight"),
            ("billable_weight", "<=", 30, 3.0, 0.5, "billable_weight"),
        )
        self.mug.list_price = 20.0
        order = self.create_packing_order((self.mug, 1))
        self.assertEqual(self.quote(order), 3.5)
        self.assertAlmostEqual(order.picking_ids.oms_pack_plan_id.price, 3.5)
        order = self.create_packing_order((self.mug, 2))
        self.assertEqual(self.quote(order), 0.0)
        plan = order.picking_ids.oms_pack_plan_id
        self.assertAlmostEqual(plan.price, 0.9, msg="the carrier bills 1 kg")

    def test_rules_on_what_is_not_known_are_left_aside(self):
        """A transfer without an order has no value: 4 + 0.9 per kg, for planning."""
        self.rules(("price", ">=", 5, 7.0, 0.0, "weight"))
        price = self.carrier._oms_get_price(company=self.company)
        self.assertAlmostEqual(price((208, 158, 112), 900), 4.9)

    def test_price_in_words(self):
        """4 + 0.9 x 3 kg by the carrier's own rate; 3 kg where weight is made least."""
        order = self.create_packing_order((self.mug, 4), (self.book, 2))
        plan = order.picking_ids.oms_pack_plan_id
        plan.bound = 6.7
        currency = self.company.currency_id
        self.assertEqual(plan.price_label, currency.format(6.7))
        self.assertEqual(plan.bound_label, currency.format(6.7))
        self.assertEqual(plan.objective_label, currency.format(6.7))
        self.assertEqual(plan.objective_unit, currency.name)
        self.assertEqual(plan._format_price(1234.5, True), currency.format(1234.5))
        self.assertEqual(plan._format_price(0.0, True), currency.format(0.0))
        self.carrier.oms_cost_method = "weight"
        picking = order.picking_ids
        picking.action_oms_plan_packing()
        plan = picking.oms_pack_plan_id
        self.assertEqual(plan.objective_label, "3.00 kg")
        self.assertEqual(plan.price_label, "No tariff")
        self.carrier.oms_dim_rule_id = self.env.ref("oms_order_cycle.dim_rule_ups_us")
        self.assertEqual(plan.objective_label, "3.00 kg", "as it was planned")
        picking.action_oms_plan_packing()
        plan = picking.oms_pack_plan_id
        self.assertEqual(plan.objective_label, f"{plan.carrier_billable:.2f} lb")

    def test_weight_is_no_money(self):
        """What is minimised has its own field; equal weights are decided by cost."""
        self.carrier.oms_cost_method = "weight"
        self.medium.oms_cost = 3.0
        dear = self.medium.copy({"name": "OMS Dear", "oms_cost": 8.0, "sequence": -1})
        order = self.create_packing_order((self.mug, 4), (self.book, 2))
        plan = order.picking_ids.oms_pack_plan_id
        self.assertEqual(plan.box_ids.package_type_id, self.medium)
        self.assertNotIn(dear, plan.box_ids.package_type_id)
        self.assertEqual((plan.minimised, plan.objective_unit), ("weight", "kg"))
        self.assertEqual(plan.objective, plan.carrier_billable)
        self.assertNotIn("cost", plan.reason)
        self.assertFalse(plan.has_tariff)
        self.assertEqual((plan.price, plan.saving), (0, 0))
        self.assertFalse(any(plan.box_ids.mapped("price")))
        self.assertFalse(any(plan.box_ids.line_ids.mapped("price")))

    def plan_in(self, currency, *lines):
        """The plan of an order of a company with another currency."""
        currency = self.env.ref(f"base.{currency}")
        currency.active = True
        self.env.flush_all()
        # Odoo refuses it once there are journal items
        self.env.cr.execute(
            "UPDATE res_company SET currency_id = %s WHERE id = %s",
            [currency.id, self.company.id],
        )
        self.env.invalidate_all()
        return self.create_packing_order(*lines).picking_ids.oms_pack_plan_id

    def test_money_never_decides_against_weight(self):
        """A carton of a hundred thousand rupiahs bills half a kilogram less than one
        that costs nothing: the dear one is taken, and its bound is a weight."""
        self.carrier.oms_cost_method = "weight"
        self.large.oms_is_carton = False
        roomy = {"inner": (300, 200, 250), "tare": 0.2}
        cheap = self.create_carton("OMS Cheap", *roomy.values())
        self.medium.oms_cost = 100_000
        self.small.oms_cost = 90_000
        for currency in ("IDR", "JPY", "HUF"):
            with self.subTest(currency):
                plan = self.plan_in(currency, (self.mug, 4), (self.book, 2))
                self.assertEqual(plan.box_ids.package_type_id, self.medium)
                self.assertNotEqual(plan.box_ids.package_type_id, cheap)
                self.assertEqual((plan.objective, plan.bound), (3, 3))
                self.assertTrue(plan.is_proven)
                self.assertEqual(plan.bound_label, plan.objective_label)
                self.assertEqual(plan.verdict, "Proven best")

    def test_equal_weights_in_any_currency(self):
        """Two yen decide between two cartons that bill the same, in many parcels."""
        self.carrier.oms_cost_method = "weight"
        dear = self.medium.copy({"name": "OMS Dear", "sequence": -1})
        self.medium.oms_cost, dear.oms_cost = 998, 1000
        self.large.oms_cost = 9000
        plan = self.plan_in("JPY", (self.mug, 40))
        self.assertNotIn(dear, plan.box_ids.package_type_id)
        self.assertLessEqual(plan.bound, plan.objective)
        billable = sum(plan.box_ids.mapped("carrier_billable"))
        self.assertAlmostEqual(plan.objective, billable)

    def test_surcharge_decides_between_equals_only(self):
        """20,000 forints for long parcels: taken all the same where they weigh less."""
        surcharge = Command.create({"code": "LONG", "amount": 20_000})
        self.carrier.write(
            {"oms_cost_method": "weight", "oms_surcharge_ids": [surcharge]}
        )
        price = self.carrier._oms_get_price(company=self.company)
        weight = self.carrier._oms_get_objective(price)
        items = [Item("mug", 100, 100, 100, 400, quantity=200)]
        cartons = self.large._oms_to_cartons(self.company)
        offer = weight.offer(items, cartons)
        parcel = ((300, 200, 200), 1000)
        plain = offer.price(*parcel)
        with patch.object(type(price), "surcharge", return_value=20000.0):
            weight = self.carrier._oms_get_objective(price)
            dear = weight.offer(items, cartons).price(*parcel)
        self.assertGreater(dear, plain)
        self.assertLess(200 * (dear - plain), 1, "of 200 parcels less than a gram")

    def test_cost_that_the_company_plans_with(self):
        """No tariff: 4 a parcel and 0.9 per kg of the company, and so it is said."""
        self.company.write({"oms_parcel_fee": 4.0, "oms_weight_rate": 0.9})
        self.carrier.write({"oms_cost_method": "price", "fixed_price": 0.0})
        lines = (self.mug, 4), (self.book, 2)
        plan = self.create_packing_order(*lines).picking_ids.oms_pack_plan_id
        self.assertEqual((plan.has_tariff, plan.has_cost), (False, True))
        self.assertAlmostEqual(plan.price, 4 + 0.9 * 3)
        self.assertAlmostEqual(plan.box_ids.price, plan.price)
        price = self.company.currency_id.format(plan.price)
        self.assertEqual(
            plan.price_label, f"{price} (planned with the company's cost of a parcel)"
        )
        self.carrier.fixed_price = 6.0
        plan.picking_id.action_oms_plan_packing()
        plan = plan.picking_id.oms_pack_plan_id
        self.assertTrue(plan.has_tariff)
        self.assertEqual(plan.price_label, self.company.currency_id.format(plan.price))
        plan = self.create_order(*lines).picking_ids.oms_pack_plan_id
        self.assertFalse(plan.carrier_id or plan.has_tariff)
        self.assertTrue(plan.has_cost)

    def test_weight_with_a_tariff(self):
        """Cartons by weight; the rules tell that 3 kg cost 3 + 0.5 x 3."""
        self.rules(
            ("billable_weight", "<=", 30, 3.0, 0.5, "billable_weight"),
            oms_cost_method="weight",
        )
        self.medium.oms_cost = 0.5
        order = self.create_packing_order((self.mug, 4), (self.book, 2))
        plan = order.picking_ids.oms_pack_plan_id
        self.assertTrue(plan.has_tariff)
        self.assertEqual((plan.objective, plan.objective_unit), (3, "kg"))
        self.assertAlmostEqual(plan.price, 3 + 0.5 * 3 + 0.5)
        self.assertAlmostEqual(plan.box_ids.price, plan.price)

    def test_weight_is_never_added_up(self):
        """Lists and pivots add money to money; what is minimised is not added."""
        for name in ("objective", "bound", "usual_objective"):
            self.assertFalse(self.env["oms.pack.plan"]._fields[name].aggregator)
        for model in ("oms.pack.plan", "oms.pack.box", "oms.pack.box.line"):
            self.assertEqual(self.env[model]._fields["price"].type, "monetary")
        box = self.env["oms.pack.box"]
        self.assertEqual(box._fields["nearly_saving"].type, "monetary")

    # -- what cannot be billed -------------------------------------------------------

    def test_no_version_in_force_stops_no_packing(self):
        self.dim_rule.version_ids.date_to = fields.Date.to_date("2020-12-31")
        order = self.create_packing_order((self.mug, 4))
        picking = order.picking_ids
        plan = picking.oms_pack_plan_id
        self.assertEqual(plan.state, "proposed")
        self.assertAlmostEqual(plan.billable_weight, plan.gross_weight)
        plan.action_apply()
        self.env.flush_all()
        package = picking.move_line_ids.result_package_id
        self.assertEqual(package.oms_billable_weight, 0)
        self.assertFalse(package.oms_billable_label)
        self.assertIn("no version in force", package.oms_billing_note)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.dim_rule.version_ids.date_to = False
        package.invalidate_recordset(["oms_billing_note"])
        self.assertFalse(package.oms_billing_note)

    def test_no_version_in_force_stops_no_shipment(self):
        """5.5 kg are 5.5, and the transfer says why."""
        self.rules(invoice_policy="real")
        order = self.create_packing_order((self.crate, 1))
        picking = order.picking_ids
        picking.oms_pack_plan_id.action_apply()
        self.dim_rule.version_ids.date_to = fields.Date.to_date("2020-12-31")
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.carrier_price, 5.5)
        notes = " ".join(picking.message_ids.mapped("body"))
        self.assertIn("no version in force", notes)
        found = self.carrier.rate_shipment(order)
        self.assertIn("no version in force", found["error_message"])

    def test_freight_class_of_goods_without_a_size(self):
        """Nothing is measured and nothing guessed: 2 kg are 4.41 lb, billed as 5."""
        self.rules(
            ("billable_weight", ">=", 0, 5.0, 1.0, "billable_weight"),
            oms_dim_rule_id=self.env.ref("oms_order_cycle.dim_rule_ltl_us").id,
        )
        self.company.oms_guess_sizes = False
        product = self.create_product("OMS Unmeasured", weight=1.0)
        order = self.create_packing_order((product, 2), confirm=False)
        self.assertEqual(self.quote(order), 5.0 + 5.0)
        types = self.small + self.medium + self.large
        types.write({"oms_is_carton": False})
        self.assertEqual(self.quote(order), 5.0 + 5.0, "without cartons as well")
