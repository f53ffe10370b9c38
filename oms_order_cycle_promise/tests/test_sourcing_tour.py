from odoo.tests import HttpCase, tagged

from .common_sourcing import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcingTour(SourcingCommon, HttpCase):
    """What people do in a browser, with Chromium."""

    browser_size = "1366x768"

    def test_change_warehouses(self):
        user = self.create_user(
            "source_tour", "sales_team.group_sale_salesman_all_leads"
        )
        user.action_id = False
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=9, south=9)
        order = self.create_order((self.goods, 4))
        self.env.flush_all()
        self.start_tour(
            f"/odoo/sales/{order.id}", "oms_sourcing_change", login="source_tour"
        )
        self.env.invalidate_all()
        self.assertComesFrom(order.order_line, {self.south: 4})
