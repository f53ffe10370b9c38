"""Orders of the demo company: some sixty, in every stage, over the last sixty days.

Each row of ``orders.csv`` is one order: whose, how far it got (``reach``), how many
office hours ago that was (for ``paid``: days), and what went otherwise than usual
(``twist``). All documents are made by Odoo's own methods, now and in bulk; at the end
their times are moved back to when they would have happened, and the facts, which are
derived from the documents, are computed anew.
"""

import random
from datetime import datetime, time, timedelta

from odoo.fields import Command, Datetime
from odoo.tools import SQL

from ..models.cycle.sale_order_journal import JOURNAL
from .builder import CREDIT_WATCH, TIMEZONE
from .clock import OfficeClock
from .packing import PackingDesk

#: What an order goes through, in order; ``PARCEL_STEPS`` when the invoice goes with it.
STEPS = (
    "ordered",
    "confirmed",
    "released",
    "picked",
    "packed",
    "shipped",
    "delivered",
    "invoiced",
    "paid",
)
PARCEL_STEPS = (*STEPS[:6], "invoiced", "delivered", "paid")
#: Last step of each reach.
REACH = {
    "draft": "ordered",
    "sent": "ordered",
    "held": "confirmed",
    "cancelled": "released",
    "partial": "shipped",
}
#: Who does what.
ACTORS = {
    "ordered": "sales",
    "confirmed": "sales",
    "released": "sales",
    "picked": "picker",
    "packed": "picker",
    "loaded": "dispatcher",
    "shipped": "dispatcher",
    "delivered": "dispatcher",
    "invoiced": "accountant",
    "paid": "accountant",
}
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
#: Holds placed by hand, by twist: code of the type, and why.
MANUAL_HOLDS = {
    ("held", "later"): ("LATER", "The terrace opens only next month."),
    ("held", "service"): ("SERVICE", "Substitute offered for the soup bowls."),
    ("packed", "service"): ("SERVICE", "Stop: the customer disputes the price."),
    ("delivered", "invoice"): ("INVOICE", "Wants a purchase order number on it."),
    ("paid", "lifted"): ("SERVICE", "Delivery address to be confirmed."),
}
#: How far orders have got that are held only then.
LATE_HOLDS = ("packed", "delivered")


class Plan:
    """One order to be made: what, how far, and when each step happened."""

    def __init__(self, row, customer, clock, index):
        self.row = row
        self.customer = customer
        self.ref = row["customer"]
        self.reach = row["reach"]
        self.twist = row["twist"]
        self.index = index
        self.rng = random.Random(f"{self.ref}/{self.reach}/{index}")
        self.one_step = customer["warehouse"] == "vnl"
        self.carrier = customer["carrier"]
        self.is_approved = customer["channel"] == "field"
        invoice_goes_along = (
            self.carrier in ("parcel", "europe")
            and not self.is_approved
            and customer["term"] != "prepaid"
            and self.ref not in CREDIT_WATCH
        )
        self.steps = PARCEL_STEPS if invoice_goes_along else STEPS
        self.times = self._plan_times(clock)
        self.order = None

    @property
    def last(self):
        """The last step that the order reached."""
        if self.reach == "cancelled" and self.twist == "picked":
            return "picked"
        return REACH.get(self.reach, self.reach)

    def has(self, step):
        """Whether the order got to the step."""
        return self.steps.index(step) <= self.steps.index(self.last)

    def _gap(self, step):
        """Office hours before the step."""
        rng = self.rng
        far = {"nl": 0, "be": 4, "lu": 4, "de": 6}.get(self.customer["country"], 14)
        if step == "released":
            waits = self.is_approved or self.twist in ("lifted", "prepaid")
            return rng.uniform(2, 9) if waits else 0
        if self.one_step and step in ("picked", "packed"):
            return 0.2
        low, high = {
            "confirmed": (0.1, 2.5),
            "picked": (1.0, 3.5),
            "packed": (0.5, 1.8),
            "shipped": (0.7, 3.5),
            "delivered": (4 + far, 9 + far),
            "invoiced": (0.5, 5),
        }[step]
        return rng.uniform(low, high)

    def _plan_times(self, clock):
        """``{step: naive UTC}``, counted back from now."""
        times = {}
        steps = self.steps[: self.steps.index(self.last) + 1]
        age = float(self.row["age"]) * self.rng.uniform(0.93, 1.05)
        last = steps[-1]
        if last == "paid":
            times["paid"] = clock.back(
                clock.days_back(clock.now, age), self.rng.uniform(0.2, 6)
            )
            days = {"prepaid": 1, "15": 14, "30": 24, "45": 30}[self.customer["term"]]
            moment = clock.back(
                clock.days_back(
                    times["paid"], max(days + self.rng.randrange(-5, 5), 0)
                ),
                self.rng.uniform(0.2, 6),
            )
            if self.twist == "prepaid":
                moment = times["paid"]
            steps = steps[:-1]
            times[steps[-1]] = moment
        else:
            times[last] = clock.back(clock.now, age)
        for step, before in zip(steps[:0:-1], steps[-2::-1], strict=True):
            times[before] = clock.back(times[step], self._gap(step))
        return times

    def time(self, step):
        """When the step happened."""
        return self.times[step]


