from odoo import Command
from odoo.tests import tagged

from .common_sourcing import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcingKits(SourcingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            cls.skipTest(cls, "Odoo's manufacturing app is not installed")
        cls.kit = cls.create_product("OMS Kit", quantity=0)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": cls.goods.id, "product_qty": 2}),
                    Command.create({"product_id": cls.other.id, "product_qty": 3}),
                ],
            }
        )

    def test_whole_kits_from_each(self):
        self.create_rule(self.north, self.south, self.warehouse)
        self.stock(self.goods, north=20, south=6)
        self.stock(self.other, north=7, south=90)
        order = self.create_order((self.kit, 5))
        line = order.order_line
        self.assertEqual(self.plan(line), {self.north: 2, self.south: 3})
        moved = {
            (move.product_id, move.picking_type_id.warehouse_id): move.product_qty
            for move in order.picking_ids.move_ids
        }
        self.assertEqual(
            moved,
            {
                (self.goods, self.north): 4,
                (self.other, self.north): 6,
                (self.goods, self.south): 6,
                (self.other, self.south): 9,
            },
        )
        line.product_uom_qty = 4
        self.assertEqual(sum(self.plan(line).values()), 4)
        self.assertEqual(self.asked(line), self.plan(line))
        self.ship(order)
        self.assertEqual(line.qty_delivered, 4)

    def test_kit_and_its_part_do_not_share_a_piece(self):
        self.create_rule(self.north, self.south, max_splits=1)
        self.stock(self.goods, north=4, south=4)
        self.stock(self.other, north=6, south=6)
        order = self.create_order((self.kit, 2), (self.goods, 4))
        self.assertFalse(sum(order.oms_sourcing_ids.mapped("short")))
        demand = {}
        for move in order.picking_ids.move_ids:
            if move.product_id == self.goods:
                key = move.picking_type_id.warehouse_id
                demand[key] = demand.get(key, 0) + move.product_qty
        self.assertEqual(demand, {self.north: 4, self.south: 4})
