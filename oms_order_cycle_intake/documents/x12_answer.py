"""ANSI X12 855 (answer to an order) and 997 (it has arrived)."""

from datetime import datetime

from .answer import Answer, AnswerLine
from .values import clean

_TERMINATOR, _SEPARATOR, _COMPONENT, _REPETITION = "~", "*", ">", "U"
# BAK02: accepted as it is, with changes, rejected.
_VERDICTS = {"accepted": "AD", "changed": "AC", "refused": "RD"}
# PO106 and on.
_QUALIFIERS = {"customer_code": "BP", "code": "VN", "barcode": "EN"}
_GTIN_QUALIFIERS = {12: "UP", 13: "EN", 14: "UK"}


def answer(given: Answer) -> bytes:
    """An 855 in an interchange of its own."""
    # what an accepted order says of its lines is said once more: partners match by it
    body = [
        ["BAK", "00", _VERDICTS[given.verdict], *_order_and_release(given)],
        ["REF", "VN", given.our_ref],
        *([["CUR", "SE", given.currency]] if given.currency else []),
        *_parties(given),
    ]
    for line in given.lines:
        body += _line(line)
    body.append(["CTT", str(len(given.lines))])
    return _interchange(
        given.envelope,
        "PR",
        [("855", body)],
        given.issued,
        given.control,
        given.is_test,
    )


def acknowledge(
    envelopes: list[dict[str, str]], issued: datetime, control: int, is_test: bool
) -> bytes:
    """A 997 for transaction sets of one group that were read.

    :param envelopes: ``Order.envelope`` of each
    """
    first = envelopes[0]
    body = [["AK1", first.get("group_kind", "PO"), first.get("group", "")]]
    for envelope in envelopes:
        body += [["AK2", envelope.get("set_kind", "850"), envelope.get("set", "")]]
        body += [["AK5", "A"]]
    count = str(len(envelopes))
    body.append(["AK9", "A", count, count, count])
    return _interchange(first, "FA", [("997", body)], issued, control, is_test)


def _order_and_release(given: Answer) -> list[str]:
    # the number as the order has it, before the release and the store were put to it
    return [given.envelope.get("order", given.order_ref), _day(given.order_day)]


def _parties(given: Answer) -> list[list[str]]:
    parties = []
    for kind, party in (("BY", given.buyer), ("SE", given.seller)):
        segment = ["N1", kind, party.name[:60]]
        if party.gln:
            segment += ["UL", party.gln]
        elif party.ref:
            segment += ["92", party.ref]
        parties.append(segment)
    return parties


def _line(line: AnswerLine) -> list[list[str]]:
    numbers = []
    for key, number in line.product.items():
        if number and key in _QUALIFIERS:
            qualifier = _QUALIFIERS[key]
            if key == "barcode":
                qualifier = _GTIN_QUALIFIERS.get(len(number), qualifier)
            numbers += [qualifier, number]
    ordered = line.ordered or line.qty
    segments = [["PO1", line.ref, ordered, line.uom, line.price, "", *numbers]]
    if line.description:
        segments.append(["PID", "F", "", "", "", line.description[:80]])
    status = ["ACK", _status(line), line.qty, line.uom]
    if line.day:
        status += ["068", _day(line.day)]
    segments.append(status)
    return segments


def _status(line: AnswerLine) -> str:
    """ACK01: what is said of a line."""
    if line.verdict == "refused":
        return "IR"
    if line.verdict == "accepted":
        return "IA"
    if line.ordered and line.ordered != line.qty:
        return "IQ"
    if line.wanted and line.day and line.wanted != line.day:
        return "DR"
    return "IC"


def _day(iso: str) -> str:
    return iso.replace("-", "")


def _interchange(
    asked: dict[str, str],
    group_kind: str,
    sets: list[tuple[str, list[list[str]]]],
    issued: datetime,
    control: int,
    is_test: bool,
) -> bytes:
    """Sets in their envelopes, from the receiver of the order back to its sender."""
    version = asked.get("version") or "004010"
    number = f"{control % 10**9:09d}"
    day, hour = issued.strftime("%Y%m%d"), issued.strftime("%H%M")
    isa = ["ISA", "00", " " * 10, "00", " " * 10]
    isa += [_fixed(asked.get("receiver_qualifier") or "ZZ", 2)]
    isa += [_fixed(asked.get("receiver", ""), 15)]
    isa += [_fixed(asked.get("sender_qualifier") or "ZZ", 2)]
    isa += [_fixed(asked.get("sender", ""), 15)]
    isa += [day[2:], hour, _REPETITION, asked.get("interchange_version") or "00401"]
    isa += [number, "0", "T" if is_test else "P", _COMPONENT]
    parties = asked.get("group_receiver", ""), asked.get("group_sender", "")
    group = str(control % 10**9)
    segments = [["GS", group_kind, *parties, day, hour, group, "X", version]]
    for index, (kind, body) in enumerate(sets, start=1):
        name = f"{index:04d}"
        segments.append(["ST", kind, name])
        segments += body
        segments.append(["SE", str(len(body) + 2), name])
    segments.append(["GE", str(len(sets)), group])
    segments.append(["IEA", "1", number])
    # blanks are of its fixed width
    text = _SEPARATOR.join(isa) + _TERMINATOR + "\n"
    text += "".join(_write(segment) for segment in segments)
    return text.encode("utf-8")


def _fixed(text: str, width: int) -> str:
    return _safe(text)[:width].ljust(width)


def _write(segment: list[str]) -> str:
    elements = [_safe(element) for element in segment]
    while elements and not elements[-1]:
        elements.pop()
    return _SEPARATOR.join(elements) + _TERMINATOR + "\n"


def _safe(text: str) -> str:
    """A text without what separates: X12 has no way to write these."""
    for sign in (_SEPARATOR, _TERMINATOR, _COMPONENT, "\n", "\r"):
        text = text.replace(sign, " ")
    return clean(text)
