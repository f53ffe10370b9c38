"""Many boxes at once; numbers, labels and words of what is packed."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackApply(PackingCommon):
    def plan(self, *lines):
        picking = self.create_packing_order(*lines).picking_ids
        return picking.oms_pack_plan_id

    def apply(self, plan):
        plan.action_apply()
        self.env.cr.flush()
        return plan.box_ids.package_id

    # -- in bulk ---------------------------------------------------------------------

    def test_queries_do_not_grow_with_boxes(self):
        """One product in 10 and in 40 boxes of its own."""
        self.large.oms_is_carton = False
        brick = self.create_sized("OMS Brick", (290, 190, 190), 3)
        counts = []
        for number in (10, 40, 10):
            plan = self.plan((brick, number))
            self.assertEqual(plan.box_count, number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            packages = self.apply(plan)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(packages), number)
            self.assertEqual(set(packages.mapped("shipping_weight")), {3.2})
        self.assertLessEqual(counts[1], counts[2] + 5)

    def test_what_is_reserved_stays_reserved(self):
        self.large.oms_is_carton = False
        brick = self.create_sized("OMS Brick", (290, 190, 190), 3)
        plan = self.plan((brick, 7))
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", brick.id),
                ("location_id", "=", self.warehouse.lot_stock_id.id),
            ]
        )
        self.assertEqual(sum(quant.mapped("reserved_quantity")), 7)
        self.apply(plan)
        picking = plan.picking_id
        self.assertEqual(sum(quant.mapped("reserved_quantity")), 7)
        self.assertEqual(picking.move_line_ids.mapped("quantity"), [1] * 7)
        self.assertEqual(picking.move_ids.state, "assigned")
        self.assertEqual(picking.state, "assigned")
        plan.action_undo()
        self.assertEqual(picking.move_line_ids.quantity, 7)
        self.assertEqual(sum(quant.mapped("reserved_quantity")), 7)
        self.apply(plan)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(sum(quant.mapped("reserved_quantity")), 0)

    def test_plans_of_several_transfers(self):
        plans = self.plan((self.mug, 4)) | self.plan((self.mug, 2), (self.book, 1))
        packages = self.apply(plans)
        self.assertEqual(len(packages), 2)
        for plan in plans:
            lines = plan.picking_id.move_line_ids
            self.assertEqual(lines.result_package_id, plan.box_ids.package_id)

    def test_context_of_a_client_frees_nothing(self):
        move = self.plan((self.mug, 4)).picking_id.move_ids
        move = move.with_context(oms_keeps_reserved=True)
        self.assertFalse(move._should_bypass_reservation())

    # -- whole cases -----------------------------------------------------------------

    def test_whole_cases_of_an_order_in_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.mug.uom_ids = [Command.link(dozen.id)]
        self.give_size(self.mug, (400, 300, 110), 5.5, uom=dozen)
        self.assertNotIn(dozen, self.plan((self.mug, 30)).box_ids.line_ids.uom_id)
        self.mug.oms_packs_cases = True
        plan = self.plan((self.mug, 30))
        lines = plan.box_ids.line_ids
        cases = lines.filtered(lambda line: line.uom_id == dozen)
        self.assertEqual(sum(cases.mapped("quantity")), 2)
        self.assertEqual(sum((lines - cases).mapped("quantity")), 6)
        packages = self.apply(plan)
        tare = sum(packages.package_type_id.mapped("base_weight"))
        if len(packages) == 1:
            self.assertAlmostEqual(packages.shipping_weight, tare + 11 + 2.4)
        self.assertEqual(sum(packages.move_line_ids.mapped("quantity")), 30)

    # -- lists -----------------------------------------------------------------------

    def test_lists_read_plans_at_once(self):
        self.mug.oms_size_ids.own_carton = True
        pickings = self.env["stock.picking"]
        for number in range(1, 9):
            pickings |= self.plan((self.mug, number), (self.book, 1)).picking_id
        specification = dict.fromkeys(
            ("oms_pack_summary", "oms_pack_card", "oms_pack_note"), {}
        )
        counts = []
        for some in (pickings[:2], pickings[:2], pickings):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.web_read(specification)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 3, counts)

    # -- slips and labels ------------------------------------------------------------

    def test_number_on_the_slip_is_that_of_the_package(self):
        plan = self.plan((self.mug, 4))
        self.assertFalse(plan.box_ids.package_name)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "oms_order_cycle.oms_packing_slip", plan.ids
        )[0].decode()  # fmt: skip
        number = plan.box_ids.package_name
        self.assertTrue(number)
        self.assertIn(number, html)
        self.assertEqual(html.count("data:image/svg"), 2 + 1)
        bench = self.env["oms.pack.wizard"].browse(
            plan.picking_id.action_oms_pack()["res_id"]
        )
        bench.change_carton(plan.picking_id.id, 1, self.large.id)
        bench.action_apply()
        package = plan.picking_id.move_line_ids.result_package_id
        self.assertEqual(package.name, number)

    def test_labels(self):
        plan = self.plan((self.mug, 4))
        picking = plan.picking_id
        with self.assertRaisesRegex(UserError, "no package yet"):
            picking.action_oms_print_labels()
        package = self.apply(plan)
        action = picking.action_oms_print_labels()
        self.assertEqual(action["report_name"], "oms_order_cycle.oms_package_label")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "oms_order_cycle.oms_package_label", package.ids
        )[0].decode()  # fmt: skip
        for words in (package.name, self.customer.name, "1 of 1", "data:image/svg"):
            self.assertIn(words, html)

    def test_pack_is_to_be_pressed_until_packed(self):
        plan = self.plan((self.mug, 4))
        picking = plan.picking_id
        self.assertTrue(picking.oms_is_to_pack)
        self.assertEqual(picking.oms_pack_card, "1 box, OMS Parcel Service")
        self.apply(plan)
        self.assertFalse(picking.oms_is_to_pack)

    def test_packages_are_shown_with_the_first_carton(self):
        users = self.env.ref("base.group_user")
        packages = self.env.ref("stock.group_tracking_lot")
        users.implied_ids = [Command.unlink(packages.id)]
        self.create_carton("OMS First", (100, 100, 100), 0.1)
        self.assertIn(packages, users.all_implied_ids)

    # -- words -----------------------------------------------------------------------

    def test_what_ships_as_it_is_is_named(self):
        self.mug.oms_size_ids.own_carton = True
        picking = self.plan((self.mug, 3), (self.book, 1)).picking_id
        self.assertIn("3 x OMS Mug as they are", picking.oms_pack_summary)

    def test_carton_that_is_out_of_stock_says_so(self):
        crate = self.create_sized("OMS Crate", (290, 190, 190), 3)
        carton = self.create_product("OMS Carton", is_storable=True)
        self.env["stock.quant"].search([("product_id", "=", carton.id)]).unlink()
        self.medium.write({"oms_product_id": carton.id, "oms_limit_to_stock": True})
        plan = self.plan((crate, 1))
        self.assertEqual(plan.box_ids.package_type_id, self.large)
        self.assertIn("OMS Medium, is out of stock", plan.box_ids.reason)

    def test_guesses_prove_nothing(self):
        self.assertTrue(self.plan((self.mug, 4)).is_proven)
        self.mug.oms_size_ids.source = "guess"
        plan = self.plan((self.mug, 4))
        self.assertTrue(plan.is_guessed)
        self.assertFalse(plan.is_proven)
        self.assertFalse(plan.verdict)

    def test_unknown_weight_is_said(self):
        self.assertFalse(self.plan((self.mug, 1)).is_weightless)
        feather = self.create_sized("OMS Feather", (50, 50, 50), 0)
        self.assertTrue(self.plan((self.mug, 1), (feather, 1)).is_weightless)

    def test_gap_is_for_consultants(self):
        plan = self.plan((self.mug, 4))
        plan.write({"is_proven": False, "bound": plan.objective / 1.259})
        packer = self.create_user("oms_gap_packer", "stock.group_stock_user")
        consultant = self.create_user(
            "oms_gap_consultant", "oms_order_cycle.group_oms_consultant"
        )
        self.assertFalse(plan.with_user(packer).verdict)
        self.assertIn("25.9 %", plan.with_user(consultant).verdict)
