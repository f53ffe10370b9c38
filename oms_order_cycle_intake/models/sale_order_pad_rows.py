"""Rows of the order pad as a customer fills them in, and what they mean."""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools.misc import formatLang, get_lang

from ..payload import Fault
from ..payload.fault import is_carried
from ..sheet import SheetFault
from ..sheet.values import INVISIBLE
from ..tools.pad_rows import MOST_ROWS, read_file, read_quantity, write_quantity

_MOST_ID = 2**31 - 1
_MOST_TEXT = 200


@dataclass(eq=False)
class PadRow:
    """A row as the browser sent it, whatever it is.

    :param text: what he typed for the product
    :param uom: what he wrote for the unit, where he chose none
    """

    text: str = ""
    product_id: int | bool = False
    qty: object = ""
    uom_id: int | bool = False
    uom: str = ""
    faults: list = field(default_factory=list)
    #: the quantity as number, False where there is none
    number: float | bool = False

    @classmethod
    def of(cls, raw):
        raw = raw if isinstance(raw, dict) else {}
        named = raw.get("product_id") or False
        return cls(
            # for the words of a fault
            text=_text(raw.get("text")) or _text(str(named or "")),
            product_id=_id(named),
            qty=raw.get("qty"),
            uom_id=_id(raw.get("uom_id")),
            uom=_text(raw.get("uom")),
        )

    @property
    def is_blank(self):
        return not (self.text or self.product_id or self.qty)


def _text(value):
    """What of a text can be kept, "" where there is none."""
    text = value if isinstance(value, str) else ""
    return "".join(filter(is_carried, INVISIBLE.sub("", text))).strip()[:_MOST_TEXT]


