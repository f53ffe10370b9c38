"""How often screens have the facts read, and how many queries that takes."""

import threading
from contextlib import contextmanager

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.oms_order_cycle.facts.function import call_function

from .common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestFactsCost(OrderCycleCommon):
    @contextmanager
    def queries(self):
        """Collects what is asked of the database."""
        asked = []

        def keep(cr, query, params, start, delay):
            asked.append(cr._obj.query.decode())

        self.env.flush_all()
        self.env.invalidate_all()
        thread = threading.current_thread()
        before = getattr(thread, "query_hooks", ())
        thread.query_hooks = (*before, keep)
        try:
            yield asked
        finally:
            thread.query_hooks = before

    def count_facts(self, asked):
        """Which of the queries run the chain of the facts."""
        return [
            query
            for query in asked
            if 'WITH "lines"' in query or "FROM oms_order_facts(" in query
        ]

    def order_of(self, number):
        return self.create_order(*[(self.product_a, 1)] * number)

    def assertFactsRead(self, order, times):
        for name in ("oms_cycle_bar", "oms_why"):
            with self.queries() as asked:
                self.assertTrue(order[name])
            self.assertEqual(len(self.count_facts(asked)), times, name)

    def test_stages_to_come_are_not_explained(self):
        order = self.order_of(2)
        self.assertEqual(order.oms_stage_id.milestone, "picked")
        # the facts, and what is missing of each line
        self.assertFactsRead(order, 2)
        self.ship(order)
        order.picking_ids.oms_delivered_at = order.oms_shipped_at
        self.assertEqual(order.oms_stage_id.milestone, "invoiced")
        # the facts, and what is to be invoiced
        self.assertFactsRead(order, 2)
        self.invoice(order)
        self.assertEqual(order.oms_stage_id.milestone, "paid")
        self.assertFactsRead(order, 1)

    def test_words_are_those_of_all_stages(self):
        order = self.order_of(2)

        def deliver():
            self.ship(order)
            order.picking_ids.oms_delivered_at = order.oms_shipped_at

        for go_on in (deliver, lambda: self.invoice(order), lambda: None):
            steps = self.workflow._explain(order)
            [current] = [step for step in steps if step["current"]]
            shown = {stage["id"]: stage for stage in order.oms_cycle_bar["stages"]}
            self.assertTrue(current["why"])
            self.assertEqual(shown[current["stage"].id]["exit"], current["why"])
            self.assertIn(current["why"].rstrip("."), order.oms_why)
            few = self.workflow._explain(order, worded=current["stage"])
            self.assertEqual(
                [(step["passed"], step["since"]) for step in few],
                [(step["passed"], step["since"]) for step in steps],
            )
            go_on()

    def test_queries_do_not_grow_with_lines(self):
        counts = {}
        names = ["oms_cycle_bar", "oms_why", "oms_can_release", "oms_attention"]
        lines = ["oms_qty_wanted", "oms_qty_picked", "oms_qty_shipped"]
        for number in (2, 2, 30):
            order = self.order_of(number)
            with self.queries() as asked:
                order.read(names)
                order.order_line.read(lines)
            counts[number] = len(asked)
        self.assertEqual(counts[2], counts[30])

    def test_deposit_and_lines_in_one_query(self):
        order = self.order_of(2)
        with self.queries() as asked:
            due, deposit = order._oms_get_open_invoicing()
        self.assertEqual(len(self.count_facts(asked)), 1)
        self.assertEqual(due, dict.fromkeys(order.order_line.ids, 1.0))
        self.assertEqual(deposit, 0)

    def read_facts(self, orders):
        """What the function says, and what the query says without it."""
        Orders = self.env["sale.order"]
        Orders._oms_flush_documents()
        function = call_function(orders.ids, **Orders._oms_facts_parameters())
        query = Orders._oms_facts_query(
            SQL("l.order_id IN %s", tuple(orders.ids))
        ).order_query()
        return (
            sorted(self.env.execute_query(function), key=str),
            sorted(self.env.execute_query(query), key=str),
        )

    def test_orders_on_no_invoice(self):
        """They are answered by a shorter query, which says the same."""
        none, draft, posted, paid = orders = self.env["sale.order"].union(
            *(self.order_of(1) for _number in range(4))
        )
        self.ship(posted | paid)
        (draft | posted | paid)._create_invoices()
        (posted | paid).invoice_ids.action_post()
        self.pay(paid.invoice_ids)
        self.env.flush_all()
        for some in (none, draft, posted, paid, none | draft, orders):
            function, query = self.read_facts(some)
            self.assertEqual(len(function), len(some))
            self.assertEqual(function, query)
        self.assertTrue(paid.oms_paid_at)
        self.assertFalse(none.oms_invoiced_at)
