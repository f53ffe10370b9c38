"""X12: lines of an order, PO1 (850) and POC (860), and what is inside their loops."""

from .fault import DocumentFault
from .reading import Payload
from .values import add_up, as_number, filled, iso_date, lines_of, per_one, plain, write
from .x12_envelope import Segment

# PO106 and on: pairs of a qualifier and a number.
_KEYS = {
    **dict.fromkeys(("UP", "EN", "UK", "UA", "UI", "IB", "EO"), "barcode"),
    **dict.fromkeys(("BP", "IN", "CB", "SK", "PI"), "customer_code"),
    **dict.fromkeys(("VP", "VN", "VC", "VA", "SN"), "code"),
}
# PO105: the price is for so many.
_BASES = {"HP": "100", "TP": "1000"}
# ... or for something that is not the unit that is ordered.
_OTHER_BASES = {"PP", "PN", "TE", "FO", "PT", "NT"}
_DELIVERY_DATES = ("002", "067", "064", "063", "010", "037", "038")
# POC02: what becomes of a line. QD and QI change the quantity to the one given.
_CHANGES = ("AI", "CA", "CT", "PC", "PQ", "QD", "QI", "RE", "RZ", "CF", "NC", "PR", "")
_DELETIONS = ("DI", "RC")


class Line:
    """One line, with the segments of its loop.

    :param loop: PO1 or POC, and what follows it
    :param position: place among the lines, from 1
    """

    def __init__(self, loop: list[Segment], position: int) -> None:
        self.head = loop[0]
        self.rest = loop[1:]
        self.is_change = self.head.tag == "POC"
        self.ref = self.head.at(1) or str(position)
        self.product = self._product()
        self.stores = self._stores()

    @staticmethod
    def number(text: str) -> str:
        return plain(text)

    @property
    def qty(self) -> str:
        if self.is_change and self.head.at(2) in _DELETIONS:
            return "0"
        qty = self.head.at(3) or self.head.at(4) if self.is_change else self.head.at(2)
        return self.number(qty)

    def check(self, path: str) -> None:
        """:raise DocumentFault: for what would be understood wrongly"""
        change = self.head.at(2) if self.is_change else ""
        if change not in _CHANGES and change not in _DELETIONS:
            raise DocumentFault(
                "line_change_unknown",
                f"What is to become of the line {self.ref} is unknown: {change[:20]}.",
                f"{path}/POC02",
            )
        if any(one.tag == "N1" and one.at(1) == "ST" for one in self.rest):
            raise DocumentFault(
                "ship_to_per_line",
                f"The line {self.ref} has a place of delivery of its own: send an order"
                " for each place.",
                f"{path}/PO1 {self.ref}/N1",
            )

    def check_stores(self, path: str) -> None:
        """:raise DocumentFault: where the stores get other than what is ordered"""
        total, wanted = add_up(self.stores.values()), as_number(self.qty)
        if not self.stores or total is None or (wanted is not None and total != wanted):
            shown = write(total) if total is not None else "no number"
            raise DocumentFault(
                "store_quantities",
                f"The line {self.ref} orders {self.qty}, but the stores get {shown}.",
                f"{path}/PO1 {self.ref}/SDQ",
            )

    def payloads(self) -> list[Payload]:
        """The line, or one for each date on which a part of it is wanted."""
        parts = [one for one in self.rest if one.tag == "SCH"]
        if len(parts) < 2:
            day = next((iso_date(one.at(6)) for one in parts), "") or self._date()
            return [self._payload(self.ref, self.qty, day)]
        return [
            self._payload(
                f"{self.ref}.{index}", self.number(part.at(1)), iso_date(part.at(6))
            )
            for index, part in enumerate(parts, start=1)
        ]

    def for_store(self, store: tuple[str, str]) -> Payload:
        return self._payload(self.ref, self.stores[store], self._date())

    def _payload(self, ref: str, qty: str, day: str) -> Payload:
        price, price_note = self._price()
        return filled(
            {
                "ref": ref,
                "product": dict(self.product),
                "description": self._description(),
                "qty": qty,
                "uom": self._unit(),
                "price": price,
                "requested_date": day,
                "note": lines_of([*self._messages(), price_note]),
            }
        )

    def _unit(self) -> str:
        return self.head.at(5 if self.is_change else 3)

    def _price(self) -> tuple[str, str]:
        """The price of one, or a note why it is not known."""
        at = 6 if self.is_change else 4
        price, basis = self.number(self.head.at(at)), self.head.at(at + 1)
        if not price:
            listed = next((one for one in self.rest if one.tag == "CTP"), None)
            price = self.number(listed.at(3)) if listed is not None else ""
        if price and basis in _OTHER_BASES:
            return "", f"Price in the document: {price}, basis {basis}"
        return per_one(price, _BASES.get(basis, "1")), ""

    def _product(self) -> Payload:
        found: Payload = {}
        first = 8 if self.is_change else 6
        for at in range(first, len(self.head) - 1, 2):
            key = _KEYS.get(self.head.at(at))
            if key and self.head.at(at + 1):
                found.setdefault(key, self.head.at(at + 1))
        return found

    def _description(self) -> str:
        return next((one.at(5) for one in self.rest if one.tag == "PID"), "")

    def _messages(self) -> list[str]:
        return [one.at(1) for one in self.rest if one.tag == "MSG"]

    def _date(self) -> str:
        dates = {
            one.at(1): iso_date(one.at(2)) for one in self.rest if one.tag == "DTM"
        }
        return next((dates[code] for code in _DELIVERY_DATES if dates.get(code)), "")

    def _stores(self) -> dict[tuple[str, str], str]:
        """What each store gets: (qualifier, number) and quantity."""
        stores: dict[tuple[str, str], str] = {}
        for one in self.rest:
            if one.tag != "SDQ":
                continue
            for at in range(3, min(len(one), 23), 2):
                store, qty = (one.at(2), one.at(at)), self.number(one.at(at + 1))
                if store in stores and (total := add_up([stores[store], qty])):
                    qty = write(total)
                if store[1]:
                    stores[store] = qty
        return stores


