"""Size, weight and price of a package follow what it is and what is in it."""

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackageWeight(PackingCommon):
    def setUp(self):
        super().setUp()
        self.picking = self.create_packing_order((self.mug, 6)).picking_ids

    def end_request(self):
        self.env.cr.flush()
        self.env.invalidate_all()

    def put_in_pack(self, lines=None, package_type=None):
        lines = lines or self.picking.move_line_ids
        lines._put_in_pack(package_type_id=(package_type or self.medium).id)
        self.end_request()
        return lines.result_package_id

    def assertWeight(self, package, weight):
        self.end_request()
        self.assertAlmostEqual(package.shipping_weight, weight, 4)

    # -- the type --------------------------------------------------------------------

    def test_type_is_corrected(self):
        package = self.put_in_pack()
        self.assertWeight(package, 0.2 + 2.4)
        package.package_type_id = self.large
        self.assertWeight(package, 0.5 + 2.4)
        self.assertEqual(package.oms_length, 608)
        # 61 x 41 x 42 cm / 5000 = 21.0
        self.assertEqual(package.oms_billable_label, "21.5 kg")
        package.package_type_id = False
        self.assertWeight(package, 2.4)
        self.assertFalse(package.oms_length)

    def test_type_is_chosen_on_the_form(self):
        package = self.put_in_pack()
        with Form(package) as form:
            form.package_type_id = self.large
            self.assertEqual(form.oms_length, 608)
        self.assertWeight(package, 0.5 + 2.4)

    def test_sides_of_the_same_hand_stay(self):
        package = self.put_in_pack()
        package.write({"package_type_id": self.large.id, "oms_height": 150})
        self.assertEqual((package.oms_length, package.oms_height), (608, 150))

    def test_what_was_weighed_stays(self):
        package = self.put_in_pack()
        package.shipping_weight = 3.3
        package.package_type_id = self.large
        self.assertWeight(package, 3.3)
        self.assertEqual(package.oms_length, 608)

    def test_type_of_a_planned_box(self):
        self.picking.oms_pack_plan_id.action_apply()
        package = self.picking.move_line_ids.result_package_id
        package.package_type_id = self.large
        self.assertWeight(package, 0.5 + 2.4)
        self.assertIn("Packed: 1 x OMS Large (21.5 kg)", self.picking.oms_pack_summary)

    def test_closed_package_keeps_its_size(self):
        package = self.put_in_pack()
        self.picking.move_ids.picked = True
        self.picking.button_validate()
        self.end_request()
        package.package_type_id = self.large
        self.end_request()
        self.assertEqual(package.oms_length, 308)
        self.medium.packaging_length = 400
        self.assertEqual(package.oms_length, 308)

    def test_size_of_the_type_changes_no_package(self):
        package = self.put_in_pack()
        self.medium.packaging_length = 400
        self.end_request()
        self.assertEqual(package.oms_length, 308)

    # -- the contents ----------------------------------------------------------------

    def test_measured_weights(self):
        self.mug.product_tmpl_id.oms_size_ids.weight = 0.45
        self.assertWeight(self.put_in_pack(), 0.2 + 6 * 0.45)

    def test_case_with_its_board(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.mug.uom_ids = [Command.link(dozen.id)]
        self.give_size(self.mug, (400, 300, 110), 5.5, uom=dozen)
        self.picking = self.create_packing_order((self.mug, 2, dozen)).picking_ids
        package = self.put_in_pack(package_type=self.large)
        self.assertWeight(package, 0.5 + 2 * 5.5)

    def test_goods_are_moved_between_packages(self):
        line = self.picking.move_line_ids
        first = self.put_in_pack()
        line.quantity = 4
        rest = line.copy({"quantity": 2})
        second = self.put_in_pack(rest, self.small)
        self.assertWeight(first, 0.2 + 4 * 0.4)
        self.assertWeight(second, 0.1 + 2 * 0.4)
        rest.result_package_id = first
        self.assertWeight(first, 0.2 + 6 * 0.4)

    def test_filled_by_hand(self):
        package = self.env["stock.package"].create({"package_type_id": self.medium.id})
        self.picking.move_line_ids.result_package_id = package
        self.assertWeight(package, 0.2 + 6 * 0.4)
        self.assertEqual(package.oms_carrier_id, self.carrier)

    def test_more_into_a_weighed_package(self):
        line = self.picking.move_line_ids
        line.quantity = 4
        rest = line.copy({"quantity": 2})
        package = self.put_in_pack(line)
        package.shipping_weight = 2.0
        rest._put_in_pack(package_id=package.id)
        self.assertWeight(package, 2.0 + 2 * 0.4)

    def test_dialog_shows_measured_weights(self):
        self.mug.product_tmpl_id.oms_size_ids.weight = 0.45
        dialog = self.env["stock.put.in.pack"].create(
            {
                "move_line_ids": [Command.set(self.picking.move_line_ids.ids)],
                "package_type_id": self.medium.id,
            }
        )
        self.assertAlmostEqual(dialog.shipping_weight, 0.2 + 6 * 0.45)

    # -- packages in packages --------------------------------------------------------

    def test_pallet(self):
        pallet_type = self.env["stock.package.type"].create(
            {"name": "OMS Pallet", "base_weight": 25}
        )
        carton = self.put_in_pack()
        carton.action_put_in_pack(package_type_id=pallet_type.id)
        pallet = carton.package_dest_id
        self.assertWeight(pallet, 25 + 2.6)
        self.assertAlmostEqual(self.picking.shipping_weight, 27.6)
        carton.package_type_id = self.large
        self.assertWeight(pallet, 25 + 2.9)
        carton.shipping_weight = 4
        self.assertWeight(pallet, 25 + 4)
        self.picking.move_ids.picked = True
        self.picking.button_validate()
        self.end_request()
        self.assertAlmostEqual(self.picking.shipping_weight, 29)
        self.assertAlmostEqual(pallet.shipping_weight, 29)

    def test_pallet_of_two_transfers(self):
        other = self.create_packing_order((self.mug, 2)).picking_ids
        one = self.put_in_pack()
        two = self.put_in_pack(other.move_line_ids, self.small)
        pallet_type = self.env["stock.package.type"].create(
            {"name": "OMS Pallet", "base_weight": 25}
        )
        (one | two).action_put_in_pack(package_type_id=pallet_type.id)
        pallet = one.package_dest_id
        self.assertEqual(two.package_dest_id, pallet)
        self.assertWeight(pallet, 25 + 2.6 + 0.9)
        two.action_remove_package()
        self.assertWeight(pallet, 25 + 2.6)

    # -- taken out again -------------------------------------------------------------

    def apply(self):
        self.picking.oms_pack_plan_id.action_apply()
        self.end_request()
        return self.picking.move_line_ids.result_package_id

    def assertTakenApart(self, package, planned=True):
        self.end_request()
        self.assertFalse(package.exists())
        summary = self.picking.oms_pack_summary or ""
        self.assertNotIn("Packed", summary)
        states = self.picking.oms_pack_plan_ids.mapped("state")
        self.assertEqual("proposed" in states, planned, states)

    def test_order_is_lowered(self):
        package = self.apply()
        self.picking.move_ids.sale_line_id.product_uom_qty = 4
        self.assertTakenApart(package)
        self.assertIn("OMS", self.picking.oms_pack_summary)

    def test_goods_are_unpacked(self):
        package = self.apply()
        package.action_remove_package()
        self.assertTakenApart(package)

    def test_reservation_is_given_up(self):
        package = self.apply()
        self.picking.do_unreserve()
        self.assertTakenApart(package)

    def test_transfer_is_cancelled(self):
        package = self.apply()
        self.picking.action_cancel()
        self.assertTakenApart(package, planned=False)

    def test_one_product_of_two_is_removed(self):
        order = self.create_packing_order((self.mug, 4), (self.book, 20))
        self.picking = order.picking_ids
        self.picking.oms_pack_plan_id.action_apply()
        self.end_request()
        before = self.picking.move_line_ids.result_package_id
        line = self.picking.move_line_ids.filtered(
            lambda row: row.product_id == self.book
        )
        line.move_id.sale_line_id.product_uom_qty = 0
        self.end_request()
        after = self.picking.move_line_ids.result_package_id
        self.assertLessEqual(after, before)
        self.assertEqual(before.exists(), after)
        for package in after:
            content = sum(
                line.quantity * line.product_id.weight
                for line in self.picking.move_line_ids
                if line.result_package_id == package
            )
            tare = package.package_type_id.base_weight
            self.assertAlmostEqual(package.shipping_weight, tare + content)
