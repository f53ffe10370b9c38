"""How orders that came in become sales orders."""

from datetime import date, datetime, time

from pytz import UTC, timezone

from odoo import Command, api, fields, models
from odoo.tools.mail import plaintext2html

#: What tells that prices are not ours.
PRICE_FAULTS = ("price_differs", "total_differs")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_make_orders(self, submissions):
        """Make the orders; keys, holds, journal and confirmation with them."""
        intakes = self.env["oms.intake"].sudo()
        intakes._claim(submissions)
        orders = self._oms_create_orders(submissions)
        for submission, order in zip(submissions, orders, strict=True):
            submission.order = order
            submission.status = "created"
            submission.intake.order_id = order.id
        self._oms_compare_prices(submissions)
        self._oms_hold_faulty(submissions)
        self._oms_log_received(submissions)
        self._oms_write_notes(submissions)
        self._oms_confirm_taken(submissions)
        self.env.flush_all()

    @api.model
    def _oms_create_orders(self, submissions):
        orders = self.create([self._oms_prepare_order(one) for one in submissions])
        return orders

    # -- values -----------------------------------------------------------------

    @api.model
    def _oms_prepare_order(self, submission):
        """Values of the sales order; nothing else of a payload reaches it."""
        data = submission.data
        values = {
            "partner_id": submission.partner.id,
            "company_id": submission.company.id,
            "oms_channel_id": submission.channel.id,
            "client_order_ref": data["external_ref"],
            "order_line": self._oms_prepare_lines(submission),
            **self._oms_prepare_dates(submission),
        }
        if submission.ship_to:
            values["partner_shipping_id"] = submission.ship_to.id
        if submission.bill_to:
            values["partner_invoice_id"] = submission.bill_to.id
        return values

    @api.model
    def _oms_prepare_dates(self, submission):
        data, zone = submission.data, timezone(submission.channel.tz)
        values = {}
        if day := self._oms_get_requested_date(submission):
            values["commitment_date"] = _end_of_day(day, zone)
        if day := data.get("valid_until"):
            values["validity_date"] = day
        if day := data.get("order_date"):
            values["date_order"] = min(_end_of_day(day, zone), fields.Datetime.now())
        return values

    @api.model
    def _oms_get_requested_date(self, submission):
        """The day that the order is wanted; the latest where its lines differ."""
        header = submission.data.get("requested_date")
        days = {line.data.get("requested_date", header) for line in submission.lines}
        days.discard(None)
        if len(days) > 1:
            submission.add_fault("dates_differ", "lines", max(days), blocking=False)
        return max(days, default=header)

    @api.model
    def _oms_prepare_lines(self, submission):
        commands = []
        for line in submission.lines:
            if line.is_good:
                commands.append(
                    Command.create(self._oms_prepare_line(submission, line))
                )
            else:
                commands.append(Command.create(self._oms_prepare_unknown(line)))
            if note := line.data.get("note"):
                commands.append(
                    Command.create({"display_type": "line_note", "name": note})
                )
        return commands

    @api.model
    def _oms_prepare_line(self, submission, line):
        values = {
            "product_id": line.product.id,
            "product_uom_id": line.uom.id,
            "product_uom_qty": max(line.qty, 0.0),
            "oms_external_ref": line.ref,
        }
        if line.price is not None and submission.channel.price_policy == "theirs":
            values.update(price_unit=max(line.price, 0.0), discount=0.0)
        return values

    @api.model
    def _oms_prepare_unknown(self, line):
        """A note where the line would be, with what was asked for."""
        data = line.data
        product = " / ".join(map(str, data["product"].values()))
        asked = [f"{data['qty']} {data.get('uom', '')}".strip(), product]
        asked += [data["description"]] if "description" in data else []
        return {
            "display_type": "line_note",
            "name": f"{line.ref}: {' · '.join(asked)}",
            "oms_external_ref": line.ref,
        }

    # -- afterwards -------------------------------------------------------------

    @api.model
    def _oms_compare_prices(self, submissions):
        """Say where the order's prices are not ours, and by how much is not asked."""
        for submission in submissions:
            if submission.channel.price_policy == "theirs":
                continue
            tolerance = submission.channel.price_tolerance / 100
            lines = submission.order.order_line.filtered("product_id")
            by_ref = {line.oms_external_ref: line for line in lines}
            for line in submission.lines:
                if line.price is None or line.ref not in by_ref:
                    continue
                ours = by_ref[line.ref].price_reduce_taxexcl
                if abs(line.price - ours) > tolerance * max(abs(ours), 0.01) + 1e-6:
                    submission.add_line_fault(
                        line, "price_differs", "price", line.data["price"],
                        blocking=False, ours=f"{ours:.2f}",
                    )  # fmt: skip
            self._oms_compare_total(submission, tolerance)

    @api.model
    def _oms_compare_total(self, submission, tolerance):
        total = submission.data.get("totals", {}).get("untaxed")
        if total is None or any(f.code in PRICE_FAULTS for f in submission.faults):
            return
        ours = submission.order.amount_untaxed
        if abs(float(total) - ours) > tolerance * abs(ours) + 0.01:
            submission.add_fault(
                "total_differs", "totals.untaxed", total,
                blocking=False, ours=f"{ours:.2f}",
            )  # fmt: skip

    @api.model
    def _oms_get_stopping(self, submission):
        """The faults that somebody has to look at before the order goes on."""
        held = submission.channel.price_policy == "hold"
        return [
            fault
            for fault in submission.faults
            if fault.blocking or (held and fault.code in PRICE_FAULTS)
        ]

    @api.model
    def _oms_hold_faulty(self, submissions):
        """Hold the orders that something is wrong with, and say what."""
        intakes = self.env["oms.intake"].sudo()
        reasons = {}
        for submission in submissions:
            if submission.faults:
                submission.intake.faults = intakes._prepare_faults(submission.faults)
            if stopping := self._oms_get_stopping(submission):
                submission.intake.state = "to_check"
                errors = intakes._prepare_errors(stopping)
                reasons[submission.order] = "\n".join(
                    error["message"] for error in errors
                )
        self._oms_place_intake_hold("oms_hold_type_check", reasons)

    @api.model
    def _oms_place_intake_hold(self, name, reasons):
        """Hold orders; where the hold is not used, have somebody warned.

        :param str name: external id of the hold type, in this addon
        :param dict reasons: ``{order: words}``
        """
        if not reasons:
            return
        hold_type = self.env.ref(
            f"oms_order_cycle_intake.{name}", raise_if_not_found=False
        )
        if not hold_type or not hold_type.sudo().active:
            for order, words in reasons.items():
                order._oms_schedule_warning(self.env._("Order to check"), words)
            return
        orders = self.browse(order.id for order in reasons)
        held = orders.sudo()._oms_get_open_holds()
        values = []
        for order, words in reasons.items():
            same = held.get(order.sudo(), self.env["oms.hold"]).filtered(
                lambda hold: hold.type_id == hold_type
            )
            if same:
                same.sudo().reason = words
            else:
                values.append(
                    {"order_id": order.id, "type_id": hold_type.id, "reason": words}
                )
        self.env["oms.hold"]._open(values)

    @api.model
    def _oms_log_received(self, submissions):
        """Write down in the journal how the orders came in."""
        self.env["oms.event"]._log(
            [self._oms_prepare_received(submission) for submission in submissions]
        )

    @api.model
    def _oms_prepare_received(self, submission):
        channel = submission.channel.name
        ref = submission.data["external_ref"]
        names = {"channel": channel, "ref": ref}
        if submission.status == "created":
            words = self.env._("Came in over %(channel)s as %(ref)s", **names)
        elif submission.status == "changed":
            words = self.env._("Changed by %(ref)s over %(channel)s", **names)
        else:
            words = self.env._("A change of %(ref)s came in over %(channel)s", **names)
        return {
            "order_id": submission.order.id,
            "kind": "received",
            "name": words,
            "res_model": "oms.intake",
            "res_id": submission.intake.id,
            "data": {
                "channel": channel,
                "external_ref": ref,
                "status": submission.status,
            },
        }

    @api.model
    def _oms_write_notes(self, submissions):
        """What the customer wrote, where people look for it."""
        notes = {
            one.order.id: plaintext2html(one.data["note"])
            for one in submissions
            if "note" in one.data
        }
        if notes:
            self.browse(notes)._message_log_batch(notes)

    @api.model
    def _oms_confirm_taken(self, submissions):
        """Confirm what came in without a fault, where the channel says so."""
        orders = self.browse().union(
            *(
                one.order
                for one in submissions
                if one.channel.submit_as == "order" and not one.blocking
            )
        )
        if orders:
            orders.action_confirm()


def _end_of_day(day, zone):
    """The last second of a day (``2026-12-31``) in a time zone, as naive UTC."""
    moment = datetime.combine(date.fromisoformat(day), time(23, 59, 59))
    return zone.localize(moment).astimezone(UTC).replace(tzinfo=None)
