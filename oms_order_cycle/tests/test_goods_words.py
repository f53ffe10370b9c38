"""What does not apply was not reached: portal, bar, Why? and lateness say so."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged

from .test_facts_goods import GoodsCommon
from .test_screens import ScreensCommon

PAST = "2026-01-05 10:00:00"


class WordsCommon(ScreensCommon, GoodsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_steps("ship_only")

    def timeline(self, order):
        self.env.flush_all()
        return [
            (entry["label"], entry["state"]) for entry in order._oms_portal_timeline()
        ]


@tagged("post_install", "-at_install")
class TestDoesNotApply(WordsCommon):
    def cancelled(self, *lines, **values):
        order = self.create_order(*(lines or ((self.product_a, 10),)), **values)
        self.open_transfers(order).action_cancel()
        self.env.flush_all()
        return order

    def test_portal_of_what_was_cancelled(self):
        order = self.cancelled()
        self.assertEqual(
            self.timeline(order),
            [("Order received", "done"), ("Delivery cancelled", "done")],
        )
        label = order._oms_portal_labels()[order.id]["label"]
        self.assertEqual(label, "Delivery cancelled")

    def test_portal_of_what_was_cancelled_with_a_service(self):
        """The label of the stage that follows is not true either."""
        order = self.cancelled((self.product_a, 10), (self.service, 1))
        self.assertStage(order, "To be invoiced")
        self.assertEqual(
            self.timeline(order),
            [("Order received", "done"), ("Delivery cancelled", "current")],
        )

    def test_portal_of_services(self):
        order = self.create_order((self.service, 1))
        self.assertEqual(self.timeline(order), [("Order received", "current")])

    def test_portal_of_a_part_cancelled(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 4}, backorder=False)
        order.picking_ids.filtered(
            lambda p: p.state == "done"
        ).action_oms_mark_delivered()
        self.assertIn(("On its way", "current"), self.timeline(order))

    def test_words(self):
        order = self.cancelled((self.product_a, 10), (self.service, 1))
        other = self.create_order()
        self.assertIn("All that was to be delivered was cancelled", order.oms_why)
        self.assertNotIn("cancelled", other.oms_why)
        bar = order.oms_cycle_bar
        self.assertTrue(bar["cancelled"])
        states = {stage["name"]: stage["state"] for stage in bar["stages"]}
        self.assertEqual(states["To be confirmed"], "done")
        self.assertEqual(states["To be shipped"], "skipped")
        self.assertEqual(states["To be invoiced"], "current")
        self.assertNotIn(
            "skipped", [stage["state"] for stage in other.oms_cycle_bar["stages"]]
        )

    def test_late_only_with_goods_to_deliver(self):
        service = self.create_order((self.service, 1), commitment_date=PAST)
        cancelled = self.cancelled(
            (self.product_a, 1), (self.service, 1), commitment_date=PAST
        )
        back = self.create_order((self.by_delivery, -1), commitment_date=PAST)
        late = self.create_order(commitment_date=PAST)
        orders = service | cancelled | back | late
        self.env.flush_all()
        self.assertEqual(orders.filtered("oms_is_late"), late)
        self.assertEqual(
            orders.search([("id", "in", orders.ids), ("oms_is_late", "=", True)]), late
        )
        self.assertNotIn("Late", cancelled.oms_why)
        # asked for again it is late again
        cancelled.order_line[0].product_uom_qty = 2
        self.env.flush_all()
        self.assertTrue(cancelled.oms_is_late)

    def test_what_is_open_is_named(self):
        order = self.create_order((self.product_a, 10))
        out = order.picking_ids
        self.validate(out)
        back = self.take_back(out, 4, exchange=True)
        replacement = self.open_transfers(order) - back
        self.assertIn(f"{replacement.name} is still to be validated", order.oms_why)
        returned = self.create_order((self.by_delivery, -2))
        self.assertIn(
            f"still to come back: {returned.picking_ids.name}", returned.oms_why
        )

    def test_since_when_the_rest_was_given_up(self):
        """Not since the part before it was shipped."""
        with freeze_time("2026-03-02 08:00:00"):
            order = self.create_order((self.product_a, 10))
            self.env.flush_all()
        with freeze_time("2026-03-03 08:00:00"):
            self.validate(order.picking_ids, {self.product_a: 4})
            self.env.flush_all()
        # seen on the tenth
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = '2026-03-10 08:00:00',"
            " oms_stage_since = '2026-03-02 08:00:00' WHERE id = %s",
            [order.id],
        )
        order.invalidate_recordset()
        with freeze_time("2026-03-12 08:00:00"):
            self.open_transfers(order).action_cancel()
            self.env.flush_all()
        self.assertStage(order, "To be delivered")
        self.assertEqual(str(order.oms_shipped_at), "2026-03-03 08:00:00")
        self.assertEqual(str(order.oms_stage_since), "2026-03-12 08:00:00")


@tagged("post_install", "-at_install")
class TestPortalRemarks(WordsCommon, HttpCase):
    def test_hidden_stage_keeps_the_last_step(self):
        self.workflow.stage_ids.filtered(
            lambda s: s.milestone in ("picked", "packed", "shipped")
        ).customer_label = False
        order = self.create_order()
        self.assertEqual(self.timeline(order)[0], ("Order received", "current"))

    def test_remarks(self):
        soon = fields.Datetime.now() + timedelta(days=3)
        order = self.create_order(commitment_date=soon)
        late = self.create_order(commitment_date=PAST)
        self.env.flush_all()
        remarks = order._oms_portal_remarks()
        self.assertEqual(remarks["expected"], order.commitment_date)
        self.assertFalse(remarks["boxes"] or remarks["waits"])
        self.assertFalse(late._oms_portal_remarks()["expected"])
        for _box in range(2):
            row = order.picking_ids.move_line_ids.filtered(
                lambda line: not line.result_package_id
            )[:1]
            rest = row.quantity - 4
            if rest > 0:
                row.copy({"quantity": rest, "result_package_id": False})
                row.quantity = 4
            row.result_package_id = self.env["stock.package"].create({})
        self.assertEqual(order._oms_portal_remarks()["boxes"], 2)

    def test_moments_are_the_customers(self):
        """The link in an e-mail opens the page for nobody in particular."""
        public = self.env.ref("base.public_user")
        public.tz = False
        order = self.create_order()
        order.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(
            order.with_user(public)._oms_portal_remarks()["tz"], "Asia/Tokyo"
        )
        public.tz = "Europe/Brussels"
        self.assertEqual(
            order.with_user(public)._oms_portal_remarks()["tz"], "Europe/Brussels"
        )

    def test_waits_for_the_customer(self):
        order, other = self.create_order(), self.create_order()
        ours = self.create_hold_type("Our Own", use=False)
        theirs = self.create_hold_type("Theirs", use=False, customer_caused=True)
        self.place_hold(order | other, ours)
        hold = self.place_hold(order, theirs)
        self.assertEqual(len(order._oms_portal_remarks()["waits"]), 1)
        self.assertFalse(other._oms_portal_remarks()["waits"])
        hold.action_lift("Answered")
        self.assertFalse(order._oms_portal_remarks()["waits"])

    def test_one_truth_in_the_list(self):
        customer = self.create_user(
            "oms_list_customer", "base.group_portal", partner_id=self.customer.id
        )
        self.assertTrue(customer)
        shipped = self.create_order()
        self.ship(shipped)
        shipped.picking_ids.action_oms_mark_delivered()
        without = self.create_order()
        without.oms_workflow_id.stage_ids[0].customer_label = "Order received"
        self.env.flush_all()
        self.authenticate("oms_list_customer", "oms_list_customer")
        page = self.url_open("/my/orders").text
        self.assertIn("o_oms_portal_badge", page)
        self.assertIn("On its way", page)
        self.assertNotIn("Not Delivered", page)
        order_page = self.url_open(f"/my/orders/{shipped.id}").text
        self.assertIn("oms_portal_timeline_phone", order_page)
        self.assertLess(
            order_page.index("oms_portal_timeline_phone"),
            order_page.index("sale_order_sidebar_button"),
            "directly under the total",
        )

    def test_labels_of_many_orders(self):
        """As many queries for the list as for one order."""
        orders = self.env["sale.order"].union(
            *(self.create_order() for _number in range(5))
        )
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(some._oms_portal_labels()), set(some.ids))
            return self.env.cr.sql_log_count - before

        count(orders)
        self.assertLessEqual(count(orders), count(orders[0]) + 1)
