"""ANSI X12 850 (purchase order) and 860 (change of one), 3010 to 5010."""

from .fault import DocumentFault
from .reading import Order, Payload, Reading
from .values import filled, iso_date, lines_of
from .x12_answer import acknowledge, answer
from .x12_envelope import Segment, TransactionSet, read_sets
from .x12_lines import Line, check_sums, read_lines
from .x12_parties import Parties

__all__ = ["acknowledge", "answer", "read"]

_KINDS = {
    "810": "an invoice",
    "820": "a payment",
    "824": "an application advice",
    "830": "a planning schedule",
    "832": "a price list",
    "840": "a request for quotation",
    "846": "an inventory report",
    "855": "an answer to an order",
    "856": "a ship notice",
    "862": "a shipping schedule",
    "864": "a text message",
    "865": "an answer to a change",
    "875": "a grocery order, which is not read yet",
    "940": "a warehouse shipping order",
    "997": "an acknowledgement",
    "999": "an acknowledgement",
}
# BEG01 and BCH01. 07 and 18 repeat an order: its number sees to it that it counts once.
_PURPOSES = {"00": "original", "07": "original", "18": "original"}
_PURPOSES |= {"01": "cancel", "04": "change", "05": "replace"}
# BEG02: goods that stay ours, agreements that deliver nothing by themselves.
_REFUSED_TYPES = {
    "CN": ("consignment", "This is a consignment order: goods stay yours until used."),
    "BK": (
        "blanket_order",
        "This is a blanket order, which delivers nothing by itself.",
    ),
    "BE": ("blanket_order", "This is a blanket order with estimated quantities."),
    "IN": ("order_type", "This copy of an order is for information only."),
}
_DELIVERY_DATES = ("002", "067", "064", "063", "010", "037", "038")
_CANCEL_DATES = ("001", "177")


def read(content: bytes) -> Reading:
    """The orders of a file of one or more interchanges.

    :raise DocumentFault: where an envelope does not hold
    """
    reading = Reading()
    for one in read_sets(content):
        if one.kind not in ("850", "860"):
            what = _KINDS.get(one.kind, "no order")
            message = f"The transaction set {one.kind[:10]} is {what}."
            reading.skipped.append(DocumentFault("not_an_order", message, one.path))
            continue
        try:
            reading.orders += _Purchase(one).orders()
        except DocumentFault as fault:
            reading.faults.append(fault)
    return reading


