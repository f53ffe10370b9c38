from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackTour(PackingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.packer = cls.create_user(
            "oms_tour_packer", "stock.group_stock_user", password="oms_tour_packer"
        )
        cls.packer.company_ids = [Command.set(cls.company.ids)]
        order = cls.create_packing_order((cls.mug, 4), (cls.book, 2))
        cls.picking = order.picking_ids

    def test_bench(self):
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{self.picking.id}",
            "oms_packing_bench",
            login="oms_tour_packer",
        )
        plan = self.picking.oms_pack_plan_id
        self.assertEqual((plan.state, plan.applied_by), ("applied", self.packer))
        self.assertTrue(plan.is_manual)
        self.assertEqual(plan.override_reason, "The mug is a present")
        self.assertEqual(len(self.picking.move_line_ids.result_package_id), 3)

    def test_changes_are_kept(self):
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{self.picking.id}",
            "oms_packing_kept",
            login="oms_tour_packer",
        )
        plan = self.picking.oms_pack_plan_id
        self.assertEqual(plan.override_reason, "It is pressed down")
        self.assertEqual(plan.state, "applied")

    def test_reports(self):
        self.start_tour(
            "/odoo/action-oms_order_cycle.oms_pack_box_action_report",
            "oms_packing_reports",
            login="oms_tour_packer",
        )
