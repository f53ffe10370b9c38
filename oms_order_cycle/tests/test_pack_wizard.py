from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackWizard(PackingCommon):
    def open_bench(self, pickings, user=None):
        action = pickings.with_user(user or self.env.user).action_oms_pack()
        wizard = self.env[action["res_model"]].with_user(user or self.env.user)
        return wizard.browse(action["res_id"])

    def boxes(self, wizard, transfer=0):
        """``[(carton, {product: quantity})]`` as the screen shows them."""
        shown = wizard.bench["transfers"][transfer]
        return [
            (
                box["name"],
                {row["name"]: row["quantity"] for row in box["contents"]},
            )
            for box in shown["boxes"]
        ]

    def key(self, product):
        return f"{product.id}-{product.uom_id.id}"

    def test_apply_as_proposed(self):
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        plan = picking.oms_pack_plan_id
        wizard = self.open_bench(picking)
        self.assertEqual(
            self.boxes(wizard), [("OMS Medium", {"OMS Mug": 4, "OMS Book": 2})]
        )
        shown = wizard.bench["transfers"][0]
        self.assertIn("<svg", shown["boxes"][0]["svg"])
        self.assertEqual(shown["billable"], "3 kg")
        self.assertEqual(shown["verdict"], "Proven best")
        self.assertFalse(wizard.is_changed)
        with Form(wizard) as form:
            self.assertFalse(form.reason)
        wizard.action_apply()
        self.assertEqual(plan.state, "applied")
        self.assertEqual(len(picking.move_line_ids.result_package_id), 1)
        again = self.open_bench(picking)
        self.assertTrue(again.is_packed)
        self.assertFalse(again.has_boxes)
        again.action_undo()
        self.assertFalse(picking.move_line_ids.result_package_id)
        self.assertEqual(plan.state, "proposed")

    def test_nothing_goes_into_a_carton(self):
        crate = self.create_sized("OMS Crate", (900, 900, 900), 5)
        picking = self.create_packing_order((crate, 1)).picking_ids
        self.assertIn("OMS Crate: longer than every", picking.oms_pack_summary)
        with self.assertRaisesRegex(UserError, "OMS Crate: longer than every"):
            self.open_bench(picking).action_apply()

    def test_a_gram_counts(self):
        """What is billed for 3.001 kg is billed for it all the way."""
        iron = self.create_sized("OMS Iron", (100, 100, 50), 2.901)
        picking = self.create_packing_order((iron, 1)).picking_ids
        self.assertEqual(picking.oms_pack_plan_id.carrier_billable, 3.5)
        wizard = self.open_bench(picking)
        shown = wizard.bench["transfers"][0]
        self.assertEqual(shown["billable"], "3.5 kg")
        self.assertEqual(shown["boxes"][0]["gross"], "3.001 kg")
        wizard.action_apply()
        package = picking.move_line_ids.result_package_id
        self.assertEqual(package.oms_billable_weight, 3.5)
        self.assertAlmostEqual(package.shipping_weight, 3.001, places=6)

    def test_steps(self):
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        wizard = self.open_bench(picking)
        steps = wizard.get_steps(wizard.draft[0]["plan_id"], 1)
        self.assertGreater(len(steps), 1)
        self.assertIn("Step 1 of", steps[0])

    def test_change_carton(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        plan = picking.oms_pack_plan_id
        wizard = self.open_bench(picking)
        wizard.change_carton(picking.id, 1, self.large.id)
        self.assertEqual(self.boxes(wizard), [("OMS Large", {"OMS Mug": 4})])
        self.assertTrue(wizard.is_changed)
        self.assertFalse(wizard.has_faults)
        self.assertTrue(wizard.bench["transfers"][0]["dearer"])
        wizard.reason = "No medium cartons left"
        wizard.action_apply()
        self.assertEqual(
            (plan.state, plan.overridden_by, plan.override_reason),
            ("overridden", self.env.user, "No medium cartons left"),
        )
        manual = picking.oms_pack_plan_ids - plan
        self.assertEqual((manual.state, manual.origin_id), ("applied", plan))
        package = picking.move_line_ids.result_package_id
        self.assertEqual(package.package_type_id, self.large)
        self.assertAlmostEqual(package.shipping_weight, 0.5 + 1.6)
        manual.action_undo()
        self.assertEqual((manual.state, plan.state), ("superseded", "proposed"))
        self.assertFalse(plan.override_reason)

    def test_too_small_carton_is_a_fault(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        wizard = self.open_bench(picking)
        wizard.change_carton(picking.id, 1, self.small.id)
        (box,) = wizard.bench["transfers"][0]["boxes"]
        self.assertEqual(box["faults"], ["2 x OMS Mug: no room found"])
        asked = wizard.action_apply_or_ask()
        self.assertEqual(asked["tag"], "oms_pack_ask_reason")
        with self.assertRaisesRegex(UserError, "Give a reason to pack it anyway"):
            wizard.action_apply()
        wizard.plan_rest(picking.id)
        self.assertFalse(wizard.has_faults)
        self.assertEqual(
            self.boxes(wizard),
            [("OMS Small", {"OMS Mug": 2}), ("OMS Small", {"OMS Mug": 2})],
        )
        wizard.action_apply()
        self.assertEqual(len(picking.move_line_ids.result_package_id), 2)

    def test_fault_accepted_with_a_reason(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        wizard = self.open_bench(picking)
        wizard.change_carton(picking.id, 1, self.small.id)
        wizard.reason = "They are smaller than we thought"
        wizard.action_apply()
        manual = picking.oms_pack_plan_id
        self.assertIn("no room found", manual.box_ids.fault_note)
        package = picking.move_line_ids.result_package_id
        self.assertAlmostEqual(package.shipping_weight, 0.1 + 1.6)

    def test_move_units(self):
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        wizard = self.open_bench(picking)
        wizard.move_units(picking.id, 1, self.key(self.book), 2, 0)
        self.assertEqual(
            self.boxes(wizard),
            [("OMS Medium", {"OMS Mug": 4}), ("OMS Small", {"OMS Book": 2})],
        )
        wizard.change_carton(picking.id, 2, self.medium.id)
        wizard.move_units(picking.id, 1, self.key(self.mug), 1, 2)
        self.assertEqual(
            self.boxes(wizard),
            [
                ("OMS Medium", {"OMS Mug": 3}),
                ("OMS Medium", {"OMS Book": 2, "OMS Mug": 1}),
            ],
        )
        # the last unit takes its box with it
        wizard.move_units(picking.id, 1, self.key(self.mug), 3, 2)
        self.assertEqual(
            self.boxes(wizard), [("OMS Medium", {"OMS Book": 2, "OMS Mug": 4})]
        )
        with self.assertRaisesRegex(UserError, "Between 1 and 4"):
            wizard.move_units(picking.id, 1, self.key(self.mug), 5, 0)

    def test_what_ships_as_it_is(self):
        case = self.create_sized("OMS Case", (500, 300, 300), 9)
        case.oms_size_ids.own_carton = True
        picking = self.create_packing_order((case, 3), (self.mug, 1)).picking_ids
        wizard = self.open_bench(picking)
        shown = wizard.bench["transfers"][0]["boxes"]
        cards = [(box["number"], box["last"], box["own"]) for box in shown]
        self.assertEqual(cards, [(1, 3, True), (4, 4, False)])
        wizard.remove_box(picking.id, 1)
        self.assertFalse(wizard.bench["transfers"][0]["complete"])
        # back it goes, still without a carton
        wizard.move_units(picking.id, 0, self.key(case), 1, 0)
        shown = wizard.bench["transfers"][0]
        self.assertTrue(shown["complete"])
        self.assertFalse(wizard.has_faults)
        wizard.action_apply()
        self.assertEqual(len(picking.move_line_ids.result_package_id), 4)

    def test_packed_in_rounds(self):
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        mugs = picking.move_ids.filtered(lambda move: move.product_id == self.mug)
        mugs.picked = True
        self.open_bench(picking).action_apply()
        picking.move_ids.picked = True
        wizard = self.open_bench(picking)
        shown = wizard.bench["transfers"]
        self.assertEqual([row["applied"] for row in shown], [False, True])
        self.assertEqual([row["offset"] for row in shown], [1, 0])
        self.assertFalse(wizard.bench["multi"])
        for row in shown:
            self.assertTrue(wizard.get_steps(row["plan"], 1))
        wizard.change_carton(picking.id, 1, self.large.id)
        self.assertEqual(
            [row["boxes"][0]["name"] for row in wizard.bench["transfers"]],
            ["OMS Large", "OMS Medium"],
        )
        wizard.reason = "No small ones"
        wizard.action_apply()
        again = self.open_bench(picking)
        self.assertEqual(
            [row["override"] for row in again.bench["transfers"]],
            ["", f"Packed by hand by {self.env.user.name}: No small ones"],
        )
        again.action_undo()
        self.assertFalse(picking.move_line_ids.result_package_id)

    def test_everything_in_packages(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        picking.move_line_ids._put_in_pack(package_type_id=self.large.id)
        with self.assertRaisesRegex(UserError, "in packages already"):
            self.open_bench(picking)

    def test_add_and_remove_box(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        wizard = self.open_bench(picking)
        wizard.add_box(picking.id)
        self.assertEqual(len(self.boxes(wizard)), 2)
        wizard.move_units(picking.id, 1, self.key(self.mug), 2, 2)
        wizard.change_carton(picking.id, 2, self.small.id)
        wizard.remove_box(picking.id, 1)
        shown = wizard.bench["transfers"][0]
        self.assertEqual(shown["loose"][0]["quantity"], 2)
        self.assertTrue(wizard.has_faults)
        wizard.plan_rest(picking.id)
        self.assertEqual(
            self.boxes(wizard),
            [("OMS Small", {"OMS Mug": 2}), ("OMS Small", {"OMS Mug": 2})],
        )
        wizard.reset()
        self.assertEqual(self.boxes(wizard), [("OMS Medium", {"OMS Mug": 4})])
        self.assertFalse(wizard.is_changed)

    def test_something_left_out_with_a_reason(self):
        """What is in no box is kept with the plan, in the words of the bench."""
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        wizard = self.open_bench(picking)
        wizard.move_units(picking.id, 1, self.key(self.book), 2, 0)
        wizard.remove_box(picking.id, 2)
        wizard.reason = "The books come later"
        wizard.action_apply()
        plan = picking.oms_pack_plan_id
        self.assertEqual(plan.unpacked_note, "2 x OMS Book: its box was removed")
        self.assertEqual(len(picking.move_line_ids.result_package_id), 1)

    def test_units_leave_a_box_without_a_carton(self):
        case = self.create_sized("OMS Case", (150, 120, 80), 1)
        case.oms_size_ids.own_carton = True
        picking = self.create_packing_order((case, 1), (self.mug, 1)).picking_ids
        wizard = self.open_bench(picking)
        boxes = wizard.bench["transfers"][0]["boxes"]
        own = next(box["number"] for box in boxes if box["own"])
        wizard.change_carton(picking.id, 3 - own, self.medium.id)
        wizard.move_units(picking.id, own, self.key(case), 1, 3 - own)
        self.assertEqual(
            self.boxes(wizard), [("OMS Medium", {"OMS Mug": 1, "OMS Case": 1})]
        )

    def test_rules_are_checked(self):
        self.mug.oms_size_ids.single_product = True
        picking = self.create_packing_order((self.mug, 2), (self.book, 1)).picking_ids
        wizard = self.open_bench(picking)
        numbers = {name: n for n, (_c, rows) in enumerate(self.boxes(wizard), 1)
                   for name in rows}  # fmt: skip
        self.assertEqual(len(numbers), 2)
        wizard.move_units(
            picking.id,
            numbers["OMS Book"],
            self.key(self.book),
            1,
            numbers["OMS Mug"],
        )
        self.assertTrue(wizard.has_faults)

    def test_partial_quantities(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        picking.move_ids.move_line_ids.quantity = 1
        picking.move_ids.picked = True
        wizard = self.open_bench(picking)
        self.assertEqual(self.boxes(wizard), [("OMS Small", {"OMS Mug": 1})])
        wizard.action_apply()
        # the rest is picked later, and packed then
        picking.move_ids.quantity = 4
        picking.move_ids.move_line_ids.picked = True
        wizard = self.open_bench(picking)
        self.assertEqual(self.boxes(wizard), [("OMS Medium", {"OMS Mug": 3})])
        wizard.action_apply()
        self.assertEqual(len(picking.move_line_ids.result_package_id), 2)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_batch(self):
        pickings = (
            self.create_packing_order((self.mug, 4)).picking_ids
            | self.create_packing_order((self.book, 2)).picking_ids
        )
        batch = self.env["stock.picking.batch"].create(
            {
                "picking_ids": [Command.set(pickings.ids)],
                "company_id": self.company.id,
            }
        )
        batch.action_confirm()
        action = batch.action_oms_pack()
        wizard = self.env["oms.pack.wizard"].browse(action["res_id"])
        self.assertEqual(len(wizard.bench["transfers"]), 2)
        wizard.action_apply()
        for picking in pickings:
            self.assertEqual(len(picking.move_line_ids.result_package_id), 1)
        self.assertEqual(len(pickings.move_line_ids.result_package_id), 2)
        batch.action_done()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def test_nothing_to_pack(self):
        order = self.create_packing_order((self.mug, 4))
        self.ship(order)
        with self.assertRaisesRegex(UserError, "Nothing can be packed"):
            order.picking_ids.action_oms_pack()

    def test_wrong_people(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        salesman = self.create_user("oms_bench_sales", "sales_team.group_sale_salesman")
        packer = self.create_user("oms_bench_one", "stock.group_stock_user")
        other = self.create_user("oms_bench_two", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            picking.with_user(salesman).action_oms_pack()
        wizard = self.open_bench(picking, packer)
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_apply()
        with self.assertRaises(AccessError):
            wizard.with_user(other).change_carton(picking.id, 1, self.large.id)
        wizard.change_carton(picking.id, 1, self.large.id)
        wizard.reason = "Asked for"
        wizard.action_apply()
        self.assertEqual(picking.oms_pack_plan_id.applied_by, packer)

    def test_foreign_transfer_is_not_on_the_bench(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        other = self.create_packing_order((self.mug, 4)).picking_ids
        wizard = self.open_bench(picking)
        with self.assertRaisesRegex(UserError, "not on the bench"):
            wizard.change_carton(other.id, 1, self.large.id)