def _id(value):
    return value if type(value) is int and 0 < value <= _MOST_ID else False


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_answer_pad(self, pad, rows, address=None, day=False, amount_beside=0.0):
        """What the rows of an order pad mean and cost.

        :param OrderPad pad: of the customer
        :param list rows: ``{"text", "product_id", "qty", "uom_id", "uom"}`` of each,
            unchecked
        :param address: the delivery address, one of his
        :param day: the day wanted, as ``2026-12-31``, or False
        :param float amount_beside: of further rows, to be told in the total
        :return: ``{"rows", "total_words"}``; rows as :meth:`_oms_answer_lines` has
            them, with ``text`` and ``is_blank``
        """
        read = [PadRow.of(row) for row in rows[:MOST_ROWS]]
        # a day that is over is said where it is chosen, once, and not with each row
        day = day if day and not self._oms_is_day_over(pad, day) else False
        self._oms_read_pad_quantities(read)
        self._oms_find_pad_products(pad, read)
        self._oms_find_pad_units(read)
        lines = [
            {
                "product_id": row.product_id,
                "qty": row.number,
                "uom_id": row.uom_id,
                "date": day,
                # what has a fault of its own is not called unknown besides
                "text": "" if row.faults else row.text,
            }
            for row in read
        ]
        answers = self._oms_answer_lines(
            pad.partner, lines, pad.company, channel=pad.channel, address=address
        )
        for row, answer in zip(read, answers, strict=True):
            self._oms_add_to_pad_answer(row, answer)
        currency = self._oms_prepare_asked_order(
            pad.partner, pad.company, pad.channel, address
        ).currency_id
        total = sum(answer["amount"] for answer in answers) + amount_beside
        return {
            "rows": answers,
            "total_words": formatLang(self.env, total, currency_obj=currency),
        }

    @api.model
    def _oms_add_to_pad_answer(self, row, answer):
        """What only a customer's own row has."""
        decimal = self._oms_get_decimal_mark()
        own = self.env["oms.intake"]._prepare_errors(row.faults)
        answer["faults"] = [
            {"code": fault["code"], "message": fault["message"], "proposal": False}
            for fault in own
        ] + answer["faults"]
        for fault in answer["faults"]:
            if fault["proposal"]:
                qty = fault["proposal"]["qty"]
                fault["proposal"]["qty"] = write_quantity(qty, decimal)
        answer["text"] = row.text
        answer["is_blank"] = row.is_blank

    @api.model
    def _oms_get_decimal_mark(self):
        return get_lang(self.env).decimal_point

    # -- what rows mean -----------------------------------------------------------

    @api.model
    def _oms_read_pad_quantities(self, rows):
        decimal = self._oms_get_decimal_mark()
        for row in rows:
            try:
                row.number = read_quantity(row.qty, decimal)
            except SheetFault as fault:
                value = fault.values.get("value") or ""
                code = "qty_unreadable"
                row.faults.append(Fault(code, "qty", value, params={"mark": decimal}))

    @api.model
    def _oms_find_pad_products(self, pad, rows):
        """Products of the codes that were typed, pasted or read from a file."""
        named = [row for row in rows if row.text and not row.product_id]
        products = self.env["product.product"]
        found = products._oms_find_by_codes(
            pad.partner, {row.text for row in named}, pad.company
        )
        orderable = self._oms_filter_orderable(
            products.browse({hit[0] for hits in found.values() for hit in hits}),
            pad.company,
        )
        for row in named:
            hits = [hit for hit in found.get(row.text, ()) if hit[0] in orderable._ids]
            if len({hit[0] for hit in hits}) > 1:
                row.faults.append(Fault("product_ambiguous", "product", row.text))
            elif hits:
                row.product_id, uom_id, _how = hits[0]
                row.uom_id = row.uom_id or uom_id

    @api.model
    def _oms_find_pad_units(self, rows):
        """Units of what was written for them."""
        named = [row for row in rows if row.uom and row.product_id and not row.uom_id]
        units = self.env["uom.uom"]._oms_find_by_codes({row.uom for row in named})
        products = self.env["product.product"].browse({row.product_id for row in named})
        products = {product.id: product for product in products.exists()}
        for row in named:
            if row.product_id not in products:
                continue
            product = products[row.product_id]
            chosen, fault = units[row.uom]._oms_choose_for(product, row.uom)
            if fault:
                name = product.with_context(display_default_code=False).display_name
                row.faults.append(
                    Fault(fault, "uom", row.uom, params={"product": name})
                )
            else:
                row.uom_id = chosen.id

    @api.model
    def _oms_read_pad_file(self, content, name):
        """Rows of a file.

        :return: (rows, words for what could not be read)
        """
        describe = self.env["oms.import"]._get_sheet_describer()
        try:
            rows, faults = read_file(content, name, self._oms_get_decimal_mark())
        except SheetFault as fault:
            return [], [describe(fault.code, fault.values)]
        return rows, [
            self.env._(
                "Row %(row)s: %(words)s",
                row=number,
                words=describe(fault.code, fault.values),
            )
            for number, fault in faults
        ]

    # -- rows that are offered ----------------------------------------------------

    @api.model
    def _oms_suggest_for_pad(self, pad, text):
        """Products for what a customer has typed so far.

        :return: list of ``{"product_id", "uom_id", "name", "code", "uom"}``
        """
        products = self.env["product.product"]
        hits = products._oms_suggest(pad.partner, _text(text), pad.company)
        orderable = self._oms_filter_orderable(
            products.browse(hit[0] for hit in hits), pad.company
        )
        units = self.env["uom.uom"]
        return [
            {
                "product_id": product.id,
                "uom_id": uom_id,
                "name": product.with_context(display_default_code=False).display_name,
                "code": product.default_code or "",
                "uom": (units.browse(uom_id or ()) or product.uom_id).name,
            }
            for product_id, uom_id, _how in hits
            if (product := orderable.browse(product_id)) in orderable
        ]

    @api.model
    def _oms_get_pad_bought(self, pad):
        """Rows of what the customer has bought lately."""
        lines = self._oms_get_products_bought(pad.partner, pad.company)
        return [self._oms_prepare_pad_row(**line) for line in lines]

    def _oms_get_pad_again(self, pad):
        """Rows of what was ordered with this order, and what is sold no more.

        Sections, notes, down payments and what Odoo adds by itself are left out.

        :return: (rows, names of products that are gone)
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line.is_downpayment
                and not line.is_delivery
                and line.product_uom_qty > 0
            )
        )
        orderable = self._oms_filter_orderable(lines.product_id, pad.company)
        gone = lines.filtered(lambda line: line.product_id not in orderable)
        return [
            self._oms_prepare_pad_row(
                line.product_id.id, line.product_uom_qty, line.product_uom_id.id
            )
            for line in lines - gone
        ], [line.name.partition("\n")[0] for line in gone]

    @api.model
    def _oms_prepare_pad_row(self, product_id, qty, uom_id):
        qty = write_quantity(qty, self._oms_get_decimal_mark())
        return {"product_id": product_id, "qty": qty, "uom_id": uom_id}