class OrderBuilder:
    """Makes the orders of a demo company built by ``DemoBuilder``."""

    def __init__(self, builder):
        self.builder = builder
        self.env = builder.env
        self.refs = builder.refs
        self.company = builder.company
        self.clock = OfficeClock(Datetime.now(), TIMEZONE)
        self.packing = PackingDesk(builder)
        self.plans = []
        self.rot = self.refs["warehouse_rot"]
        self.vnl = self.refs["warehouse_vnl"]

    def build(self):
        """Make all orders and take each as far as its row says."""
        parameters = self.env["ir.config_parameter"]
        name = "stock.no_auto_scheduler"
        before = parameters.get_param(name)
        # no product is reordered automatically: do not look for it at each move
        parameters.set_param(name, "True")
        self._build()
        parameters.set_param(name, before)

    def _build(self):
        self.make_plans()
        history = [plan for plan in self.plans if plan.reach != "held"]
        self.create_orders()
        self.confirm(history)
        self.pick(history)
        self.pack(history)
        self.ship(history)
        self.deliver(history)
        self.invoice(history)
        self.bring_back(history)
        self.pay(history)
        self.cancel(history)
        self.date_documents()
        self.set_credit_limits()
        self.hold()
        self.date_documents()
        self.rederive()
        self.write_journal()

    # -- plans ------------------------------------------------------------------

    def make_plans(self):
        """Read the rows, oldest order first so that numbers rise with time."""
        customers = self.builder.customer_rows
        self.plans = [
            Plan(row, customers[row["customer"]], self.clock, index)
            for index, row in enumerate(self.builder.order_rows)
        ]
        self.plans.sort(key=lambda plan: (plan.time("ordered"), plan.index))

    def orders(self, plans):
        """The orders of plans."""
        return self.env["sale.order"].browse(plan.order.id for plan in plans)

    def user(self, step):
        """The user who does a step."""
        return self.refs[f"user_{ACTORS[step]}"]

    # -- quotations -------------------------------------------------------------

    def create_orders(self):
        """All quotations in one go; delivery fees by the carriers' own rates."""
        orders = self.env["sale.order"].create(
            [self._order_vals(plan) for plan in self.plans]
        )
        for plan, order in zip(self.plans, orders, strict=True):
            plan.order = order
            carrier = self.refs[f"carrier_{plan.carrier}"]
            rate = carrier.rate_shipment(order)
            order.set_delivery_line(carrier, round(rate["price"], 2))
        self.orders(
            [plan for plan in self.plans if plan.reach == "sent"]
        ).action_quotation_sent()

    def _order_vals(self, plan):
        customer = plan.customer
        channel = self.refs[f"channel_{customer['channel']}"]
        team = "team_field" if customer["channel"] == "field" else "team_inside"
        vals = {
            "partner_id": self.builder.customers[plan.ref].id,
            "company_id": self.company.id,
            "user_id": self.builder.customers[plan.ref].user_id.id,
            "team_id": self.refs[team].id,
            "oms_channel_id": channel.id,
            "warehouse_id": (self.vnl if plan.one_step else self.rot).id,
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
            for row in self.builder.product_rows.values()
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
                    "product_id": self.builder.products[sku].id,
                    "product_uom_qty": quantity,
                    **({"product_uom_id": uom} if uom else {}),
                }
            )
            for sku, quantity, uom in lines
        ]

    # -- confirmation and release -----------------------------------------------

    def confirm(self, plans):
        """Confirm; approve and pay beforehand what has to be."""
        plans = [plan for plan in plans if plan.has("confirmed")]
        orders = self.orders(plans)
        orders.action_confirm()
        self._approve(plans)
        self._prepay([plan for plan in plans if plan.twist == "prepaid"])
        self._lift_history([plan for plan in plans if plan.twist == "lifted"])
        held = orders.oms_hold_ids.filtered(lambda hold: hold.state == "open")
        if held:
            # what the checks found in orders that are to go on
            held.sudo().action_lift("Agreed by phone")

    def _approve(self, plans):
        """The manager approves what waits for that."""
        orders = self.orders(plans).filtered(
            lambda order: order.oms_stage_id.exit_kind == "approval"
        )
        if orders:
            orders.with_user(self.refs["user_manager"]).action_oms_approve()

    def _prepay(self, plans):
        """A down payment of everything, paid at once."""
        for plan in plans:
            order = plan.order
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_ids=order.ids, active_model="sale.order")
                .create({"advance_payment_method": "percentage", "amount": 100.0})
            )
            wizard.create_invoices()
            invoice = order.invoice_ids
            invoice.invoice_date = self.clock.date(plan.time("confirmed"))
            invoice.action_post()
            self._register_payment(invoice, plan.time("released"))
        if plans:
            self.env.flush_all()
            self.orders(plans).oms_hold_ids.action_recheck()

    def _lift_history(self, plans):
        """Holds of old orders that somebody lifted."""
        holds = self.orders(plans).oms_hold_ids.filtered(lambda h: h.state == "open")
        holds |= self._place_holds(plans)
        if holds:
            holds.with_user(self.refs["user_manager"]).action_lift("Cleared by phone")

    def _place_holds(self, plans):
        """Holds that people place by hand."""
        types = {
            hold_type.code: hold_type
            for hold_type in self.env["oms.hold.type"].search(
                [("check", "=", "manual"), ("company_id", "=", False)]
            )
        }
        vals_list = []
        for plan in plans:
            if (plan.reach, plan.twist) not in MANUAL_HOLDS:
                continue
            code, reason = MANUAL_HOLDS[plan.reach, plan.twist]
            vals_list.append(
                {
                    "order_id": plan.order.id,
                    "type_id": types[code].id,
                    "reason": reason,
                }
            )
        return self.env["oms.hold"]._open(vals_list)

    # -- warehouse --------------------------------------------------------------

    def _open_pickings(self, plans, picking_type):
        return self.orders(plans).picking_ids.filtered(
            lambda picking: (
                picking.picking_type_id == picking_type
                and picking.state not in ("done", "cancel")
            )
        )

    def _validate(self, pickings):
        """Press Validate; what was not picked becomes a backorder."""
        pickings.move_ids.picked = True
        pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
        stuck = pickings.filtered(lambda picking: picking.state != "done")
        if stuck:
            raise ValueError(f"Not validated: {stuck.mapped('name')}")

    def pick(self, plans):
        """Pick in the three-step warehouse; some lines come short."""
        goers = [plan for plan in plans if not plan.one_step and plan.has("picked")]
        pickings = self._open_pickings(goers, self.rot.pick_type_id)
        self._cut_short(goers, self.rot.pick_type_id)
        self._validate(pickings)
        batch = self._open_pickings(
            [plan for plan in plans if plan.twist == "batch"], self.rot.pick_type_id
        )
        if batch:
            self.env["stock.picking.batch"].create(
                {
                    "picking_ids": [Command.set(batch.ids)],
                    "user_id": self.refs["user_picker"].id,
                    "company_id": self.company.id,
                }
            ).action_confirm()

    def _cut_short(self, plans, picking_type):
        for plan in plans:
            if plan.reach != "partial" and plan.twist != "short":
                continue
            pickings = self._open_pickings([plan], picking_type)
            move = pickings.move_ids[:1]
            if len(pickings.move_ids) > 2:
                move.quantity = 0
            else:
                move.quantity = move.product_uom_qty // 2

    def pack(self, plans):
        """Put the goods into cartons or on pallets."""
        goers = [plan for plan in plans if not plan.one_step and plan.has("packed")]
        pickings = self._open_pickings(goers, self.rot.pack_type_id)
        self.packing.pack(pickings)
        self._validate(pickings)

    def ship(self, plans):
        """Hand over to the carrier, or let the truck leave."""
        goers = [plan for plan in plans if plan.has("shipped")]
        local = self._open_pickings(
            [plan for plan in goers if plan.one_step], self.vnl.out_type_id
        )
        self._cut_short([p for p in goers if p.one_step], self.vnl.out_type_id)
        self.packing.pack(local)
        pickings = local | self._open_pickings(
            [plan for plan in goers if not plan.one_step], self.rot.out_type_id
        )
        for number, picking in enumerate(pickings):
            if picking.carrier_id in (
                self.refs["carrier_parcel"] | self.refs["carrier_europe"]
            ):
                picking.carrier_tracking_ref = f"MWP{picking.id:06}{number % 97:02}NL"
        self._validate(pickings)
        # short-closed: nobody waits for the rest any more
        closed = [
            plan for plan in plans if plan.twist == "short" and plan.has("shipped")
        ]
        self.orders(closed).picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_cancel()

    def deliver(self, plans):
        """Record the arrival."""
        self._outgoing(
            [plan for plan in plans if plan.has("delivered")]
        ).action_oms_mark_delivered()
        self._place_holds([plan for plan in plans if plan.reach in LATE_HOLDS])

    def _outgoing(self, plans):
        return self.orders(plans).picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.location_dest_id.usage == "customer"
            )
        )

    # -- money ------------------------------------------------------------------

    def invoice(self, plans):
        """One invoice per order, dated before it is posted."""
        goers = [
            plan for plan in plans if plan.has("invoiced") and plan.reach != "cancelled"
        ]
        invoices = self.orders(goers)._create_invoices(grouped=True, final=True)
        dates = {
            plan.order.id: self.clock.date(plan.time("invoiced")) for plan in goers
        }
        for invoice in invoices:
            order = invoice.invoice_line_ids.sale_line_ids.order_id
            invoice.invoice_date = dates[order.id]
        invoices.action_post()

    def pay(self, plans):
        """Payments, whole or half, each on its own day."""
        for plan in plans:
            invoices = plan.order.invoice_ids.filtered(
                lambda move: (
                    move.payment_state in ("not_paid", "partial")
                    and move.state == "posted"
                    and move.move_type == "out_invoice"
                )
            )
            if not invoices:
                continue
            if plan.reach == "paid":
                self._register_payment(invoices, plan.time("paid"))
            elif plan.twist == "half":
                moment = self.clock.back(self.clock.now, 12)
                total = sum(invoices.mapped("amount_residual"))
                self._register_payment(invoices, moment, round(total / 2, 2))

    def _register_payment(self, invoices, moment, amount=None):
        vals = {"payment_date": self.clock.date(moment)}
        if amount:
            vals["amount"] = amount
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create(vals).action_create_payments()

    def bring_back(self, plans):
        """Goods that come back: two credited, one on its way to the warehouse."""
        credited = []
        for plan in plans:
            if plan.twist not in ("refund", "return"):
                continue
            picking = self._outgoing([plan])[:1]
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({})
            )
            line = wizard.product_return_moves[0]
            line.quantity = max(line.move_id.quantity // 4, 1)
            back = wizard._create_return()
            self._validate(back)
            if plan.twist == "refund":
                credited.append(plan)
        if credited:
            refunds = self.orders(credited)._create_invoices(grouped=True, final=True)
            dates = {
                plan.order.id: self.clock.date(self._return_time(plan, 8))
                for plan in credited
            }
            for refund in refunds:
                order = refund.invoice_line_ids.sale_line_ids.order_id
                refund.invoice_date = dates[order.id]
            refunds.action_post()
            for plan in credited:
                lines = plan.order.invoice_ids.line_ids.filtered(
                    lambda line: (
                        line.display_type == "payment_term" and not line.reconciled
                    )
                )
                lines.reconcile()

    def _return_time(self, plan, hours=0):
        """When goods came back: some days after they had arrived."""
        moment = self.clock.ahead(plan.time("delivered"), 9 + hours)
        return min(moment, self.clock.back(self.clock.now, 1))

    def cancel(self, plans):
        """Orders that were called off."""
        for plan in plans:
            if plan.reach == "cancelled":
                plan.order._action_cancel()

    # -- credit and holds -------------------------------------------------------

    def set_credit_limits(self):
        """Limits that let pass what has passed, and stop the orders to be held."""
        held = {plan.ref for plan in self.plans if plan.twist == "credit"}
        self.env["res.partner"].invalidate_model(["credit", "credit_to_invoice"])
        for ref, partner in self.builder.customers.items():
            limit = float(self.builder.customer_rows[ref]["credit_limit"])
            owed = partner.credit + partner.credit_to_invoice
            if ref in held:
                limit = max(500 * (owed // 500 + 1), 1000)
            elif limit:
                limit = max(limit, 1000 * (1.25 * owed // 1000 + 1))
            partner.credit_limit = limit

    def hold(self):
        """Confirm the orders that are stopped; most are by the checks themselves."""
        plans = [plan for plan in self.plans if plan.reach == "held"]
        self._place_holds(plans)
        self.orders(plans).action_confirm()

    # -- times ------------------------------------------------------------------

    def _set(self, table, ids, **values):
        """Write columns past the ORM: documents' own methods cannot backdate them."""
        if not ids:
            return
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id IN %s",
                SQL.identifier(table),
                columns,
                tuple(ids),
            )
        )

    def _stamp(self, step, **more):
        """Columns that say who made a record in a step."""
        user = self.user(step)
        return {"create_uid": user.id, "write_uid": user.id, **more}

    def date_documents(self):
        """Move the documents' times back to when things happened."""
        self.env.flush_all()
        for plan in self.plans:
            self._date_order(plan)
            self._date_holds(plan)
            for picking in plan.order.picking_ids:
                self._date_picking(plan, picking)
            for invoice in plan.order.invoice_ids:
                self._date_invoice(plan, invoice)
        self._date_messages()
        self.env.invalidate_all()

    def _date_order(self, plan):
        confirmed = plan.times.get("confirmed")
        self._set(
            "sale_order",
            plan.order.ids,
            create_date=plan.time("ordered"),
            date_order=confirmed or plan.time("ordered"),
            **({"create_uid": self.user("ordered").id}),
        )

        if plan.order.state == "cancel":
            self._set("sale_order", plan.order.ids, write_date=self._cancel_time(plan))
        self.env.cr.execute(
            SQL(
                "UPDATE oms_event SET date = %s, user_id = %s"
                " WHERE order_id = %s AND kind = 'approval'",
                plan.times.get("released", self.clock.now),
                self.refs["user_manager"].id,
                plan.order.id,
            )
        )

    def _date_holds(self, plan):
        holds = plan.order.oms_hold_ids
        for hold in holds:
            opened = plan.times.get("confirmed", self.clock.now)
            if plan.reach in LATE_HOLDS and hold.state == "open":
                opened = plan.time(plan.last)
            values = {"opened_at": opened, "create_date": opened}
            if hold.state != "open":
                values["lifted_at"] = plan.times.get("released", opened)
            values["deadline"] = hold._plan_deadline(hold.type_id, opened) or None
            self._set("oms_hold", hold.ids, **values)

    def _step_of(self, picking):
        if picking.location_id.usage == "customer":
            return "returned"
        return {
            self.rot.pick_type_id: "picked",
            self.rot.pack_type_id: "packed",
        }.get(picking.picking_type_id, "shipped")

    def _date_picking(self, plan, picking):
        step = self._step_of(picking)
        if step == "returned":
            done = self._return_time(plan)
            made = self.clock.back(done, 2)
            actor = "picked"
        else:
            done = plan.times.get(step)
            before = (
                "released"
                if step == "picked" or plan.one_step
                else plan.steps[plan.steps.index(step) - 1]
            )
            # a backorder is made when what is there goes on
            first = not picking.backorder_id
            made = plan.times.get(before if first else step)
            actor = step
        moves = picking.move_ids
        if picking.state == "done":
            self._set(
                "stock_picking",
                picking.ids,
                date_done=done,
                scheduled_date=done,
                **self._stamp(actor, create_date=made, write_date=done),
            )
            self._set(
                "stock_move",
                moves.ids,
                date=done,
                create_date=made,
                oms_released_at=plan.times.get("released", made),
            )
            self._set("stock_move_line", moves.move_line_ids.ids, date=done)
            packed_lines = moves.move_line_ids.filtered("result_package_id")
            packages = packed_lines.result_package_id
            packed = plan.times.get("packed")
            if packed and step in ("packed", "shipped"):
                self._set(
                    "stock_package",
                    packages.ids,
                    create_date=packed,
                    pack_date=self.clock.date(packed),
                )
                self._set("stock_move_line", packed_lines.ids, oms_packed_at=packed)
                self._date_packing(picking, made, packed, done)
            if picking.oms_delivered_at:
                self._set(
                    "stock_picking",
                    picking.ids,
                    oms_delivered_at=plan.time("delivered"),
                    oms_delivered_by=self.user("delivered").id,
                )
            return
        made = made or plan.times.get("confirmed")
        if not made:
            return
        due = self.clock.ahead(made, 9)
        self._set(
            "stock_picking",
            picking.ids,
            scheduled_date=due,
            **self._stamp(actor, create_date=made),
        )
        self._set(
            "stock_move",
            moves.ids,
            date=due,
            create_date=made,
            oms_released_at=plan.times.get("released", made),
        )

    def _date_packing(self, picking, made, packed, done):
        """Plans are made at release, and applied by the packer."""
        packer = self.user("packed").id
        ship_date = self.clock.date(done)
        for plan in picking.oms_pack_plan_ids:
            values = {"create_date": made, "ship_date": ship_date}
            if plan.applied_at:
                values.update(applied_at=packed, applied_by=packer)
            if plan.overridden_at:
                values.update(overridden_at=packed, overridden_by=packer)
            self._set("oms_pack_plan", plan.ids, **values)
            self._set(
                "oms_pack_box", plan.box_ids.ids, create_date=made, ship_date=ship_date
            )

    def _date_invoice(self, plan, invoice):
        if invoice.move_type == "out_refund":
            moment = self._return_time(plan, 8)
        elif invoice.line_ids.sale_line_ids.filtered("is_downpayment") and (
            invoice.amount_total
        ):
            moment = plan.time("confirmed")
        else:
            moment = plan.time("invoiced")
        self._set(
            "account_move",
            invoice.ids,
            oms_posted_at=moment,
            **self._stamp("invoiced", create_date=moment),
        )
        for partial in invoice.line_ids.matched_credit_ids:
            payment = partial.credit_move_id.move_id
            if payment.move_type == "out_refund":
                paid = self._return_time(plan, 8)
            elif plan.twist == "prepaid":
                paid = plan.time("released")
            elif plan.twist == "half":
                paid = self.clock.back(self.clock.now, 12)
            else:
                paid = plan.time("paid")
            self._set("account_partial_reconcile", partial.ids, create_date=paid)
            self._set(
                "account_payment",
                payment.origin_payment_id.ids,
                **self._stamp("paid", create_date=paid),
            )
            if payment.move_type == "entry":
                self._set(
                    "account_move",
                    payment.ids,
                    **self._stamp("paid", create_date=paid),
                )

    def _date_messages(self):
        """The few notes that Odoo itself wrote belong to the times of the documents."""
        orders = self.orders(self.plans)
        for records in (orders, orders.picking_ids, orders.invoice_ids):
            if not records:
                continue
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE mail_message m SET date = r.create_date
                      FROM %s r
                     WHERE m.model = %s AND m.res_id = r.id AND r.id IN %s
                       AND m.date > r.create_date
                    """,
                    SQL.identifier(records._table),
                    records._name,
                    tuple(records.ids),
                )
            )

    # -- facts and journal ------------------------------------------------------

    def rederive(self):
        """Compute facts and stages from the moved times."""
        orders = self.orders(self.plans)
        self.env.add_to_compute(orders._fields["effective_date"], orders)
        orders.with_context(oms_rederive=True)._compute_oms_cycle()
        self.env.flush_all()

    def write_journal(self):
        """The journal as it would have been written step by step.

        What was written while the documents were made tells of one minute and one
        user; the actions on entry of the stages are things of the past.
        """
        orders = self.orders(self.plans)
        self.env.cr.precommit.data.pop(JOURNAL, None)
        for table in ("oms_event", "oms_outbox"):
            keep = SQL("kind <> 'approval'") if table == "oms_event" else SQL("TRUE")
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE order_id IN %s AND %s",
                    SQL.identifier(table),
                    tuple(orders.ids),
                    keep,
                )
            )
        progress = orders._oms_get_progress()
        self.env["oms.event"]._log(
            [
                vals
                for plan in self.plans
                for vals in self._prepare_events(plan, progress[plan.order])
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _prepare_events(self, plan, progress):
        """Values of the events of one order, in the order of time."""
        order = plan.order
        labels = dict(
            self.env["oms.stage"]._fields["milestone"]._description_selection(self.env)
        )
        documents = self._documents(plan)
        events = []
        for milestone, moment in progress["facts"].items():
            if moment:
                events.append(
                    {
                        "kind": "fact",
                        "date": moment,
                        "milestone": milestone,
                        "user_id": self.user(milestone).id,
                        "name": labels[milestone],
                        **documents.get(milestone, {}),
                    }
                )
        events += self._prepare_stage_events(plan, progress)
        for hold in order.oms_hold_ids:
            events.append(
                {
                    "kind": "hold",
                    "date": hold.opened_at,
                    "hold_id": hold.id,
                    "user_id": self.refs["user_service"].id
                    if hold.type_id.check == "manual"
                    else self.user("confirmed").id,
                    "name": hold._describe_opening(),
                }
            )
            if hold.state != "open":
                events.append(
                    {
                        "kind": "hold_lifted",
                        "date": hold.lifted_at,
                        "hold_id": hold.id,
                        "user_id": self.refs["user_credit"].id,
                        "name": hold._describe_lifting(),
                    }
                )
        for picking in self._outgoing([plan]).filtered("oms_delivered_at"):
            events.append(
                {
                    "kind": "delivered",
                    "date": picking.oms_delivered_at,
                    "user_id": self.user("delivered").id,
                    "res_model": picking._name,
                    "res_id": picking.id,
                    "name": f"{picking.name} arrived at the customer",
                }
            )
        if order.state == "cancel":
            events.append(
                {
                    "kind": "cancelled",
                    "date": self._cancel_time(plan),
                    "user_id": self.refs["user_service"].id,
                    "name": "Order cancelled",
                }
            )
        ranks = {"hold_lifted": 0, "fact": 1, "hold": 2, "stage": 3, "closed": 4}
        events.sort(key=lambda vals: (vals["date"], ranks.get(vals["kind"], 2)))
        return [{**vals, "order_id": order.id} for vals in events]

    def _cancel_time(self, plan):
        return self.clock.ahead(plan.time(plan.last), 2)

    def _documents(self, plan):
        """The document behind each fact."""
        documents = {}
        for picking in plan.order.picking_ids.filtered("date_done").sorted("id"):
            documents[self._step_of(picking)] = picking
        invoices = plan.order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        if invoices:
            documents["invoiced"] = documents["paid"] = invoices.sorted("id")[-1]
        return {
            step: {"res_model": record._name, "res_id": record.id}
            for step, record in documents.items()
        }

    def _prepare_stage_events(self, plan, progress):
        """Where the order stood; stages passed within one step leave no trace."""
        order = plan.order
        if order.state == "cancel" or not order.oms_workflow_id:
            return []
        stages = order.oms_workflow_id._get_stages(order.oms_workflow_id.id)
        since, actor, entered = order.create_date, "ordered", []
        for stage, following in zip(stages, [*stages[1:], None], strict=True):
            if not entered:
                entered.append((since, stage.id, actor))
            passed, moment = order._oms_has_passed(stage, progress)
            if not passed:
                break
            if moment and moment > since:
                since = moment
                actor = stage.milestone or "confirmed"
            if entered[-1][0] == since:
                entered.pop()
            entered.append((since, following and following.id, actor))
        events, before = [], False
        names = {stage.id: stage.name for stage in order.oms_workflow_id.stage_ids}
        for moment, stage_id, actor in entered:
            user = self.refs["user_manager"] if not actor else self.user(actor)
            events.append(
                {
                    "kind": "stage" if stage_id else "closed",
                    "date": moment,
                    "stage_id": stage_id,
                    "from_stage_id": before,
                    "user_id": user.id,
                    "name": f"Stage: {names[stage_id]}"
                    if stage_id
                    else "Order cycle closed",
                }
            )
            before = stage_id
        return events
