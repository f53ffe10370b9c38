from odoo.tests import HttpCase, tagged

from .common_allocation import AllocationCommon


@tagged("post_install", "-at_install")
class TestShortageTour(AllocationCommon, HttpCase):
    """What people do in a browser, with Chromium."""

    browser_size = "1366x768"

    def prepare(self, login, groups):
        user = self.create_user(login, groups)
        user.action_id = False
        self.short.oms_substitute_ids = self.create_product("OMS Instead", quantity=7)
        orders = self.want(7, 7, 7)
        self.env.flush_all()
        return orders

    def test_share_out(self):
        orders = self.prepare("share_tour", "oms_order_cycle.group_oms_service")
        self.start_tour(
            "/odoo/oms-shortages", "oms_shortage_share_out", login="share_tour"
        )
        self.env.invalidate_all()
        self.assertEqual(self.reserved(orders), [4, 3, 3])
        event = self.env["oms.event"].search(
            [("order_id", "=", orders[0].id), ("kind", "=", "allocated")]
        )
        self.assertEqual(event.data["reason"], "Everybody gets some")

    def test_order_missing(self):
        self.prepare(
            "order_tour",
            "oms_order_cycle.group_oms_warehouse,stock.group_stock_manager",
        )
        self.start_tour("/odoo/oms-to-order", "oms_shortage_order", login="order_tour")
        rule = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.short.id)]
        )
        self.assertEqual(rule.warehouse_id, self.warehouse)
