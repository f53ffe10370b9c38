import re
import sys

import pytest
import samples
from documents import DocumentFault, parse, read
from documents.edifact.tokens import split
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydifact.control import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.token import Token
from pydifact.tokenizer import Tokenizer
from samples import edifact, edifact_message


def order(content):
    [payload] = parse(content)
    return payload


def fault(content):
    with pytest.raises(DocumentFault) as caught:
        parse(content)
    return caught.value


def changed(old, new, **options):
    assert old in samples.EDIFACT_LINES
    return edifact(edifact_message(samples.EDIFACT_LINES.replace(old, new), **options))


def test_order():
    assert order(edifact()) == {
        "version": 1,
        "external_ref": "PO-7001",
        "purpose": "original",
        "test": False,
        "customer": {"gln": "4012345000009", "vat": "DE123456788"},
        "ship_to": {
            "gln": "4012345000016",
            "name": "Nordwind Lager",
            "street": "Hafenstr. 3",
            "street2": "Tor 2",
            "city": "Lübeck",
            "zip": "23552",
            "country": "DE",
        },
        "order_date": "2026-11-02",
        "requested_date": "2026-11-10",
        "currency": "EUR",
        "note": "Ring at the gate, please",
        "totals": {"untaxed": "231"},
        "lines": [
            {
                "ref": "1",
                "product": {
                    "barcode": "4006381333931",
                    "code": "CUP",
                    "customer_code": "K-1",
                },
                "description": "Cup + saucer",
                "qty": "24.5",
                "uom": "DZN",
                "price": "9.5",
                "requested_date": "2026-11-11",
            },
            {"ref": "2", "product": {"code": "PLATE"}, "qty": "3"},
        ],
    }


def test_other_separators():
    text = edifact().decode("latin-1").replace("24,5", "24;5").replace("?, ", ", ")
    swapped = text.translate(str.maketrans("+:'?;", "*|~\\,"))
    found = order(("UNA|*,\\ ~" + swapped).encode("latin-1"))
    # what was escaped still is, and was swapped as well
    assert found["lines"][0].pop("description") == "Cup * saucer"
    expected = order(edifact())
    expected["lines"][0].pop("description")
    assert found == expected


def test_no_release_character():
    """A blank in UNA says that there is none: blanks in names are blanks."""
    lines = samples.EDIFACT_LINES.replace("?, please", "").replace(
        "Cup ?+ saucer", "Cup"
    )
    content = edifact(edifact_message(lines), una="UNA:+.  '")
    assert order(content)["note"] == "Ring at the gate"


@pytest.mark.parametrize("una", ["", "UNA:+.? '", "UNA:+,? '\n"])
@pytest.mark.parametrize("number", ["24,5", "24.5"])
def test_decimal_marks(una, number):
    text = samples.EDIFACT_LINES.replace("24,5", number)
    assert order(edifact(edifact_message(text), una=una))["lines"][0]["qty"] == "24.5"


@pytest.mark.parametrize("syntax", ["UNOA:1", "UNOB:2", "UNOC:3", "UNOY:4"])
def test_character_sets(syntax):
    assert order(edifact(syntax=syntax))["ship_to"]["city"] == "Lübeck"


def test_cyrillic():
    text = edifact(
        edifact_message(samples.EDIFACT_LINES.replace("Lübeck", "X")), syntax="UNOE:3"
    )
    content = text.decode().replace("+X+", "+Москва+").encode("iso8859-5")
    assert order(content)["ship_to"]["city"] == "Москва"


def test_wrong_characters():
    content = edifact().replace(b"UNOC", b"UNOY")
    assert fault(content).code == "characters"
    assert fault(edifact(syntax="UNOX:3")).code == "character_set_unknown"


def test_test():
    assert order(edifact(test="1"))["test"] is True


def test_several_messages_and_groups():
    second = edifact_message(begin="BGM+220+PO-7002+9", name="2")
    for group in (False, True):
        found = parse(edifact(edifact_message(), second, group=group))
        assert [one["external_ref"] for one in found] == ["PO-7001", "PO-7002"]


