from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.oms_order_cycle.tests.common import ROLES

from .common_allocation import AllocationCommon


@tagged("post_install", "-at_install")
class TestShortage(AllocationCommon):
    """What is on the board."""

    def create_receipt(self, quantity, days, product=None):
        product = product or self.short
        picking_type = self.warehouse.in_type_id
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "picking_type_id": picking_type.id,
                "date": fields.Datetime.now() + timedelta(days=days),
            }
        )
        move._action_confirm(merge=False)
        return move

    def test_enough_for_all(self):
        self.want(6, 4)
        self.assertFalse(self.shortage())

    def test_a_row_for_what_is_short(self):
        orders = self.want(6, 5, 4)
        row = self.shortage()
        self.assertEqual((row.wanted, row.reserved, row.free), (15, 10, 0))
        self.assertEqual((row.short, row.order_count, row.partner_count), (5, 2, 1))
        self.assertEqual(row.value, 100)
        self.assertEqual(row.first_promised_date, orders[1].commitment_date)
        self.assertEqual(
            [(line.order_id, line.missing) for line in row.line_ids],
            [(orders[0], 0), (orders[1], 1), (orders[2], 4)],
        )
        self.assertEqual(
            row.line_ids.mapped("promised_date"), orders.mapped("commitment_date")
        )

    def test_the_order_says_what_it_misses(self):
        first, second = self.want(8, 8)
        self.journal()
        self.assertNotIn("Short:", " ".join(first._oms_explain()))
        words = " ".join(second._oms_explain())
        self.assertIn("Short: 6 of 8 Units of OMS Short are missing, and no", words)
        self.create_receipt(4, 2)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            "OMS Short are missing; the next receipt", " ".join(second._oms_explain())
        )

    def test_two_products_two_rows(self):
        other = self.create_product("OMS Short, too", quantity=1)
        self.create_order((self.short, 12), (other, 3))
        self.assertEqual(self.shortage().short, 2)
        self.assertEqual(self.shortage(other).short, 2)

    def test_prices_in_the_currency_of_the_company(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 2.0, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "OMS Euro", "currency_id": euro.id}
        )
        order = self.create_order((self.short, 15), pricelist_id=pricelist.id)
        self.assertEqual(order.order_line.price_unit, 40)
        self.assertEqual(self.shortage().value, 100)

    def test_dozens_are_counted_in_pieces(self):
        self.create_order((self.short, 2, self.dozen))
        row = self.shortage()
        self.assertEqual((row.wanted, row.short), (24, 14))

    def test_next_receipt(self):
        self.want(15)
        self.assertFalse(self.shortage().next_receipt_date)
        late = self.create_receipt(4, 9)
        soon = self.create_receipt(3, 2)
        row = self.shortage()
        self.assertEqual((row.incoming, row.next_receipt_qty), (7, 3))
        self.assertEqual(row.next_receipt_date, soon.date)
        self.assertLess(row.next_receipt_date, late.date)

    def test_nothing_ordered(self):
        self.want(15)
        self.assertTrue(self.shortage().is_unordered)
        receipt = self.create_receipt(4, 2)
        self.assertTrue(self.shortage().is_unordered, "one is missing still")
        receipt.product_uom_qty = 5
        self.assertFalse(self.shortage().is_unordered)

    def test_order_what_is_missing(self):
        self.want(15)
        row = self.shortage()
        action = row.action_order()
        rule = self.env["stock.warehouse.orderpoint"].search(action["domain"])
        self.assertEqual(rule.product_id, self.short)
        self.assertEqual(rule.qty_to_order, 5)
        self.assertEqual(rule.trigger, "auto")
        row = self.shortage()
        self.assertTrue(row, "it is short still")
        self.assertFalse(row.is_unordered)
        row.action_order()
        self.assertEqual(
            self.env["stock.warehouse.orderpoint"].search_count(action["domain"]), 1
        )

    def test_only_stock_managers_order(self):
        self.want(15)
        seller = self.create_user("oms_seller", "oms_order_cycle.group_oms_service")
        row = self.shortage().with_user(seller)
        self.assertFalse(row.can_order)
        with self.assertRaisesRegex(AccessError, "administrators of Inventory"):
            row.action_order()

    def test_shipped_and_cancelled_want_nothing(self):
        first, second = self.want(8, 8)
        self.validate(first.picking_ids)
        self.assertEqual(self.shortage().wanted, 8)
        second._action_cancel()
        self.assertFalse(self.shortage())

    def test_quotations_want_nothing(self):
        self.create_order((self.short, 50), confirm=False)
        self.assertFalse(self.shortage())

    def test_three_steps(self):
        """What was picked is out of stock, and is not looked for a second time."""
        self.set_steps("pick_pack_ship")
        first, _second = self.want(8, 8)
        self.assertEqual(self.shortage().short, 6)
        self.validate(first.picking_ids)
        row = self.shortage()
        self.assertEqual((row.wanted, row.reserved, row.short), (8, 2, 6))

    def test_reserved_for_others_is_not_free(self):
        shelf = self.env["stock.location"].create(
            {"name": "Elsewhere", "location_id": self.warehouse.view_location_id.id}
        )
        move = self.env["stock.move"].create(
            {
                "product_id": self.short.id,
                "product_uom_qty": 7,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": shelf.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        self.want(5)
        self.assertEqual(self.shortage().short, 2)

    def test_held_back_lines_count(self):
        """Nothing is reserved for them yet, but they were promised."""
        hold_type = self.env["oms.hold.type"].create(
            {"name": "Wait", "check": "manual", "block_release": True}
        )
        order = self.create_order((self.short, 12), confirm=False)
        order._oms_place_hold(hold_type, "Ask first")
        order.action_confirm()
        self.assertTrue(order.order_line.oms_release_pending)
        row = self.shortage()
        self.assertEqual((row.wanted, row.reserved, row.free), (12, 0, 10))
        self.assertEqual(row.short, 2)
        self.assertTrue(row.line_ids.is_held_back)
        self.assertFalse(row.can_allocate, "nothing can be reserved for it")
        self.want(5)
        self.assertTrue(self.shortage().can_allocate)

    def test_substitutes(self):
        other = self.create_product("OMS Instead", quantity=7)
        none = self.create_product("OMS Instead None", quantity=0)
        self.short.oms_substitute_ids = other + none
        self.want(15)
        self.assertEqual(self.shortage().substitutes, "OMS Instead: 7 Units free")

    def test_no_substitute_of_itself(self):
        with self.assertRaisesRegex(Exception, "its own substitute"):
            self.short.product_tmpl_id.oms_substitute_ids = self.short

    def test_two_companies(self):
        other = self.create_company("OMS Other Distributor")
        self.want(15)
        user = self.create_user("oms_two", "oms_order_cycle.group_oms_service")
        row = self.shortage()
        rows = self.env["oms.shortage"].with_user(user)
        self.assertIn(row, rows.search([]))
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        rows = rows.with_context(allowed_company_ids=other.ids)
        self.assertNotIn(row, rows.search([]))
        with self.assertRaises(AccessError):
            rows.browse(row.id).read(["short"])

    def test_sellers_see_their_own_orders(self):
        one = self.create_user("oms_one", "oms_order_cycle.group_oms_sales")
        two = self.create_user("oms_other", "oms_order_cycle.group_oms_sales")
        mine = self.want(8, user_id=one.id)
        self.want(8, user_id=two.id)
        row = self.shortage().with_user(one)
        self.assertEqual(row.short, 6)
        self.assertEqual(row.line_ids.order_id, mine)
        self.assertFalse(row.can_allocate)

    def test_every_role_reads_the_board(self):
        self.want(15)
        self.short.oms_substitute_ids = self.product_a
        row = self.shortage()
        for role in ROLES:
            user = self.create_user(f"oms_{role}", f"oms_order_cycle.group_oms_{role}")
            with self.subTest(role=role):
                self.env.invalidate_all()
                [read] = row.with_user(user).search_read([("id", "=", row.id)])
                self.assertIn("OMS Product A", read["substitutes"])
                row.line_ids.with_user(user).search_read([])

    def test_board_costs_few_queries(self):
        self.want(8, 8)
        self.shortage().mapped("substitutes")
        with self.assertQueryCount(12):
            self.shortage().mapped("substitutes")
