from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon


class FlowCommon(OrderCycleCommon):
    """The distributor of the core's tests, with all companions installed."""

    def assertMilestone(self, order, milestone):
        """Check that an order waits for a milestone, and that nothing drifted."""
        self.assertStage(order, f"To be {milestone}")
        self.assertNoDrift(order)

    def journal_of(self, order):
        return self.env["oms.event"].search([("order_id", "=", order.id)])
