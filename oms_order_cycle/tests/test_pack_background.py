from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.pack import oms_pack_plan_background, stock_picking_replan
from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackBackground(PackingCommon):
    """Plans of very many boxes are made and applied in the background."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.large.oms_is_carton = False
        cls.brick = cls.create_sized("OMS Brick", (290, 190, 190), 3)

    def setUp(self):
        super().setUp()
        for name, value in (("AT_ONCE_MAX", 5), ("CHUNK", 4)):
            patcher = patch.object(oms_pack_plan_background, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def plan(self, number=10):
        plan = self.create_packing_order((self.brick, number)).picking_ids
        return plan.oms_pack_plan_id

    def start(self, plan):
        action = plan.action_apply()
        self.assertEqual(action["res_model"], "oms.pack.run")
        return self.env["oms.pack.run"].browse(action["res_id"])

    def work(self, run):
        """What one transaction of the background does."""
        run.sudo()._work_applying(run.sudo().line_ids.filtered(
            lambda line: line.state == "waiting"
        ))  # fmt: skip
        # the end of the transaction
        self.env.cr.precommit.run()

    def run_cron(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["oms.pack.run"]._cron_run()

    def quantities(self, picking):
        return picking.move_line_ids.filtered("result_package_id").mapped("quantity")

    # -- applying --------------------------------------------------------------------

    def test_few_boxes_are_applied_at_once(self):
        plan = self.plan(5)
        self.assertIs(plan.action_apply(), True)
        self.assertEqual(plan.state, "applied")

    def test_many_boxes_some_at_a_time(self):
        plan = self.plan()
        self.assertEqual(plan.box_count, 10)
        picking, run = plan.picking_id, self.start(plan)
        self.assertEqual((run.state, run.total, run.progress), ("waiting", 10, 0))
        self.assertEqual(run.name, "Packing of 10 boxes")
        self.work(run)
        self.assertEqual((run.state, run.done_count), ("running", 4))
        self.assertEqual(plan.state, "proposed")
        self.assertEqual(len(plan.box_ids.package_id), 4)
        self.assertIn("4 of 10 boxes", picking.oms_pack_note)
        self.work(run)
        self.work(run)
        self.assertEqual((run.state, run.done_count, run.progress), ("done", 10, 100))
        self.assertEqual((plan.state, plan.applied_by), ("applied", self.env.user))
        self.assertFalse(plan.apply_run_id)
        self.assertEqual(self.quantities(picking), [1] * 10)
        self.assertEqual(len(picking.move_line_ids.result_package_id), 10)
        self.assertEqual(picking.oms_pack_plan_ids, plan)

    def test_by_the_scheduled_action(self):
        plans = self.plan() | self.plan(7)
        run = self.start(plans)
        self.run_cron()
        self.assertEqual((run.state, run.done_count), ("done", 17))
        self.assertEqual(set(plans.mapped("state")), {"applied"})

    def test_nothing_twice_after_a_kill(self):
        plan = self.plan()
        run = self.start(plan)
        self.work(run)
        before = plan.box_ids.package_id
        self.env.flush_all()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.work(run)
            self.assertEqual(len(plan.box_ids.package_id), 8)
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(plan.box_ids.package_id, before)
        self.run_cron()
        self.assertEqual(plan.state, "applied")
        self.assertLess(before, plan.box_ids.package_id)
        self.assertEqual(self.quantities(plan.picking_id), [1] * 10)
        self.assertEqual(run.done_count, 10)

    def test_from_the_bench(self):
        plan = self.plan()
        bench = self.env["oms.pack.wizard"].browse(
            plan.picking_id.action_oms_pack()["res_id"]
        )
        action = bench.action_apply()
        self.assertEqual(action["res_model"], "oms.pack.run")
        self.run_cron()
        self.assertEqual(plan.state, "applied")

    def test_what_is_being_applied_is_in_hand(self):
        plan = self.plan()
        picking, run = plan.picking_id, self.start(plan)
        self.work(run)
        self.assertTrue(plan.is_in_hand)
        for refused in (
            plan.action_apply,
            picking.action_oms_pack,
        ):
            with self.assertRaisesRegex(UserError, "4 of 10 boxes"):
                refused()
        # another plan neither takes its place nor is offered
        picking.action_oms_plan_packing()
        picking.carrier_id = self.carrier.copy({"name": "OMS Other"})
        self.env.cr.precommit.run()
        self.assertEqual(picking.oms_pack_plan_ids, plan)
        self.run_cron()
        self.assertEqual(plan.state, "applied")

    def test_stopped_what_is_packed_stays_and_the_rest_is_planned(self):
        plan = self.plan()
        picking, run = plan.picking_id, self.start(plan)
        self.work(run)
        run.action_cancel()
        self.assertEqual((plan.state, plan.box_count), ("applied", 4))
        self.assertEqual(len(plan.box_ids), 4)
        self.assertAlmostEqual(plan.gross_weight, 4 * 3.2)
        rest = picking.oms_pack_plan_id
        self.assertEqual((rest.state, rest.box_count), ("proposed", 6))
        self.run_cron()
        self.assertEqual(len(picking.move_line_ids.result_package_id), 4)
        self.assertEqual(run.state, "cancelled")

    def test_stopped_before_anything_was_packed(self):
        plan = self.plan()
        self.start(plan).action_cancel()
        self.assertEqual(plan.state, "proposed")
        self.assertFalse(plan.is_in_hand)
        self.assertEqual(len(plan.box_ids), 10)

    def test_goods_that_go_away_meanwhile(self):
        plan = self.plan()
        run = self.start(plan)
        self.work(run)
        plan.picking_id.move_line_ids.filtered(
            lambda line: not line.result_package_id
        ).unlink()
        self.run_cron()
        self.assertEqual((run.state, run.failed_count), ("done", 1))
        self.assertIn("holds less than this plan packs", run.error)
        self.assertEqual((plan.state, plan.box_count), ("applied", 4))

    def test_transfer_that_is_done_meanwhile(self):
        plan = self.plan()
        picking, run = plan.picking_id, self.start(plan)
        self.work(run)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual((plan.state, plan.packed_boxes), ("applied", 4))
        self.run_cron()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(picking.move_line_ids.result_package_id), 4)

    def test_transfer_that_is_cancelled_meanwhile(self):
        plan = self.plan()
        run = self.start(plan)
        plan.picking_id.action_cancel()
        self.run_cron()
        self.assertEqual((run.state, plan.state), ("done", "superseded"))

    # -- planning --------------------------------------------------------------------

    def test_a_release_does_not_wait_for_very_many_boxes(self):
        with patch.object(stock_picking_replan, "BUDGET", 0.05):
            picking = self.create_packing_order((self.brick, 30)).picking_ids
            few = self.create_packing_order((self.brick, 2)).picking_ids
        self.assertFalse(picking.oms_pack_plan_ids)
        self.assertEqual(few.oms_pack_plan_id.box_count, 2)
        self.run_cron()
        picking.invalidate_recordset()
        self.assertEqual(picking.oms_pack_plan_id.box_count, 30)
