from odoo.tests import HttpCase, tagged

from .common import IntakeCommon


@tagged("post_install", "-at_install")
class TestIntakeTours(IntakeCommon, HttpCase):
    """What people do in a browser, with Chromium."""

    browser_size = "1366x768"

    def test_correct(self):
        """A refused order is understood, corrected and submitted again."""
        user = self.create_user("intake_tour", "oms_order_cycle.group_oms_service")
        user.action_id = False
        cube = self.create_product("Tour Cube")
        line = {"ref": "10", "product": {"customer_code": "KUB-7"}, "qty": 12}
        payload = self.payload(line, external_ref="PO-TOUR")
        result = self.assertRefused(payload, "product_not_found")
        self.env.flush_all()
        self.start_tour("/odoo/oms-intake", "oms_intake_correct", login="intake_tour")
        self.env.invalidate_all()
        intake = self.env["oms.intake"].browse(result["intake_id"])
        order = intake.replaced_by_id.order_id
        self.assertEqual(order.order_line.product_id, cube)
        self.assertEqual(order.order_line.product_uom_qty, 12)
        code = self.env["oms.customer.code"].search([("code", "=", "KUB-7")])
        self.assertEqual((code.product_id, code.partner_id), (cube, self.customer))
