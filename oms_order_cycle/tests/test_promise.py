import re
import runpy
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from ..tools.filling import fill_promises
from .common import OrderCycleCommon

MAY = datetime(2031, 5, 12, 9)
JUNE = datetime(2031, 6, 16, 9)

#: What installing cannot know of the past.
UNKNOWN_AFTERWARDS = {"id", "date", "cause", "user_id"}


class PromiseCommon(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.sale_delay = 3
        cls.company.security_lead = 2

    def ledger(self, orders):
        """The rows of orders, oldest first, with what this transaction changed."""
        self.journal()
        return self.env["oms.promise"].search(
            [("order_id", "in", orders.ids)], order="id"
        )

    def assertLedger(self, orders, *expected):
        """Check (line, kind, cause, promised date) of all rows, oldest first."""
        self.assertEqual(
            [
                (row.line_id, row.kind, row.cause, row.promised_date)
                for row in self.ledger(orders)
            ],
            list(expected),
        )

    def expected(self, line):
        return line.order_id.date_order + timedelta(days=line.customer_lead)

    def promised_events(self, order):
        self.journal()
        return order.oms_event_ids.filtered(lambda event: event.kind == "promised")


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    # -- confirmation -----------------------------------------------------------

    def test_quotation_promises_nothing(self):
        order = self.create_order(confirm=False, commitment_date=MAY)
        order.order_line.product_uom_qty = 5
        order.commitment_date = JUNE
        self.assertLedger(order)
        self.assertFalse(order.oms_promised_date)
        self.assertFalse(order.order_line.oms_promised_date)

    def test_confirmed_with_delivery_date(self):
        order = self.create_order(
            (self.product_a, 10), (self.product_b, 2, self.dozen), commitment_date=MAY
        )
        first, second = order.order_line
        self.assertLedger(
            order,
            (first, "first", "confirmed", MAY),
            (second, "first", "confirmed", MAY),
        )
        row = self.ledger(order)[1]
        self.assertEqual(row.product_id, self.product_b)
        self.assertEqual((row.quantity, row.product_uom_id), (2, self.dozen))
        self.assertEqual(row.company_id, self.company)
        self.assertEqual(row.warehouse_id, self.warehouse)
        self.assertEqual(row.requested_date, MAY)
        self.assertEqual(row.ship_date, MAY - timedelta(days=2))
        self.assertFalse(row.previous_date)
        self.assertEqual(row.user_id, self.env.user)
        self.assertTrue(row.date)
        self.assertFalse(row.told_at)

    def test_confirmed_with_lead_time(self):
        order = self.create_order((self.product_a, 10), (self.product_b, 1))
        first, second = order.order_line
        self.assertLedger(
            order,
            (first, "first", "confirmed", order.date_order + timedelta(days=3)),
            (second, "first", "confirmed", order.date_order),
        )
        self.assertEqual(set(self.ledger(order).mapped("requested_date")), {False})
        self.assertEqual(first.oms_promised_date, first._expected_date())
        self.assertEqual(order.oms_promised_date, first.oms_promised_date)

    def test_dates_are_those_of_the_transfer(self):
        order = self.create_order(commitment_date=MAY)
        row = self.ledger(order)
        self.assertEqual(order.picking_ids.date_deadline, row.promised_date)
        self.assertEqual(order.picking_ids.scheduled_date, row.ship_date)

    def test_only_goods_are_promised(self):
        order = self.create_order((self.product_a, 1), (self.service, 1), confirm=False)
        delivery = self.create_product("OMS Fee", type="service", is_storable=False)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Goods"}),
            Command.create({"display_type": "line_note", "name": "Fragile"}),
            Command.create({"product_id": delivery.id, "is_delivery": True}),
            Command.create({"product_id": self.product_b.id, "product_uom_qty": 0}),
            Command.create({"product_id": self.product_b.id, "product_uom_qty": -2}),
            Command.create({"product_id": self.product_b.id, "is_downpayment": True}),
        ]
        order.action_confirm()
        self.assertEqual(self.ledger(order).line_id, order.order_line[0])

    def test_order_created_confirmed(self):
        order = self.create_order(confirm=False, state="sale", commitment_date=MAY)
        self.assertLedger(order, (order.order_line, "first", "confirmed", MAY))
        self.assertEqual(self.ledger(order).requested_date, MAY)

    def test_what_was_written_after_confirming_was_not_asked_for(self):
        """A promise that the house works out in the same breath is no request."""
        order = self.create_order(confirm=False)
        order.action_confirm()
        order.commitment_date = MAY
        self.assertLedger(order, (order.order_line, "first", "confirmed", MAY))
        self.assertFalse(self.ledger(order).requested_date)
        self.assertFalse(self.promised_events(order))

    def test_held_or_not_the_date_is_said(self):
        order = self.create_order(confirm=False)
        order.with_context(skip_procurement=True).action_confirm()
        self.assertEqual(self.ledger(order).kind, "first")

    # -- changes ----------------------------------------------------------------

    def test_delivery_date_changed(self):
        order = self.create_order((self.product_a, 10), (self.product_b, 1))
        first, second = order.order_line
        rows = self.ledger(order)
        order.commitment_date = MAY
        order.commitment_date = JUNE
        news = self.ledger(order) - rows
        self.assertEqual(news.line_id, first + second)
        self.assertEqual(set(news.mapped("kind")), {"later"})
        self.assertEqual(set(news.mapped("cause")), {"delivery_date"})
        self.assertEqual(set(news.mapped("promised_date")), {JUNE})
        self.assertEqual(news.mapped("previous_date"), rows.mapped("promised_date"))
        self.assertEqual(set(news.mapped("requested_date")), {False})
        self.assertEqual(order.oms_promised_date, JUNE)
        order.commitment_date = JUNE
        self.assertEqual(len(self.ledger(order)), 4, "said already")
        order.commitment_date = False
        self.assertEqual(
            self.ledger(order)[4:].mapped("promised_date"),
            [self.expected(first), self.expected(second)],
        )

    def test_read_again_in_the_same_transaction(self):
        order = self.create_order()
        for date in (MAY, JUNE):
            order.commitment_date = date
            self.assertEqual(order.order_line.oms_promised_date, date)
            self.assertEqual(order.oms_promised_date, date)

    def test_what_was_asked_for_stays(self):
        order = self.create_order(commitment_date=MAY)
        self.journal()
        order.commitment_date = JUNE
        self.assertEqual(self.ledger(order).mapped("requested_date"), [MAY, MAY])

    def test_lead_time_changed(self):
        order = self.create_order((self.product_a, 10), (self.product_b, 1))
        line = order.order_line[0]
        self.journal()
        line.customer_lead = 7
        self.assertEqual(
            self.ledger(order)[2:].mapped(
                lambda row: (row.line_id, row.kind, row.cause, row.promised_date)
            ),
            [(line, "later", "lead_time", order.date_order + timedelta(days=7))],
        )

    def test_lead_time_beside_a_delivery_date_changes_nothing(self):
        order = self.create_order(commitment_date=MAY)
        self.journal()
        order.order_line.customer_lead = 7
        self.assertEqual(len(self.ledger(order)), 1)

    def test_order_date_changed(self):
        order = self.create_order()
        self.journal()
        order.date_order -= timedelta(days=1)
        row = self.ledger(order)[1]
        self.assertEqual((row.kind, row.cause), ("later", "order_date"))
        self.assertEqual(row.promised_date, self.expected(order.order_line))

    def test_quantity_and_warehouse_alone_move_no_date(self):
        order = self.create_order()
        self.journal()
        order.order_line.product_uom_qty = 20
        other = self.warehouse.copy({"name": "Other", "code": "OTH"})
        order.warehouse_id = other
        self.assertEqual(order.order_line.warehouse_id, other)
        self.assertEqual(len(self.ledger(order)), 1)

    def test_line_added(self):
        order = self.create_order(commitment_date=MAY)
        self.journal()
        order.commitment_date = JUNE
        self.journal()
        order.order_line = [
            Command.create({"product_id": self.product_b.id, "product_uom_qty": 4})
        ]
        row = self.ledger(order)[2:]
        self.assertEqual(row.line_id, order.order_line[1])
        self.assertEqual(
            (row.kind, row.cause, row.quantity), ("first", "line_added", 4)
        )
        self.assertEqual((row.promised_date, row.requested_date), (JUNE, MAY))
        self.assertFalse(self.ledger(order)[3:])

    def test_reason_and_cause_of_others(self):
        """What is beside Odoo's fields is told by who moves the date."""
        order = self.create_order()
        self.journal()
        order._oms_note_promises(cause="other", reason="The truck broke down")
        order.commitment_date = MAY
        row = self.ledger(order)[1]
        self.assertEqual((row.cause, row.reason), ("other", "The truck broke down"))

    # -- withdrawn --------------------------------------------------------------

    def test_cancelled_and_confirmed_again(self):
        order = self.create_order((self.product_a, 1), (self.service, 1))
        line = order.order_line[0]
        first = self.expected(line)
        self.journal()
        order._action_cancel()
        self.assertLedger(
            order,
            (line, "first", "confirmed", first),
            (line, "withdrawn", "cancelled", False),
        )
        self.assertEqual(self.ledger(order)[1].previous_date, first)
        self.assertFalse(order.oms_promised_date)
        order.action_draft()
        self.assertEqual(len(self.ledger(order)), 2)
        order.commitment_date = MAY
        order.action_confirm()
        row = self.ledger(order)[2:]
        # what was said first stays the first, whatever happened since
        self.assertEqual((row.kind, row.cause), ("later", "confirmed_again"))
        self.assertEqual((row.previous_date, row.promised_date), (first, MAY))
        self.assertEqual(row.requested_date, MAY)

    def test_confirmed_and_cancelled_at_once(self):
        order = self.create_order()
        order._action_cancel()
        self.assertLedger(order)

    def test_nothing_left_to_deliver(self):
        order = self.create_order(commitment_date=MAY)
        line = order.order_line
        self.journal()
        line.product_uom_qty = 0
        self.journal()
        self.assertFalse(line.oms_promised_date)
        line.product_uom_qty = 3
        self.assertLedger(
            order,
            (line, "first", "confirmed", MAY),
            (line, "withdrawn", "quantity", False),
            (line, "later", "quantity", MAY),
        )
        self.assertFalse(self.promised_events(order), "the date is the same")

    def test_line_deleted(self):
        """The story stays, without the line."""
        order = self.create_order((self.product_a, 1), (self.product_b, 1))
        second = order.order_line[1]
        order.picking_ids.action_cancel()
        # other addons let lines of theirs be deleted
        self.patch(type(second), "_check_line_unlink", lambda lines: lines.browse())
        second.unlink()
        rows = self.ledger(order).filtered(lambda row: not row.line_id)
        self.assertEqual(rows.mapped("kind"), ["first", "withdrawn"])
        self.assertEqual(rows[1].cause, "deleted")
        self.assertEqual(rows.product_id, self.product_b)
        self.assertFalse(any(rows.mapped("is_current")))
        self.assertTrue(order.oms_promised_date)

    def test_order_deleted(self):
        order = self.create_order()
        self.journal()
        order._action_cancel()
        rows = self.ledger(order)
        order.unlink()
        self.journal()
        self.assertFalse(rows.exists())

    # -- journal ----------------------------------------------------------------

    def test_journal_says_once_what_changed(self):
        order = self.create_order((self.product_a, 10), (self.product_b, 1))
        self.assertFalse(self.promised_events(order))
        before = order.oms_promised_date
        order.commitment_date = MAY
        order.order_line[0].customer_lead = 8
        event = self.promised_events(order)
        self.assertEqual(len(event), 1)
        self.assertEqual(event.user_id, self.env.user)
        self.assertIn("May 12, 2031", event.name)
        self.assertEqual(event.data["new"], "2031-05-12 09:00:00")
        self.assertEqual(event.data["old"], str(before))
        self.assertEqual(
            [line["line_id"] for line in event.data["lines"]], order.order_line.ids
        )
        order._action_cancel()
        self.assertEqual(self.promised_events(order), event)

    # -- many -------------------------------------------------------------------

    def test_no_orders(self):
        none = self.env["sale.order"]
        none.write({"commitment_date": MAY})
        none._oms_note_promises({"state"})
        self.assertEqual(none.order_line._oms_get_promises(), {})
        self.assertEqual(self.env["oms.promise"]._append([]), [])
        self.assertEqual(self.env["oms.promise"]._get_current_dates([]), {})
        self.env["oms.promise"]._mark_told()
        self.env["oms.promise"].action_mark_told()
        self.journal()

    def test_two_companies(self):
        other = self.create_company("Other Distributor")
        other.security_lead = 5
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        mine = self.create_order(confirm=False, commitment_date=MAY)
        both = self.env(
            context=dict(
                self.env.context, allowed_company_ids=[self.company.id, other.id]
            )
        )
        theirs = mine.with_env(both).create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "warehouse_id": warehouse.id,
                "user_id": False,
                "commitment_date": MAY,
                "order_line": [
                    Command.create(
                        {"product_id": self.product_a.id, "product_uom_qty": 1}
                    )
                ],
            }
        )
        orders = mine.with_env(both) + theirs
        orders.action_confirm()
        rows = self.ledger(orders).with_env(both)
        self.assertEqual(rows.company_id, self.company + other)
        self.assertEqual(
            {row.company_id: row.ship_date for row in rows},
            {
                self.company: MAY - timedelta(days=2),
                other: MAY - timedelta(days=5),
            },
        )
        self.assertEqual(rows.warehouse_id, self.warehouse + warehouse)
        manager = self.create_user("oms_ledger", "oms_order_cycle.group_oms_manager")
        self.assertEqual(
            self.env["oms.promise"]
            .with_user(manager)
            .with_context(allowed_company_ids=self.company.ids)
            .search([("order_id", "in", orders.ids)]),
            rows.filtered(lambda row: row.company_id == self.company),
        )

    # -- cost -------------------------------------------------------------------

    def count_for_promises(self, method):
        """Queries to or of the ledger that a method and its end of request make."""
        self.env.flush_all()
        self.journal()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            method()
            self.journal()
        # the table, not what else begins with its name
        ledger = re.compile(r"\boms_promise\b")
        return sum(bool(ledger.search(r.getMessage())) for r in logs.records)

    def test_confirming_costs_one_query(self):
        lines = ((self.product_a, 1), (self.product_b, 2), (self.service, 1))
        orders = self.env["sale.order"].union(
            *(self.create_order(*lines, confirm=False) for _number in range(21))
        )
        self.assertEqual(self.count_for_promises(orders[0].action_confirm), 1)
        self.assertEqual(self.count_for_promises(orders[1:].action_confirm), 1)
        self.assertEqual(len(self.ledger(orders)), 42)

    def test_nothing_is_read_for_the_ledger(self):
        """All it says has been read by Odoo when it confirms."""
        lines = ((self.product_a, 1), (self.product_b, 2))
        for number in (1, 20):
            orders = self.env["sale.order"].union(
                *(self.create_order(*lines, confirm=False) for _number in range(number))
            )
            self.journal()
            self.env.invalidate_all()
            orders.action_confirm()
            self.env.flush_all()
            with self.subTest(orders=number), self.assertQueryCount(1):
                orders._oms_write_promises()

    def test_quotations_cost_nothing(self):
        order = self.create_order(confirm=False)

        def change():
            order.commitment_date = MAY
            order.order_line.product_uom_qty = 7
            self.create_order(confirm=False)

        self.env.flush_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            change()
            self.journal()
        self.assertFalse([r for r in logs.records if "oms_promise" in r.getMessage()])

    def test_dates_of_many_lines_are_read_at_once(self):
        orders = self.env["sale.order"].union(
            *(self.create_order() for _number in range(5))
        )
        self.journal()
        self.env.invalidate_all()
        orders.mapped("order_line.state")
        with self.assertQueryCount(1):
            orders.mapped("oms_promised_date")

    # -- kept as it was said ----------------------------------------------------

    def test_append_only_for_everybody(self):
        order = self.create_order()
        row = self.ledger(order)
        groups = (
            "oms_order_cycle.group_oms_manager",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "account.group_account_manager",
            "base.group_system",
            "base.group_user",
        )
        users = [
            self.create_user(f"oms_promise_{number}", group)
            for number, group in enumerate(groups)
        ]
        for user in users:
            mine = row.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    mine.write({"promised_date": MAY})
                with self.assertRaises(UserError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({"order_id": order.id, "kind": "first"})
        with self.assertRaises(UserError):
            row.sudo().write({"promised_date": MAY})
        with self.assertRaises(UserError):
            row.sudo().unlink()
        row._mark_told()
        with self.assertRaises(UserError):
            row.sudo().write({"told_at": MAY})

    @mute_logger("odoo.sql_db")
    def test_one_first_promise_for_a_line(self):
        row = self.ledger(self.create_order())
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
            self.env.cr.execute(
                "INSERT INTO oms_promise (order_id, line_id, kind, date, cause)"
                " SELECT order_id, line_id, kind, date, cause FROM oms_promise"
                " WHERE id = %s",
                (row.id,),
            )

    def test_portal_reads_nothing(self):
        order = self.create_order()
        row = self.ledger(order)
        portal = self.create_user(
            "oms_promise_portal", "base.group_portal", partner_id=self.customer.id
        )
        with self.assertRaises(AccessError):
            row.with_user(portal).read(["promised_date"])
        mine = order.with_user(portal)
        for name in ("oms_promise_ids", "oms_promised_date"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                mine.read([name])

    # -- who was told -----------------------------------------------------------

    def test_customer_told(self):
        order = self.create_order()
        self.journal()
        order.commitment_date = MAY
        rows = self.ledger(order)
        to_tell = [
            ("kind", "=", "later"),
            ("told_at", "=", False),
            ("is_current", "=", True),
            ("order_id", "=", order.id),
        ]
        self.assertEqual(rows.search(to_tell), rows[1])
        rows[1].action_mark_told()
        self.assertEqual(rows[1].told_partner_id, self.customer)
        self.assertFalse(rows.search(to_tell))
        told_at = rows[1].told_at
        rows[1]._mark_told(self.env.user.partner_id, MAY)
        self.assertEqual(
            (rows[1].told_at, rows[1].told_partner_id), (told_at, self.customer)
        )
        self.assertFalse(rows[0].told_at)

    def test_only_who_may_change_the_order_tells(self):
        row = self.ledger(self.create_order())
        reader = self.create_user("oms_teller", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            row.with_user(reader).action_mark_told()

    # -- screens ----------------------------------------------------------------

    def test_current(self):
        order = self.create_order((self.product_a, 1), (self.product_b, 1))
        self.journal()
        order.order_line[0].customer_lead = 9
        rows = self.ledger(order)
        self.assertEqual(rows.mapped("is_current"), [False, True, True])
        self.assertEqual(rows.filtered_domain([("is_current", "=", True)]), rows[1:])
        self.assertEqual(
            rows.search([("is_current", "=", False), ("id", "in", rows.ids)]), rows[0]
        )

    def test_form_shows_what_it_saved(self):
        order = self.create_order()
        self.journal()
        result = order.web_save(
            {"commitment_date": "2031-05-12 09:00:00"}, {"oms_promised_date": {}}
        )
        self.assertEqual(result[0]["oms_promised_date"], MAY)

    def test_name(self):
        self.env.user.tz = "UTC"
        order = self.create_order((self.product_a, 1), confirm=False)
        order.commitment_date = datetime(2031, 12, 8, 15)
        order.action_confirm()
        promise = self.ledger(order)
        self.assertEqual(
            promise.display_name,
            f"{order.name}, {promise.product_id.display_name}: Dec 8, 2031",
        )
        found = self.env["oms.promise"].name_search(order.name)
        self.assertIn(promise.id, [id_ for id_, _name in found])

    def test_smart_button(self):
        order = self.create_order()
        rows = self.ledger(order)
        action = order.action_oms_view_promises()
        self.assertEqual(self.env["oms.promise"].search(action["domain"]), rows)
        with self.form(order) as form:
            self.assertTrue(form.oms_promised_date)


@tagged("post_install", "-at_install")
class TestFillPromises(PromiseCommon):
    """What installing takes over is what the ORM would have written."""

    def read_ledger(self, orders):
        return [
            {name: row[name] for name in set(row) - UNKNOWN_AFTERWARDS}
            for row in self.ledger(orders).read(load=None)
        ]

    def test_fill_equals_what_is_written(self):
        lines = ((self.product_a, 10), (self.product_b, 2, self.dozen))
        plain = self.create_order(*lines, (self.service, 1))
        dated = self.create_order(*lines, commitment_date=MAY)
        half_day = self.create_order((self.product_a, 1), confirm=False)
        half_day.order_line.customer_lead = 0.3
        half_day.action_confirm()
        cancelled = self.create_order()
        quotation = self.create_order(confirm=False)
        emptied = self.create_order((self.product_a, 1))
        self.journal()
        cancelled._action_cancel()
        emptied.order_line.product_uom_qty = 0
        orders = plain + dated + half_day
        written = self.read_ledger(orders)
        everything = orders + cancelled + quotation + emptied
        self.ledger(everything)
        self.env.cr.execute(
            "DELETE FROM oms_promise WHERE order_id IN %s", (tuple(everything.ids),)
        )
        self.env.invalidate_all()
        fill_promises(self.env.cr)
        self.assertEqual(self.read_ledger(everything), written)
        rows = self.ledger(everything)
        self.assertEqual(set(rows.mapped("cause")), {"taken_over"})
        for row in rows:
            self.assertEqual(row.date, row.order_id.date_order)
        fill_promises(self.env.cr)
        self.assertEqual(self.ledger(everything), rows, "what is known is left alone")

    def test_update_of_the_version_before(self):
        """The ledger is new there, and filled as at installation."""
        order = self.create_order(commitment_date=MAY)
        self.journal()
        self.env.cr.execute("DELETE FROM oms_promise WHERE order_id = %s", (order.id,))
        path = file_path("oms_order_cycle/migrations/19.0.2.0.0/post-promise.py")
        runpy.run_path(path)["migrate"](self.env.cr, "19.0.1.0.0")
        self.assertLedger(order, (order.order_line, "first", "taken_over", MAY))

    def test_foreign_keys_are_back(self):
        def keys():
            self.env.cr.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = 'oms_promise'::regclass ORDER BY conname"
            )
            return self.env.cr.fetchall()

        before = keys()
        self.assertTrue(before)
        fill_promises(self.env.cr)
        self.assertEqual(keys(), before)
