from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_dates import DatesCommon


@tagged("post_install", "-at_install")
class TestPromiseRoles(DatesCommon):
    """Who may see dates, promise anew, and tell."""

    def test_seller_promises(self):
        seller = self.create_user("oms_p_seller", "sales_team.group_sale_salesman")
        order = self.create_order((self.product, 4), confirm=False, user_id=seller.id)
        mine = order.with_user(seller)
        self.assertEqual(str(mine.oms_promise_date), "2026-11-24")
        self.assertIn("in stock", mine.oms_promise_why)
        mine.action_confirm()
        self.assertDates(mine.order_line, "2026-11-23", "2026-11-24")
        mine.action_oms_promise_anew()

    def test_others_read(self):
        picker = self.create_user("oms_p_picker", "oms_order_cycle.group_oms_warehouse")
        order = self.create_order((self.product, 4))
        self.journal()
        theirs = order.with_user(picker)
        self.assertEqual(str(theirs.order_line.oms_promise_date), "2026-11-24")
        colleague = self.create_user("oms_p_colleague", "base.group_user")
        theirs = order.with_user(colleague)
        for method in ("action_oms_promise_anew", "action_oms_let_go"):
            with self.assertRaises(AccessError):
                getattr(theirs, method)()
        row = self.rows(order.order_line).with_user(colleague)
        with self.assertRaises(AccessError):
            row.action_mail_customers()

    def test_customers_see_nothing_of_it(self):
        portal = self.env["res.users"].create(
            {
                "name": "OMS Portal",
                "login": "oms_p_portal",
                "partner_id": self.customer.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        order = self.create_order((self.product, 4))
        order.message_subscribe(self.customer.ids)
        theirs = order.with_user(portal)
        with self.assertRaises(AccessError):
            theirs.order_line.read(["oms_plan"])
        with self.assertRaises(AccessError):
            theirs.read(["oms_promise_why"])
        self.journal()
        self.assertEqual(
            str(order._oms_portal_remarks()["expected"]), "2026-11-24 22:59:59"
        )

    def test_nobody_sets_dates_by_hand(self):
        seller = self.create_user("oms_p_seller", "sales_team.group_sale_manager")
        order = self.create_order((self.product, 4)).with_user(seller)
        key = self.env["oms.promise.key"].search([], limit=1)
        with self.assertRaises(AccessError):
            key.with_user(seller).read(["version"])
        for values in ({"oms_plan": False}, {"oms_plan": {"parts": []}}):
            with self.assertRaises(AccessError):
                order.order_line.write(values)
        for values in ({"oms_requested_day": "2026-11-30"}, {"oms_kept_until": False}):
            with self.assertRaises(AccessError):
                order.write(values)

    def test_two_companies(self):
        other = self.create_company("OMS Other")
        env = self.env(context=dict(self.env.context, allowed_company_ids=other.ids))
        warehouse = env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.stock_up(self.product, 50, warehouse)
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 20}
                    )
                ],
            }
        )
        # no working hours there: dates are Odoo's
        self.assertDates(order.order_line, False, False)
        ours = self.create_order((self.product, 12), confirm=False)
        self.assertDates(ours.order_line, False, False)
        calendar = self.create_calendar("OMS Other", range(5), company_id=other.id)
        warehouse.oms_calendar_id = calendar
        self.env.invalidate_all()
        self.assertDates(order.order_line, "2026-11-23", "2026-11-23")
        order.action_confirm()
        self.assertDates(ours.order_line, False, False)
        levels = self.env["oms.supply"]._get_levels(
            self.product, self.warehouse + warehouse
        )
        self.assertEqual(levels[self.product.id, self.warehouse.id].available(), 10)
        self.assertEqual(levels[self.product.id, warehouse.id].available(), 30)