class _Purchase:
    """One transaction set, and the orders in it: one, or one per store."""

    def __init__(self, one: TransactionSet) -> None:
        self.path = one.path
        self.envelope = one.envelope
        tags = [segment.tag for segment in one.segments]
        first = next(
            (i for i, tag in enumerate(tags) if tag in ("PO1", "POC")), len(tags)
        )
        end = next((i for i, tag in enumerate(tags) if tag == "CTT"), len(tags))
        self.header = one.segments[: min(first, end)]
        self.summary = one.segments[end:]
        self.parties = Parties(self.header)
        self.begin = self._find("BEG" if one.kind == "850" else "BCH")
        self._check_type()
        self.purpose = self._purpose()
        self.lines = read_lines(one.segments[first:end], self.path)
        check_sums(self.lines, self.summary, self.path)

    def orders(self) -> list[Order]:
        head = self._head()
        if self.purpose != "cancel" and not self.lines:
            raise DocumentFault("no_lines", "The order has no lines.", self.path)
        envelope = {**self.envelope, "document": self._number()}
        envelope["order"] = self.begin.at(3)
        if self.parties.is_own_number():
            envelope["theirs"] = "ref"
        return [
            Order({**filled({**head, **changes}), "lines": lines}, "x12", envelope)
            for changes, lines in self._parts()
        ]

    def _parts(self) -> list[tuple[Payload, list[Payload]]]:
        """What is different in each order of the set, and its lines."""
        stores = list(dict.fromkeys(key for line in self.lines for key in line.stores))
        if not stores:
            return [
                ({}, [payload for line in self.lines for payload in line.payloads()])
            ]
        parts: dict[tuple[str, str], list[Payload]] = {store: [] for store in stores}
        for line in self.lines:
            line.check_stores(self.path)
            for store in line.stores:
                parts[store].append(line.for_store(store))
        return [(self._for_store(store), parts[store]) for store in stores]

    def _for_store(self, store: tuple[str, str]) -> Payload:
        """One purchase order goes to many stores: one order each."""
        qualifier, number = store
        key = "gln" if qualifier == "UL" else "ref"
        texts = [self._note(), *self.parties.via(number)]
        return {
            "external_ref": f"{self._number()}-{number}",
            "ship_to": {key: number},
            "note": lines_of(texts),
            # of the whole, not of this part
            "totals": {},
        }

    def _head(self) -> Payload:
        envelope = self.envelope
        head: Payload = {
            "version": 1,
            "external_ref": self._number(),
            "purpose": self.purpose,
            "test": envelope["usage"] == "T",
        }
        if not head["external_ref"]:
            raise DocumentFault(
                "order_number_missing", "The order has no number.", f"{self.path}/BEG03"
            )
        currency = self._find("CUR", is_needed=False).at(2)
        return head | filled(
            {
                "customer": self.parties.customer() or {"ref": envelope["sender"]},
                "ship_to": self.parties.ship_to(),
                "bill_to": self.parties.bill_to(),
                "order_date": self._order_date(),
                "requested_date": self._date(_DELIVERY_DATES),
                "valid_until": self._date(_CANCEL_DATES),
                "currency": currency,
                "note": self._note(),
                "totals": self._totals(),
            }
        )

    def _find(self, tag: str, is_needed: bool = True) -> Segment:
        found = next((one for one in self.header if one.tag == tag), None)
        if found is None and is_needed:
            raise DocumentFault(
                "order_number_missing", f"The order has no segment {tag}.", self.path
            )
        return found if found is not None else Segment([tag])

    def _check_type(self) -> None:
        kind = self.begin.at(2)
        if kind in _REFUSED_TYPES:
            raise DocumentFault(
                *_REFUSED_TYPES[kind], f"{self.path}/{self.begin.tag}02 {kind}"
            )

    def _purpose(self) -> str:
        code = self.begin.at(1)
        if code not in _PURPOSES:
            raise DocumentFault(
                "purpose_unknown",
                "What the document is for is not known: purpose"
                f" {code[:20] or '(none)'}.",
                f"{self.path}/{self.begin.tag}01",
            )
        purpose = _PURPOSES[code]
        # a change of an order that is written as an order anew replaces it
        if self.begin.tag == "BCH" and purpose == "original":
            return "change"
        return purpose

    def _number(self) -> str:
        """The order's number, with the release of a contract that it calls off."""
        return "-".join(filter(None, (self.begin.at(3), self.begin.at(4))))

    def _order_date(self) -> str:
        return iso_date(self.begin.at(5 if self.begin.tag == "BEG" else 6))

    def _date(self, qualifiers: tuple[str, ...]) -> str:
        dates = {
            one.at(1): iso_date(one.at(2)) for one in self.header if one.tag == "DTM"
        }
        return next((dates[code] for code in qualifiers if dates.get(code)), "")

    def _note(self) -> str:
        texts = [one.at(1) for one in self.header if one.tag in ("MSG", "MTX")]
        texts += [one.at(2) for one in self.header if one.tag == "MTX"]
        texts += [one.at(2) for one in self.header if one.tag == "NTE"]
        texts += [one.at(12) for one in self.header if one.tag == "ITD"]
        return lines_of([*texts, *self.parties.notes()])

    def _totals(self) -> Payload:
        amounts = [
            one for one in self.summary if one.tag == "AMT" and one.at(1) == "TT"
        ]
        return filled({"untaxed": Line.number(amounts[0].at(2)) if amounts else ""})
