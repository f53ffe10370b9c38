from odoo import Command
from odoo.tests import HttpCase, tagged

from .test_screens import ScreensCommon


@tagged("post_install", "-at_install")
class TestTours(ScreensCommon, HttpCase):
    """What people do in a browser, with Chromium."""

    browser_size = "1600x1000"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.create_user(
            "oms_tour",
            "oms_order_cycle.group_oms_manager",
            name="Tour Manager",
        )
        # other databases may have orders of other companies: only ours are shown
        cls.person.action_id = False

    def start(self, path, tour):
        self.env.flush_all()
        self.env.invalidate_all()
        self.start_tour(path, tour, login="oms_tour")

    def test_order(self):
        """A held order is understood and released from its form."""
        hold_type = self.create_hold_type(
            "Credit Limit Exceeded",
            lift_group_ids=[Command.link(self.credit_group.id)],
        )
        order = self.create_order((self.product_a, 3), confirm=False)
        self.place_hold(order, hold_type, reason="240.00 too much")
        order.action_confirm()
        self.assertNotReleased(order)
        self.start(f"/odoo/oms-held/{order.id}", "oms_order_tour")
        self.env.invalidate_all()
        self.assertReleased(order)
        self.assertEqual(order.oms_hold_ids.lifted_by, self.person)

    def test_board(self):
        orders = self.env["sale.order"].union(
            *(self.create_order((self.product_a, 1)) for _number in range(3))
        )
        self.place_hold(orders[0])
        self.make_late(orders[1])
        self.workflow.name = "OMS Tour Workflow"
        stage = orders.oms_stage_id
        self.start("/odoo/oms-board", "oms_board_tour")
        self.assertEqual(orders.oms_stage_id, stage, "cards cannot be moved")

    def test_workflow(self):
        """A consultant designs, tries and publishes a workflow."""
        self.create_order((self.product_a, 1))
        self.start("/odoo/oms-workflows", "oms_workflow_tour")
        workflow = self.env["oms.workflow"].search([("name", "=", "OMS Tour Made")])
        self.assertEqual(workflow.state, "published")
        self.assertEqual(
            workflow.stage_ids.mapped(lambda stage: (stage.name, stage.milestone)),
            [("Do it", "shipped"), ("Bill it", "invoiced")],
            "dragged into their order",
        )

    def test_approval(self):
        self.create_workflow(
            "OMS Tour Approval",
            [
                "confirmed",
                {
                    "name": "Credit Check",
                    "exit_kind": "approval",
                    "approval_group_id": self.credit_group.id,
                },
                "released",
                "shipped",
            ],
            company_id=self.company.id,
            sequence=0,
        )
        order = self.create_order((self.product_a, 1))
        self.assertStage(order, "Credit Check")
        self.start(f"/odoo/oms-orders/{order.id}", "oms_approval_tour")
        self.env.invalidate_all()
        self.assertReleased(order)

    def test_transfer(self):
        order = self.create_order((self.product_a, 1))
        self.place_hold(order)
        picking = order.picking_ids
        self.start(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            "oms_transfer_tour",
        )
        self.assertNotEqual(picking.state, "done")

    def test_portal(self):
        order = self.create_order((self.product_a, 1))
        self.create_user(
            "oms_tour_customer", "base.group_portal", partner_id=self.customer.id
        )
        self.env.flush_all()
        self.start_tour(
            f"/my/orders/{order.id}", "oms_portal_tour", login="oms_tour_customer"
        )
