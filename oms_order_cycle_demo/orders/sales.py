"""Sales: quotations, as such customers ask for them, and what becomes of them."""

from datetime import datetime, time, timedelta

from odoo.fields import Command

from .book import Desk

#: What kinds of customers buy: categories, and how many cases of a line.
TASTES = {
    "Hotel": (("Hygiene", "Table", "Coffee and tea", "Glass and china"), (2, 8)),
    "Restaurant": (("Table", "Kitchen", "Glass and china", "Take-away"), (1, 4)),
    "Caterer": (("Take-away", "Kitchen", "Cups and lids", "Table"), (3, 10)),
    "Reseller": (("Cups and lids", "Cleaning", "Hygiene"), (6, 14)),
    "Care": (("Hygiene", "Cleaning", "Coffee and tea"), (2, 6)),
}
#: Nobody has a truck driven for less.
LEAST_VALUE = 180.0


class SalesDesk(Desk):
    """Makes quotations, confirms orders, calls them off."""

    def make_quotations(self):
        """All quotations in one go; delivery fees by the carriers' own rates."""
        orders = self.env["sale.order"].create(
            [self._order_vals(plan) for plan in self.book.plans]
        )
        for plan, order in zip(self.book.plans, orders, strict=True):
            plan.order = order
            carrier = self.refs[f"carrier_{plan.carrier}"]
            rate = carrier.rate_shipment(order)
            order.set_delivery_line(carrier, round(rate["price"], 2))
        self.book.orders(
            [plan for plan in self.book.plans if plan.reach == "sent"]
        ).action_quotation_sent()

    def _order_vals(self, plan):
        customer = plan.customer
        channel = self.refs[f"channel_{customer['channel']}"]
        team = "team_field" if customer["channel"] == "field" else "team_inside"
        vals = {
            "partner_id": self.world.customers[plan.ref].id,
            "company_id": self.company.id,
            "user_id": self.world.customers[plan.ref].user_id.id,
            "team_id": self.refs[team].id,
            "oms_channel_id": channel.id,
            "warehouse_id": (self.book.vnl if plan.one_step else self.book.rot).id,
            "date_order": plan.time("ordered"),
            "validity_date": self.clock.date(plan.time("ordered")) + timedelta(days=30),
            "order_line": self._line_vals(plan),
        }
        if channel.require_client_ref or plan.index % 3 == 0:
            vals["client_order_ref"] = f"PO-{7300 + plan.index * 17}"
        if plan.reach not in ("draft", "sent") and plan.twist != "promise":
            vals["commitment_date"] = self._promise(plan)
        return vals

    def _promise(self, plan):
        """Three working days after the order; not yet over unless the order is late."""
        promise = self.clock.ahead(plan.time("ordered"), 27)
        if not plan.has("shipped") and float(plan.row["age"]) < 16:
            promise = max(promise, self.clock.ahead(self.clock.now, 9))
        day = self.clock.date(promise)
        return self.clock.to_utc(datetime.combine(day, time(17)))

    def _line_vals(self, plan):
        """Some lines of what such a customer buys, by the case or the piece.

        What goes by parcel is more lines of less.
        """
        rng = plan.rng
        categories, (least, most) = TASTES[plan.customer["tag"]]
        rows = [
            row
            for row in self.world.product_rows.values()
            if row["category"] in categories
            and float(row["stock_vnl" if plan.one_step else "stock_rot"]) > 100
        ]
        by_parcel = plan.carrier in ("parcel", "europe")
        counts, cases = ((2, 3, 4, 5), 0.3) if by_parcel else ((1, 2, 2, 3), 0.8)
        count = 2 if plan.twist == "credit" else min(rng.choice(counts), len(rows))
        chosen = rng.sample(rows, count)
        lines, value = [], 0.0
        for row in chosen:
            case = self.refs.get(f"uom_case_{row['case_of']}")
            if case and rng.random() < cases:
                quantity, uom = rng.randint(least, most), case.id
            else:
                uom = False
                quantity = rng.randint(least, most) * rng.choice((2, 5))
            size = int(row["case_of"]) if uom else 1
            value += quantity * size * float(row["price"])
            lines.append((row["sku"], quantity, uom))
        if value < LEAST_VALUE:
            more = int(LEAST_VALUE // value) + 1
            lines = [(sku, quantity * more, uom) for sku, quantity, uom in lines]
        if plan.reach == "released" and plan.twist == "short":
            lines[0] = ("KNI-CHE", 240, False)
        elif plan.twist == "credit":
            lines[0] = ("COF-ESP", rng.randint(12, 18), self.refs["uom_case_8"].id)
            lines[1] = ("DIS-SOA", rng.randint(6, 10), self.refs["uom_case_6"].id)
        return [
            Command.create(
                {
                    "product_id": self.world.products[sku].id,
                    "product_uom_qty": quantity,
                    **({"product_uom_id": uom} if uom else {}),
                }
            )
            for sku, quantity, uom in lines
        ]

    def confirm(self, plans):
        """Confirm quotations."""
        self.book.orders(plans).action_confirm()

    def approve(self, plans):
        """The manager approves what waits for that."""
        orders = self.book.orders(plans).filtered(
            lambda order: order.oms_stage_id.exit_kind == "approval"
        )
        if orders:
            orders.with_user(self.refs["user_manager"]).action_oms_approve()

    def cancel(self, plans):
        """Orders that were called off."""
        for plan in plans:
            if plan.reach == "cancelled":
                plan.order._action_cancel()
