from odoo.tests import HttpCase, tagged

from .common_floor import FloorCommon


@tagged("post_install", "-at_install")
class TestBayNumberingTour(FloorCommon, HttpCase):
    def test_number_bays(self):
        manager = self.create_user(
            "oms_tour_floor",
            "stock.group_stock_manager,stock.group_stock_multi_locations",
            password="oms_tour_floor",
        )
        self.start_tour("/odoo/oms-bays", "oms_floor_number_bays", login=manager.login)
        self.assertEqual(self.bays["B-12"].oms_pick_sequence, 13)
        picking = self.create_picking(["C-1", "B-11", "A-2"])
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            "oms_floor_pick_by_walk",
            login=manager.login,
        )
