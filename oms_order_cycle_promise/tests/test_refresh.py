from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common_dates import NOW, DatesCommon


@tagged("post_install", "-at_install")
class TestRefresh(DatesCommon):
    """A promise moves only where it cannot be kept any more."""

    def nightly(self):
        self.env.flush_all()
        moved = self.env["oms.promise.key"].search([])._refresh()
        self.journal()
        return moved

    def test_nothing_moves_unasked(self):
        self.receive(10, "2026-11-25")
        orders = self.create_order((self.product, 6)) + self.create_order(
            (self.product, 6), (self.product_a, 5)
        )
        self.journal()
        self.take_stock(100)
        self.assertFalse(self.nightly())
        self.assertEqual(len(self.rows(orders.order_line[0])), 1)
        self.assertDates(orders[1].order_line[0], "2026-11-25", "2026-11-26")

    def test_less_in_stock_moves_the_youngest(self):
        first = self.create_order((self.product, 5), picking_policy="one")
        with freeze_time(NOW + timedelta(minutes=1)):
            second = self.create_order((self.product, 5), picking_policy="one")
        self.receive(10, "2026-12-02")
        self.journal()
        for order in first + second:
            order.picking_ids.do_unreserve()
        self.take_stock(6)
        self.refresh()
        self.assertDates(first.order_line, "2026-11-23", "2026-11-24")
        self.assertDates(second.order_line, "2026-12-02", "2026-12-03")
        self.assertEqual(self.rows(second.order_line)[-1].cause, "stock")
        self.assertFalse(self.rows(first.order_line)[-1].is_to_tell)

    def test_what_is_reserved_is_kept(self):
        first = self.create_order((self.product, 5), picking_policy="one")
        with freeze_time(NOW + timedelta(minutes=1)):
            second = self.create_order((self.product, 5), picking_policy="one")
        self.journal()
        first.picking_ids.do_unreserve()
        self.take_stock(6)
        self.refresh()
        self.assertDates(second.order_line, "2026-11-23", "2026-11-24")
        self.assertDates(first.order_line, False, False)
        row = self.rows(first.order_line)[-1]
        self.assertEqual((row.kind, row.cause), ("withdrawn", "stock"))
        self.assertTrue(row.is_to_tell)
        # once there is a receipt, there is a date again
        self.receive(10, "2026-12-02")
        self.nightly()
        self.assertDates(first.order_line, "2026-12-02", "2026-12-03")

    def test_scrapped(self):
        order = self.create_order((self.product, 10))
        self.journal()
        order.picking_ids.do_unreserve()
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.product.id, "scrap_qty": 3}
        )
        scrap.action_validate()
        self.refresh()
        self.assertDates(order.order_line, False, False)

    def test_receipt_cancelled(self):
        self.take_stock(0)
        receipt = self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 5))
        self.journal()
        receipt.action_cancel()
        self.refresh()
        self.assertDates(order.order_line, False, False)
        self.assertEqual(self.rows(order.order_line)[-1].cause, "receipt")

    def test_receipt_of_less(self):
        self.take_stock(0)
        receipt = self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 8), picking_policy="one")
        self.journal()
        receipt.move_ids.product_uom_qty = 6
        self.refresh()
        self.assertDates(order.order_line, False, False)

    def test_receipt_in_two(self):
        self.take_stock(0)
        receipt = self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 8))
        self.journal()
        self.validate(receipt, {self.product: 4})
        self.refresh()
        # the rest is still to come on that day
        self.assertDates(order.order_line, "2026-11-25", "2026-11-26")
        self.assertEqual(len(self.rows(order.order_line)), 1)

    def test_receipt_that_is_late(self):
        self.take_stock(0)
        self.receive(10, "2026-11-24")
        order = self.create_order((self.product, 5))
        self.journal()
        with freeze_time("2026-11-25 02:00:00"):
            self.nightly()
            self.assertDates(order.order_line, False, False)
            self.company.oms_count_late_supply = True
            self.nightly()
            self.assertDates(order.order_line, "2026-11-30", "2026-12-01")
        self.assertEqual(
            self.rows(order.order_line).mapped("kind"), ["first", "withdrawn", "later"]
        )

    def test_not_shipped_in_time(self):
        order = self.create_order((self.product, 5))
        self.journal()
        with freeze_time("2026-11-24 02:00:00"):
            self.nightly()
            self.assertDates(order.order_line, "2026-11-24", "2026-11-25")
        self.assertEqual(self.rows(order.order_line)[-1].cause, "not_shipped")

    def test_held_too_long(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Stop", "check": "manual", "block_release": True}
        )
        order = self.create_order((self.product, 5), confirm=False)
        order._oms_place_hold(hold_type, "Ask the customer")
        order.action_confirm()
        self.journal()
        with freeze_time("2026-11-24 02:00:00"):
            self.nightly()
        self.assertEqual(self.rows(order.order_line)[-1].cause, "hold")

    def test_leaves_later_and_arrives_in_time(self):
        days = self.create_calendar("OMS Thursday", (3,))
        self.customer.oms_receiving_calendar_id = days
        order = self.create_order((self.product, 5))
        self.assertDates(order.order_line, "2026-11-23", "2026-11-26")
        self.journal()
        with freeze_time("2026-11-24 02:00:00"):
            self.assertFalse(self.nightly())
            self.assertDates(order.order_line, "2026-11-24", "2026-11-26")
        self.assertEqual(len(self.rows(order.order_line)), 1)

    def test_shipped_in_part(self):
        order = self.create_order((self.product, 10))
        self.journal()
        self.validate(order.picking_ids, {self.product: 4})
        with freeze_time("2026-11-24 02:00:00"):
            self.nightly()
        line = order.order_line
        self.assertDates(line, "2026-11-24", "2026-11-25")
        self.assertEqual(
            self.parts(line),
            [(4, "2026-11-23", "2026-11-24"), (6, "2026-11-24", "2026-11-25")],
        )
        self.ship(order)
        with freeze_time("2026-11-27 02:00:00"):
            self.assertFalse(self.nightly())
        self.assertEqual(len(self.rows(line)), 2)

    def test_two_and_three_steps(self):
        for steps in ("pick_ship", "pick_pack_ship"):
            self.set_steps(steps)
            product = self.create_product(f"OMS {steps}", quantity=10)
            order = self.create_order((product, 6))
            free = self.env["oms.supply"]._get_free
            pair = (product.id, self.warehouse.id)
            for _step in steps.split("_"):
                self.assertEqual(free(product, self.warehouse), {pair: 4})
                self.assertEqual(
                    free(product, self.warehouse, apart_from=order.order_line),
                    {pair: 10},
                )
                self.validate(self.open_transfers(order))
            self.assertEqual(free(product, self.warehouse), {pair: 4})

    def test_what_customers_send_back_is_not_counted_on(self):
        order = self.create_order((self.product, 10))
        self.ship(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 10
        wizard._create_return()
        other = self.create_order((self.product, 5))
        self.assertDates(other.order_line, False, False)

    def test_no_more_queries_for_more_orders(self):
        products = self.product_a
        for number in range(10):
            products += self.create_product(f"OMS {number}", quantity=100)
        counts = []
        for count in (1, 5):
            for _order in range(count):
                self.create_order(*((product, 1) for product in products))
            keys = self.env["oms.promise.key"].search([])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            keys._refresh()
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])

    # -- telling -----------------------------------------------------------------------

    def move_a_date(self):
        self.take_stock(0)
        receipt = self.receive(10, "2026-11-25")
        order = self.create_order((self.product, 5))
        self.journal()
        receipt.move_ids.date = "2026-12-01 11:00:00"
        self.refresh()
        return order

    def test_mail_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.customer.lang = "nl_NL"
        order = self.move_a_date()
        told = self.env["oms.promise"].search(
            [("is_to_tell", "=", True), ("order_id", "=", order.id)]
        )
        self.assertEqual(told, self.rows(order.order_line)[-1])
        template = self.env.ref("oms_order_cycle_promise.mail_template_promise_moved")
        template.with_context(
            lang="nl_NL"
        ).subject = "Andere leverdatum {{ object.name }}"
        told.action_mail_customers()
        mail = self.env["mail.mail"].search([("subject", "like", order.name)])
        self.assertEqual(mail.subject, f"Andere leverdatum {order.name}")
        self.assertIn(self.customer, mail.recipient_ids)
        self.assertIn("26 nov", mail.body_html)
        self.assertIn("2 dec", mail.body_html)
        self.assertEqual(told.told_at, NOW)
        self.assertFalse(
            self.env["oms.promise"].search_count(
                [("is_to_tell", "=", True), ("order_id", "=", order.id)]
            )
        )

    def test_customer_without_address(self):
        order = self.move_a_date()
        self.customer.email = False
        told = self.rows(order.order_line)[-1]
        answer = told.action_mail_customers()
        self.assertIn(order.name, answer["params"]["message"])
        self.assertFalse(told.told_at)

    def test_the_date_that_was_told(self):
        order = self.move_a_date()
        line = order.order_line
        self.rows(line)[-1].action_mark_told()
        self.env["stock.move"].search(
            [("product_id", "=", self.product.id), ("picking_code", "=", "incoming")]
        ).date = datetime(2026, 12, 7, 11)
        self.refresh()
        moved = order._oms_get_moved_dates()
        self.assertEqual(
            [(move["before"], move["promised"]) for move in moved],
            [("Dec 2", "Dec 8")],
        )

    def test_queue(self):
        seller = self.create_user(
            "oms_promise_seller", "sales_team.group_sale_salesman"
        )
        turn = self.env["oms.my.turn"].with_user(seller)
        self.assertNotIn("to_tell", {queue["key"] for queue in turn.get_queues()})
        order = self.move_a_date()
        order.user_id = seller
        self.env.flush_all()
        queues = {queue["key"]: queue for queue in turn.get_queues()}
        self.assertEqual(queues["to_tell"]["count"], 1)

    # -- sources -----------------------------------------------------------------------

    def make_second_warehouse(self):
        return self.env["stock.warehouse"].create(
            {
                "name": "OMS Second",
                "code": "OMS2",
                "company_id": self.company.id,
                "oms_calendar_id": self.create_calendar("OMS Late", range(2, 5)).id,
                "oms_pick_hours": 2,
            }
        )

    def test_line_that_leaves_from_two_warehouses(self):
        second = self.make_second_warehouse()
        self.stock_up(self.product, 10, second)
        order = self.create_order((self.product, 10))
        self.journal()
        line = order.order_line
        # as sourcing does: four of ten from another warehouse
        line.move_ids.product_uom_qty = 6
        values = {**line._prepare_procurement_values(), "warehouse_id": second}
        procurement = self.env["stock.rule"].Procurement(
            line.product_id, 4, line.product_uom_id, values["location_final_id"],
            line.name, order.name, order.company_id, values,
        )  # fmt: skip
        self.env["stock.rule"].run([procurement])
        line._oms_follow_sources()
        # open on Wednesday
        self.assertEqual(
            self.parts(line),
            [(6, "2026-11-23", "2026-11-24"), (4, "2026-11-25", "2026-11-26")],
        )
        self.assertIn("from OMS Second", line.oms_promise_why)
        free = self.env["oms.supply"]._get_free(self.product, self.warehouse + second)
        self.assertEqual(
            free,
            {
                (self.product.id, self.warehouse.id): 4,
                (self.product.id, second.id): 6,
            },
        )
        self.assertFalse(self.nightly())

    def test_another_warehouse_before_release(self):
        second = self.make_second_warehouse()
        self.stock_up(self.product, 10, second)
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Stop", "check": "manual", "block_release": True}
        )
        order = self.create_order((self.product, 10), confirm=False)
        order._oms_place_hold(hold_type, "Ask the customer")
        order.action_confirm()
        self.journal()
        order.warehouse_id = second
        order.oms_hold_ids.action_lift()
        line = order.order_line
        self.assertEqual(line.move_ids.location_id.warehouse_id, second)
        self.assertDates(line, "2026-11-25", "2026-11-26")
        self.assertEqual(self.rows(line)[-1].cause, "warehouse")
        other = self.create_order((self.product, 10))
        self.assertDates(other.order_line, "2026-11-23", "2026-11-24")
