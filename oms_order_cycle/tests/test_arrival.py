from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestArrival(OrderCycleCommon):
    """Many deliveries are marked as arrived at once, with date, name and remark."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = cls.create_user(
            "oms_arrival_dispatcher", "oms_order_cycle.group_oms_dispatch"
        )
        cls.orders = cls.create_order() | cls.create_order() | cls.create_order()
        cls.ship(cls.orders[:2])
        cls.pickings = cls.orders.picking_ids.with_user(cls.dispatcher)
        cls.left = cls.orders[:2].picking_ids.with_user(cls.dispatcher)
        past = fields.Datetime.now() - timedelta(days=2)
        cls.left.sudo().date_done = past

    def ask(self, pickings, **values):
        action = pickings.action_oms_open_arrival()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.dispatcher)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_many_with_date_name_and_remark(self):
        date = fields.Datetime.now().replace(second=0) - timedelta(hours=3)
        wizard = self.ask(
            self.pickings, date=date, received_by="Mr. Visser", note="One box was wet"
        )
        self.assertEqual(wizard.left_out, 1, "the one that has not left")
        wizard.action_record()
        self.assertEqual(set(self.left.mapped("oms_delivered_at")), {date})
        self.assertEqual(set(self.left.mapped("oms_received_by")), {"Mr. Visser"})
        self.assertEqual(self.left.oms_delivered_by, self.dispatcher)
        self.env.flush_all()
        self.assertEqual(self.orders.mapped("oms_delivered_at"), [date, date, False])
        self.journal()
        events = self.orders.oms_event_ids.filtered(lambda e: e.kind == "delivered")
        self.assertEqual(events.order_id, self.orders[:2])
        self.assertEqual(set(events.mapped("date")), {date})
        for event in events:
            self.assertIn("received by Mr. Visser: One box was wet", event.name)

    def test_undo_many(self):
        self.ask(self.left, received_by="Mr. Visser").action_record()
        self.left.action_oms_undo_arrival()
        self.assertFalse(any(self.left.mapped("oms_delivered_at")))
        self.assertFalse(any(self.left.mapped("oms_received_by")))
        self.env.flush_all()
        self.assertFalse(any(self.orders.mapped("oms_delivered_at")))
        self.assertTrue(all(self.left.mapped("oms_can_mark_delivered")))

    def test_dates_that_cannot_be(self):
        now = fields.Datetime.now()
        for date in (now + timedelta(hours=1), now - timedelta(days=3)):
            with self.subTest(date=date), self.assertRaises(UserError):
                self.ask(self.left, date=date).action_record()
        self.assertFalse(any(self.left.mapped("oms_delivered_at")))

    def test_nothing_to_mark(self):
        with self.assertRaises(UserError):
            (self.pickings - self.left).action_oms_open_arrival()

    def test_others_may_not(self):
        seller = self.create_user(
            "oms_arrival_seller", "oms_order_cycle.group_oms_sales"
        )
        with self.assertRaises(AccessError):
            self.env["oms.arrival"].with_user(seller).create(
                {"picking_ids": self.left.ids}
            )
        with self.assertRaises(AccessError):
            self.left.oms_received_by = "Nobody"
