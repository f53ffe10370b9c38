import pytest
import samples
from documents import DocumentFault, parse, read


def order(text=samples.UBL_ORDER):
    [payload] = parse(text.encode())
    return payload


def fault(content):
    with pytest.raises(DocumentFault) as caught:
        parse(content if isinstance(content, bytes) else content.encode())
    return caught.value


def test_order():
    assert order() == {
        "version": 1,
        "external_ref": "PO-7001",
        "purpose": "original",
        "test": False,
        "customer": {"gln": "4012345000009", "ref": "C-17", "vat": "DE123456788"},
        "ship_to": {
            "gln": "4012345000016",
            "street": "Hafenstr. 3",
            "street2": "Tor 2",
            "city": "Lübeck",
            "zip": "23552",
            "country": "DE",
        },
        "order_date": "2026-11-02",
        "requested_date": "2026-11-10",
        "valid_until": "2026-12-31",
        "currency": "EUR",
        "note": "Ring at the gate\nYour reference: Jane\n"
        "Delivery wanted from 2026-11-10 to 2026-11-12\n"
        "Charge in the document: 20.00 EUR (Freight)",
        "totals": {"untaxed": "251"},
        "lines": [
            {
                "ref": "1",
                "product": {
                    "customer_code": "K-1",
                    "barcode": "04006381333931",
                    "code": "CUP",
                },
                "description": "Cup",
                "qty": "24",
                "uom": "DZN",
                "price": "9.5",
                "requested_date": "2026-11-11",
                "note": "Blue if you have it\nNot to be delivered in parts\n"
                "Allowance in the document: 3.00 EUR",
            },
            {"ref": "2", "description": "Plate", "qty": "3", "uom": "NAR"},
        ],
    }


def test_price_of_another_unit_is_not_guessed():
    text = samples.UBL_ORDER.replace(
        'BaseQuantity unitCode="DZN"', 'BaseQuantity unitCode="KGM"'
    )
    line = order(text)["lines"][0]
    assert "price" not in line
    assert "Price in the document: 95 for 10 KGM" in line["note"]


@pytest.mark.parametrize(
    ("base", "expected"),
    [("1", "95"), ("3", "31.666666666667"), ("1000", "0.095"), ("8", "11.875")],
)
def test_price_of_many(base, expected):
    text = samples.UBL_ORDER.replace(
        ">10</cbc:BaseQuantity>", f">{base}</cbc:BaseQuantity>"
    )
    assert order(text)["lines"][0]["price"] == expected


def test_price_of_none():
    text = samples.UBL_ORDER.replace(">10</cbc:BaseQuantity>", ">0</cbc:BaseQuantity>")
    assert "price" not in order(text)["lines"][0]


def test_change():
    payload = order(samples.UBL_CHANGE)
    assert payload["external_ref"] == "PO-7001", "of the order, not of the change"
    assert payload["purpose"] == "change"
    assert payload["lines"] == [
        {"ref": "1", "qty": "12", "uom": "DZN"},
        {"ref": "2", "qty": "0", "uom": "NAR"},
    ]


def test_cancellation():
    payload = order(samples.UBL_CANCELLATION)
    assert payload["external_ref"] == "PO-7001"
    assert payload["purpose"] == "cancel"
    assert payload["note"] == "Closed for good"
    assert payload["lines"] == []


def test_test():
    marked = "<cbc:ProfileExecutionID>test</cbc:ProfileExecutionID>\n <cbc:ID>PO-7001"
    assert order(samples.UBL_ORDER.replace("<cbc:ID>PO-7001", marked))["test"] is True


def test_encodings():
    text = samples.UBL_ORDER.partition("\n")[2]
    for declared, encoding in (
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>\n', "latin-1"),
        ('<?xml version="1.0" encoding="windows-1252"?>\n', "cp1252"),
        ('<?xml version="1.0" encoding="utf-16"?>\n', "utf-16"),
        ("", "utf-16"),
    ):
        [payload] = parse((declared + text).encode(encoding))
        assert payload["ship_to"]["city"] == "Lübeck", (declared, encoding)


def test_wrong_encoding():
    assert fault(samples.UBL_ORDER.encode("latin-1")).code == "characters"


def test_envelope_of_many():
    inner = samples.UBL_ORDER.partition("\n")[2]
    second = inner.replace("PO-7001", "PO-7002")
    name = "StandardBusinessDocument"
    text = f'<{name} xmlns="urn:sbd">{inner}{second}</{name}>'
    assert [one["external_ref"] for one in parse(text.encode())] == [
        "PO-7001",
        "PO-7002",
    ]


def test_good_orders_are_not_lost_with_a_bad_one():
    inner = samples.UBL_ORDER.partition("\n")[2]
    bad = inner.replace(">220<", ">227<")
    text = f"<StandardBusinessDocument>{bad}{inner}</StandardBusinessDocument>"
    reading = read(text.encode())
    assert [one.payload["external_ref"] for one in reading.orders] == ["PO-7001"]
    assert [one.code for one in reading.faults] == ["consignment"]
    assert fault(text).code == "consignment"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (">220<", ">227<", "consignment"),
        (">220<", ">221<", "blanket_order"),
        (">220<", ">380<", "order_type"),
        ("<cbc:ID>PO-7001</cbc:ID>", "", "order_number_missing"),
        ("Order-2", "Invoice-2", "not_an_order"),
        ("cac:OrderLine>", "cac:InvoiceLine>", "no_lines"),
        ("</Order>\n", "", "truncated"),
        ("<cbc:ID>1</cbc:ID>", "<cbc:ID>1</cbc:ID></x>", "truncated"),
        ("<cbc:Note>Ring", "<cbc:Note>Ring & run", "xml_broken"),
        (
            "<cbc:ID>1</cbc:ID>",
            "<cbc:ID>1</cbc:ID><cbc:LineStatusCode>9</cbc:LineStatusCode>",
            "line_change_unknown",
        ),
    ],
)
def test_faults(old, new, code):
    assert old in samples.UBL_ORDER
    found = fault(samples.UBL_ORDER.replace(old, new))
    # a tag that closes nothing reads as one that is missing
    assert found.code == code or (code == "truncated" and found.code == "xml_broken")
    assert found.message.endswith((".", ")")) or code == "xml_broken"


def test_invoice():
    found = fault(
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    )
    assert found.code == "not_an_order"
    assert "Invoice" in found.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities(encoding):
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE Order [<!ENTITY e0 "ha">{levels}]>'
    text = samples.UBL_ORDER.partition("\n")[2].replace("Ring", "&e11;")
    assert fault((bomb + text).encode(encoding)).code == "xml_doctype"


def test_entities_hidden_by_an_encoding():
    """UTF-7 writes < as +ADw-, and the system's own decoder reads it."""
    bomb = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE Order '
    bomb += "[+ADwAIQ-ENTITY e +ACI-ha+ACI-+AD4-]>"
    text = samples.UBL_ORDER.partition("\n")[2].replace("Ring", "&e;").replace("ü", "u")
    assert fault((bomb + text).encode()).code in (
        "xml_doctype",
        "xml_broken",
        "characters",
    )


def test_external_entity(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    head = f'<!DOCTYPE Order [<!ENTITY s SYSTEM "file://{secret}">]>'
    text = samples.UBL_ORDER.partition("\n")[2].replace("Ring", "&s;")
    assert fault(head + text).code == "xml_doctype"
