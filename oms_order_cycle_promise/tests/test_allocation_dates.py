from odoo.tests import tagged

from .common_dates import DatesCommon


@tagged("post_install", "-at_install")
class TestAllocationDates(DatesCommon):
    """What is shared out anew is promised anew."""

    def share(self, quantities, reason="Line stop"):
        """Give each order so much of the product, in the order of the list."""
        action = self.env["oms.allocation"]._open(self.product, self.warehouse)
        allocation = self.env["oms.allocation"].browse(action["res_id"])
        allocation.write({"is_anew": True, "reason": reason})
        for line, quantity in zip(
            allocation.line_ids.sorted("id"), quantities, strict=True
        ):
            line.quantity = quantity
        self.assertEqual(allocation.action_apply()["type"][-5:], "close")
        self.journal()

    def test_who_loses_is_promised_later_who_wins_sooner(self):
        self.receive(20, "2026-12-02")
        first = self.create_order((self.product, 7), picking_policy="one")
        second = self.create_order((self.product, 7), picking_policy="one")
        self.journal()
        self.assertDates(first.order_line, "2026-11-23", "2026-11-24")
        self.assertDates(second.order_line, "2026-12-02", "2026-12-03")
        self.share([3, 7])
        self.assertDates(first.order_line, "2026-12-02", "2026-12-03")
        self.assertDates(second.order_line, "2026-11-23", "2026-11-24")
        lost, won = (self.rows(order.order_line)[-1] for order in (first, second))
        self.assertEqual((lost.kind, lost.cause), ("later", "allocated"))
        self.assertEqual((won.kind, won.cause), ("later", "allocated"))
        self.assertEqual(lost.reason, "Line stop")
        self.assertTrue(lost.is_to_tell)
        # and the promises are kept
        self.assertFalse(self.env["oms.promise.key"].search([])._refresh())

    def test_in_parts(self):
        """Half for each today, the rest with the receipt."""
        self.receive(20, "2026-12-02")
        orders = self.create_order((self.product, 10)) + self.create_order(
            (self.product, 10)
        )
        self.journal()
        self.share([5, 5])
        for order in orders:
            self.assertDates(order.order_line, "2026-12-02", "2026-12-03")
            parts = order.order_line.oms_plan["parts"]
            self.assertEqual(
                [part[:2] for part in parts], [[5, "2026-11-23"], [5, "2026-12-02"]]
            )
        self.assertFalse(self.env["oms.promise.key"].search([])._refresh())

    def test_nothing_comes(self):
        """Who loses and has nothing to wait for is told that there is no date."""
        first = self.create_order((self.product, 7), picking_policy="one")
        second = self.create_order((self.product, 7), picking_policy="one")
        self.journal()
        self.assertDates(second.order_line, False, False)
        self.share([3, 7])
        self.assertDates(first.order_line, False, False)
        self.assertDates(second.order_line, "2026-11-23", "2026-11-24")
        row = self.rows(first.order_line)[-1]
        self.assertEqual((row.kind, row.cause), ("withdrawn", "allocated"))
        self.assertTrue(row.is_to_tell)

    def test_who_loses_what_he_needs_later_keeps_his_date(self):
        self.receive(20, "2026-12-02")
        first = self.create_order(
            (self.product, 7),
            picking_policy="one",
            commitment_date="2026-12-10 12:00:00",
        )
        second = self.create_order((self.product, 7), picking_policy="one")
        self.journal()
        arrive = first.order_line.oms_promise_date
        self.share([0, 7])
        self.assertEqual(first.order_line.oms_promise_date, arrive)
        self.assertEqual(len(self.rows(first.order_line)), 1)
        self.assertDates(second.order_line, "2026-11-23", "2026-11-24")
