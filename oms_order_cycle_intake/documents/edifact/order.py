"""EDIFACT: the segments of ORDERS and ORDCHG, and what they mean."""

from ..fault import DocumentFault
from ..reading import Order, Payload
from ..values import as_number, filled, iso_date, lines_of, monday, plain
from .envelope import Message
from .lines import Line, read_lines
from .tokens import Segment

# BGM 1225. 7 and 31 repeat an order: its number sees to it that it counts once.
_PURPOSES = {
    "": "original",
    "9": "original",
    "7": "original",
    "31": "original",
    "1": "cancel",
    "3": "cancel",
    "4": "change",
    "5": "replace",
}
# BGM 1001: order, sub-order, rush, call-off, sample, spare parts, change ...
_TAKEN_TYPES = {
    "",
    "105",
    "22E",
    "220",
    "224",
    "226",
    "228",
    "230",
    "231",
    "232",
    "237",
}
_TAKEN_TYPES |= {"23E", "24E", "402", "YA8", "YB9", "YC9", "YD9"}
_REFUSED_TYPES = {
    "227": ("consignment", "This is a consignment order: goods stay yours until used."),
    "221": (
        "blanket_order",
        "This is a blanket order, which delivers nothing by itself.",
    ),
    "258": (
        "blanket_order",
        "This is a standing order, which delivers nothing by itself.",
    ),
}
# DTM 2005: wanted, not before, promised, not after, to be shipped.
_DELIVERY_DATES = ("2", "64", "69", "63", "10", "17")
# DTM 2379 of weeks and periods; the others begin with the day.
_WEEK, _SHORT_YEAR = "616", ("101", "201", "202")
# NAD 3055: who gave the number, GS1 or the buyer himself.
_GLN_AGENCY, _BUYERS_AGENCY = "9", "92"


def read_order(message: Message) -> Order:
    """The order of one message.

    :raise DocumentFault: where it cannot be taken in
    """
    return _Purchase(message).order()


class _Purchase:
    def __init__(self, message: Message) -> None:
        self.message = message
        self.path = message.path
        segments = message.segments
        tags = [one.tag for one in segments]
        end = tags.index("UNS") if "UNS" in tags else len(tags)
        first = tags.index("LIN") if "LIN" in tags[:end] else end
        self.header, self.summary = segments[:first], segments[end:]
        self.parties = _parties(self.header)
        self.begin = next((one for one in self.header if one.tag == "BGM"), None)
        self.lines = read_lines(segments[first:end], self.path)

    def order(self) -> Order:
        begin = self._begin()
        purpose = self._purpose(begin)
        number = self._number(begin)
        if not number:
            raise DocumentFault(
                "order_number_missing", "The order has no number.", f"{self.path}/BGM"
            )
        if purpose != "cancel" and not self.lines:
            raise DocumentFault("no_lines", "The order has no lines.", self.path)
        self._check_sums()
        payload: Payload = {
            "version": 1,
            "external_ref": number,
            "purpose": purpose,
            "test": self.message.is_test,
        }
        payload |= filled(self._head())
        payload["lines"] = [line.payload(read_date) for line in self.lines]
        envelope = {**self.message.envelope, "document": begin.at(2)}
        if any(
            one.tag == "NAD" and one.at(1) == "BY" and one.at(2, 2) == _BUYERS_AGENCY
            for one in self.header
        ):
            envelope["theirs"] = "ref"
        return Order(payload, "edifact", envelope)

    def _head(self) -> Payload:
        sender = self.message.envelope["sender"]
        buyer = self.parties.get("BY", {})
        customer = filled({key: buyer.get(key, "") for key in ("gln", "ref", "vat")})
        return {
            "customer": customer or {"ref": sender},
            "ship_to": self._place(("DP", "ST", "UC", "CN")),
            "bill_to": self._place(("IV",)),
            "order_date": read_date(self.header, ("137",)),
            "requested_date": read_date(self.header, _DELIVERY_DATES),
            "valid_until": read_date(self.header, ("61", "36")),
            "currency": self._currency(),
            "note": lines_of(
                " ".join(one.all(4)) for one in self.header if one.tag == "FTX"
            ),
            "totals": self._totals(),
        }

    def _begin(self) -> Segment:
        if self.begin is None:
            raise DocumentFault(
                "order_number_missing", "The order has no segment BGM.", self.path
            )
        kind = self.begin.at(1)
        path = f"{self.path}/BGM {kind[:20]}"
        if kind in _REFUSED_TYPES:
            raise DocumentFault(*_REFUSED_TYPES[kind], path)
        if kind not in _TAKEN_TYPES:
            raise DocumentFault(
                "order_type", f"Documents of the type {kind[:20]} are not orders.", path
            )
        return self.begin

    def _purpose(self, begin: Segment) -> str:
        code = begin.at(3)
        if code not in _PURPOSES:
            raise DocumentFault(
                "purpose_unknown",
                f"What the document is for is not known: function {code[:20]}.",
                f"{self.path}/BGM",
            )
        purpose = _PURPOSES[code]
        if self.message.kind == "ORDCHG" and purpose == "original":
            return "change"
        return purpose

    def _number(self, begin: Segment) -> str:
        """The order's number; a change has one of its own, and refers to it."""
        if self.message.kind == "ORDCHG":
            for one in self.header:
                if one.tag == "RFF" and one.at(1) == "ON":
                    return one.at(1, 1)
        return begin.at(2)

    def _place(self, kinds: tuple[str, ...]) -> Payload:
        found = next((self.parties[kind] for kind in kinds if kind in self.parties), {})
        return {key: value for key, value in found.items() if key != "vat"}

    def _currency(self) -> str:
        for one in self.header:
            if one.tag == "CUX" and one.at(1, 1):
                return one.at(1, 1)
        return ""

    def _totals(self) -> Payload:
        amounts = {one.at(1): one.at(1, 1) for one in self.summary if one.tag == "MOA"}
        stated = amounts.get("125") or amounts.get("79") or ""
        return filled({"untaxed": plain(stated.replace(",", "."))})

    def _check_sums(self) -> None:
        """What CNT counts is there.

        :raise DocumentFault: where it is not
        """
        counted = {
            "2": as_number(str(len(self.lines))),
            "1": Line.add_quantities(self.lines),
        }
        for one in self.summary:
            stated = as_number(plain(one.at(1, 1).replace(",", ".")))
            found = counted.get(one.at(1)) if one.tag == "CNT" else None
            # a change has lines that order nothing
            if self.message.kind == "ORDCHG" and one.at(1) == "1":
                continue
            if None not in (stated, found) and stated != found:
                what = "lines" if one.at(1) == "2" else "as sum of quantities"
                raise DocumentFault(
                    "count",
                    f"CNT counts {one.at(1, 1)[:20]} {what}, but there are {found}.",
                    f"{self.path}/CNT",
                )


