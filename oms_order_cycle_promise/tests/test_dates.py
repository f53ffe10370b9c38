from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common_dates import NOW, TZ, DatesCommon


@tagged("post_install", "-at_install")
class TestDates(DatesCommon):
    """The golden cases, by orders, stock and receipts of Odoo."""

    def test_1_in_stock(self):
        order = self.create_order((self.product, 4), confirm=False)
        self.assertDates(order.order_line, "2026-11-23", "2026-11-24")
        order.action_confirm()
        line = order.order_line
        self.assertDates(line, "2026-11-23", "2026-11-24")
        self.assertEqual(str(order.oms_promise_date), "2026-11-24")
        row = self.rows(line)
        self.assertEqual(row.promised_date, datetime(2026, 11, 24, 22, 59, 59))
        self.assertEqual(row.ship_date, datetime(2026, 11, 23, 16))
        self.assertEqual((row.kind, row.cause), ("first", "confirmed"))
        self.assertFalse(row.requested_date)
        # the company did not ask for more
        self.assertFalse(order.commitment_date)

    def test_2_cutoff(self):
        for moment, ship, arrive in (
            ("2026-11-23 14:00:00", "2026-11-24", "2026-11-25"),
            ("2026-11-23 13:59:00", "2026-11-23", "2026-11-24"),
        ):
            with freeze_time(moment):
                order = self.create_order((self.product, 1))
                self.assertDates(order.order_line, ship, arrive)

    def test_4_receipt_on_the_dock(self):
        self.take_stock(3)
        self.warehouse.oms_dock_days = 1
        self.receive(10, "2026-11-25")
        levels = self.env["oms.supply"]._get_levels(self.product, self.warehouse)
        level = levels[self.product.id, self.warehouse.id]
        self.assertEqual(level.available(), 3)
        self.assertEqual(level.available(fields.Date.to_date("2026-11-26")), 13)
        order = self.create_order((self.product, 5), picking_policy="one")
        self.assertDates(order.order_line, "2026-11-26", "2026-11-27")

    def test_5_in_parts(self):
        self.take_stock(3)
        self.warehouse.oms_dock_days = 1
        self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 5))
        line = order.order_line
        self.assertEqual(
            self.parts(line),
            [(3, "2026-11-23", "2026-11-24"), (2, "2026-11-26", "2026-11-27")],
        )
        self.assertDates(line, "2026-11-26", "2026-11-27")
        # what stays in the house for the second part is nobody else's
        other = self.create_order((self.product, 8), picking_policy="one")
        self.assertDates(other.order_line, "2026-11-26", "2026-11-27")
        self.assertEqual(
            self.env["oms.supply"]._get_free(self.product, self.warehouse), {}
        )

    def test_7_looking_ahead(self):
        self.take_stock(0)
        self.receive(10, "2026-11-24")
        self.receive(10, "2026-11-30")
        later = self.create_order(
            (self.product, 12), commitment_date="2026-12-01 12:00:00"
        )
        self.assertDates(later.order_line, "2026-11-30", "2026-12-01")
        first = self.create_order((self.product, 6), picking_policy="one")
        self.assertDates(first.order_line, "2026-11-24", "2026-11-25")
        none = self.create_order((self.product, 3), picking_policy="one")
        self.assertDates(none.order_line, False, False)
        self.assertFalse(none.oms_promise_date)
        self.assertFalse(self.rows(none.order_line))
        self.assertIn("no date", none.oms_promise_why)
        # who gets none takes nothing from others
        two = self.create_order((self.product, 2), picking_policy="one")
        self.assertDates(two.order_line, "2026-11-24", "2026-11-25")

    def test_what_is_reserved_without_a_date_is_not_promised(self):
        none = self.create_order((self.product, 14), picking_policy="one")
        self.assertDates(none.order_line, False, False)
        self.assertEqual(none.picking_ids.move_ids.quantity, 10)
        other = self.create_order((self.product, 3))
        self.assertDates(other.order_line, False, False)
        none.picking_ids.do_unreserve()
        other.action_oms_promise_anew()
        self.assertDates(other.order_line, "2026-11-23", "2026-11-24")

    def test_8_late_supply(self):
        self.take_stock(0)
        self.receive(10, "2026-11-20")
        order = self.create_order((self.product, 5), confirm=False)
        self.assertDates(order.order_line, False, False)
        self.company.oms_count_late_supply = True
        self.env.invalidate_all()
        self.assertDates(order.order_line, "2026-11-26", "2026-11-27")
        self.company.oms_late_supply_days = 1
        self.env.invalidate_all()
        self.assertDates(order.order_line, "2026-11-24", "2026-11-25")

    def test_9_channel_and_warehouse_in_zones_of_their_own(self):
        chicago = "America/Chicago"
        week = self.create_calendar("OMS Chicago", range(5), chicago)
        self.warehouse.oms_calendar_id = week
        self.carrier.oms_calendar_id = week
        self.customer.write({"tz": chicago, "oms_receiving_calendar_id": week.id})
        channel = self.env["oms.channel"].create(
            {
                "name": "New York",
                "code": "ny",
                "cutoff_enabled": True,
                "cutoff_hour": 15,
                "tz": "America/New_York",
            }
        )
        with freeze_time("2026-11-23 20:15:00"):
            order = self.create_order((self.product, 4), oms_channel_id=channel.id)
            self.assertDates(order.order_line, "2026-11-24", "2026-11-25")
            self.assertIn("cut-off of the channel", order.order_line.oms_promise_why)
            self.assertEqual(
                self.rows(order.order_line).promised_date,
                datetime(2026, 11, 26, 5, 59, 59),
            )
            channel.cutoff_enabled = False
            order = self.create_order((self.product, 4), oms_channel_id=channel.id)
            self.assertDates(order.order_line, "2026-11-23", "2026-11-24")

    def test_10_clock_changes(self):
        self.warehouse.oms_pick_hours = 9
        for now, ship, arrive, moment in (
            ("2026-10-23 12:00", "2026-10-26", "2026-10-27", "2026-10-27 22:59:59"),
            ("2027-03-26 13:00", "2027-03-29", "2027-03-30", "2027-03-30 21:59:59"),
        ):
            with freeze_time(now):
                order = self.create_order((self.product, 1))
                self.assertDates(order.order_line, ship, arrive)
                row = self.rows(order.order_line)
                self.assertEqual(str(row.promised_date), moment)

    def test_11_closed_day(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Christmas",
                "calendar_id": self.calendar.id,
                "date_from": "2026-12-24 23:00:00",
                "date_to": "2026-12-25 22:59:59",
            }
        )
        with freeze_time("2026-12-24 15:00:00"):
            order = self.create_order((self.product, 4))
            self.assertDates(order.order_line, "2026-12-28", "2026-12-29")

    def test_12_receiving_days(self):
        days = self.create_calendar("OMS Tuesday and Thursday", (1, 3))
        address = self.create_customer(
            "OMS Shop", parent_id=self.customer.id, type="delivery", tz=TZ
        )
        self.customer.oms_receiving_calendar_id = days
        with freeze_time("2026-11-23 15:00:00"):
            order = self.create_order((self.product, 4), partner_shipping_id=address.id)
            self.assertDates(order.order_line, "2026-11-24", "2026-11-26")
            self.assertIn("takes goods in", order.order_line.oms_promise_why)

    def test_13_wanted_later(self):
        self.receive(5, "2026-12-01")
        later = self.create_order(
            (self.product, 4), commitment_date="2026-12-04 12:00:00"
        )
        self.assertDates(later.order_line, "2026-12-03", "2026-12-04")
        now = self.create_order((self.product, 8))
        self.assertDates(now.order_line, "2026-11-23", "2026-11-24")
        levels = self.env["oms.supply"]._get_levels(self.product, self.warehouse)
        level = levels[self.product.id, self.warehouse.id]
        self.assertEqual([level.level(day) for day in level.days], [2, 7, 3])

    def test_15_dozens(self):
        self.take_stock(30)
        self.receive(20, "2026-11-30")
        self.create_order((self.product, 10))
        order = self.create_order((self.product, 2, self.dozen))
        self.assertEqual(
            self.parts(order.order_line),
            [(12, "2026-11-23", "2026-11-24"), (12, "2026-11-30", "2026-12-01")],
        )

    def test_16_receipt_moves_and_comes_back(self):
        self.take_stock(3)
        self.warehouse.oms_dock_days = 1
        receipt = self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 5), picking_policy="one")
        line = order.order_line
        self.assertDates(line, "2026-11-26", "2026-11-27")
        self.journal()
        receipt.move_ids.date = "2026-12-01 11:00:00"
        self.refresh()
        self.assertDates(line, "2026-12-02", "2026-12-03")
        first, later = self.rows(line)
        self.assertEqual(str(first.promised_date.date()), "2026-11-27")
        self.assertEqual((later.kind, later.cause), ("later", "receipt"))
        self.assertEqual(later.previous_date, first.promised_date)
        self.assertTrue(later.is_to_tell)
        # better is not told unasked
        receipt.move_ids.date = "2026-11-25 11:00:00"
        self.refresh()
        self.env["oms.promise.key"].search([])._refresh()
        self.assertEqual(len(self.rows(line)), 2)
        order.action_oms_promise_anew()
        self.assertDates(line, "2026-11-26", "2026-11-27")
        self.assertEqual(self.rows(line)[-1].cause, "asked")

    # -- without rules -----------------------------------------------------------------

    def test_without_working_hours_all_is_odoos(self):
        self.warehouse.oms_calendar_id = False
        order = self.create_order((self.product, 40))
        line = order.order_line
        self.assertDates(line, False, False)
        self.assertFalse(order.oms_has_dates)
        self.assertEqual(
            self.rows(line).promised_date, line._expected_date().replace(microsecond=0)
        )
        self.assertFalse(self.env["oms.promise.key"].search([]).filtered(
            lambda key: key.product_id == self.product
        ))  # fmt: skip
        with self.assertRaises(UserError):
            order.action_oms_promise_anew()

    def test_what_has_no_dates_of_ours(self):
        order = self.create_order(
            (self.service, 1), (self.product, 1), (self.product_a, 1), confirm=False
        )
        route = self.env["stock.route"].create(
            {"name": "OMS Route", "sale_selectable": True}
        )
        order.order_line[2].route_ids = route
        service, ours, routed = order.order_line
        self.assertDates(service, False, False)
        self.assertDates(routed, False, False)
        self.assertDates(ours, "2026-11-23", "2026-11-24")

    def test_goods_that_are_not_counted(self):
        consumable = self.create_product("OMS Loose", is_storable=False, quantity=0)
        order = self.create_order((consumable, 99))
        self.assertDates(order.order_line, "2026-11-23", "2026-11-24")

    def test_calendar_without_hours(self):
        with self.assertRaises(ValidationError):
            self.warehouse.oms_calendar_id = self.create_calendar("OMS Never", ())

    def test_numbers(self):
        for values in (
            {"oms_cutoff_hour": 25},
            {"oms_pick_hours": -1},
            {"oms_dock_days": 1000},
        ):
            with self.assertRaises(ValidationError):
                self.warehouse.write(values)
        with self.assertRaises(ValidationError):
            self.carrier.oms_transit_days = -1

    # -- changes -----------------------------------------------------------------------

    def test_more_and_less(self):
        order = self.create_order((self.product, 4))
        self.journal()
        self.receive(20, "2026-12-02")
        line = order.order_line
        line.product_uom_qty = 12
        self.assertDates(line, "2026-12-02", "2026-12-03")
        self.assertEqual(self.rows(line)[-1].cause, "quantity")
        line.product_uom_qty = 9
        self.assertEqual(self.parts(line), [(9, "2026-11-23", "2026-11-24")])

    def test_another_day_is_asked_for(self):
        order = self.create_order((self.product, 4))
        self.journal()
        order.commitment_date = "2026-12-04 12:00:00"
        line = order.order_line
        self.assertDates(line, "2026-12-03", "2026-12-04")
        self.assertEqual(self.rows(line)[-1].cause, "delivery_date")
        order.commitment_date = False
        self.assertDates(line, "2026-11-23", "2026-11-24")

    def test_cancelled_and_confirmed_again(self):
        order = self.create_order((self.product, 8))
        line = order.order_line
        self.journal()
        order._action_cancel()
        self.assertFalse(line.oms_plan)
        self.assertEqual(self.rows(line)[-1].kind, "withdrawn")
        self.assertFalse(self.rows(line)[-1].is_to_tell)
        other = self.create_order((self.product, 10))
        self.assertDates(other.order_line, "2026-11-23", "2026-11-24")
        self.receive(20, "2026-12-02")
        order.action_draft()
        order.action_confirm()
        self.assertDates(line, "2026-12-02", "2026-12-03")

    def test_line_deleted(self):
        order = self.create_order((self.product, 10), confirm=False)
        order.order_line.unlink()
        other = self.create_order((self.product, 10))
        self.assertDates(other.order_line, "2026-11-23", "2026-11-24")

    def test_lines_of_one_order_share(self):
        self.receive(10, "2026-12-02")
        order = self.create_order((self.product, 7), (self.product, 7), confirm=False)
        first, second = order.order_line
        for state in ("draft", "sale"):
            if state == "sale":
                order.action_confirm()
            self.assertDates(first, "2026-11-23", "2026-11-24")
            # three of them are there, but it is delivered in one week or in two
            self.assertEqual(
                [part[0] for part in self.parts(second)], [3, 4] * (state == "sale")
            )
            self.assertDates(second, "2026-12-02", "2026-12-03")

    def test_delivered_at_once(self):
        self.receive(10, "2026-12-02")
        order = self.create_order(
            (self.product_a, 1), (self.product, 12), picking_policy="one"
        )
        for line in order.order_line:
            self.assertDates(line, "2026-12-02", "2026-12-03")
        self.assertIn("at once", order.order_line[0].oms_promise_why)

    def test_held_orders_keep_their_goods(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Stop", "check": "manual", "block_release": True}
        )
        order = self.create_order((self.product, 8), confirm=False)
        order._oms_place_hold(hold_type, "Ask the customer")
        order.action_confirm()
        self.assertTrue(order.order_line.oms_release_pending)
        self.assertFalse(order.order_line.move_ids)
        other = self.create_order((self.product, 8), picking_policy="one")
        self.assertDates(other.order_line, False, False)
        # what is released keeps the date that was promised
        with freeze_time("2026-11-23 10:00:00"):
            order.oms_hold_ids.action_lift()
        self.assertTrue(order.order_line.move_ids)
        self.assertDates(order.order_line, "2026-11-23", "2026-11-24")
        self.assertEqual(len(self.rows(order.order_line)), 1)

    # -- what follows ------------------------------------------------------------------

    def test_delivery_date_and_deadlines(self):
        self.company.oms_promise_sets_dates = True
        self.set_steps("pick_pack_ship")
        self.receive(20, "2026-12-02")
        order = self.create_order((self.product_a, 1), (self.product, 12))
        self.assertEqual(order.commitment_date, datetime(2026, 12, 3, 22, 59, 59))
        now, later = order.order_line
        self.assertDates(now, "2026-11-23", "2026-11-24")
        self.assertEqual(
            now.move_ids.mapped("date_deadline"), [datetime(2026, 11, 24, 22, 59, 59)]
        )
        self.assertEqual(
            later.move_ids.mapped("date_deadline"), [datetime(2026, 12, 3, 22, 59, 59)]
        )
        # the customer did not ask for it
        self.assertFalse(order.oms_requested_day)
        self.assertFalse(self.rows(now).requested_date)
        self.validate(order.picking_ids.filtered("move_ids"), {self.product_a: 1})
        self.env.flush_all()
        steps = now.move_ids
        self.assertGreater(len(steps), 1)
        self.assertEqual(set(steps.mapped("date_deadline")),
                         {datetime(2026, 11, 24, 22, 59, 59)})  # fmt: skip

    def test_later_promise_moves_deadlines(self):
        self.company.oms_promise_sets_dates = True
        self.take_stock(0)
        receipt = self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 5))
        receipt.move_ids.date = "2026-12-01 11:00:00"
        self.refresh()
        moment = datetime(2026, 12, 2, 22, 59, 59)
        self.assertEqual(order.commitment_date, moment)
        self.assertEqual(order.order_line.move_ids.date_deadline, moment)

    def test_search(self):
        order = self.create_order((self.product, 4))
        lines = self.env["sale.order.line"]
        for domain, found in (
            ([("oms_promise_date", "=", "2026-11-24")], True),
            ([("oms_promise_date", "<", "2026-11-24")], False),
            ([("oms_ship_date", "<=", "2026-11-23")], True),
            ([("oms_promise_date", "!=", "2026-11-24")], False),
            ([("oms_ship_date", "=", False)], False),
        ):
            self.assertEqual(order.order_line in lines.search(domain), found, domain)

    def test_outlook_and_why(self):
        order = self.create_order((self.product, 4), confirm=False)
        self.assertEqual(order._oms_get_outlook()["promised"], "Nov 24")
        why = order.order_line.oms_promise_why
        for words in ("in stock", "picked by Nov 23 12:00 PM", "one day on the way"):
            self.assertIn(words, why)
        self.assertIn("in stock", order.oms_promise_why)

    def test_form(self):
        form = self.form(self.env["sale.order"])
        form.partner_id = self.customer
        with form.order_line.new() as line:
            line.product_id = self.product
            line.product_uom_qty = 4
        order = form.save()
        self.assertDates(order.order_line, "2026-11-23", "2026-11-23")

    # -- availability ------------------------------------------------------------------

    def test_availability(self):
        self.receive(20, "2026-12-02")
        ask = self.env["sale.order"]._oms_get_availability
        answers = ask(
            [
                (self.product, 6, False),
                (self.service, 1, False),
                (self.product, 6, False),
            ],
            self.warehouse,
            self.customer,
        )
        self.assertEqual(
            answers,
            [
                ("in_stock", False),
                ("", False),
                ("from", fields.Date.to_date("2026-12-02")),
            ],
        )
        self.create_order((self.product, 10))
        self.assertEqual(
            ask([(self.product, 6, False)], self.warehouse, self.customer)[0][0], "from"
        )
        self.assertEqual(
            ask([(self.product, 60, False)], self.warehouse, self.customer),
            [("to_order", False)],
        )

    # -- quotations --------------------------------------------------------------------

    def test_goods_kept_for_a_quotation(self):
        channel = self.env["oms.channel"].create(
            {"name": "Kept", "code": "kept", "oms_keep_hours": 24, "tz": TZ}
        )
        order = self.create_order(
            (self.product, 8), oms_channel_id=channel.id, confirm=False
        )
        order.action_quotation_sent()
        self.assertEqual(order.oms_kept_until, NOW + timedelta(hours=24))
        self.assertDates(order.order_line, "2026-11-23", "2026-11-24")
        other = self.create_order(
            (self.product, 8), confirm=False, picking_policy="one"
        )
        self.assertDates(other.order_line, False, False)
        order.order_line.product_uom_qty = 2
        self.env.invalidate_all()
        self.assertDates(other.order_line, "2026-11-23", "2026-11-24")
        order.order_line.product_uom_qty = 8
        with freeze_time(NOW + timedelta(hours=25)):
            self.env.invalidate_all()
            self.assertDates(other.order_line, "2026-11-24", "2026-11-25")
        self.env.invalidate_all()
        self.assertDates(other.order_line, False, False)
        order.action_confirm()
        self.assertFalse(order.oms_kept_until)
        self.assertDates(order.order_line, "2026-11-23", "2026-11-24")

    def test_kept_no_longer(self):
        channel = self.env["oms.channel"].create(
            {"name": "Kept", "code": "kept", "oms_keep_hours": 24, "tz": TZ}
        )
        order = self.create_order(
            (self.product, 8), oms_channel_id=channel.id, confirm=False
        )
        order.action_quotation_sent()
        order.action_oms_let_go()
        self.assertFalse(order.oms_kept_until)
        other = self.create_order((self.product, 8))
        self.assertDates(other.order_line, "2026-11-23", "2026-11-24")
