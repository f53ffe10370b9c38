"""What customers are told of the orders that came in documents."""

import hashlib
import json

from odoo import api, fields, models
from odoo.tools import float_compare, float_is_zero

from .. import documents
from ..documents import answer as answers

#: Ending of the file, and what writes it.
_WRITERS = {
    "ubl": ("xml", documents.ubl.answer),
    "x12": ("x12", documents.x12.answer),
    "edifact": ("edi", documents.edifact.answer),
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def oms_answer_documents(self):
        """Write the answers to the documents that the orders came in: a file on each
        order, mailed to the customer where the channel says so.

        An order is answered once, and again only where what is said has changed.
        Orders that came in otherwise are left alone.
        """
        self.check_access("write")
        for order in self:
            intake = order.sudo().oms_intake_ids.filtered("is_claim")[:1]
            if intake.standard and order.state in ("sale", "cancel"):
                order._oms_answer_document(intake)
        return True

    def _oms_answer_document(self, intake):
        given = self._oms_prepare_response(intake)
        told = json.dumps([given.verdict, *map(vars, given.lines)], sort_keys=True)
        digest = hashlib.sha256(told.encode()).hexdigest()
        if intake.answered == digest:
            return
        intake.answered = digest
        ending, write = _WRITERS[intake.standard]
        is_mailed = self.oms_channel_id.answer == "mail"
        self.message_post(
            body=self._oms_describe_answer(given),
            attachments=[(f"{given.number}-response.{ending}", write(given))],
            partner_ids=self.partner_id.ids if is_mailed else [],
            subtype_xmlid="mail.mt_comment" if is_mailed else "mail.mt_note",
        )

    def _oms_describe_answer(self, given):
        words = {
            "accepted": self.env._("Order %s is accepted as ordered.", given.order_ref),
            "changed": self.env._(
                "Order %s is accepted with changes.", given.order_ref
            ),
            "refused": self.env._("Order %s is not accepted.", given.order_ref),
        }
        return words[given.verdict]

    def _oms_prepare_response(self, intake):
        """:rtype: documents.answer.Answer"""
        self.ensure_one()
        asked = intake._read_payload() or {"lines": []}
        lines = self._oms_prepare_response_lines(asked)
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return answers.Answer(
            number=self.name,
            control=intake.id,
            order_ref=intake.external_ref,
            our_ref=self.name,
            verdict=_sum_up(lines),
            issued=now.replace(tzinfo=None),
            buyer=self._oms_prepare_response_party(
                self.partner_id.commercial_partner_id, asked.get("customer", {})
            ),
            seller=self._oms_prepare_response_party(self.company_id.partner_id, {}),
            lines=lines,
            order_day=asked.get("order_date", ""),
            currency=self.currency_id.name,
            is_test=bool(asked.get("test")),
            envelope=intake.envelope or {},
        )

    @api.model
    def _oms_prepare_response_party(self, partner, asked):
        glns = [
            partner[name] for name in partner._oms_get_gln_fields() if partner[name]
        ]
        return answers.Party(
            name=partner.name or "",
            gln=asked.get("gln") or (glns[0] if glns else ""),
            ref=asked.get("ref") or partner.ref or "",
        )

    def _oms_prepare_response_lines(self, asked):
        """What becomes of each line that was asked for."""
        by_ref = {
            line.oms_external_ref: line
            for line in self.order_line
            if line.oms_external_ref and not line.display_type
        }
        known = self.env["sale.order.line"].union(*by_ref.values())
        promises = known._oms_get_promises() if self.state == "sale" else {}
        return [
            self._oms_prepare_response_line(
                data, by_ref.get(data["ref"], known.browse()), promises, asked
            )
            for data in asked["lines"]
        ]

    def _oms_prepare_response_line(self, data, line, promises, asked):
        day = self._oms_find_local_day(promises.get(line, {}).get("promised_date"))
        rounding = line.product_uom_id.rounding or 0.01
        qty = line.product_uom_qty if self.state == "sale" else 0.0
        answer = answers.AnswerLine(
            ref=data["ref"],
            verdict="accepted",
            qty=_write(qty),
            uom=data.get("uom", ""),
            ordered=data["qty"],
            price=_write(line.price_reduce_taxexcl) if line else data.get("price", ""),
            day=day,
            wanted=data.get("requested_date") or asked.get("requested_date", ""),
            product={
                key: data["product"][key]
                for key in ("customer_code", "barcode", "code")
                if key in data["product"]
            },
            description=line.product_id.name or data.get("description", ""),
        )
        if float_is_zero(qty, precision_rounding=rounding):
            answer.verdict = "refused"
        elif (
            float_compare(qty, float(data["qty"]), precision_rounding=rounding)
            or (answer.day and answer.wanted and answer.day > answer.wanted)
            or abs(float(answer.price) - float(data.get("price", answer.price))) > 5e-3
        ):
            answer.verdict = "changed"
        return answer

    def _oms_find_local_day(self, moment):
        """The day of a moment where the order came from, as ISO text."""
        if not moment:
            return ""
        zone = self.with_context(tz=self.oms_channel_id.tz)
        return fields.Datetime.context_timestamp(zone, moment).date().isoformat()


def _sum_up(lines):
    """What is said to the order as a whole."""
    verdicts = {line.verdict for line in lines}
    if verdicts <= {"accepted"}:
        return "accepted"
    return "refused" if verdicts == {"refused"} else "changed"


def _write(number):
    return f"{number:.6f}".rstrip("0").rstrip(".")
