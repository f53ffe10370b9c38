from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.modules import Manifest
from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.oms_order_cycle.facts.milestones import FACT_FIELDS
from odoo.addons.oms_order_cycle_demo.clock import OfficeClock
from odoo.addons.oms_order_cycle_demo.guided_cycle import GuidedCycle
from odoo.addons.oms_order_cycle_demo.hooks import post_init_hook
from odoo.addons.oms_order_cycle_demo.world import read_csv

PHYSICAL = FACT_FIELDS[:7]


@tagged("post_install", "-at_install")
class TestOfficeClock(BaseCase):
    """Office hours, whatever the day on which the demo is made."""

    def test_any_moment(self):
        start = datetime(2026, 1, 1, 0, 13)
        for step in range(0, 366 * 24, 7):
            clock = OfficeClock(start + timedelta(hours=step), "Europe/Amsterdam")
            for hours in (0.01, 3, 9, 40, 300):
                moment = clock.back(clock.now, hours)
                local = clock.to_local(moment)
                self.assertLess(moment, clock.now)
                self.assertLess(local.weekday(), 5)
                self.assertTrue(8 <= local.hour + local.minute / 60 <= 17)
                self.assertLessEqual(clock.ahead(moment, hours - 0.01), clock.now)

    def test_summer_time(self):
        # the clocks go forward on Sunday 29 March 2026
        clock = OfficeClock(datetime(2026, 3, 30, 7, 0), "Europe/Amsterdam")
        self.assertEqual(clock.back(clock.now, 2), datetime(2026, 3, 27, 15, 0))
        self.assertEqual(
            clock.ahead(datetime(2026, 3, 27, 15, 0), 2), datetime(2026, 3, 30, 7, 0)
        )

    def test_calendar_days(self):
        # Monday in the new year: three days before is the Friday
        clock = OfficeClock(datetime(2027, 1, 4, 9, 30), "Europe/Amsterdam")
        friday = date(2027, 1, 1)
        self.assertEqual(clock.days_back(clock.now, 3).date(), friday)
        self.assertEqual(clock.days_back(clock.now, 2).date(), friday)


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo company, built when the addon was installed, and the guided cycle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("oms_demo.company")
        cls.orders = cls.env["sale.order"].search([("company_id", "=", cls.company.id)])

    def test_every_row_is_an_order(self):
        self.assertEqual(len(self.orders), len(read_csv("orders.csv")))
        customers = {row["customer"] for row in read_csv("orders.csv")}
        self.assertEqual(set(self.orders.partner_id.mapped("ref")), customers)

    def test_main_company_is_left_alone(self):
        self.assertNotEqual(self.company, self.env.ref("base.main_company"))
        user = self.env.ref("oms_demo.user_picker")
        self.assertEqual(user.company_ids, self.company)
        templates = self.env["oms.workflow"].search([("company_id", "=", False)])
        self.assertFalse(self.orders.oms_workflow_id.filtered("company_id") & templates)

    def test_units_and_cases(self):
        product = self.env.ref("oms_demo.product_cof_esp")
        case = self.env.ref("oms_demo.uom_case_8")
        self.assertEqual(product.uom_ids, case)
        self.assertTrue(product.product_uom_ids.barcode)
        self.assertEqual(case._compute_quantity(2, product.uom_id), 16)

    def test_every_reach(self):
        states = set(self.orders.mapped("oms_cycle_state"))
        self.assertEqual(states, {"open", "closed", "cancel"})
        reached = {name for name in FACT_FIELDS for order in self.orders if order[name]}
        self.assertEqual(reached, set(FACT_FIELDS))
        self.assertTrue(self.orders.filtered("oms_is_held"))
        self.assertTrue(self.orders.filtered("oms_is_late"))
        kinds = self.orders.oms_hold_ids.filtered(
            lambda hold: hold.state == "open"
        ).type_id.mapped("check")
        self.assertLessEqual({"credit_limit", "prepayment", "manual"}, set(kinds))

    def test_documents_are_real(self):
        invoices = self.orders.invoice_ids
        self.assertLessEqual(
            {"paid", "partial", "not_paid"}, set(invoices.mapped("payment_state"))
        )
        self.assertIn("out_refund", invoices.mapped("move_type"))
        quants = self.env["stock.quant"].search([("company_id", "=", self.company.id)])
        inside = quants.filtered(lambda quant: quant.location_id.usage == "internal")
        self.assertFalse(inside.filtered(lambda quant: quant.quantity < 0))
        packed = self.orders.picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.picking_type_id.oms_step == "pack"
            )
        )
        self.assertTrue(packed.move_line_ids.result_package_id)

    def test_times_tell_a_story(self):
        now = Datetime.now()
        for order in self.orders:
            with self.subTest(order=order.name):
                moments = [order[name] for name in PHYSICAL if order[name]]
                self.assertEqual(moments, sorted(moments))
                dates = order.oms_event_ids.mapped("date")
                self.assertTrue(all(date <= now for date in dates))
                self.assertTrue(all(m <= now for m in moments))
                # who pays in advance has paid before the last invoice
                if order.oms_paid_at and not order.order_line.filtered(
                    "is_downpayment"
                ):
                    self.assertGreaterEqual(order.oms_paid_at, order.oms_invoiced_at)

    def test_promises_are_as_old_as_their_orders(self):
        promises = self.orders.oms_promise_ids
        self.assertTrue(promises)
        for promise in promises:
            order = promise.order_id
            self.assertEqual(promise.date, order.date_order)
            self.assertEqual(
                promise.promised_date,
                order.commitment_date or promise.line_id._expected_date(),
            )

    def test_nothing_drifts(self):
        self.assertFalse(self.orders._oms_mend_drift())

    def test_checks_find_nothing_new(self):
        held = self.orders.filtered("oms_is_held")
        self.orders.filtered(lambda o: o.state == "sale")._oms_recheck_holds()
        self.assertEqual(self.orders.filtered("oms_is_held"), held)

    def test_made_once(self):
        count = self.env["res.company"].search_count([])
        post_init_hook(self.env)
        self.assertEqual(self.env["res.company"].search_count([]), count)

    def test_only_by_itself(self):
        """The core brings no demo data, and nothing brings the demo company along."""
        core = Manifest.for_addon("oms_order_cycle")
        self.assertFalse(core["demo"])
        demo = Manifest.for_addon("oms_order_cycle_demo")
        self.assertFalse(demo["auto_install"])
        self.assertFalse(demo["application"])

    def test_no_model_of_its_own(self):
        """Uninstalling the addon takes no document away, and no table."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "oms_order_cycle_demo")]
        )
        self.assertFalse(data)

    def test_guided_cycle(self):
        cycles = []
        for _run in range(2):
            cycle = GuidedCycle(self.env, commit=False)
            order = cycle.run().with_env(self.env)
            self.assertEqual(order.oms_cycle_state, "closed")
            for name in FACT_FIELDS:
                self.assertTrue(order[name], name)
            out = order.picking_ids.filtered(
                lambda picking: picking.picking_type_id.oms_step == "ship"
            )
            self.assertEqual(len(order.picking_ids), 3)
            packages = out.move_ids.move_line_ids.package_id
            self.assertEqual(len(packages), 2)
            self.assertTrue(all(packages.mapped("shipping_weight")))
            self.assertEqual(order.oms_hold_ids.mapped("state"), ["lifted"])
            self.assertEqual(
                [row[0] for row in cycle.rows],
                [
                    "Quotation",
                    "Confirmed",
                    "Held for credit",
                    "Lifting refused",
                    "Hold lifted",
                    "Released",
                    "Picked",
                    "Packed",
                    "Shipped",
                    "Delivered",
                    "Invoice drafted",
                    "Invoiced",
                    "Paid",
                ],
            )
            self.assertIn(order.name, cycle.describe())
            by_kind = order.oms_event_ids.grouped("kind")
            self.assertEqual(by_kind["hold_lifted"].user_id.login, "credit")
            picked = by_kind["fact"].filtered(lambda event: event.milestone == "picked")
            self.assertEqual(picked.user_id.login, "picker")
            cycles.append(order)
        self.assertNotEqual(*cycles)

    def test_guided_cycle_tops_up_stock(self):
        product = self.env.ref("oms_demo.product_cof_esp")
        location = self.env.ref("oms_demo.warehouse_rot").lot_stock_id
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", location.id),
            ]
        )
        quants.with_context(inventory_mode=True).inventory_quantity = 0
        quants.action_apply_inventory()
        cycle = GuidedCycle(self.env, commit=False)
        cycle.top_up_stock()
        self.assertGreater(product.with_context(location=location.id).free_qty, 9 * 8)

    def test_roles(self):
        holds = self.orders.oms_hold_ids.filtered(
            lambda hold: hold.state == "open" and hold.type_id.check == "credit_limit"
        )
        sales = self.env.ref("oms_demo.user_sales")
        with self.assertRaises(AccessError):
            holds[:1].with_user(sales).action_lift()