@pytest.mark.parametrize(
    "release", ["D:96A:UN:EAN008", "D:01B:UN:EAN010", "D:03B:UN:EAN008", "D:93A:UN"]
)
def test_releases(release):
    assert order(edifact(edifact_message(kind=f"ORDERS:{release}"))) == order(edifact())


@pytest.mark.parametrize(
    ("code", "purpose"),
    [
        ("9", "original"),
        ("", "original"),
        ("1", "cancel"),
        ("5", "replace"),
        ("31", "original"),
    ],
)
def test_purpose(code, purpose):
    content = edifact(edifact_message(begin=f"BGM+220::9+PO-7001+{code}"))
    assert order(content)["purpose"] == purpose


def test_change():
    lines = """DTM+137:20261103:102
RFF+ON:PO-7001
NAD+BY+4012345000009::9
LIN+1+3+4006381333931:EN
QTY+21:12
LIN+2+2+PLATE:SA
QTY+21:3
UNS+S"""
    content = edifact(
        edifact_message(lines, "BGM+230+CH-1+4", "ORDCHG:D:96A:UN:EAN008")
    )
    payload = order(content)
    assert payload["external_ref"] == "PO-7001"
    assert payload["purpose"] == "change"
    assert [(one["ref"], one["qty"]) for one in payload["lines"]] == [
        ("1", "12"),
        ("2", "0"),
    ]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2:20261110:102", "2026-11-10"),
        ("2:261110:101", "2026-11-10"),
        ("2:202646:616", "2026-11-09"),
        ("2:2026111020261112:718", "2026-11-10"),
        ("64:20261109:102", "2026-11-09"),
        ("63:20261112:102", "2026-11-12"),
    ],
)
def test_dates(date, expected):
    assert order(changed("2:20261110:102", date))["requested_date"] == expected


def test_book_trade():
    """Quantities are "discrete", codes are ISBN with zeros, titles are free text."""
    lines = "NAD+BY+4012345000009::9\nLIN+1+1+0306406152:IB\nQTY+1:25\n"
    lines += "FTX+AFM+1++A Book\nUNS+S\nCNT+2:1"
    [line] = order(edifact(edifact_message(lines)))["lines"]
    assert line == {
        "ref": "1",
        "product": {"barcode": "0306406152"},
        "description": "A Book",
        "qty": "25",
    }


def test_customer_by_number_and_by_sender():
    content = changed(
        "NAD+BY+4012345000009::9\nRFF+VA:DE123456788\n", "NAD+BY+C-17::91\n"
    )
    assert order(content)["customer"] == {"ref": "C-17"}
    content = changed("NAD+BY+4012345000009::9\nRFF+VA:DE123456788\n", "")
    assert order(content)["customer"] == {"ref": "4012345000009"}


def test_price_of_another_unit_is_not_guessed():
    line = order(changed("PRI+AAA:95:::10:DZN", "PRI+AAA:95:::10:KGM"))["lines"][0]
    assert "price" not in line
    assert line["note"] == "Price in the document: 95 for 10 KGM"


def test_other_messages_are_left_out():
    invoice = ["UNH+2+INVOIC:D:96A:UN", "BGM+380+1+9", "UNT+3+2"]
    reading = read(edifact(edifact_message(), invoice))
    assert len(reading.orders) == 1
    assert [one.code for one in reading.skipped] == ["not_an_order"]
    assert fault(edifact(invoice)).code == "not_an_order"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("UNZ+1+807'\n", "", "truncated"),
        ("UNZ+1+807'", "UNZ+1+807", "truncated"),
        ("UNZ+1+807", "UNZ+1+808", "control_number"),
        ("UNZ+1+", "UNZ+2+", "count"),
        ("UNT+22+1", "UNT+22+2", "control_number"),
        ("UNT+22+", "UNT+21+", "count"),
        ("UNT+22+1'\n", "", "envelope"),
        ("UNH+1+", "UNX+1+", "envelope"),
        ("UNB+", "UNBX", "envelope"),
        ("BGM+220+", "BGM+227+", "consignment"),
        ("BGM+220+", "BGM+221+", "blanket_order"),
        ("BGM+220+", "BGM+380+", "order_type"),
        ("+PO-7001+", "++", "order_number_missing"),
        ("BGM+", "BGX+", "order_number_missing"),
        ("PO-7001+9", "PO-7001+77", "purpose_unknown"),
        ("CNT+2:2", "CNT+2:3", "count"),
        ("LIN+1++", "LIN+1+99+", "line_change_unknown"),
        ("QTY+21:24,5:DZN", "NAD+DP+4012345000023::9", "ship_to_per_line"),
        ("PRI+AAA:95:::10:DZN", "DTM+2:20261201:102", "schedule"),
        ("?, please", "?\n", "count"),
    ],
)
def test_faults(old, new, code):
    text = edifact().decode("latin-1")
    assert old in text
    assert fault(text.replace(old, new).encode("latin-1")).code == code


