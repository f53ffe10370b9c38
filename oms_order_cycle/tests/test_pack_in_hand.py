"""Plans that somebody packs by are not taken out of his hands."""

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.oms_order_cycle.tools.packer.planner import Packer

from .common_packing import PackingCommon


@tagged("post_install", "-at_install")
class TestPackInHand(PackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.create_user(
            "oms_anna", "stock.group_stock_user,sales_team.group_sale_manager"
        )
        cls.bob = cls.create_user("oms_bob", "stock.group_stock_user")

    def setUp(self):
        super().setUp()
        self.order = self.create_packing_order((self.mug, 4))
        self.picking = self.order.picking_ids
        self.plan = self.picking.oms_pack_plan_id

    def open_bench(self, user, pickings=None):
        pickings = self.picking if pickings is None else pickings
        action = pickings.with_user(user).action_oms_pack()
        return self.env["oms.pack.wizard"].with_user(user).browse(action["res_id"])

    def end_request(self):
        self.env.cr.flush()
        self.env.invalidate_all()

    def make_medium_dear(self):
        """Another carton is better from now on."""
        self.create_carton("OMS New", (202, 202, 202), 0.1)
        self.medium.oms_cost = 50

    def packages(self):
        return self.picking.move_line_ids.result_package_id

    # -- on the bench ----------------------------------------------------------------

    def test_run_offers_beside_the_bench(self):
        bench = self.open_bench(self.anna)
        self.make_medium_dear()
        run = self.env["oms.pack.run"]._start(self.picking)
        run._work(run.line_ids, Packer(self.env))
        self.assertEqual(run.state, "done")
        offer = self.picking.oms_pack_plan_ids.filtered(lambda p: p.state == "offered")
        self.assertEqual(self.plan.state, "proposed")
        self.assertEqual(offer.box_ids.name, "OMS New")
        self.assertEqual(self.picking.oms_pack_plan_id, self.plan)
        self.assertIn(self.anna.name, self.plan.in_hand_note)
        bench.invalidate_recordset()
        shown = bench.bench["transfers"][0]
        self.assertIn("OMS New", shown["offer"])
        self.assertEqual(shown["hands"], "")
        other = self.open_bench(self.bob).bench["transfers"][0]
        self.assertIn(self.anna.name, other["hands"])
        bench.action_apply()
        self.assertEqual(self.packages().package_type_id, self.medium)
        self.assertEqual(offer.state, "superseded")

    def test_offer_is_taken_by_who_wants_it(self):
        bench = self.open_bench(self.anna)
        self.make_medium_dear()
        self.picking.action_oms_plan_packing()
        self.assertEqual(self.plan.state, "proposed")
        bench.take_offer(self.picking.id)
        self.assertEqual(self.plan.state, "superseded")
        self.assertEqual(bench.bench["transfers"][0]["boxes"][0]["name"], "OMS New")
        bench.action_apply()
        self.assertEqual(self.packages().package_type_id.name, "OMS New")

    def test_bench_that_is_left_lets_the_offer_in(self):
        bench = self.open_bench(self.anna)
        self.make_medium_dear()
        self.picking.action_oms_plan_packing()
        self.assertFalse(bench.leave())
        self.assertEqual(self.picking.oms_pack_plan_id.box_ids.name, "OMS New")
        self.assertFalse(self.picking.oms_pack_plan_id.is_in_hand)

    def test_bench_that_was_not_left_in_order(self):
        """The browser broke down: the same packer opens another bench."""
        lost = self.open_bench(self.anna)
        since = self.plan.bench_since
        bench = self.open_bench(self.anna)
        self.assertNotEqual(bench, lost)
        self.assertEqual(self.plan.bench_since, since)
        lost.leave()
        self.assertTrue(self.plan.is_in_hand)
        bench.leave()
        self.assertFalse(self.plan.is_in_hand)

    def test_nothing_better_is_no_offer(self):
        self.open_bench(self.anna)
        self.picking.action_oms_plan_packing()
        self.assertEqual(self.picking.oms_pack_plan_ids, self.plan)
        self.assertFalse(self.plan.offer_note)
        self.assertEqual(self.picking.oms_pack_note, self.plan.in_hand_note)

    def test_without_a_bench_plans_are_replaced(self):
        self.assertFalse(self.picking.oms_pack_note)
        self.make_medium_dear()
        self.picking.action_oms_plan_packing()
        self.assertEqual(self.plan.state, "superseded")

    def test_other_carrier_while_packing(self):
        bench = self.open_bench(self.anna)
        other = self.carrier.copy({"name": "OMS Other", "oms_parcel_fee": 9})
        self.picking.carrier_id = other
        self.end_request()
        self.assertEqual(self.plan.state, "proposed")
        self.assertTrue(bench.is_stale)
        bench.action_apply()
        package = self.packages()
        self.assertEqual(package.oms_carrier_id, other)
        self.assertEqual(self.picking.oms_pack_plan_id.carrier_id, other)

    def test_order_grows_while_packing(self):
        bench = self.open_bench(self.anna)
        self.order.order_line.product_uom_qty = 6
        self.end_request()
        self.assertEqual(self.plan.state, "proposed")
        self.assertIn("have changed", self.plan.offer_note)
        bench.action_apply()
        packed = self.picking.move_line_ids.filtered("result_package_id")
        self.assertEqual(sum(packed.mapped("quantity")), 4)

    def test_order_shrinks_while_packing(self):
        """What is in the box cannot be more than what is ordered: it says so."""
        bench = self.open_bench(self.anna)
        self.order.order_line.product_uom_qty = 3
        self.end_request()
        with self.assertRaisesRegex(UserError, "4 planned, 3 there"):
            bench.action_apply()
        bench.take_offer(self.picking.id)
        bench.action_apply()
        self.assertEqual(sum(self.packages().move_line_ids.mapped("quantity")), 3)

    # -- planned anew all the same ---------------------------------------------------

    def supersede(self):
        """As a former version did, or a bench that was open too long."""
        self.plan.write({"bench_since": "2020-01-01 00:00:00"})
        self.picking.action_oms_plan_packing()
        self.assertEqual(self.plan.state, "superseded")

    def test_packed_as_on_the_bench(self):
        bench = self.open_bench(self.anna)
        self.make_medium_dear()
        self.supersede()
        bench.action_apply()
        applied = self.picking.oms_pack_plan_id
        self.assertEqual(self.packages().package_type_id, self.medium)
        self.assertTrue(applied.is_manual)
        self.assertEqual(applied.origin_id.state, "overridden")
        self.assertEqual(applied.origin_id.box_ids.name, "OMS New")

    def test_packed_like_the_newer_plan(self):
        bench = self.open_bench(self.anna)
        self.supersede()
        newer = self.picking.oms_pack_plan_id
        bench.action_apply()
        self.assertEqual(newer.state, "applied")
        self.assertFalse(newer.is_manual)

    def test_packed_otherwise_is_checked(self):
        bench = self.open_bench(self.anna)
        self.mug.oms_height = 250
        self.supersede()
        with self.assertRaisesRegex(UserError, "Give a reason"):
            bench.action_apply()
        bench.reason = "It went in all the same"
        bench.action_apply()
        applied = self.picking.oms_pack_plan_id
        self.assertEqual(applied.override_reason, "It went in all the same")

    # -- printed ---------------------------------------------------------------------

    def print_slip(self, user):
        report = self.env["ir.actions.report"].with_user(user)
        report._render_qweb_html("oms_order_cycle.oms_packing_slip", self.plan.ids)

    def test_printed_plan_stays(self):
        self.print_slip(self.bob)
        self.assertEqual(self.plan.printed_by, self.bob)
        self.make_medium_dear()
        self.picking.action_oms_plan_packing()
        self.assertEqual(self.plan.state, "proposed")
        self.assertIn(self.bob.name, self.plan.in_hand_note)
        bench = self.open_bench(self.anna)
        self.assertIn(self.bob.name, bench.bench["transfers"][0]["hands"])
        bench.leave()
        self.assertEqual(self.picking.oms_pack_plan_id, self.plan)
        self.plan.with_user(self.bob).action_take_offer()
        self.assertEqual(self.picking.oms_pack_plan_id.box_ids.name, "OMS New")

    def test_printed_plan_is_applied_from_its_form(self):
        self.print_slip(self.bob)
        self.make_medium_dear()
        self.plan.with_user(self.bob).action_apply()
        self.assertEqual(self.packages().package_type_id, self.medium)

    # -- changed by hand -------------------------------------------------------------

    def test_changes_are_found_again(self):
        bench = self.open_bench(self.anna)
        bench.change_carton(self.picking.id, 1, self.large.id)
        self.assertTrue(bench.leave())
        self.assertTrue(self.plan.is_in_hand)
        again = self.open_bench(self.anna)
        self.assertEqual(again, bench)
        self.assertEqual(again.bench["transfers"][0]["boxes"][0]["name"], "OMS Large")
        self.assertNotEqual(self.open_bench(self.bob), bench)
        again.reset(self.picking.id)
        self.assertFalse(again.leave())
        self.assertNotEqual(self.open_bench(self.anna), bench)

    def test_back_to_the_proposal_solves_nothing(self):
        bench = self.open_bench(self.anna)
        bench.change_carton(self.picking.id, 1, self.large.id)
        bench.reset()
        self.assertEqual(self.picking.oms_pack_plan_ids, self.plan)
        self.assertFalse(bench.is_changed)

    def test_kept_changes_of_a_closed_transfer_are_dropped(self):
        bench = self.open_bench(self.anna)
        bench.change_carton(self.picking.id, 1, self.large.id)
        other = self.create_packing_order((self.mug, 2)).picking_ids
        self.order._action_cancel()
        fresh = self.open_bench(self.anna, self.picking | other)
        self.assertNotEqual(fresh, bench)
        self.assertEqual(fresh.picking_ids, other)

    def test_bench_of_another_is_not_left(self):
        bench = self.open_bench(self.anna)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertRaises(AccessError, bench.with_user(self.bob).leave)
        self.assertTrue(self.plan.is_in_hand)


@tagged("post_install", "-at_install")
class TestPackInHandAtOnce(PackingCommon):
    """A run and a bench meet: two connections of their own."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.connection.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            picking_type = env["stock.picking.type"].search([], limit=1)
            picking = env["stock.picking"].create({"picking_type_id": picking_type.id})
            plan = env["oms.pack.plan"].create(
                {"picking_id": picking.id, "company_id": picking.company_id.id}
            )
            self.ids = picking.id, plan.id
        self.addCleanup(self.clean)

    def clean(self):
        with self.connection.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["oms.pack.plan"].search([("picking_id", "=", self.ids[0])]).unlink()
            env["stock.picking"].browse(self.ids[0]).unlink()

    def plan_anew(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        picking = env["stock.picking"].browse(self.ids[0])
        vals = {
            "picking_id": picking.id,
            "company_id": picking.company_id.id,
            "signature": "another",
            "minimised": "cost",
        }
        env["oms.pack.plan"]._make_beside([vals], env["oms.pack.plan"])
        env.flush_all()

    def lay_on_bench(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["oms.pack.plan"].browse(self.ids[1])._lay_on_bench(1)
        env.flush_all()

    def states(self):
        with self.connection.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            plans = env["oms.pack.plan"].search([("picking_id", "=", self.ids[0])])
            return sorted(plans.mapped("state"))

    def test_bench_first(self):
        with self.connection.cursor() as run:
            run.execute("SELECT 1 FROM oms_pack_plan LIMIT 1")
            with self.connection.cursor() as bench:
                self.lay_on_bench(bench)
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.plan_anew(run)
            run.rollback()
            # taken again, as the background does
            self.plan_anew(run)
        self.assertEqual(self.states(), ["offered", "proposed"])

    def test_run_first(self):
        with self.connection.cursor() as bench:
            bench.execute("SELECT 1 FROM oms_pack_plan LIMIT 1")
            with self.connection.cursor() as run:
                self.plan_anew(run)
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.lay_on_bench(bench)
            bench.rollback()
        self.assertEqual(self.states(), ["proposed", "superseded"])
