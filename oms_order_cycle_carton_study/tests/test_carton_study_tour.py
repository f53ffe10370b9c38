from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.oms_order_cycle.tests.common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestCartonStudyTour(PackingCommon, HttpCase):
    def test_ask_and_look_at_the_answer(self):
        manager = self.create_user(
            "oms_tour_study",
            "stock.group_stock_manager",
            password="oms_tour_study",
        )
        manager.company_ids = [Command.set(self.company.ids)]
        for product in (self.mug, self.book):
            self.ship(self.create_packing_order((product, 3)))
        self.start_tour(
            "/odoo/oms-carton-studies", "oms_carton_study_ask", login=manager.login
        )
        study = self.env["oms.carton.study"].search([("name", "=", "My Question")])
        self.assertEqual((study.state, study.user_id), ("waiting", manager))
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            study.sudo()._work(600)
        self.assertEqual(study.state, "done", study.error)
        self.start_tour(
            f"/odoo/oms-carton-studies/{study.id}",
            "oms_carton_study_answer",
            login=manager.login,
        )
        made = study.choice_ids[-1].carton_ids.package_type_id
        self.assertEqual(made.mapped("oms_is_carton"), [True, True])
