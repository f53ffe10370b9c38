"""The side of the benchmark of promises that runs inside Odoo."""

import time

from odoo import SUPERUSER_ID, Command, api


class Promises:
    """Commands of a worker, see _worker.py."""

    def promises_switch_on(self):
        """Warehouses work in hours, and a rule says where goods leave from."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            calendar = env.company.resource_calendar_id
            warehouses = env["stock.warehouse"].search([])
            warehouses.write(
                {
                    "oms_calendar_id": calendar.id,
                    "oms_cutoff_hour": 15,
                    "oms_pick_hours": 2,
                    "oms_pickup_hour": 17,
                }
            )
            env.company.oms_promise_sets_dates = True
            if "oms.sourcing.rule" in env:
                env["oms.sourcing.rule"].create(
                    {"name": "Bench", "company_id": env.company.id, "goal": "first"}
                )

    def promises_quotation(self, lines, repetitions):
        """Seconds to read a quotation as its form does, without our dates and with."""
        found = []
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self._user_id(cr), {})
            order_id = self._make_quotation(env, lines)
            cr.commit()
        # the first is not counted: caches fill
        for repetition in range(-1, repetitions):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self._user_id(cr), {})
                order = env["sale.order"].browse(order_id)
                start = time.perf_counter()
                order.web_read(_PLAIN)
                plain = time.perf_counter()
                queries = cr.sql_log_count
                order.web_read(_DATES)
                more = time.perf_counter() - plain
                if repetition >= 0:
                    found.append((plain - start, more, cr.sql_log_count - queries))
        return found

    def _make_quotation(self, env, lines):
        products = env["product.product"].search(
            [("default_code", "=like", "BP%")], limit=lines
        )
        partner = env["res.partner"].search([("name", "=like", "Bench%")], limit=1)
        return (
            env["sale.order"]
            .create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 2})
                        for product in products
                    ],
                }
            )
            .id
        )

    def promises_refresh(self):
        """Look at all promises, as each night: seconds and queries."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            lines = env["sale.order.line"].search_count(
                [("state", "=", "sale"), ("qty_delivered", "=", 0)]
            )
            keys = env["oms.promise.key"].search([])
            env.invalidate_all()
            queries, start = cr.sql_log_count, time.perf_counter()
            moved = keys._refresh()
            cr.flush()
            return {
                "lines": lines,
                "moved": len(moved),
                "seconds": time.perf_counter() - start,
                "queries": cr.sql_log_count - queries,
            }


_LINE = {
    "product_id": {"fields": {"display_name": {}}},
    "product_uom_qty": {},
    "product_uom_id": {"fields": {"display_name": {}}},
    "price_unit": {},
    "price_subtotal": {},
    "tax_ids": {"fields": {}},
    "virtual_available_at_date": {},
}
_PLAIN = {
    "name": {},
    "state": {},
    "partner_id": {"fields": {"display_name": {}}},
    "amount_total": {},
    "tax_totals": {},
    "expected_date": {},
    "order_line": {"fields": _LINE},
}
_DATES = {
    "oms_has_dates": {},
    "oms_promise_date": {},
    "oms_promise_why": {},
    "order_line": {"fields": {"oms_ship_date": {}, "oms_promise_date": {}}},
}