def read_lines(segments: list[Segment], path: str) -> list[Line]:
    """Lines of the segments from the first PO1 or POC to the summary.

    :raise DocumentFault: for what would be understood wrongly
    """
    loops: list[list[Segment]] = []
    for segment in segments:
        if segment.tag in ("PO1", "POC"):
            loops.append([segment])
        elif loops:
            loops[-1].append(segment)
    lines = [Line(loop, position) for position, loop in enumerate(loops, start=1)]
    for line in lines:
        line.check(path)
    _drop_common_codes(lines)
    return lines


def _drop_common_codes(lines: list[Line]) -> None:
    """What the same order says of products that the buyer tells apart is no code.

    Some repeat the name of a pattern as the seller's number of all its colours.
    """
    buyers: dict[str, set[str]] = {}
    for line in lines:
        if {"code", "customer_code"} <= line.product.keys():
            codes = buyers.setdefault(line.product["code"], set())
            codes.add(line.product["customer_code"])
    for line in lines:
        if len(buyers.get(line.product.get("code", ""), ())) > 1:
            del line.product["code"]


def check_sums(lines: list[Line], summary: list[Segment], path: str) -> None:
    """What CTT counts is there.

    :raise DocumentFault: where it is not
    """
    ctt = next((one for one in summary if one.tag == "CTT"), None)
    if ctt is None:
        return
    stated = as_number(ctt.at(1))
    if stated is not None and stated != len(lines):
        raise DocumentFault(
            "count",
            f"CTT counts {ctt.at(1)[:20]} lines, but there are {len(lines)}.",
            f"{path}/CTT01",
        )
    # the standard adds up digits without regard to decimal points, and a change has
    # quantities that are not ordered: neither can be compared
    quantities = [line.qty for line in lines if line.qty.isdigit()]
    if len(quantities) < len(lines) or any(line.is_change for line in lines):
        return
    total, hashed = add_up(quantities), as_number(ctt.at(2))
    if hashed is not None and total is not None and hashed != total:
        raise DocumentFault(
            "count",
            f"CTT states a sum of {ctt.at(2)[:20]}, but the lines order"
            f" {write(total)}.",
            f"{path}/CTT02",
        )
