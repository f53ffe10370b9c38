from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestAvailability(OrderCycleCommon):
    """From when goods can be had, by what is in stock and what is to come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["sale.order"])
        cls.product = cls.create_product("OMS Scarce", quantity=10)

    def ask(self, *wants):
        return self.env["sale.order"]._oms_get_availability(
            [(product, quantity, False) for product, quantity in wants], self.warehouse
        )

    def receive(self, quantity, days, product=None):
        """Goods that come in so many days from now."""
        product = product or self.product
        kind = self.warehouse.in_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": kind.default_location_dest_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": kind.default_location_dest_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.date = fields.Datetime.now() + timedelta(days=days)
        return picking

    def test_in_stock_or_not(self):
        self.assertEqual(
            self.ask((self.product, 10), (self.service, 5)),
            [("in_stock", False), ("", False)],
        )
        self.assertEqual(self.ask((self.product, 11)), [("to_order", False)])
        self.assertEqual(self.ask(), [])

    def test_receipts(self):
        self.receive(5, 7)
        self.receive(5, 3)
        day = self.today + timedelta(days=3)
        self.assertEqual(self.ask((self.product, 15)), [("from", day)])
        self.assertEqual(
            self.ask((self.product, 16)), [("from", self.today + timedelta(days=7))]
        )
        self.assertEqual(self.ask((self.product, 21)), [("to_order", False)])

    def test_late_receipt_has_no_day(self):
        self.receive(5, -2)
        self.assertEqual(self.ask((self.product, 12)), [("awaited", False)])

    def test_twice_in_one_order(self):
        self.receive(5, 3)
        day = self.today + timedelta(days=3)
        self.assertEqual(
            self.ask((self.product, 6), (self.product, 6)),
            [("in_stock", False), ("from", day)],
        )

    def test_what_others_have_ordered(self):
        for steps in ("ship_only", "pick_pack_ship"):
            with self.subTest(steps=steps):
                product = self.create_product("OMS Scarce Too", quantity=10)
                self.set_steps(steps)
                order = self.create_order((product, 8))
                self.assertEqual(self.ask((product, 2)), [("in_stock", False)])
                self.assertEqual(self.ask((product, 3)), [("to_order", False)])
                order.picking_ids.do_unreserve()
                self.assertEqual(
                    self.ask((product, 3)), [("to_order", False)], "still ordered"
                )
                self.receive(2, 4, product)
                day = self.today + timedelta(days=4)
                self.assertEqual(self.ask((product, 3)), [("from", day)])

    def test_other_warehouse(self):
        other = self.env["stock.warehouse"].create(
            {"name": "OMS Other", "code": "OMSO", "company_id": self.company.id}
        )
        orders = self.env["sale.order"]
        self.assertEqual(
            orders._oms_get_availability([(self.product, 1, False)], other),
            [("to_order", False)],
        )

    def test_queries_do_not_grow(self):
        products = [self.create_product(f"OMS Many {n}", quantity=n) for n in range(6)]
        self.env.flush_all()

        def count(wants):
            self.env.invalidate_all()
            self.ask((self.product, 1))
            before = self.env.cr.sql_log_count
            self.ask(*wants)
            return self.env.cr.sql_log_count - before

        few = count([(products[0], 1)])
        many = count([(product, 1) for product in products])
        self.assertEqual(few, many)

    def test_who_reads_no_stock(self):
        person = self.create_user("oms_seller", "sales_team.group_sale_salesman")
        orders = self.env["sale.order"].with_user(person)
        self.assertEqual(
            orders._oms_get_availability([(self.product, 1, False)], self.warehouse),
            [("in_stock", False)],
        )
