from odoo.tests import tagged

from .common import FlowCommon


@tagged("post_install", "-at_install")
class TestFlow(FlowCommon):
    def test_from_confirmed_to_paid(self):
        """Whatever companions there are, Odoo's documents carry an order through."""
        self.set_steps("pick_pack_ship")
        order = self.create_order(
            (self.product_a, 10), (self.by_delivery, 5), (self.service, 1)
        )
        for milestone in ("picked", "packed", "shipped"):
            self.assertMilestone(order, milestone)
            self.validate(self.open_transfers(order))
        self.assertMilestone(order, "delivered")
        shipped = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        shipped.action_oms_mark_delivered()
        self.assertMilestone(order, "invoiced")
        invoices = self.invoice(order)
        self.assertMilestone(order, "paid")
        self.pay(invoices)
        self.assertStage(order, "closed")
        self.assertNoDrift(order)
        self.assertLessEqual(
            {"confirmed", "released", "picked", "packed", "shipped", "delivered"}
            | {"invoiced", "paid"},
            self.facts(order),
        )
        self.journal()
        kinds = set(self.journal_of(order).mapped("kind"))
        self.assertLessEqual({"fact", "delivered", "closed"}, kinds)
