"""Goods that a vendor sends to the customer: only where Odoo's drop-shipping is."""

from odoo import Command
from odoo.tests import tagged

from .common import OrderCycleCommon

CONFIRMED = ("confirmed", "released")
SHIPPED = (*CONFIRMED, "picked", "packed", "loaded", "shipped")


@tagged("post_install", "-at_install")
class TestVendor(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        route = cls.env.ref(
            "stock_dropshipping.route_drop_shipping", raise_if_not_found=False
        )
        if not route or not cls.env["sale.order"]._oms_knows_vendors():
            cls.skipTest(cls, "Odoo's drop-shipping is not installed")
        vendor = cls.env["res.partner"].create({"name": "OMS Vendor"})
        cls.sent, cls.other = (
            cls.create_product(
                name,
                quantity=0,
                route_ids=[Command.set(route.ids)],
                seller_ids=[Command.create({"partner_id": vendor.id, "price": 1})],
            )
            for name in ("OMS Sent by the Vendor", "OMS Sent, too")
        )

    def purchase(self, order):
        return order.order_line.purchase_line_ids.order_id

    def assertFacts(self, order, *milestones):
        res = super().assertFacts(order, *milestones)
        self.assertNoDrift(order)
        return res

    def test_waits_for_the_purchase_order(self):
        order = self.create_order((self.sent, 10), (self.product_a, 1))
        stock = self.create_order((self.product_a, 1))
        self.assertFacts(order, "confirmed")
        name = self.purchase(order).name
        words = f"purchase order {name} is not confirmed"
        self.assertIn(words, order.oms_why)
        self.assertIn(words, str(order.oms_cycle_bar))
        self.assertNotIn("purchase order", stock.oms_why)
        self.purchase(order).button_confirm()
        self.assertFacts(order, *CONFIRMED)
        self.assertNotIn("purchase order", order.oms_why)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_lowered_before_and_after(self):
        order = self.create_order((self.sent, 10))
        purchase = self.purchase(order)
        purchase.order_line.product_qty = 6
        self.assertQuantities(order.order_line, wanted=6, released=0)
        purchase.button_confirm()
        self.assertFacts(order, *CONFIRMED)
        purchase.order_line.product_qty = 4
        self.assertQuantities(order.order_line, wanted=4, released=4)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_cancelled_or_deleted(self):
        cases = {
            "cancelled": lambda purchase: purchase.button_cancel(),
            "line deleted": lambda purchase: purchase.order_line.unlink(),
            "cancelled when confirmed": lambda purchase: (
                purchase.button_confirm(),
                purchase.button_cancel(),
            ),
        }
        for name, give_up in cases.items():
            with self.subTest(name):
                order = self.create_order((self.sent, 10), (self.other, 1))
                give_up(self.purchase(order))
                self.assertFacts(order, "confirmed")
                self.assertEqual(order.oms_goods, "cancelled")

    def test_raised_when_shipped(self):
        order = self.create_order((self.sent, 10))
        self.purchase(order).button_confirm()
        self.ship(order)
        order.order_line.product_uom_qty = 12
        self.assertFacts(order, "confirmed")
        self.assertQuantities(order.order_line, wanted=12, shipped=10)