# -- parties and dates ---------------------------------------------------------------


def _parties(header: list[Segment]) -> dict[str, Payload]:
    """The parties by their function (NAD), with what refers to each (RFF)."""
    parties: dict[str, Payload] = {}
    current: Payload | None = None
    for one in header:
        if one.tag == "NAD":
            current = _party(one)
            parties.setdefault(one.at(1), current)
        elif one.tag == "RFF" and one.at(1) == "VA" and current is not None:
            current["vat"] = one.at(1, 1)
    return parties


def _party(one: Segment) -> Payload:
    is_gln = one.at(2, 2) == _GLN_AGENCY
    # names in a field of their own, or name and address as lines of text
    free, names, streets = one.all(3), one.all(4), one.all(5)
    address: Payload = {
        "street": ", ".join(streets[:1]),
        "street2": ", ".join(streets[1:]),
        "city": one.at(6),
        "state": one.at(7),
        "zip": one.at(8),
        "country": one.at(9),
    }
    if not names and free:
        names, lines = free[:1], free[1:]
        address["street"] = address["street"] or ", ".join(lines[:1])
        address["street2"] = address["street2"] or ", ".join(lines[1:])
    if any(address.values()):
        address["name"] = ", ".join(names)
    return filled({"gln" if is_gln else "ref": one.at(2), **address})


def read_date(segments: list[Segment], qualifiers: tuple[str, ...] = ()) -> str:
    """The first date of the qualifiers, in the order of these.

    :param qualifiers: codes of DTM 2005; those of a delivery where none is given
    """
    dates: dict[str, str] = {}
    for one in segments:
        if one.tag == "DTM":
            dates.setdefault(one.at(1), _day(one.at(1, 1), one.at(1, 2)))
    wanted = qualifiers or _DELIVERY_DATES
    return next((dates[code] for code in wanted if dates.get(code)), "")


def _day(text: str, form: str) -> str:
    if form == _WEEK:
        return monday(text)
    if form in _SHORT_YEAR:
        return iso_date(text[:6])
    # a day, a day with a time or zone, or the first day of a period
    return iso_date(text[:8])
