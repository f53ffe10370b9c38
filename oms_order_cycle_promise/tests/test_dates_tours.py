from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_dates import DatesCommon


@tagged("post_install", "-at_install")
class TestDatesTours(DatesCommon, HttpCase):
    """Dates in a browser, with Chromium; its clock is that of the machine."""

    browser_size = "1600x1000"
    moment = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_user(
            "oms_dates_tour", "oms_order_cycle.group_oms_manager", name="Tour Manager"
        )
        cls.receipt = cls.receive(20, cls.day(14))

    @classmethod
    def day(cls, days):
        return fields.Date.to_string(fields.Date.today() + timedelta(days=days))

    def start(self, path, tour):
        self.env.flush_all()
        self.journal()
        self.env.invalidate_all()
        self.start_tour(path, tour, login="oms_dates_tour")
        self.env.invalidate_all()

    def test_quotation(self):
        order = self.create_order((self.product, 15), confirm=False)
        self.start(f"/odoo/sales/{order.id}", "oms_promise_dates_tour")
        self.assertEqual(order.state, "sale")
        self.assertEqual([part[0] for part in self.parts(order.order_line)], [10, 5])

    def test_to_tell(self):
        order = self.create_order((self.product, 15))
        self.journal()
        self.receipt.move_ids.date = f"{self.day(28)} 11:00:00"
        self.refresh()
        self.start("/odoo/oms-to-tell", "oms_promise_tell_tour")
        self.assertTrue(self.rows(order.order_line)[-1].told_at)
        mails = self.env["mail.mail"].search([("subject", "like", order.name)])
        self.assertEqual(mails.recipient_ids, self.customer)
