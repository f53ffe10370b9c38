from odoo.tests import HttpCase, tagged

from odoo.addons.oms_order_cycle.tests.common_holds import HoldsCommon

PATH = "/odoo/order-desk"


@tagged("post_install", "-at_install")
class TestOrderDeskTour(HoldsCommon, HttpCase):
    browser_size = "1366x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.create_user(
            "oms_tour_desk", "sales_team.group_sale_salesman", name="Tour Seller"
        )
        cls.product_a.default_code = "DESK-A"
        cls.product_b.default_code = "DESK-B"
        cls.product_b.uom_ids = cls.dozen
        cls.bought = cls.create_product("OMS Desk Bought")
        cls.caller = cls.create_customer(
            "OMS Caller", ref="C-77", phone="+1 555 010 4477"
        )
        cls.env["oms.customer.code"].create(
            {
                "partner_id": cls.caller.id,
                "code": "MY-9",
                "product_id": cls.product_b.id,
                "uom_id": cls.dozen.id,
            }
        )
        cls.create_order(
            (cls.bought, 7), partner_id=cls.caller.id, user_id=cls.seller.id
        )
        cls.credit = cls.create_hold_type(
            "OMS Desk Credit", "credit_limit", credit_default_limit=100
        )

    def start(self, tour, path=PATH):
        before = self.env["sale.order"].search([])
        self.env.flush_all()
        self.env.invalidate_all()
        self.start_tour(path, tour, login="oms_tour_desk")
        return self.env["sale.order"].search([]) - before

    def test_keyboard_only(self):
        order = self.start("oms_order_desk")
        self.assertEqual(len(order), 1)
        self.assertEqual(order.state, "sale")
        self.assertHeld(order, self.credit)
        self.assertEqual(
            (order.partner_id, order.user_id, order.client_order_ref),
            (self.caller, self.seller, "po 5"),
        )
        self.assertEqual(
            order.order_line.mapped(
                lambda line: (
                    line.product_id,
                    line.product_uom_qty,
                    line.product_uom_id,
                )
            ),
            [
                (self.product_a, 12, self.unit),
                (self.product_b, 5, self.unit),
                (self.bought, 7, self.unit),
            ],
        )

    def test_nothing_is_lost(self):
        order = self.start("oms_order_desk_kept")
        self.assertEqual((order.state, order.amount_untaxed), ("draft", 40))
        drafts = self.env["oms.desk.draft"].search([("order_id", "=", False)])
        self.assertFalse(drafts.filtered("content"))

    def test_go_on(self):
        order = self.create_order(
            (self.product_a, 3),
            confirm=False,
            name="OMS-GO-ON",
            user_id=self.seller.id,
        )
        self.assertFalse(self.start("oms_order_desk_go_on", f"/odoo/sales/{order.id}"))
        self.assertEqual(order.order_line.product_uom_qty, 8)

    def test_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        order = self.start("oms_order_desk_phone")
        self.assertEqual(order.amount_untaxed, 5070)
