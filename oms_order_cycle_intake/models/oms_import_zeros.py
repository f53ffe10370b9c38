"""Codes that a spreadsheet took for numbers, and dropped zeros of."""

import re
from collections import defaultdict

from odoo import models

from ..sheet import Fault

#: With an end that may have had zeros: 1.1 was 1.10, or 1.100.
_DECIMAL = re.compile(r"\d+\.\d+", re.ASCII)
_ENDS = ("0", "00")


class OmsImport(models.Model):
    _inherit = "oms.import"

    def _add_lost_zeros(self, orders, by_number):
        """Read codes with the zeros that they had, where one product only is meant;
        the cell says it.

        :param orders: of class ``SheetOrder``
        :param by_number: ``{row number: row}``
        """
        self._add_zeros_in_front(orders)
        self._add_zeros_at_the_end(orders, by_number)

    def _add_zeros_in_front(self, orders):
        wanted = self._get_codes(orders, lambda code: code.isascii() and code.isdigit())
        if not wanted:
            return
        products = self.env["product.product"]
        found = products._oms_find_by_codes(self.partner_id, [*wanted], self.company_id)
        padded = products._oms_find_without_zeros(
            [code for code in wanted if code not in found], self.company_id
        )
        for code, full in padded.items():
            self._read_as(wanted[code], code, full)

    def _add_zeros_at_the_end(self, orders, by_number):
        """What is a number in the file and has two products is asked: 1.1 may be 1.1
        or 1.10."""
        wanted = self._get_codes(orders, _DECIMAL.fullmatch)
        if not wanted:
            return
        texts = {code + end for code in wanted for end in ("", *_ENDS)}
        found = self.env["product.product"]._oms_find_by_codes(
            self.partner_id, texts, self.company_id
        )
        for code, places in wanted.items():
            padded = [code + end for end in _ENDS if code + end in found]
            if code not in found and len(padded) == 1:
                self._read_as(places, code, padded[0])
            elif padded:
                self._ask_which(places, code, padded[0], by_number)

    def _get_codes(self, orders, is_wanted):
        """``{code: [(order, index of the line, line)]}`` of codes of such a kind."""
        found = defaultdict(list)
        for order in orders:
            for index, line in enumerate(order.payload["lines"]):
                code = line.get("product", {}).get("code", "")
                if is_wanted(code):
                    found[code].append((order, index, line))
        return found

    def _read_as(self, places, code, full):
        for order, index, line in places:
            line["product"] = {"code": full}
            place = order.locate(f"lines[{index}].product")
            order.notes = [
                *getattr(order, "notes", ()),
                (*place, "zeros_added", {"value": code, "code": full}),
            ]

    def _ask_which(self, places, code, full, by_number):
        for order, index, line in places:
            row, column = order.locate(f"lines[{index}].product")
            cells = by_number[row].cells or []
            if column is not None and isinstance(cells[column], float):
                # not asked for as it stands
                line.pop("product")
                values = {"value": code, "code": full}
                order.faults.append(Fault(row, column, "zeros_unclear", values))
