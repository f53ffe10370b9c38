from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestCartonStock(PackingCommon):
    """Cartons are taken from stock when something was packed in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.create_product("OMS Board", quantity=5)
        cls.medium.oms_product_id = cls.board
        cls.company.oms_deduct_cartons = True

    def deducted(self, product=None):
        return self.env["stock.move"].search(
            [
                ("product_id", "=", (product or self.board).id),
                ("location_dest_id.usage", "=", "production"),
            ]
        )

    def in_stock(self):
        return self.board.with_context(warehouse_id=self.warehouse.id).qty_available

    def pack(self, picking, package_type=None):
        picking.action_assign()
        return picking.move_line_ids.filtered(
            lambda line: not line.result_package_id
        )._put_in_pack(package_type_id=(package_type or self.medium).id)

    def test_one_for_each_package(self):
        order = self.create_packing_order((self.mug, 24), (self.book, 2))
        picking = order.picking_ids
        picking.move_line_ids.filtered(
            lambda line: line.product_id == self.mug
        )._put_in_pack(package_type_id=self.medium.id)
        self.pack(picking)
        packages = picking.move_line_ids.result_package_id
        self.validate(picking)
        move = self.deducted()
        self.assertEqual((move.state, move.quantity), ("done", 2))
        self.assertEqual((move.origin, move.reference), (picking.name,) * 2)
        self.assertEqual(packages.oms_carton_move_id, move)
        self.assertEqual(self.in_stock(), 3)
        self.assertFalse(move.picking_id | move.sale_line_id.order_id.picking_ids)
        self.assertEqual(picking.move_ids.product_id, self.mug | self.book)
        self.assertNoDrift(order)
        self.assertIn("shipped", self.facts(order))
        # done again by whatever: nothing is taken twice
        picking._oms_deduct_cartons()
        self.assertEqual(self.deducted(), move)

    def test_plan_that_is_applied(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.env["oms.pack.wizard"].browse(
            picking.action_oms_pack()["res_id"]
        ).action_apply()
        self.validate(picking)
        self.assertEqual(self.deducted().quantity, 1)

    def test_not_where_it_is_off(self):
        self.company.oms_deduct_cartons = False
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        self.validate(picking)
        self.assertFalse(self.deducted())

    def test_no_query_without_products(self):
        self.medium.oms_product_id = False
        types = self.env["stock.package.type"]
        self.assertEqual(types._oms_get_deducting_companies(), frozenset())
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        with (
            self.assertQueryCount(0),
            patch.object(
                self.env.registry["stock.picking"],
                "_oms_get_packages_to_deduct",
                side_effect=AssertionError,
            ),
        ):
            types._oms_get_deducting_companies()
            picking.filtered(lambda one: False)._oms_deduct_cartons()
        self.medium.oms_product_id = self.board
        self.assertEqual(
            types._oms_get_deducting_companies(),
            frozenset(
                self.env["res.company"].search([("oms_deduct_cartons", "=", True)]).ids
            ),
        )

    def test_other_carton(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking, self.large)
        self.validate(picking)
        self.assertFalse(self.deducted())

    def test_short_stock_does_not_stop(self):
        self.board_quant = self.env["stock.quant"]._update_available_quantity(
            self.board, self.warehouse.lot_stock_id, -5
        )
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.deducted().quantity, 1)
        self.assertEqual(self.in_stock(), -1)

    def test_where_the_cartons_lie(self):
        shelf = self.env["stock.location"].create(
            {"name": "Cartons", "location_id": self.warehouse.lot_stock_id.id}
        )
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.board, self.warehouse.lot_stock_id, -5)
        quants._update_available_quantity(self.board, shelf, 7)
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        self.validate(picking)
        self.assertEqual(self.deducted().move_line_ids.location_id, shelf)

    def test_pack_then_ship(self):
        self.set_steps("pick_pack_ship")
        order = self.create_packing_order((self.mug, 4))
        self.validate(self.open_transfers(order))
        packing = self.open_transfers(order)
        self.pack(packing)
        self.validate(packing)
        move = self.deducted()
        self.assertEqual((move.quantity, move.origin), (1, packing.name))
        self.ship(order)
        self.assertEqual(self.deducted(), move)
        self.assertIn("shipped", self.facts(order))

    def test_packed_before_it_was_on(self):
        self.set_steps("pick_pack_ship")
        self.company.oms_deduct_cartons = False
        order = self.create_packing_order((self.mug, 4))
        self.validate(self.open_transfers(order))
        packing = self.open_transfers(order)
        self.pack(packing)
        self.validate(packing)
        self.company.oms_deduct_cartons = True
        self.ship(order)
        self.assertFalse(self.deducted())

    def test_pallet(self):
        pallet = self.env["stock.package.type"].create(
            {"name": "OMS Pallet", "package_use": "disposable"}
        )
        pallet.oms_product_id = self.create_product("OMS Pallet", quantity=5)
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        package = self.pack(picking)
        package.action_put_in_pack(package_type_id=pallet.id)
        self.validate(picking)
        self.assertEqual(self.deducted().quantity, 1)
        self.assertEqual(self.deducted(pallet.oms_product_id).quantity, 1)

    def test_reusable_tote(self):
        self.medium.package_use = "reusable"
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        self.validate(picking)
        self.assertFalse(self.deducted())

    def test_backorder(self):
        order = self.create_packing_order((self.mug, 10))
        picking = order.picking_ids
        line = picking.move_line_ids
        line.quantity = 4
        line.picked = True
        self.pack(picking)
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[]
        ).button_validate()
        self.assertEqual(self.deducted().quantity, 1)
        backorder = self.open_transfers(order)
        self.pack(backorder)
        self.validate(backorder)
        self.assertEqual(self.deducted().mapped("quantity"), [1, 1])

    def test_batch(self):
        pickings = self.env["stock.picking"]
        for _number in range(3):
            pickings |= self.create_packing_order((self.mug, 4)).picking_ids
        for picking in pickings:
            self.pack(picking)
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set(pickings.ids)]}
        )
        batch.action_confirm()
        batch.with_context(skip_backorder=True).action_done()
        move = self.deducted()
        self.assertEqual(move.quantity, 3)
        self.assertEqual(set(move.origin.split(", ")), set(pickings.mapped("name")))
        self.assertEqual(
            pickings.move_line_ids.result_package_id.oms_carton_move_id, move
        )
        self.assertEqual(self.in_stock(), 2)

    def test_queries_do_not_grow(self):
        self.stock_up(self.board, 100)

        def count(number):
            pickings = self.env["stock.picking"]
            for _number in range(number):
                pickings |= self.create_packing_order((self.mug, 4)).picking_ids
            for picking in pickings:
                self.pack(picking)
            self.company.oms_deduct_cartons = False
            self.validate(pickings)
            self.company.oms_deduct_cartons = True
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pickings._oms_deduct_cartons()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLess(count(8) - count(2), 10)

    def test_return(self):
        order = self.create_packing_order((self.mug, 4))
        picking = order.picking_ids
        self.pack(picking)
        self.validate(picking)
        move = self.deducted()
        back = self.return_goods(picking, 4)
        self.assertEqual(back.state, "done")
        self.assertEqual(self.deducted(), move)

    def test_receipt(self):
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.mug.id,
                            "product_uom_qty": 4,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self.pack(receipt)
        self.validate(receipt)
        self.assertEqual(receipt.state, "done")
        self.assertFalse(self.deducted())

    def test_two_companies(self):
        other = self.create_company("OMS Other Distributor")
        foreign = self.create_product("OMS Foreign Board", 0, company_id=other.id)
        self.medium.with_context(check_company=False).oms_product_id = foreign
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        self.validate(picking)
        self.assertFalse(self.deducted(foreign))
        self.medium.oms_product_id = self.board
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        self.company.oms_deduct_cartons = False
        other.oms_deduct_cartons = True
        self.validate(picking)
        self.assertFalse(self.deducted())

    def test_packer(self):
        packer = self.create_user("oms_carton_packer", "stock.group_stock_user")
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        picking.with_user(packer).button_validate()
        self.assertEqual(self.deducted().company_id, self.company)

    def test_an_error_does_not_stop(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids
        self.pack(picking)
        with (
            patch.object(
                self.env.registry["stock.picking"],
                "_oms_prepare_carton_move",
                side_effect=ZeroDivisionError("boom"),
            ),
            self.assertLogs("odoo.addons.oms_order_cycle.tools.guard"),
        ):
            self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.deducted())
        self.assertIn("boom", str(picking.message_ids[:1].body))

    def test_tracked_product_is_refused(self):
        lots = self.create_product("OMS Board with Lots", quantity=0, tracking="lot")
        with self.assertRaisesRegex(ValidationError, "tracked"):
            self.medium.oms_product_id = lots
