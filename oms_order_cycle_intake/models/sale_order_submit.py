"""The one way in: orders of programs, files and customers become sales orders, once."""

import logging
from collections import defaultdict

from psycopg2 import Error as DatabaseError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.submission import Submission

_logger = logging.getLogger(__name__)

#: At most so many orders, with so many lines, at once.
MOST_ORDERS, MOST_LINES = 200, 5000
API_GROUP = "oms_order_cycle_intake.group_oms_intake_api"
#: What of the caller's context counts: defaults would set what he may not write.
_CONTEXT = ("lang", "tz", "allowed_company_ids")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def oms_submit_orders(self, payloads):
        """Hand in orders; each becomes a sales order once, however often it is sent.

        What is wrong with an order is in its result, not in an error: the good orders
        of a batch are made, whatever the others are.

        :param list payloads: up to 200 orders, with up to 5,000 lines in all. Each is
            ``{"version": 1, "channel": code, "external_ref": text, "customer": {"id",
            "gln", "ref", "vat", "email"}, "lines": [{"ref", "product": {"id",
            "customer_code", "barcode", "code"}, "qty", "uom", "price",
            "requested_date", "description", "note"}], "purpose": "original", "change",
            "replace" or "cancel", "test", "ship_to", "bill_to", "order_date",
            "requested_date", "valid_until", "currency", "note",
            "totals": {"untaxed"}}``. Quantities and prices as text or number, in the
            unit and currency that are named; days as ``2026-12-31``.
        :return: a result for each, in the same order: ``{"external_ref", "status":
            "created", "already there", "changed" or "refused", "order_id", "order",
            "state", "holds", "promise", "errors", "warnings", "intake_id"}``; an error
            is ``{"path", "line", "code", "value", "message", "proposal", "blocking"}``.
            False where there is nothing.
        :rtype: list
        :raise AccessError: the user may not hand in orders
        """
        # companies that are not the user's are refused here, the superuser has all
        orders = self.with_context(allowed_company_ids=self.env.companies.ids)
        if not self.env.user.has_group(API_GROUP):
            self.check_access("create")
            return orders._oms_submit(payloads)
        # the channel asks who may use it
        return orders.sudo()._oms_submit(payloads)

    @api.model
    def _oms_submit(self, payloads):
        """The same, with whatever rights the caller has taken; the channel is still
        asked whether the user may hand in orders."""
        company = self.env.company
        context = {
            key: self.env.context[key] for key in _CONTEXT if key in self.env.context
        }
        orders = self.with_context(context).with_company(company)  # pylint: disable=context-overridden
        return orders._oms_submit_clean(payloads)

    @api.model
    def _oms_submit_clean(self, payloads):
        payloads = payloads if isinstance(payloads, list | tuple) else [payloads]
        submissions = [Submission.of(payload) for payload in payloads]
        for submission in submissions:
            submission.company = self.env.company
        lines = sum(len(submission.lines) for submission in submissions)
        if len(submissions) > MOST_ORDERS or lines > MOST_LINES:
            for submission in submissions:
                submission.status = "refused"
                submission.add_fault(
                    "batch_too_large",
                    value=max(len(submissions), lines),
                    orders=MOST_ORDERS,
                    lines=MOST_LINES,
                )
            return self._oms_answer(submissions)
        self._oms_find_channels(submissions)
        known = self._oms_find_customers_of(submissions)
        self._oms_take_in([one for one in known if self._oms_has_key(one)])
        # all that is wrong at once, also with what nobody can be made an order for
        self._oms_check([one for one in known if not self._oms_has_key(one)])
        refused = [one for one in submissions if one.status in ("", "refused")]
        for submission in refused:
            submission.status = "refused"
        self.env["oms.intake"].sudo()._keep_refused(refused)
        return self._oms_answer(submissions)

    # -- channels ---------------------------------------------------------------

    @api.model
    def _oms_find_channels(self, submissions):
        """The channel and the company of each; faults where the user has none."""
        named = [one for one in submissions if "channel" in one.data]
        codes = {one.data["channel"] for one in named}
        channels = self.env["oms.channel"].search(
            Domain("code", "in", [*codes])
            & Domain("company_id", "in", [False, *self._oms_get_companies()._ids])
        )
        by_code = channels.grouped("code")
        for submission in named:
            code = submission.data["channel"]
            found = by_code.get(code, channels.browse())
            allowed = found.filtered(lambda channel: channel._can_hand_in())
            if not allowed:
                fault = "not_allowed" if found else "channel_unknown"
                submission.add_fault(fault, "channel", code)
                continue
            # the company's own goes before those of all
            channel = allowed.sorted(self._oms_rank_channel)[0]
            submission.channel = channel
            submission.company = self._oms_get_company(channel)

    @api.model
    def _oms_find_customers_of(self, submissions):
        """Customers and addresses of those whose channel is known.

        :return: these submissions
        """
        known = [one for one in submissions if one.channel]
        groups = defaultdict(list)
        for one in known:
            groups[one.company, one.channel].append(one)
        for (company, channel), same in groups.items():
            orders = self.with_company(company).with_context(tz=channel.tz)
            orders._oms_find_parties(same)
        return known

    @api.model
    def _oms_get_companies(self):
        """The companies that channels of the user may belong to."""
        companies = self.env.companies | self.env.user.company_ids
        return companies.sudo().parent_ids

    @api.model
    def _oms_rank_channel(self, channel):
        own = self.env.company
        company = channel.company_id
        return (
            company != own,
            company not in own.sudo().parent_ids,
            not company,
            channel.id,
        )

    @api.model
    def _oms_get_company(self, channel):
        """The company that takes the orders of a channel: the user's, or the channel's
        own where that is another."""
        own = self.env.company
        company = channel.company_id
        return company if company and company not in own.sudo().parent_ids else own

    # -- once -------------------------------------------------------------------

    @api.model
    def _oms_has_key(self, submission):
        """Whether it is known well enough to be the only one of its kind."""
        is_whole = submission.is_clean and not submission.data.get("test")
        return is_whole and bool(submission.partner)

    @api.model
    def _oms_take_in(self, submissions):
        """Make, change or find the orders of what has a key."""
        left = submissions
        while left:
            # the same key twice: the later one meets what the first has become
            first, later, seen = [], [], set()
            for submission in left:
                (later if submission.key in seen else first).append(submission)
                seen.add(submission.key)
            self._oms_take_in_once(first)
            left = later

    @api.model
    def _oms_take_in_once(self, submissions):
        intakes = self.env["oms.intake"].sudo()
        claims = intakes._find_claims(submissions)
        new = []
        for submission in submissions:
            claim = claims.get(submission.key)
            if claim and claim.order_id:
                self._oms_meet(submission, claim)
            else:
                submission.claim = claim
                new.append(submission)
        for submission in new:
            if submission.data["purpose"] in ("change", "cancel"):
                submission.add_fault(
                    "order_not_found", "external_ref", submission.data["external_ref"]
                )
        self._oms_check(new)
        good = [one for one in new if self._oms_can_take(one)]
        self._oms_make(good)
        taken = [one for one in submissions if one.status in ("created", "changed")]
        intakes._replace_refused(taken)

    @api.model
    def _oms_can_take(self, submission):
        """Whether an order can be made of it, if only to be checked by somebody."""
        return not submission.blocking or (
            submission.is_draftable and submission.channel.on_fault == "draft"
        )

    @api.model
    def _oms_make(self, submissions):
        """Make the orders at once; one by one where that fails, so that the good ones
        are not lost with the bad."""
        if not submissions:
            return
        found = {submission: [*submission.faults] for submission in submissions}
        try:
            with self.env.cr.savepoint():
                self._oms_make_orders(submissions)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (UserError, DatabaseError, ValueError) as error:
            self._oms_note_failure(submissions, error)
        if len(submissions) > 1:
            for submission in submissions:
                # nothing of the try that failed is said of the next
                submission.faults = found[submission]
                self._oms_make([submission])

    @api.model
    def _oms_note_failure(self, submissions, error, code="not_created"):
        """Nothing was made of them: say why."""
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.warning("an order that came in could not be made", exc_info=True)
            reason = self.env._("something is wrong with it that is not known yet")
        for submission in submissions:
            submission.order = submission.intake = None
            submission.status = ""
            submission.add_fault(code, reason=reason)

    # -- answer -----------------------------------------------------------------

    @api.model
    def _oms_answer(self, submissions):
        """The results as callers read them."""
        orders = self.browse().union(*(one.order for one in submissions if one.order))
        holds = orders.sudo()._oms_get_open_holds()
        promises = self._oms_get_promised(orders)
        intakes = self.env["oms.intake"].sudo()
        results = []
        for one in submissions:
            order = one.order.sudo() if one.order else self.browse()
            blocking = one.blocking if one.status == "refused" else []
            results.append(
                {
                    "external_ref": one.external_ref,
                    "status": one.status,
                    "order_id": order.id,
                    "order": order.name if order else False,
                    "state": order.state if order else False,
                    "holds": [
                        {
                            "name": hold.display_name,
                            "reason": hold.public_reason or False,
                        }
                        for hold in holds.get(order, ())
                    ],
                    "promise": promises.get(order.id, []),
                    "errors": intakes._prepare_errors(blocking),
                    "warnings": intakes._prepare_errors(
                        [fault for fault in one.faults if fault not in blocking]
                    ),
                    "intake_id": one.intake.id if one.intake else False,
                }
            )
        return results

    @api.model
    def _oms_get_promised(self, orders):
        """``{order id: [{"line", "date", "quantity"}]}`` of confirmed orders."""
        lines = orders.sudo().order_line.filtered(lambda line: line.state == "sale")
        found = defaultdict(list)
        for line, promise in lines._oms_get_promises().items():
            found[line.order_id.id].append(
                {
                    "line": line.oms_external_ref or False,
                    "date": str(promise["promised_date"] or "") or False,
                    "quantity": line.product_uom_qty,
                }
            )
        return found
