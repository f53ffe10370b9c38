"""What happens when an order comes in once more."""

from psycopg2 import Error as DatabaseError

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..payload import differences
from ..payload.fault import shorten
from ..tools.submission import Submission

#: Fingerprint of a cancellation: there is no other.
CANCEL = "cancel"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_meet(self, submission, claim):
        """An order is there under the key already.

        :param claim: the intake that it was made of
        """
        submission.order = self.browse(claim.order_id.id)
        submission.intake = claim
        # as it is the order's now, what was found wrong with it was told before
        found, submission.faults = submission.faults, []
        if submission.data["purpose"] == "cancel":
            self._oms_meet_cancel(submission)
        elif self._oms_is_known(submission, claim):
            submission.status = "already there"
        elif submission.order.sudo().state == "cancel":
            self._oms_refuse_change(submission, "order_cancelled")
        else:
            submission.faults = found
            policy = submission.channel.on_other_content
            getattr(self, f"_oms_meet_by_{policy}")(submission, claim)

    @api.model
    def _oms_is_known(self, submission, claim):
        """Whether the order was made of this very content; or of what somebody has
        corrected since, or the sender himself: this comes late."""
        if claim.fingerprint == submission.fingerprint:
            return True
        replaced = Domain("state", "=", "replaced") & Domain("order_id", "=", False)
        return bool(
            claim.search_count(
                replaced
                & Domain("replaced_by_id", "=", claim.id)
                & Domain("fingerprint", "=", submission.fingerprint),
                limit=1,
            )
        )

    @api.model
    def _oms_refuse_change(self, submission, code):
        submission.status = "refused"
        submission.add_fault(code, order=submission.order.sudo().name)

    @api.model
    def _oms_get_differences(self, submission, claim):
        """``[(path, line reference, before, now)]``, the values as text."""
        before = claim._read_payload()
        if not before:
            # nothing that can be read was kept
            return [("lines", "", "", "")]
        return [
            (path, line, _describe(old), _describe(new))
            for path, line, old, new in differences(before, submission.data)
        ]

    # -- refuse -----------------------------------------------------------------

    @api.model
    def _oms_meet_by_refuse(self, submission, claim):
        submission.status = "refused"
        submission.faults = []
        for path, line, old, new in self._oms_get_differences(submission, claim):
            submission.add_fault("content_differs", path, new, line, old=old)

    # -- hold -------------------------------------------------------------------

    @api.model
    def _oms_meet_by_hold(self, submission, claim):
        words = [
            self.env._(
                "%(path)s: %(old)s, now %(new)s",
                path=path if not line else f"{line}, {path.partition('.')[2] or path}",
                old=old or "–",
                new=new or "–",
            )
            for path, line, old, new in self._oms_get_differences(submission, claim)
        ]
        reason = "\n".join(
            [self.env._("The customer asks for something else:"), *words]
        )
        submission.faults = []
        submission.add_fault(
            "change_requested",
            blocking=False,
            order=submission.order.sudo().name,
        )
        self._oms_ask_change(submission, submission.fingerprint, reason)

    @api.model
    def _oms_meet_cancel(self, submission):
        order = submission.order.sudo()
        if order.state == "cancel":
            submission.status = "already there"
            return
        submission.add_fault("cancel_requested", blocking=False, order=order.name)
        reason = self.env._("The customer asks to cancel the order.")
        self._oms_ask_change(submission, CANCEL, reason)

    @api.model
    def _oms_ask_change(self, submission, fingerprint, reason):
        """Hold the order until somebody has looked at what the customer asks for; once,
        however often he asks for it.

        :param str fingerprint: of what is asked for
        """
        submission.status = "already there"
        intakes = self.env["oms.intake"].sudo()
        order = submission.order
        asked = intakes.search(
            [("order_id", "=", order.id), ("fingerprint", "=", fingerprint)], limit=1
        )
        claim, submission.intake = submission.intake, asked
        if asked:
            asked.tries += 1
            return
        claim._meet()
        claim.state = "to_check"
        submission.intake = intakes.create(
            {
                **intakes._prepare_values(submission),
                "channel_id": claim.channel_id.id,
                "company_id": claim.company_id.id,
                "external_ref": claim.external_ref,
                "partner_key": claim.partner_key,
                "fingerprint": fingerprint,
                "order_id": order.id,
                "state": "to_check",
            }
        )
        self._oms_place_intake_hold("oms_hold_type_change", {order: reason})
        self._oms_log_received([submission])

    # -- change -----------------------------------------------------------------

    @api.model
    def _oms_meet_by_change(self, submission, claim):
        self._oms_check([submission])
        order = submission.order
        if order.sudo().locked:
            self._oms_refuse_change(submission, "order_locked")
        before = Submission.of(claim._read_payload())
        found = self._oms_get_differences(submission, claim)
        if not before.data:
            reason = self.env._("what it was made of is not known any more")
            submission.add_fault("not_changed", reason=reason)
        elif before.data["customer"] != submission.data["customer"] and (
            submission.partner.commercial_partner_id
            != order.sudo().partner_id.commercial_partner_id
        ):
            submission.add_fault(
                "content_differs", "customer", "", old=order.sudo().partner_id.name
            )
        self._oms_check_unreleased(submission, found)
        if submission.blocking:
            submission.status = "refused"
            return
        try:
            with self.env.cr.savepoint():
                self._oms_apply_change(submission, before, found)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (UserError, DatabaseError, ValueError) as error:
            self._oms_note_failure([submission], error, "not_changed")
            submission.status = "refused"

    @api.model
    def _oms_check_unreleased(self, submission, found):
        """Nothing of what differs was handed to the warehouse; of an order that is to
        go elsewhere or another day, nothing at all."""
        lines = submission.order.sudo().order_line.filtered(
            lambda line: line.oms_qty_released > 0
        )
        changed = {line for _path, line, _old, _new in found}
        for line in lines:
            ref = line.oms_external_ref or ""
            if ref in changed or "" in changed:
                submission.add_fault("line_released", "lines", line=ref or line.name)

    @api.model
    def _oms_apply_change(self, submission, before, found):
        """Make the order what is asked for now.

        :param before: the submission that it was made of
        :param found: see :meth:`_oms_get_differences`
        """
        order = submission.order
        # first, so that of two at the same moment the later one is refused here
        submission.intake.write(
            {
                **self.env["oms.intake"].sudo()._prepare_values(submission),
                "fingerprint": submission.fingerprint,
            }
        )
        self.env.flush_all()
        changed = {line for _path, line, _old, _new in found if line}
        values = self._oms_prepare_header_change(submission, before)
        commands = self._oms_prepare_line_changes(submission, changed)
        if commands:
            values["order_line"] = commands
        if values:
            order.write(values)
        submission.status = "changed"
        self._oms_compare_prices([submission])
        self._oms_hold_faulty([submission])
        self._oms_log_received([submission])
        self.env.flush_all()

    @api.model
    def _oms_prepare_header_change(self, submission, before):
        order = submission.order
        old, new = before.data, submission.data
        before.channel = submission.channel
        was, now = self._oms_prepare_dates(before), self._oms_prepare_dates(submission)
        values = {
            name: now.get(name, False)
            for name in ("commitment_date", "validity_date")
            if was.get(name) != now.get(name)
        }
        defaults = order.sudo().partner_id.address_get(["delivery", "invoice"])
        for key, name, kind in (
            ("ship_to", "partner_shipping_id", "delivery"),
            ("bill_to", "partner_invoice_id", "invoice"),
        ):
            if old.get(key) != new.get(key):
                address = getattr(submission, key)
                values[name] = address.id if address else defaults[kind]
        return values

    @api.model
    def _oms_prepare_line_changes(self, submission, changed):
        """Commands that bring the lines that differ to what is asked for."""
        lines = submission.order.order_line
        by_ref = {line.sudo().oms_external_ref: line for line in lines}
        wanted = {line.ref: line for line in submission.lines if line.ref in changed}
        commands = []
        for ref in sorted(changed):
            line, asked = by_ref.get(ref), wanted.get(ref)
            if asked and line and line.product_id == asked.product:
                values = self._oms_prepare_line(submission, asked)
                del values["product_id"]
                commands.append(Command.update(line.id, values))
                continue
            if line:
                commands.append(self._oms_prepare_removal(line))
            if asked:
                values = self._oms_prepare_line(submission, asked)
                commands.append(Command.create(values))
        return commands

    @api.model
    def _oms_prepare_removal(self, line):
        """Confirmed lines are kept, at nothing."""
        if line.state == "sale" and not line.display_type:
            return Command.update(
                line.id, {"product_uom_qty": 0, "oms_external_ref": False}
            )
        return Command.delete(line.id)


def _describe(value):
    """What stood in a payload, as short text."""
    if not isinstance(value, dict):
        return shorten(value)
    product = value.get("product")
    if isinstance(product, dict):
        parts = [value.get("qty"), value.get("uom"), *product.values()]
    else:
        parts = value.values()
    return shorten(" ".join(str(part) for part in parts if part is not None))
