from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackChanges(PackingCommon):
    """What happens between the plan and the truck, and what is remembered of it."""

    def open_bench(self, pickings, user=None):
        action = pickings.with_user(user or self.env.user).action_oms_pack()
        wizard = self.env[action["res_model"]].with_user(user or self.env.user)
        return wizard.browse(action["res_id"])

    def put_in_besides(self, package, picking):
        """Somebody lays a book into a package that is packed."""
        self.env["stock.move.line"].create(
            {
                "picking_id": picking.id,
                "product_id": self.book.id,
                "quantity": 1,
                "result_package_id": package.id,
            }
        )

    def end_request(self):
        self.env.cr.flush()

    # -- the bench cannot be forged -----------------------------------------------

    def test_bench_is_not_written_from_outside(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        packer = self.create_user("oms_forger", "stock.group_stock_user")
        wizard = self.open_bench(picking, packer)
        draft = wizard.draft
        draft[0]["boxes"][0]["gross"] = 1
        with self.assertRaises(AccessError):
            wizard.draft = draft
        with self.assertRaises(AccessError):
            wizard.create({"draft": draft})
        wizard.action_apply()
        package = picking.move_line_ids.result_package_id
        self.assertAlmostEqual(package.shipping_weight, 0.2 + 4 * 0.4)

    def test_stale_bench_is_refused(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        early, late = self.open_bench(picking), self.open_bench(picking)
        late.action_apply()
        with self.assertRaisesRegex(UserError, "in the meantime"):
            early.action_apply()
        self.assertEqual(len(picking.move_line_ids.result_package_id), 1)

    def test_wrong_box_is_said(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        wizard = self.open_bench(picking)
        for call in (
            lambda: wizard.change_carton(picking.id, 7, self.large.id),
            lambda: wizard.remove_box(picking.id, 0),
            lambda: wizard.get_steps(wizard.draft[0]["plan_id"], 7),
            lambda: wizard.get_steps(0, 1),
            lambda: wizard.move_units(picking.id, 1, "0-0", 1, 0),
            lambda: wizard.get_size("0-0"),
        ):
            with self.assertRaises(UserError):
                call()

    # -- quantities ---------------------------------------------------------------

    def test_fractions(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        flour = self.create_product("OMS Flour", uom_id=kilo.id, weight=1)
        self.give_size(flour, (100, 100, 100), 1)
        picking = self.create_packing_order((flour, 2.4)).picking_ids
        plan = picking.oms_pack_plan_id
        self.assertEqual(sum(plan.box_ids.line_ids.mapped("quantity")), 3)
        self.assertAlmostEqual(sum(plan.box_ids.line_ids.mapped("product_qty")), 2.4)
        self.open_bench(picking).action_apply()
        self.assertAlmostEqual(
            picking.move_line_ids.filtered("result_package_id").quantity, 2.4
        )
        picking.button_validate()
        self.assertEqual((picking.state, plan.state), ("done", "applied"))

    def test_fewer_go_into_the_package(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        plan = picking.oms_pack_plan_id
        plan.action_apply()
        package = plan.box_ids.package_id
        self.assertAlmostEqual(package.shipping_weight, 0.2 + 4 * 0.4)
        picking.move_line_ids.quantity = 3
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertAlmostEqual(package.shipping_weight, 0.2 + 3 * 0.4)
        self.assertEqual(package.oms_weight_source, "computed")
        self.assertAlmostEqual(plan.packed_weight, 0.2 + 3 * 0.4)

    # -- planned and packed -------------------------------------------------------

    def test_by_hand_is_compared_with_the_proposal(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        proposal = picking.oms_pack_plan_id
        wizard = self.open_bench(picking)
        wizard.change_carton(picking.id, 1, self.large.id)
        wizard.reason = "The customer wants it"
        wizard.action_apply()
        picking.button_validate()
        package = picking.move_line_ids.result_package_id
        self.assertEqual(proposal.packed_boxes, 1)
        self.assertAlmostEqual(proposal.packed_billable, package.oms_billable_weight)
        self.assertAlmostEqual(
            proposal.billable_difference,
            package.oms_billable_weight - proposal.billable_weight,
        )
        self.assertGreater(proposal.billable_difference, 0)
        by_reason = self.env["oms.pack.plan"]._read_group(
            [("picking_id", "=", picking.id), ("is_manual", "=", False)],
            ["override_reason"],
            ["__count", "packed_billable:sum"],
        )
        self.assertEqual(
            by_reason, [("The customer wants it", 1, package.oms_billable_weight)]
        )

    def test_put_in_pack_in_a_request_of_its_own(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        plan = picking.oms_pack_plan_id
        self.end_request()
        picking.move_line_ids._put_in_pack(package_type_id=self.large.id)
        self.end_request()
        self.assertEqual(plan.state, "overridden")
        picking.button_validate()
        self.end_request()
        self.assertEqual((plan.state, plan.packed_boxes), ("overridden", 1))
        self.assertGreater(plan.billable_difference, 0)

    def test_two_waves_are_compared_each(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        picking.move_line_ids.quantity = 1
        picking.move_ids.picked = True
        self.open_bench(picking).action_apply()
        picking.move_ids.quantity = 4
        picking.move_line_ids.picked = True
        self.open_bench(picking).action_apply()
        picking.button_validate()
        plans = picking.oms_pack_plan_ids.filtered(lambda p: p.state == "applied")
        self.assertEqual(
            plans.sorted("id").mapped(lambda p: p._get_box_offset()), [0, 1]
        )
        self.assertEqual(plans[0]._get_box_total(), 2)
        self.assertIn("OMS Small", picking.oms_pack_summary)
        self.assertIn("OMS Medium", picking.oms_pack_summary)
        self.assertEqual(plans.mapped("packed_boxes"), [1, 1])
        self.assertEqual(plans.mapped("billable_difference"), [0, 0])

    def test_cancelled_transfer_leaves_no_applied_plan(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        plan = picking.oms_pack_plan_id
        plan.action_apply()
        picking.action_cancel()
        self.assertEqual(plan.state, "superseded")

    def test_undo_leaves_what_was_put_in_besides(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        picking.oms_pack_plan_id.action_apply()
        package = picking.move_line_ids.result_package_id
        self.put_in_besides(package, picking)
        picking.oms_pack_plan_id.action_undo()
        self.assertEqual(
            picking.move_line_ids.filtered("result_package_id").product_id, self.book
        )

    # -- sizes, cartons, carriers, days -------------------------------------------

    def test_measured_meanwhile(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        plan = picking.oms_pack_plan_id
        self.assertEqual(plan.box_ids.package_type_id, self.medium)
        self.mug.oms_size_ids.write({"length": 350, "width": 200})
        with self.assertRaisesRegex(UserError, "Plan again"):
            plan.action_apply()
        wizard = self.open_bench(picking)
        self.assertEqual(plan.state, "superseded")
        self.assertEqual(wizard.bench["transfers"][0]["boxes"][0]["name"], "OMS Large")
        wizard.action_apply()
        self.assertEqual(
            picking.move_line_ids.result_package_id.package_type_id, self.large
        )

    def test_carton_gone_meanwhile(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.medium.oms_is_carton = False
        self.open_bench(picking).action_apply()
        packages = picking.move_line_ids.result_package_id
        self.assertTrue(packages)
        self.assertNotIn(self.medium, packages.package_type_id)

    def test_measured_at_the_bench(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        packer = self.create_user("oms_measurer", "stock.group_stock_user")
        wizard = self.open_bench(picking, packer)
        key = f"{self.mug.id}-{self.mug.uom_id.id}"
        size = wizard.get_size(key)
        self.assertEqual((size["length"], size["weight"]), (100, 0.4))
        with self.assertRaisesRegex(UserError, "Enter length"):
            wizard.measure(key, 300, 0, 100, 0)
        wizard.measure(key, 350, 200, 100, 0.5)
        record = self.mug.oms_size_ids
        self.assertEqual((record.source, record.length), ("learnt", 350))
        self.assertEqual(record.measured_by, packer)
        self.assertEqual(wizard.bench["transfers"][0]["boxes"][0]["name"], "OMS Large")
        wizard.action_apply()
        package = picking.move_line_ids.result_package_id
        self.assertAlmostEqual(package.shipping_weight, 0.5 + 4 * 0.5)

    def test_other_carrier_is_planned_again(self):
        order = self.create_packing_order((self.mug, 4))
        self.end_request()
        plan = order.picking_ids.oms_pack_plan_id
        other = self.carrier.copy({"name": "OMS Other"})
        order.picking_ids.carrier_id = other
        self.end_request()
        self.assertEqual(plan.state, "superseded")
        self.assertEqual(order.picking_ids.oms_pack_plan_id.carrier_id, other)

    def test_version_in_force_when_it_ships(self):
        """The packing step is billed by the rule of the day the order ships."""
        self.set_steps("pick_pack_ship")
        day = fields.Date.today() + timedelta(days=40)
        self.dim_rule.version_ids.date_to = day - timedelta(days=10)
        self.dim_rule.write(
            {
                "version_ids": [
                    Command.create(
                        {
                            "divisor": 2500,
                            "weight_step": 0.5,
                            "actual_step": 0.5,
                            "date_from": day - timedelta(days=9),
                        }
                    )
                ]
            }
        )
        order = self.create_packing_order(
            (self.mug, 4), commitment_date=fields.Datetime.to_datetime(day)
        )
        self.validate(order.picking_ids, {self.mug: 4})
        pack = order.picking_ids.filtered(
            lambda p: p.picking_type_id.oms_step == "pack"
        )
        plan = pack.oms_pack_plan_id
        self.assertEqual(plan.ship_date, day)
        # 30.8 x 20.8 x 21.2 cm: 31 x 21 x 22 / 2500 = 5.73 kg
        self.assertAlmostEqual(plan.billable_weight, 6.0)
        plan.action_apply()
        self.assertAlmostEqual(plan.box_ids.package_id.oms_billable_weight, 6.0)

    # -- cartons that are few -----------------------------------------------------

    def test_few_cartons_are_counted_over_transfers(self):
        stock = self.create_product("OMS Medium Carton", quantity=2)
        self.medium.write({"oms_product_id": stock.id, "oms_limit_to_stock": True})
        self.small.oms_is_carton = False
        orders = [self.create_packing_order((self.mug, 4)) for _ in range(3)]
        pickings = self.env["stock.picking"].concat(*(o.picking_ids for o in orders))
        self.end_request()

        expected = ["OMS Large", "OMS Medium", "OMS Medium"]
        names = [p.oms_pack_plan_id.box_ids.package_type_id.name for p in pickings]
        self.assertEqual(sorted(names), expected)
        # planned all at once, and again: their own cartons are free for them
        for _again in range(2):
            pickings.action_oms_plan_packing()
            names = [p.oms_pack_plan_id.box_ids.package_type_id.name for p in pickings]
            self.assertEqual(sorted(names), expected)
        wizard = self.open_bench(pickings)
        wizard.action_apply()
        types = pickings.move_line_ids.result_package_id.mapped("package_type_id.name")
        self.assertEqual(sorted(set(types)), ["OMS Large", "OMS Medium"])

    def test_few_cartons_in_a_second_round(self):
        stock = self.create_product("OMS Medium Carton", quantity=1)
        self.medium.write({"oms_product_id": stock.id, "oms_limit_to_stock": True})
        self.small.oms_is_carton = False
        picking = self.create_packing_order((self.mug, 8)).picking_ids
        picking.move_line_ids.quantity = 4
        picking.move_ids.picked = True
        self.open_bench(picking).action_apply()
        picking.move_ids.quantity = 8
        picking.move_line_ids.picked = True
        self.open_bench(picking).action_apply()
        types = picking.move_line_ids.result_package_id.mapped("package_type_id.name")
        self.assertEqual(sorted(types), ["OMS Large", "OMS Medium"])

    # -- what goes on, what is moved ----------------------------------------------

    def test_package_that_goes_on_with_the_backorder(self):
        self.book.oms_size_ids.single_product = True
        order = self.create_packing_order((self.mug, 4), (self.book, 2))
        picking = order.picking_ids
        plan = picking.oms_pack_plan_id
        plan.action_apply()
        self.assertEqual(plan.box_count, 2)
        weights = {p: p.shipping_weight for p in plan.box_ids.package_id}
        mugs = picking.move_ids.filtered(lambda move: move.product_id == self.mug)
        mugs.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        for package, weight in weights.items():
            self.assertAlmostEqual(package.shipping_weight, weight)
        self.assertEqual((plan.packed_boxes, plan.billable_difference), (1, 0))
        backorder = order.picking_ids - picking
        backorder.button_validate()
        self.assertEqual(backorder.state, "done")
        for package, weight in weights.items():
            self.assertAlmostEqual(package.shipping_weight, weight)

    def test_goods_moved_between_packages_are_weighed(self):
        self.book.oms_size_ids.single_product = True
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        picking.oms_pack_plan_id.action_apply()
        lines = {line.product_id: line for line in picking.move_line_ids}
        package = lines[self.mug].result_package_id
        before = package.shipping_weight
        lines[self.book].result_package_id = package
        picking.button_validate()
        self.assertAlmostEqual(
            package.shipping_weight, before + 2 * self.book.weight, places=3
        )

    def test_plan_for_another_carrier_is_not_applied(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        plan = picking.oms_pack_plan_id
        picking.picking_type_id.oms_plan_packing = False
        picking.carrier_id = self.carrier.copy({"name": "OMS Other"})
        with self.assertRaisesRegex(UserError, "Plan again"):
            plan.action_apply()

    def test_package_from_stock_is_no_override(self):
        ink = self.create_product("OMS Ink", quantity=0)
        stock = self.warehouse.lot_stock_id
        package = self.env["stock.package"].create({"name": "OMS STOCKPACK"})
        self.env["stock.quant"]._update_available_quantity(
            ink, stock, 2, package_id=package
        )
        picking = self.create_packing_order((ink, 2), (self.mug, 4)).picking_ids
        self.end_request()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertNotIn("overridden", picking.oms_pack_plan_ids.mapped("state"))

    def test_undo_weighs_what_stays(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        picking.oms_pack_plan_id.action_apply()
        package = picking.move_line_ids.result_package_id
        self.put_in_besides(package, picking)
        picking.oms_pack_plan_id.action_undo()
        self.assertAlmostEqual(
            package.shipping_weight, self.medium.base_weight + self.book.weight
        )

    def test_rest_is_planned_beside_what_ships_as_it_is(self):
        case = self.create_sized("OMS Case", (500, 300, 300), 9)
        case.oms_size_ids.own_carton = True
        picking = self.create_packing_order((case, 2), (self.mug, 5)).picking_ids
        wizard = self.open_bench(picking)
        key = f"{case.id}-{case.uom_id.id}"
        wizard.remove_box(picking.id, 1)
        wizard.move_units(picking.id, 0, key, 1, 0)
        wizard.plan_rest(picking.id)
        shown = wizard.bench["transfers"][0]
        self.assertTrue(shown["complete"])
        self.assertFalse(shown["dearer"])
        # a fault names the box as the screen numbers it
        number = next(box["number"] for box in shown["boxes"] if not box["own"])
        self.assertGreater(number, 1)
        self.mug.oms_size_ids.fragile = True
        wizard.move_units(
            picking.id, number, f"{self.mug.id}-{self.mug.uom_id.id}", 1, 0
        )
        faults = wizard.bench["transfers"][0]["faults"]
        self.assertFalse([fault for fault in faults if fault.startswith("Box 1:")])

    def test_rest_is_said(self):
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        mugs = picking.move_ids.filtered(lambda move: move.product_id == self.mug)
        mugs.picked = True
        self.open_bench(picking).action_apply()
        picking.oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "proposed"
        ).state = "superseded"
        self.assertIn("not everything is packed", picking.oms_pack_summary)