def test_separators_that_cannot_be():
    assert fault(edifact(una="UNA++.? '")).code == "envelope"
    assert fault(edifact(una="UNA:+;? '")).code == "envelope"


def test_messages_with_one_number():
    assert (
        fault(edifact(edifact_message(), edifact_message())).code
        == "control_number_twice"
    )


def test_without_pydifact(monkeypatch):
    for name in list(sys.modules):
        if name.partition(".")[0] == "pydifact":
            monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "pydifact", None)
    found = fault(edifact())
    assert found.code == "edifact_missing"
    assert "pydifact" in found.message


def read_by_pydifact(body):
    """All segments as pydifact reads them, letter by letter."""
    characters = Characters()
    characters.line_terminators = [" ", "\r", "\n", "\t"]
    segments, elements = [], [[""]]
    for token in Tokenizer().get_tokens(body, characters):
        if token.type is Token.Type.CONTENT:
            elements[-1][-1] = token.value
        elif token.type is Token.Type.COMPONENT_SEPARATOR:
            elements[-1].append("")
        elif token.type is Token.Type.DATA_SEPARATOR:
            elements.append([""])
        else:
            segments.append(elements)
            elements = [[""]]
    return segments


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="AÜ1+:?' \r\n,", max_size=40))
def test_segments_are_those_of_pydifact(text):
    body = f"A{text}'"
    # pydifact keeps line breaks, and drops a blank that is released at the beginning
    # of a segment
    whole = re.sub(r"[\r\n]", "", body)
    assume("? " not in whole)
    try:
        expected = read_by_pydifact(whole)
    except EDISyntaxError:
        with pytest.raises(DocumentFault):
            list(split(body.encode("latin-1")))
        return
    found = [
        [one.components(at) for at in range(len(one.elements))]
        for one in split(body.encode("latin-1"))
    ]
    assert found == expected


def test_end_that_is_released():
    """The last sign belongs to a text: what ends the segment is missing."""
    content = edifact().rstrip().removesuffix(b"'") + b"?'"
    assert fault(content).code == "truncated"


def test_lines_mean_nothing():
    """php-edifact #134: files are wrapped wherever a line was full, also in a code."""
    plain = edifact(end="'")
    for width in (35, 80):
        lines = [plain[i : i + width] for i in range(0, len(plain), width)]
        for mark in (b"\n", b"\r\n"):
            assert parse(mark.join(lines)) == parse(plain)


def test_lines_as_segments():
    """EDI.Net #24: a line feed may end segments, where UNA says so."""
    assert parse(edifact(una="UNA:+,? \n", end="\n")) == parse(edifact())


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Why??", "Why?"), ("a???' b", "a?' b"), ("a????", "a??"), ("a?@b", "a@b")],
)
def test_released_release(written, meant):
    """vscode-edifact #14, php-edifact #146, EDI.Net #157: released question marks in
    front of the end of a segment, and of letters that need none."""
    lines = samples.EDIFACT_LINES.replace("Ring at the gate?, please", written)
    [payload] = parse(edifact(edifact_message(lines)))
    assert payload["note"] == meant
