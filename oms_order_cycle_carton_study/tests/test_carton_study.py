from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import DeadlockDetected, LockNotAvailable

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.oms_order_cycle.tests.common_packing import PackingCommon

from ..tools import carton_study_job
from ..tools.carton_study_job import Stopped, StudyJob, TooSlow


@tagged("post_install", "-at_install")
class TestCartonStudy(PackingCommon):
    """Which cartons should we stock: asked of what was delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tall = cls.create_sized("OMS Tall", (250, 150, 150), 1.0)
        for product, quantity in ((cls.mug, 2), (cls.mug, 2), (cls.tall, 1)):
            cls.ship(cls.create_packing_order((product, quantity)))
        cls.study = cls.create_study()

    @classmethod
    def create_study(cls, **values):
        return cls.env["oms.carton.study"].create(
            {
                "company_id": cls.company.id,
                "price_basis": "carrier",
                "carrier_id": cls.carrier.id,
                "number_min": 1,
                "number_max": 2,
                "length_min": 200,
                "length_max": 300,
                "width_min": 100,
                "width_max": 200,
                "height_min": 100,
                "height_max": 200,
                "base_step": 50,
                "height_step": 50,
                **values,
            }
        )

    @contextmanager
    def background(self):
        """Neither commit nor roll back: the test is one transaction."""
        with (
            patch.object(self.env.registry["ir.cron"], "_commit_progress"),
            patch.object(self.env.registry["oms.carton.study"], "_forget"),
        ):
            yield

    def work(self, study, seconds=600):
        with self.background():
            study._work(seconds)

    # -- what is found -------------------------------------------------------------

    def test_beside_todays(self):
        self.study.action_start()
        self.assertEqual(self.study.state, "waiting")
        self.work(self.study)
        study = self.study
        self.assertEqual((study.state, study.error), ("done", False))
        self.assertEqual((study.transfer_count, study.content_count), (3, 2))
        self.assertEqual(study.days, 30)
        today, one, two = study.choice_ids
        self.assertEqual(
            (today.kind, today.number, today.share, len(today.carton_ids)),
            ("today", 0, 100, 3),
        )
        self.assertEqual((one.number, two.number), (1, 2))
        self.assertLess(one.price, today.price)
        self.assertLess(one.share, 100)
        self.assertAlmostEqual(
            one.saving, (today.price - one.price) * 365 / 30, delta=0.02
        )
        self.assertLessEqual(two.price, one.price)
        self.assertEqual((today.parcels, today.unfit_count), (3, 0))
        self.assertEqual(len(one.carton_ids), 1)
        self.assertIn("<svg", study.curve)
        self.assertIn("today", study.curve)
        self.assertEqual(sum(two.carton_ids.mapped("parcels")), 3)

    def test_a_whole_set(self):
        study = self.create_study(mode="nothing", number_min=2, number_max=3)
        study.action_start()
        self.work(study)
        self.assertEqual(study.state, "done", study.error)
        chosen = study.choice_ids.filtered(lambda one: one.kind == "chosen")
        self.assertEqual(chosen.mapped("number"), [2, 3])
        self.assertLess(chosen[0].price, study.choice_ids[0].price)
        self.assertEqual(chosen.mapped("unfit_count"), [0, 0])

    def test_a_suppliers_list(self):
        offered = self.create_carton(
            "OMS Offered", (260, 160, 160), 0.15, oms_is_carton=False
        )
        study = self.create_study(
            candidate_source="list",
            candidate_ids=[Command.set(offered.ids)],
            price_basis="rate",
            parcel_fee=4,
            weight_rate=0.9,
            dim_rule_id=self.dim_rule.id,
        )
        study.action_start()
        self.work(study)
        self.assertEqual(study.state, "done", study.error)
        choice = study.choice_ids[-1]
        self.assertEqual(choice.carton_ids.package_type_id, offered)
        self.assertEqual(choice.state, "made")
        choice.action_use_cartons()
        self.assertTrue(offered.oms_is_carton)
        self.assertEqual(choice.state, "used")

    def test_it_goes_on_where_it_stopped(self):
        self.study.action_start()
        for _call in range(30):
            if self.study.state not in ("waiting", "running"):
                break
            self.work(self.study, seconds=0)
        self.assertEqual(self.study.state, "done", self.study.error)
        self.assertGreater(_call, 3)
        self.assertLess(self.study.interruptions, 3)

    def test_too_large_and_without_size(self):
        crate = self.create_sized("OMS Crate", (900, 700, 700), 20)
        unknown = self.create_product("OMS Unknown")
        self.company.oms_guess_sizes = False
        self.ship(self.create_packing_order((crate, 1), (self.mug, 2)))
        self.ship(self.create_packing_order((unknown, 1)))
        self.study.action_start()
        self.work(self.study)
        self.assertEqual(self.study.state, "done", self.study.error)
        self.assertEqual(self.study.left_out_count, 2)
        self.assertIn("OMS Crate", self.study.left_out_note)
        self.assertIn("OMS Unknown has no size", self.study.left_out_note)
        # the mugs beside the crate are looked at
        self.assertEqual(self.study.choice_ids[0].parcels, 4)

    def test_long_and_bulky_together(self):
        """No carton is for both: a whole set is chosen for each part."""
        pole = self.create_sized("OMS Pole", (1100, 60, 60), 1)
        self.create_carton("OMS Tube", (1200, 80, 80), 0.3)
        self.ship(self.create_packing_order((pole, 1), (self.mug, 2)))
        study = self.create_study(mode="nothing", number_min=3, number_max=3)
        study.action_start()
        self.work(study)
        self.assertEqual(study.state, "done", study.error)
        self.assertEqual(study.left_out_count, 0)
        chosen = study.choice_ids[-1]
        self.assertEqual(chosen.unfit_count, 0)
        self.assertIn("1200 x 80 x 80", chosen.sizes)

    def test_sampled_deliveries_stand_for_all(self):
        self.study.transfer_limit = 1
        self.study.action_start()
        self.work(self.study)
        self.assertEqual((self.study.transfer_count, self.study.read_count), (3, 1))
        self.assertEqual(self.study.choice_ids[0].parcels, 3)

    # -- what may go wrong ----------------------------------------------------------

    def test_no_history(self):
        self.study.write({"date_from": "2001-01-01", "date_to": "2001-12-31"})
        with self.assertRaisesRegex(UserError, "no history"):
            self.study.action_start()
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        study = self.create_study(warehouse_id=other.id)
        with self.assertRaisesRegex(UserError, "no history"):
            study.action_start()

    def test_wrong_input(self):
        (self.small | self.medium | self.large).oms_is_carton = False
        with self.assertRaisesRegex(UserError, "no cartons yet"):
            self.study.action_start()
        study = self.create_study(mode="nothing", base_step=0)
        with self.assertRaisesRegex(UserError, "range of sizes is empty"):
            study.action_start()
        study.write({"base_step": 1, "height_step": 1})
        with self.assertRaisesRegex(UserError, "larger steps"):
            study.action_start()
        study.write({"candidate_source": "list"})
        with self.assertRaisesRegex(UserError, "package types"):
            study.action_start()
        with self.assertRaises(ValidationError):
            study.number_max = 16

    def test_whole_set_without_cartons_today(self):
        (self.small | self.medium | self.large).oms_is_carton = False
        study = self.create_study(mode="nothing")
        study.action_start()
        self.work(study)
        self.assertEqual(study.state, "done", study.error)
        self.assertEqual(set(study.choice_ids.mapped("kind")), {"chosen"})
        self.assertEqual(study.choice_ids.mapped("saving"), [0, 0])
        self.assertTrue(study.choice_ids[-1].price)

    def test_nothing_can_be_looked_at(self):
        self.company.oms_guess_sizes = False
        self.env["oms.product.size"].search(
            [("product_tmpl_id", "in", (self.mug | self.tall).product_tmpl_id.ids)]
        ).unlink()
        self.study.action_start()
        self.work(self.study)
        self.assertEqual(self.study.state, "failed")
        self.assertIn("has no size", self.study.error)
        self.assertFalse(self.study.choice_ids)

    def test_nothing_costs_anything(self):
        self.carrier.write({"oms_parcel_fee": 0, "oms_weight_rate": 0})
        self.study.write({"board_cost": 0})
        self.study.action_start()
        self.work(self.study)
        self.assertEqual(self.study.state, "failed")
        self.assertIn("no parcel costs anything", self.study.error)

    def test_an_error_is_shown(self):
        self.study.action_start()
        with (
            patch.object(
                carton_study_job, "choose", side_effect=ZeroDivisionError("x")
            ),
            self.assertLogs(
                "odoo.addons.oms_order_cycle_carton_study.models.oms_carton_study_run"
            ),
        ):
            self.work(self.study)
        self.assertEqual((self.study.state, self.study.error), ("failed", "x"))
        self.study.action_start()
        self.work(self.study)
        self.assertEqual((self.study.state, self.study.error), ("done", False))

    def test_too_slow(self):
        """Fewer contents are looked at; when that is not enough, it is said."""
        for number in range(1, 26):
            product = self.create_sized(f"OMS {number}", (50 + number, 90, 90), 1)
            self.ship(self.create_packing_order((product, 1)))
        self.study.action_start()
        with patch.object(carton_study_job, "TABLE_SECONDS", -1):
            self.work(self.study)
        self.assertEqual(self.study.state, "failed")
        self.assertIn("too much", self.study.error)
        self.assertEqual(self.study.sample_count, carton_study_job.LEAST_SAMPLE)

    def test_too_slow_after_todays_are_measured(self):
        """What today's cartons cost is found again for the fewer contents."""
        for number in range(1, 30):
            product = self.create_sized(f"OMS {number}", (50 + number, 90, 90), 1)
            self.ship(self.create_packing_order((product, 1)))
        self.study.action_start()
        choose, calls = carton_study_job.choose, []

        def slow_once(*args, **options):
            calls.append(options["sample"])
            if len(calls) == 1:
                raise TooSlow
            return choose(*args, **options)

        with patch.object(carton_study_job, "choose", slow_once):
            self.work(self.study)
        self.assertEqual((self.study.state, self.study.error), ("done", False))
        self.assertEqual(calls, [31, 20])
        self.assertEqual(self.study.choice_ids[0].parcels, 32)

    def test_each_content_gets_its_share_of_time(self):
        """Alike in all sets; today's are not looked at again for each choice."""
        self.study.action_start()
        packed, seen = carton_study_job.packed, []

        def watched(items, cartons, price, seconds):
            seen.append(seconds)
            return packed(items, cartons, price, seconds)

        with patch.object(carton_study_job, "packed", watched):
            self.work(self.study)
        self.assertEqual(self.study.state, "done", self.study.error)
        self.assertEqual(seen, [1.0] * 6, "two contents in three sets")
        job = StudyJob(self.study, 0)
        for number, seconds in ((100, 0.3), (200, 0.25), (5000, 0.25)):
            with patch.object(StudyJob, "sample", range(number)):
                self.assertAlmostEqual(job.pack_seconds, seconds)

    def test_an_order_is_not_dearer_with_more_cartons(self):
        """Where time ends before the plan is as good, it goes as it does today."""
        self.study.action_start()
        prices = {3: 10.0, 4: 12.0, 5: 9.0}

        def packed(items, cartons, price, seconds):
            return prices[len(cartons)], {str(cartons[0].key): 1}

        with patch.object(carton_study_job, "packed", packed):
            self.work(self.study)
        self.assertEqual(self.study.choice_ids.mapped("price"), [30, 30, 27])

    def test_refining_without_time_keeps_what_was_found(self):
        self.study.action_start()
        with patch.object(carton_study_job, "TABLE_SECONDS", -1):
            self.work(self.study)
        self.assertEqual((self.study.state, self.study.error), ("done", False))
        self.assertEqual(len(self.study.choice_ids[-1].carton_ids), 2)

    def test_progress_is_told(self):
        self.study.action_start()
        told = []
        with patch.object(
            StudyJob, "tell", lambda job, note, share: told.append((share, note))
        ):
            self.work(self.study)
        shares = [share for share, _note in told]
        self.assertEqual(shares, sorted(shares))
        self.assertEqual(shares[-1], 1)
        notes = [note for _share, note in told]
        self.assertIn("Packing everything in Today's 3: 1 of 2", notes)
        self.assertIn("Packing everything in Today's and 2 more: 2 of 2", notes)

    def test_fewer_contents_after_it_was_cut_off(self):
        self.study.action_start()
        self.work(self.study, seconds=0)
        self.assertTrue(self.study.data)
        self.study.write({"interruptions": 1, "sample_count": 100})
        self.work(self.study)
        self.assertEqual((self.study.state, self.study.sample_count), ("done", 50))

    def test_cut_off_again_and_again(self):
        self.study.action_start()
        self.study.interruptions = 9
        self.work(self.study)
        self.assertEqual(self.study.state, "failed")

    def test_stop(self):
        self.study.action_start()
        with self.assertRaises(UserError):
            self.study.action_start()
        self.study.action_cancel()
        self.assertEqual(self.study.state, "cancelled")
        self.study.write({"state": "running"})
        with self.assertRaises(UserError):
            self.study.unlink()
        job = StudyJob(self.study, 0)
        self.study.state = "cancelled"
        with self.background(), self.assertRaises(Stopped):
            job.tell("", 0.5)
        self.study.action_draft()
        self.assertEqual(self.study.state, "draft")

    def test_cron(self):
        self.study.action_start()
        with self.background():
            self.env["oms.carton.study"]._cron_work()
        self.assertEqual(self.study.state, "done", self.study.error)

    def test_written_meanwhile(self):
        """A lock or a deadlock is no failure: it is taken again, and not counted."""
        self.study.action_start()
        run, errors = StudyJob.run, [LockNotAvailable, DeadlockDetected]

        def stumble(job):
            if errors:
                raise errors.pop(0)
            return run(job)

        with self.background(), patch.object(StudyJob, "run", stumble):
            self.env["oms.carton.study"]._cron_work()
        self.assertFalse(errors)
        self.assertEqual((self.study.state, self.study.error), ("done", False))
        self.assertEqual(self.study.interruptions, 1)

    # -- what is made of it -----------------------------------------------------------

    def test_create_cartons(self):
        self.study.action_start()
        self.work(self.study)
        choice = self.study.choice_ids[-1]
        self.assertEqual(choice.state, "open")
        action = choice.action_create_cartons()
        types = choice.carton_ids.package_type_id
        self.assertEqual(action["domain"], [("id", "in", types.ids)])
        self.assertEqual(len(types), 2)
        self.assertEqual(choice.state, "made")
        self.assertFalse(any(types.mapped("oms_is_carton")))
        spec = choice.carton_ids[0].spec
        self.assertEqual(types[0]._oms_to_carton().inner, tuple(spec["inner"]))
        choice.action_create_cartons()
        self.assertEqual(choice.carton_ids.package_type_id, types)
        choice.action_use_cartons()
        self.assertTrue(all(types.mapped("oms_is_carton")))
        self.assertIn(
            types[0].id,
            [c.key for c in types._oms_get_cartons(company=self.company)],
        )

    def test_proposals(self):
        study = self.env["oms.carton.study"].create({"company_id": self.company.id})
        self.assertEqual((study.number_min, study.number_max), (1, 5))
        self.assertGreater(study.board_weight, 0)
        self.assertEqual(study.wall, 4)
        self.assertEqual(study.carrier_id, self.carrier, "most went with it")
        form = Form(study)
        form.mode = "nothing"
        self.assertEqual((form.number_min, form.number_max), (2, 12))

    def test_feet_and_pounds(self):
        params = self.env["ir.config_parameter"].sudo()
        params.set_param("product.volume_in_cubic_feet", "1")
        params.set_param("product.weight_in_lbs", "1")
        study = self.env["oms.carton.study"].create({"company_id": self.company.id})
        self.assertEqual(study.length_max, 2)
        grid = study._get_grid()
        self.assertAlmostEqual(grid.ranges[0][1], 609.6)
        self.assertAlmostEqual(grid.steps[0], 50.8, delta=0.02)
        carton = grid.cartons()[-1]
        choice = self.env["oms.carton.study.choice"].create(
            {"study_id": study.id, "kind": "chosen", "number": 1}
        )
        choice._set_cartons([carton])
        choice.action_create_cartons()
        made = choice.carton_ids.package_type_id._oms_to_carton()
        self.assertEqual((made.inner, made.tare), (carton.inner, carton.tare))

    # -- who may -----------------------------------------------------------------------

    def test_rights(self):
        manager = self.create_user("oms_study_m", "stock.group_stock_manager")
        packer = self.create_user("oms_study_p", "stock.group_stock_user")
        study = self.study.with_user(manager)
        study.action_start()
        self.work(self.study)
        choice = study.choice_ids[-1]
        choice.action_create_cartons()
        choice.action_use_cartons()
        self.assertEqual(study.with_user(packer).choice_ids, study.choice_ids)
        with self.assertRaises(AccessError):
            self.study.with_user(packer).action_start()
        with self.assertRaises(AccessError):
            choice.with_user(packer).action_create_cartons()
        with self.assertRaises(AccessError):
            choice.price = 1

    def test_other_company(self):
        other = self.create_company("OMS Other Distributor")
        stranger = new_test_user(
            self.env,
            login="oms_study_s",
            groups="stock.group_stock_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.study.with_user(stranger).read(["name"])
        study = self.create_study(company_id=other.id, carrier_id=False)
        with self.assertRaisesRegex(UserError, "no history"):
            study.action_start()

    def test_only_the_period(self):
        picking = self.env["stock.picking"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        picking.date_done = fields.Datetime.now() - timedelta(days=90)
        self.study.date_from = fields.Date.today() - timedelta(days=10)
        self.study.action_start()
        self.work(self.study)
        self.assertEqual(self.study.transfer_count, 2)
        self.study.action_draft()
        self.study.date_from = fields.Date.today() - timedelta(days=100)
        self.study.action_start()
        self.work(self.study)
        self.assertEqual((self.study.transfer_count, self.study.days), (3, 91))
