from decimal import Decimal
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged

from ..packing.picture import draw
from ..tools.columns import create_columns
from ..tools.guard import Runner, aside
from ..tools.packer.bench_draft import BenchDraft, DraftBox, DraftTransfer
from ..tools.packer.by_hand import HandPacking
from ..tools.packer.contents import Collector, Content, count_units
from ..tools.packer.geometry import pack_geometry, unpack_geometry
from ..tools.packer.memory import Memory
from ..tools.shipment import Shipment
from .common_packing import PackingCommon

GUARD = "odoo.addons.oms_order_cycle.tools.guard"


@tagged("post_install", "-at_install")
class TestPacker(PackingCommon):
    """Parts between records and the engine, each by itself."""

    # -- what is to be packed ---

    def test_contents_do_not_depend_on_the_order(self):
        one, other = Collector(), Collector()
        rows = [(7, 2.0, (1, 9)), (3, 1.0, (1,)), (7, 0.5, (1,)), (5, 0.0, (1,))]
        for row in rows:
            one.add(*row)
        for row in reversed(rows):
            other.add(*row)
        self.assertEqual(
            one.contents(), (Content(3, 1.0, (1,)), Content(7, 2.5, (1, 9)))
        )
        self.assertEqual(one.contents(), other.contents())
        self.assertEqual(count_units(one.contents()), 3.5)

    def test_answers_that_are_kept_are_few(self):
        memory = Memory(2)
        for number in range(3):
            memory.keep(("case", number), number)
        self.assertIsNone(memory.get(("case", 0)), "the oldest goes first")
        self.assertEqual(memory.get(("case", 2)), 2)
        memory.clear()
        self.assertIsNone(memory.get(("case", 2)))

    def test_a_client_sends_no_shipment(self):
        sent = {"parcels": [[[1, 1, 1], 1, 1]], "company_id": self.company.id}
        env = self.env(context={**self.env.context, "oms_shipment": sent})
        self.assertEqual(Shipment.of(env), Shipment())
        self.assertFalse(Shipment.of(env).is_leaving)

    def test_thin_goods_are_as_thin_as_they_were_measured(self):
        sheet = self.create_sized("OMS Sheet", (297, 210, 0.2), 0.013)
        carton = self.create_carton("OMS Flat", (305, 215, 100), 0.1)
        (self.small | self.medium | self.large).oms_is_carton = False
        order = self.create_packing_order((sheet, 300), (self.mug, 1))
        plan = order.picking_ids.oms_pack_plan_id
        self.assertFalse(plan.unpacked_note)
        box, mug = plan.box_ids.sorted("content_weight", reverse=True)
        self.assertEqual(box.package_type_id, carton)
        self.assertEqual(sum(box.line_ids.mapped("quantity")), 300)
        self.assertEqual(len(mug.geometry["placements"]), 1)
        packed = unpack_geometry(box.geometry, "b")
        self.assertEqual({p.height for p in packed.placements}, {Decimal("0.2")})
        self.assertEqual(
            pack_geometry(packed)["placements"], box.geometry["placements"]
        )
        self.assertAlmostEqual(box.air_volume, 2.82, 2, "litres above 60 mm of 100")
        self.assertTrue(draw(packed))
        draft = DraftTransfer.from_plan(plan.picking_id, plan, plan.browse())
        self.assertEqual(HandPacking(plan.picking_id, draft, 5).check(), [])
        self.assertEqual(
            BenchDraft.from_json(BenchDraft([draft]).to_json()).transfers, [draft]
        )

    # -- what lies on the bench ---

    def test_draft_there_and_back(self):
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        plan = picking.oms_pack_plan_id
        transfer = DraftTransfer.from_plan(picking, plan, plan.browse())
        transfer.add_loose("1-1", 2, "its box was removed")
        draft = BenchDraft([transfer])
        self.assertEqual(BenchDraft.from_json(draft.to_json()), draft)
        self.assertEqual(BenchDraft.from_json(False), BenchDraft())
        (box,) = transfer.boxes
        self.assertEqual(box.type_id, self.medium.id)
        self.assertAlmostEqual(box.price, plan.price)
        self.assertEqual(sum(box.bodies.values()), 6)
        self.assertEqual(draft.of_plan(plan.id), transfer)
        self.assertIsNone(draft.of_plan(0))

    def test_draft_counts(self):
        box = DraftBox(1, bodies={"1-1": 2})
        transfer = DraftTransfer(1, 1, boxes=[box, DraftBox(1, fresh=True)])
        box.remove("1-1", 1)
        transfer.add_loose("1-1", 1, "why")
        transfer.add_loose("1-1", 2, "why")
        self.assertEqual((transfer.count("1-1", box), transfer.count("1-1")), (1, 3))
        self.assertTrue(transfer.has_faults, "something is not packed")
        transfer.remove_loose("1-1", 3)
        self.assertEqual((transfer.count("1-1"), transfer.has_faults), (0, False))
        box.remove("1-1", 1)
        transfer.drop_empty()
        self.assertEqual([one.fresh for one in transfer.boxes], [True])

    # -- beside what the user does ---

    def test_what_fails_aside_is_undone_and_told(self):
        self.mug.name = "OMS Cup"
        with (
            self.assertLogs(GUARD, "ERROR") as logs,
            aside(self.env, "No luck with %s", "mugs") as outcome,
        ):
            self.book.name = "OMS Volume"
            self.env.flush_all()
            raise ZeroDivisionError("boom")
        self.assertIn("No luck with mugs", logs.output[0])
        self.assertEqual(str(outcome.error), "boom")
        self.env.invalidate_all()
        self.assertEqual((self.mug.name, self.book.name), ("OMS Cup", "OMS Book"))

    def test_what_is_to_be_tried_again_is_raised(self):
        with (
            self.assertRaises(errors.SerializationFailure),
            aside(self.env, "No luck"),
        ):
            raise errors.SerializationFailure

    # -- in the background ---

    def run_slice(self, seconds, left):
        """Let a runner work at partners: (names worked at, times it was triggered)."""
        todo, done = self.env["res.partner"].browse(left), []

        def work(records):
            done.append(records.id)

        cron = self.env.ref("oms_order_cycle.ir_cron_pack_run")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        with patch.object(self.env.registry["ir.cron"], "_commit_progress") as commit:
            runner = Runner(self.env, "oms_order_cycle.ir_cron_pack_run", seconds)
            runner.run(lambda: todo[len(done) : len(done) + 1], work)
            runner.end(is_left=len(done) < len(todo))
        # one more to be called again, should the server be killed
        self.assertEqual(commit.call_count, len(done) + 1 + bool(done))
        return done, self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", cron.id)]
        )

    def test_runner_works_until_nothing_is_left(self):
        self.assertEqual(self.run_slice(60, [1, 2, 3]), ([1, 2, 3], 1))

    def test_runner_without_time_is_called_again(self):
        self.assertEqual(self.run_slice(-1, [1, 2]), ([], 1))

    # -- columns ---

    def test_only_new_columns_of_packages_are_filled(self):
        package = self.env["stock.package"].create(
            {
                "package_type_id": self.medium.id,
                "oms_length": 250,
                "shipping_weight": 2.0,
            }
        )
        package.oms_width = 150
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_package SET oms_billable_weight = 5 WHERE id = %s",
            [package.id],
        )
        module = "odoo.addons.oms_order_cycle.models.pack.stock_package"
        for missing, found in (
            (set(), (250, 150, 5)),
            ({"oms_surcharges"}, (250, 150, 5)),
            ({"oms_width"}, (250, self.medium.width, 5)),
            ({"oms_length", "oms_billable_weight"}, (308, self.medium.width, 2)),
        ):
            with (
                self.subTest(missing),
                patch(f"{module}.create_columns", return_value=missing),
                patch("odoo.orm.models.BaseModel._auto_init"),
            ):
                package._auto_init()
            self.env.invalidate_all()
            self.assertEqual(
                (package.oms_length, package.oms_width, package.oms_billable_weight),
                found,
            )

    def test_columns_are_those_of_the_fields(self):
        cr = self.env.cr
        cr.execute("CREATE TEMPORARY TABLE oms_columns (id int)")
        cr.execute("INSERT INTO oms_columns VALUES (1)")
        fields = {
            name: self.env["oms.pack.plan"]._fields[name]
            for name in ("price", "minimised", "box_count", "has_tariff", "ship_date")
        }
        values = {"box_count": 4, "has_tariff": True}
        with patch("odoo.addons.oms_order_cycle.tools.columns.column_exists") as exists:
            exists.side_effect = lambda _cr, _table, name: name == "ship_date"
            made = create_columns(cr, "oms_columns", fields, values)
        self.assertEqual(made, {"price", "minimised", "box_count", "has_tariff"})
        cr.execute("SELECT price, minimised, box_count, has_tariff FROM oms_columns")
        self.assertEqual(cr.fetchall(), [(None, None, 4, True)])
        cr.execute("INSERT INTO oms_columns (id) VALUES (2) RETURNING box_count")
        self.assertEqual(cr.fetchall(), [(None,)], "the value is no default")
