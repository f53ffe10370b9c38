"""EDIFACT: lines of an order (LIN), and the segments that belong to each."""

from collections.abc import Callable
from fractions import Fraction

from ..fault import DocumentFault
from ..reading import Payload
from ..values import add_up, filled, lines_of, per_one, plain
from .tokens import Segment

# Whose number it is: C212 7143 of LIN and PIA.
_KEYS = {
    **dict.fromkeys(("EN", "SRV", "UP", "EU", "UK", "IB", "ISB", "GTIN"), "barcode"),
    **dict.fromkeys(("BP", "IN", "SK"), "customer_code"),
    **dict.fromkeys(("SA", "VN", "VP"), "code"),
}
# QTY 6063: ordered, discrete. 11 is a part for one place.
_ORDERED, _SPLIT = ("21", "1"), "11"
# PRI 5125, the net price first.
_PRICES = ("AAA", "AAE", "CAL", "AAB", "AAF")
# LIN 1229: what becomes of a line in a change.
_DELETED = "2"
_ACTIONS = {"", "1", "2", "3", "4", "5", "6", "9", "10", "11", "16", "17", "36", "37"}
# FTX 4451 that name the product (the book trade)
_NAMES = ("AFM", "PRD")


class Line:
    """One line.

    :param group: LIN and what follows it
    :param position: place among the lines, from 1
    """

    def __init__(self, group: list[Segment], position: int) -> None:
        self.head, self.rest = group[0], group[1:]
        self.ref = self.head.at(1) or str(position)
        self.qty, self.uom = self._quantity()

    @staticmethod
    def add_quantities(lines: list["Line"]) -> Fraction | None:
        return add_up(line.qty for line in lines)

    def check(self, path: str) -> None:
        """:raise DocumentFault: for what would be understood wrongly"""
        where = f"{path}/LIN {self.ref[:20]}"
        if self.head.at(2) not in _ACTIONS:
            raise DocumentFault(
                "line_change_unknown",
                "What is to become of the line is unknown: action"
                f" {self.head.at(2)[:20]}.",
                where,
            )
        places = [one for one in self.rest if one.tag == "NAD" and one.at(1) == "DP"]
        parts = [one for one in self.rest if one.tag == "QTY" and one.at(1) == _SPLIT]
        if places or parts:
            raise DocumentFault(
                "ship_to_per_line",
                f"The line {self.ref[:20]} goes to places of its own: send an order for"
                " each place.",
                where,
            )

        wanted = {
            one.at(1, 1) for one in self.rest if one.tag == "DTM" and one.at(1) == "2"
        }
        if len(wanted) > 1:
            raise DocumentFault(
                "schedule",
                f"The line {self.ref[:20]} is wanted on several days: send a line for"
                " each day.",
                where,
            )

    def payload(self, read_date: Callable[[list[Segment]], str]) -> Payload:
        price, price_note = self._price()
        return filled(
            {
                "ref": self.ref,
                "product": self._product(),
                "description": self._description(),
                "qty": self.qty,
                "uom": self.uom,
                "price": price,
                "requested_date": read_date(self.rest),
                "note": lines_of([*self._notes(), price_note]),
            }
        )

    def _quantity(self) -> tuple[str, str]:
        for kind in _ORDERED:
            for one in self.rest:
                if one.tag == "QTY" and one.at(1) == kind:
                    qty = "0" if self.head.at(2) == _DELETED else _number(one.at(1, 1))
                    return qty, one.at(1, 2)
        return ("0" if self.head.at(2) == _DELETED else ""), ""

    def _price(self) -> tuple[str, str]:
        """The price of one unit, or a note why it is not known."""
        prices = {one.at(1): one for one in reversed(self.rest) if one.tag == "PRI"}
        found = next((prices[kind] for kind in _PRICES if kind in prices), None)
        if found is None:
            return "", ""
        price, basis = _number(found.at(1, 1)), _number(found.at(1, 4))
        unit = found.at(1, 5)
        if unit and self.uom and unit != self.uom:
            return "", f"Price in the document: {price} for {basis or '1'} {unit}"
        return per_one(price, basis), ""

    def _product(self) -> Payload:
        """Numbers in LIN and PIA; the first of a kind counts."""
        numbers = [(self.head.at(3), self.head.at(3, 1))]
        for one in self.rest:
            # 1: additional, 5: the product itself; others are of accessories
            if one.tag == "PIA" and one.at(1) in ("1", "5"):
                numbers += [(one.at(at), one.at(at, 1)) for at in range(2, 7)]
        found: Payload = {}
        for number, kind in numbers:
            if number and kind in _KEYS:
                found.setdefault(_KEYS[kind], number)
        return found

    def _description(self) -> str:
        for one in self.rest:
            if one.tag == "IMD" and one.at(3, 3):
                return f"{one.at(3, 3)} {one.at(3, 4)}".strip()
        names = (one for one in self.rest if one.tag == "FTX" and one.at(1) in _NAMES)
        return next((" ".join(one.all(4)) for one in names), "")

    def _notes(self) -> list[str]:
        return [
            " ".join(one.all(4))
            for one in self.rest
            if one.tag == "FTX" and one.at(1) not in _NAMES
        ]


def _number(text: str) -> str:
    # there are no thousands to separate in EDIFACT: a comma is the decimal mark
    return plain(text.replace(",", "."))


def read_lines(segments: list[Segment], path: str) -> list[Line]:
    """Lines of the segments from the first LIN to the summary.

    :raise DocumentFault: for what would be understood wrongly
    """
    groups: list[list[Segment]] = []
    for segment in segments:
        if segment.tag == "LIN":
            groups.append([segment])
        elif groups:
            groups[-1].append(segment)
    lines = [Line(group, position) for position, group in enumerate(groups, start=1)]
    for line in lines:
        line.check(path)
    return lines
