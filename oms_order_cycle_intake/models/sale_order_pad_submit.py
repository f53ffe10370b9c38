"""What customers submit in the order pad of the portal."""

import re
from datetime import date

from odoo import api, fields, models

from ..payload import Fault
from ..payload.fault import is_carried
from ..tools.pad_rows import MOST_ROWS

#: What the browser calls an order before there is one.
_KEY = re.compile(r"[A-Za-z0-9-]{8,40}")
_MOST_REFERENCE, _MOST_NOTE = 250, 5000


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_is_requested = fields.Boolean(
        string="Requested in the Portal",
        copy=False,
        readonly=True,
        help="The customer asked for this quotation in the order pad. He can accept it"
        " once it was sent to him.",
    )

    # -- what a customer sees of it -----------------------------------------------

    def _has_to_be_signed(self):
        return not self._oms_is_open_request() and super()._has_to_be_signed()

    def _has_to_be_paid(self):
        return not self._oms_is_open_request() and super()._has_to_be_paid()

    def _oms_is_open_request(self):
        """Whether a customer waits for a quotation that nobody has sent him yet."""
        self.ensure_one()
        return self.oms_is_requested and self.state == "draft"

    @api.model
    def _oms_get_pad_addresses(self, pad):
        """The addresses that a customer may have goods sent to, his usual one first."""
        partners = pad.partner
        own = partners._oms_get_addresses(pad.partner, pad.company).get(
            pad.partner, partners.browse()
        )
        usual = own.browse(pad.partner.address_get(["delivery"])["delivery"])
        return (usual & own) | own.filtered(
            lambda partner: (
                partner == pad.partner or partner.type in ("delivery", "other")
            )
        )

    # -- submit -------------------------------------------------------------------

    @api.model
    def _oms_submit_pad(self, pad, rows, wishes):
        """Make an order, or a quotation that is asked for, of rows of the order pad.

        :param OrderPad pad: of the customer
        :param list rows: see :meth:`_oms_answer_pad`
        :param dict wishes: unchecked: ``key`` (what the browser calls the order: it is
            made once for each), ``kind`` (``order`` or ``quotation``), ``address_id``,
            ``date``, ``reference``, ``note``
        :return: ``{"status": "created", "already there" or "refused", "order_id",
            "order", "errors": [words], "rows"}``; rows as :meth:`_oms_answer_pad` has
            them where one is faulty, else none
        """
        address, errors = self._oms_check_pad_wishes(pad, rows, wishes)
        answers = []
        if not errors:
            answer = self._oms_answer_pad(pad, rows, address, wishes.get("date"))
            answers = answer["rows"]
            errors = self._oms_find_pad_faults(answers)
            errors = errors or self._oms_find_unclear_units(answers)
        if errors:
            return self._oms_refuse_pad(errors, rows=answers)
        payload = self._oms_prepare_pad_payload(pad, answers, wishes, address)
        [result] = self._oms_submit([payload])
        if result["status"] == "refused":
            messages = [error["message"] for error in result["errors"]]
            return self._oms_refuse_pad(messages, result)
        if result["status"] == "created":
            order = self.browse(result["order_id"])
            order._oms_after_submit_pad(wishes)
        return {
            "status": result["status"],
            "order_id": result["order_id"],
            "order": result["order"],
            "errors": [],
            "rows": [],
        }

    @api.model
    def _oms_refuse_pad(self, errors, result=None, rows=()):
        return {
            "status": "refused",
            "order_id": result["order_id"] if result else False,
            "order": result["order"] if result else False,
            "errors": errors,
            "rows": list(rows),
        }

    @api.model
    def _oms_check_pad_wishes(self, pad, rows, wishes):
        """(delivery address, words for what is wrong)"""
        errors = []
        addresses = self._oms_get_pad_addresses(pad)
        address = addresses.filtered(lambda one: one.id == wishes.get("address_id"))
        if wishes.get("kind") not in ("order", "quotation") or (
            wishes["kind"] == "order" and not pad.can_order
        ):
            errors.append(self.env._("You can ask for a quotation, but not order."))
        if not address:
            errors.append(self.env._("Choose one of your delivery addresses."))
        if not self._oms_is_day(wishes.get("date")):
            errors.append(self.env._("The requested date is none."))
        elif wishes.get("date") and self._oms_is_day_over(pad, wishes["date"]):
            errors.append(self.env._("The requested date is over. Choose another."))
        if not _KEY.fullmatch(str(wishes.get("key") or "")):
            errors.append(self.env._("Load the page again before you submit."))
        for name, most in (("reference", _MOST_REFERENCE), ("note", _MOST_NOTE)):
            text = wishes.get(name) or ""
            if not isinstance(text, str) or len(text) > most:
                errors.append(self.env._("Your text is too long."))
        is_order = wishes.get("kind") == "order"
        if is_order and pad.channel.require_client_ref and not wishes.get("reference"):
            errors.append(self.env._("Give your reference: each order needs one."))
        if len(rows) > MOST_ROWS:
            errors.append(self.env._("An order has at most %s lines here.", MOST_ROWS))
        return address, errors

    @api.model
    def _oms_is_day(self, day):
        """Whether it is a day, or none is named."""
        if not day:
            return True
        try:
            return isinstance(day, str) and date.fromisoformat(day).isoformat() == day
        except ValueError:
            return False

    @api.model
    def _oms_is_day_over(self, pad, day):
        """Whether a day is over where the channel is."""
        zone = self.with_context(tz=pad.channel.tz)
        return date.fromisoformat(day) < fields.Date.context_today(zone)

    @api.model
    def _oms_find_pad_faults(self, answers):
        """Words where rows are faulty; what is not filled in is a fault now."""
        filled = [answer for answer in answers if not answer["is_blank"]]
        if not filled:
            return [self.env._("The order has no lines.")]
        for answer in filled:
            if answer["faults"]:
                continue
            if not answer["product_id"]:
                self._oms_add_missing(answer, "product", self.env._("Product"))
            elif not answer["qty"]:
                self._oms_add_missing(answer, "qty", self.env._("Quantity"))
        faulty = sum(1 for answer in filled if answer["faults"])
        if not faulty:
            return []
        if faulty == 1:
            return [self.env._("One line is not right yet.")]
        return [self.env._("%s lines are not right yet.", faulty)]

    @api.model
    def _oms_find_unclear_units(self, answers):
        """Words for units that orders would take for another: they go by name there."""
        named = {answer["uom"] for answer in answers if answer["product_id"]}
        found = self.env["uom.uom"]._oms_find_by_codes(named)
        unclear = {
            answer["uom"]
            for answer in answers
            if answer["product_id"]
            and answer["uom_id"] not in found[answer["uom"]]._ids
        }
        return [
            self.env._(
                "The unit “%s” has the name of another one: choose another.", name
            )
            for name in sorted(unclear)
        ]

    @api.model
    def _oms_add_missing(self, answer, path, label):
        [error] = self.env["oms.intake"]._prepare_errors([Fault("missing", label)])
        answer["faults"].append(
            {"code": f"{path}_missing", "message": error["message"], "proposal": False}
        )

    @api.model
    def _oms_prepare_pad_payload(self, pad, answers, wishes, address):
        payload = {
            "version": 1,
            "channel": pad.channel.code,
            "external_ref": wishes["key"],
            "customer": {"id": pad.partner.id},
            "ship_to": {"id": address.id},
            "requested_date": wishes.get("date") or False,
            "note": wishes.get("note") or False,
            "lines": [
                {
                    "ref": str(number),
                    "product": {"id": answer["product_id"]},
                    "qty": f"{answer['qty']:.6f}",
                    "uom": answer["uom"],
                }
                for number, answer in enumerate(
                    (one for one in answers if not one["is_blank"]), start=1
                )
            ],
        }
        return payload

    def _oms_after_submit_pad(self, wishes):
        """What the order has besides, and its confirmation where it is one."""
        self.ensure_one()
        is_order = wishes["kind"] == "order"
        self.write(
            {
                # what the browser calls it says nothing to him
                "client_order_ref": self._oms_read_reference(wishes),
                "oms_is_requested": not is_order,
            }
        )
        self.message_subscribe(self.env.user.partner_id.ids)
        if is_order:
            self.action_confirm()

    @api.model
    def _oms_read_reference(self, wishes):
        """What the customer calls the order, of what can be kept."""
        text = wishes.get("reference") or ""
        return "".join(filter(is_carried, text)).strip() or False
