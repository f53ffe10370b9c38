"""An order gets its facts and its stage whichever way it comes in."""

from odoo.tests import HttpCase, tagged

from .common import OrderCycleCommon

# one transparent pixel
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAC"
    "hwGA60e6kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestWays(OrderCycleCommon, HttpCase):
    def assertConfirmed(self, order):
        order.invalidate_recordset()
        self.assertFacts(order, "confirmed", "released")
        self.assertStage(order, "To be picked")
        self.assertEqual(len(order.picking_ids), 1)

    def test_confirmed_by_rpc(self):
        user = self.create_user(
            "oms_rpc", "sales_team.group_sale_salesman_all_leads", password="oms_rpc_pw"
        )
        order = self.create_order(confirm=False)
        self.journal()
        self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            user.id,
            "oms_rpc_pw",
            "sale.order",
            "action_confirm",
            [order.ids],
        )
        self.assertConfirmed(order)
        event = order.oms_event_ids.filtered(lambda e: e.milestone == "confirmed")
        self.assertEqual(event.user_id, user)

    def test_confirmed_in_the_portal(self):
        order = self.create_order(confirm=False, require_signature=True)
        order.require_payment = False
        order.action_quotation_sent()
        token = order._portal_ensure_token()
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": token, "name": "Anne", "signature": SIGNATURE},
            timeout=60,
        )
        self.assertTrue(answer.get("force_refresh"), answer)
        self.assertEqual(order.signed_by, "Anne")
        self.assertConfirmed(order)

    def test_portal_refuses_a_wrong_token(self):
        order = self.create_order(confirm=False, require_signature=True)
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": "wrong", "name": "Eve", "signature": SIGNATURE},
        )
        self.assertIn("error", answer)
        self.assertEqual(order.state, "draft")
