"""Kits, only where Odoo's manufacturing app is: as far as their scarcest part."""

from odoo import Command
from odoo.tests import tagged

from .test_facts_goods import GoodsCommon


@tagged("post_install", "-at_install")
class TestKits(GoodsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "bom_line_id" not in cls.env["stock.move"]._fields:
            cls.skipTest(cls, "Odoo's manufacturing app is not installed")
        cls.kit = cls.create_product(
            "OMS Kit", quantity=0, invoice_policy="delivery", list_price=50
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": quantity})
                    for product, quantity in ((cls.product_a, 1), (cls.product_b, 2))
                ],
            }
        )
        cls.order = cls.create_order((cls.kit, 4))
        cls.line = cls.order.order_line

    def assertKits(self, **quantities):
        self.assertQuantities(self.line, **quantities)
        self.assertSound(self.order)

    def invoice_all(self):
        if self.order.invoice_status == "to invoice":
            self.invoice(self.order)
        self.env.flush_all()

    def test_part_comes_back(self):
        out = self.order.picking_ids
        self.validate(out)
        self.validate(self.take_back(out, 1, self.product_a))
        self.invoice_all()
        self.assertKits(wanted=4, shipped=4)
        self.assertTrue(self.order.oms_shipped_at)
        self.assertTrue(self.order.oms_invoiced_at)

    def test_part_exchanged(self):
        out = self.order.picking_ids
        self.validate(out)
        back = self.take_back(out, 1, self.product_a, exchange=True)
        self.assertKits(wanted=4, shipped=4)
        self.assertFalse(self.order.oms_shipped_at)
        self.validate(back)
        self.ship(self.order)
        self.invoice_all()
        self.assertKits(wanted=4, shipped=4)
        self.assertTrue(self.order.oms_shipped_at)
        self.assertTrue(self.order.oms_invoiced_at)

    def test_parts_short_closed(self):
        out = self.order.picking_ids
        self.validate(out, {self.product_a: 4, self.product_b: 5})
        self.assertKits(wanted=4, shipped=2)
        self.open_transfers(self.order).action_cancel()
        self.invoice_all()
        self.assertKits(wanted=2, shipped=2)
        self.assertTrue(self.order.oms_shipped_at)
        self.assertTrue(self.order.oms_invoiced_at)

    def test_demand_of_a_part_lowered(self):
        moves = self.order.picking_ids.move_ids
        moves.filtered(
            lambda move: move.product_id == self.product_b
        ).product_uom_qty = 6
        self.ship(self.order)
        self.invoice_all()
        self.assertKits(wanted=3, shipped=3)
        self.assertTrue(self.order.oms_invoiced_at)

    def test_bill_of_materials_changed(self):
        self.kit.bom_ids.bom_line_ids[1].product_qty = 3
        self.assertKits(wanted=4, released=4)

    def test_part_put_back(self):
        self.set_steps("pick_ship")
        self.order = self.create_order((self.kit, 4))
        self.line = self.order.order_line
        pick = self.transfers(self.order, "pick")
        self.validate(pick)
        self.assertKits(picked=4)
        self.validate(self.take_back(pick, 1, self.product_b))
        self.assertKits(wanted=4, picked=3)
