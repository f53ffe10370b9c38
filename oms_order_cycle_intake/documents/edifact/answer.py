"""EDIFACT ORDRSP D96A (EAN008): the answer to an order."""

from ..answer import Answer, AnswerLine, Party
from ..values import clean

# BGM 1225: accepted without, with amendment, not accepted.
_VERDICTS = {"accepted": "29", "changed": "4", "refused": "27"}
# LIN 1229
_ACTIONS = {"accepted": "5", "changed": "3", "refused": "7"}
_LINE_LENGTH = 70  # of a component of free text
_GLN = "9"
_CODES = {"code": "SA", "customer_code": "IN"}

Element = str | list[str]


def answer(given: Answer) -> bytes:
    """An ORDRSP in an interchange of its own."""
    asked = given.envelope
    issued = given.issued
    body: list[list[Element]] = [
        ["BGM", "231", given.number, _VERDICTS[given.verdict]],
        ["DTM", ["137", issued.strftime("%Y%m%d%H%M"), "203"]],
        *_free_text(given.note),
        ["RFF", ["ON", given.order_ref]],
    ]
    if given.order_day:
        body.append(["DTM", ["171", _day(given.order_day), "102"]])
    body.append(["RFF", ["VN", given.our_ref]])
    body += [_party("BY", given.buyer), _party("SU", given.seller)]
    if given.currency:
        body.append(["CUX", ["2", given.currency, "9"]])
    for line in given.lines:
        body += _line(line)
    body += [["UNS", "S"], ["CNT", ["2", str(len(given.lines))]]]
    reference = str(given.control)
    release = ["ORDRSP", "D", "96A", "UN", "EAN005"]
    message: list[list[Element]] = [
        ["UNH", "1", release],
        *body,
        ["UNT", str(len(body) + 2), "1"],
    ]
    header: list[Element] = ["UNB", ["UNOY", "4"], _mailbox(asked, "receiver")]
    header += [_mailbox(asked, "sender")]
    header += [[issued.strftime("%y%m%d"), issued.strftime("%H%M")], reference]
    if given.is_test:
        header += ["", "", "", "", "", "1"]
    segments = [header, *message, ["UNZ", "1", reference]]
    text = "UNA:+.? '\n" + "".join(f"{_write(segment)}'\n" for segment in segments)
    return text.encode("utf-8")


def _mailbox(asked: dict[str, str], name: str) -> Element:
    return [asked.get(name, ""), asked.get(f"{name}_qualifier", "")]


def _party(kind: str, party: Party) -> list[Element]:
    number: Element = [party.gln, "", _GLN] if party.gln else [party.ref, "", "92"]
    if not (party.gln or party.ref):
        number = ""
    name = [party.name[at : at + 35] for at in range(0, min(len(party.name), 70), 35)]
    return ["NAD", kind, number, "", name]


def _line(line: AnswerLine) -> list[list[Element]]:
    product = line.product
    barcode = product.get("barcode", "")
    segments: list[list[Element]] = [
        ["LIN", line.ref, _ACTIONS[line.verdict], [barcode, "EN"] if barcode else ""]
    ]
    codes = [[product[key], kind] for key, kind in _CODES.items() if product.get(key)]
    if codes:
        segments.append(["PIA", "1" if barcode else "5", *codes])
    if line.description:
        segments.append(["IMD", "F", "", ["", "", "", line.description[:35]]])
    if line.ordered and line.ordered != line.qty:
        segments.append(["QTY", ["21", line.ordered, line.uom]])
        segments.append(
            ["QTY", ["12" if line.verdict != "refused" else "83", line.qty]]
        )
    else:
        segments.append(["QTY", ["21", line.qty, line.uom]])
    if line.day:
        segments.append(["DTM", ["69", _day(line.day), "102"]])
    segments += _free_text(line.reason)
    if line.price:
        segments.append(["PRI", ["AAA", line.price]])
    return segments


def _free_text(text: str) -> list[list[Element]]:
    words = clean(text).replace("\n", " ")[: 5 * _LINE_LENGTH]
    if not words:
        return []
    parts = [words[at : at + _LINE_LENGTH] for at in range(0, len(words), _LINE_LENGTH)]
    return [["FTX", "AAI", "", "", parts]]


def _day(iso: str) -> str:
    return iso.replace("-", "")


def _write(segment: list[Element]) -> str:
    elements = [
        _components(element) if isinstance(element, list) else _escape(element)
        for element in segment
    ]
    while elements and not elements[-1]:
        elements.pop()
    return "+".join(elements)


def _components(parts: list[str]) -> str:
    escaped = [_escape(part) for part in parts]
    while escaped and not escaped[-1]:
        escaped.pop()
    return ":".join(escaped)


def _escape(text: str) -> str:
    text = clean(text)
    # the release sign itself first
    for sign in "?+:'":
        text = text.replace(sign, f"?{sign}")
    return text.replace("\n", " ").replace("\r", " ")
