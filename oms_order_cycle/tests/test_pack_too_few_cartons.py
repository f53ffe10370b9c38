from odoo.fields import Command
from odoo.tests import tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackTooFewCartons(PackingCommon):
    """Where cartons run short, what is worth most on the order goes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.small | cls.large).oms_is_carton = False
        board = cls.create_product("OMS Board", quantity=1)
        cls.medium.write({"oms_product_id": board.id, "oms_limit_to_stock": True})
        # 6 of each go into the one carton there is
        cls.cheap = cls.create_sized("OMS Cheap", (100, 100, 200), 0.3)
        cls.dear = cls.create_sized("OMS Dear", (100, 100, 199), 0.3)

    def order_for(self, cheap, dear, **values):
        order = self.create_packing_order(
            (self.cheap, 6), (self.dear, 4), confirm=False, **values
        )
        for line, price in zip(order.order_line, (cheap, dear), strict=True):
            line.price_unit = price
        order.action_confirm()
        return order.picking_ids.oms_pack_plan_id

    def packed(self, plan):
        return {line.product_id: line.quantity for line in plan.box_ids.line_ids}

    def test_what_is_worth_most_goes_in(self):
        plan = self.order_for(5, 30)
        self.assertEqual(self.packed(plan), {self.dear: 4, self.cheap: 2})
        self.assertFalse(plan.is_proven)
        self.assertIn("4 x OMS Cheap: not enough cartons left", plan.unpacked_note)
        self.assertIn("worth most", plan.unpacked_note)

    def test_by_the_price_on_the_order(self):
        plan = self.order_for(30, 5)
        self.assertEqual(self.packed(plan), {self.cheap: 6})

    def test_equal_orders_of_other_prices_have_plans_of_their_own(self):
        plan = self.order_for(5, 30)
        self.assertEqual(self.packed(plan)[self.dear], 4)
        # the carton is free again, and the same contents are remembered
        plan.picking_id.action_cancel()
        self.assertEqual(self.packed(self.order_for(30, 5)), {self.cheap: 6})

    def test_nothing_is_said_where_all_goes_in(self):
        self.stock_up(self.medium.oms_product_id, 3)
        plan = self.order_for(5, 30)
        self.assertFalse(plan.unpacked_note)

    def test_worth_in_the_currency_of_the_company(self):
        currency = self.env["res.currency"].create({"name": "OMX", "symbol": "x"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 4, "name": "2020-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "OMS Foreign", "currency_id": currency.id}
        )
        plan = self.order_for(20, 80, pricelist_id=pricelist.id)
        moves = plan.picking_id.move_ids
        self.assertEqual(
            [move._oms_get_unit_value() for move in moves.sorted("id")], [5, 20]
        )

    def test_a_case_is_worth_its_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.cheap.uom_ids = [Command.link(dozen.id)]
        order = self.create_packing_order((self.cheap, 2, dozen), confirm=False)
        order.order_line.price_unit = 120
        self.assertEqual(order.order_line._oms_get_unit_value(self.cheap), 10)
        # parts of a kit are worth what they are sold for
        self.dear.list_price = 7
        self.assertEqual(order.order_line._oms_get_unit_value(self.dear), 7)
