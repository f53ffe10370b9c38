import pytest
import samples
from documents import DocumentFault, parse, read
from samples import x12, x12_set


def order(content):
    [payload] = parse(content)
    return payload


def fault(content):
    with pytest.raises(DocumentFault) as caught:
        parse(content)
    return caught.value


def changed(old, new, **options):
    assert old in samples.X12_LINES
    return x12(x12_set(samples.X12_LINES.replace(old, new), **options))


def test_order():
    assert order(x12()) == {
        "version": 1,
        "external_ref": "PO-7001",
        "purpose": "original",
        "test": False,
        "customer": {"gln": "0012345000003"},
        "ship_to": {
            "ref": "DC7",
            "name": "Prairie Center",
            "street": "1 Mill Road",
            "street2": "Dock 4",
            "city": "Omaha",
            "state": "NE",
            "zip": "68102",
            "country": "US",
        },
        "order_date": "2026-11-02",
        "requested_date": "2026-11-10",
        "valid_until": "2026-12-31",
        "currency": "USD",
        "note": "Call before delivery\nMark for: 0012",
        "totals": {"untaxed": "235.5"},
        "lines": [
            {
                "ref": "1",
                "product": {
                    "customer_code": "K-1",
                    "code": "CUP",
                    "barcode": "036000291452",
                },
                "description": "Cup",
                "qty": "24",
                "uom": "DZ",
                "price": "9.5",
                "requested_date": "2026-11-11",
                "note": "Blue if you have it",
            },
            {
                "ref": "2",
                "product": {"customer_code": "K-2"},
                "qty": "3",
                "uom": "EA",
                "price": "2.5",
            },
        ],
    }


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n", "\n", "\r\n", "\x1c", "'"])
@pytest.mark.parametrize("separator", ["*", "|", "\x1d"])
def test_separators(end, separator):
    assert order(x12(end=end, separator=separator)) == order(x12())


def test_versions():
    assert order(x12(version="005010")) == order(x12())
    short = x12_set(begin="BEG*00*SA*PO-7001**261102")
    assert order(x12(short, version="003010"))["order_date"] == "2026-11-02"


def test_short_isa_and_indented_segments():
    content = x12(end="~\n\t").replace(b"OURS           ", b"OURS")
    assert order(content)["external_ref"] == "PO-7001"


def test_sixteenth_element_left_out():
    """Then what ends the segment reads as the component separator."""
    content = x12().replace(b"*P*>~", b"*P*~")
    assert order(content) == order(x12())


def test_no_newline_at_the_end():
    assert order(x12(end="\n").rstrip()) == order(x12())


def test_test():
    assert order(x12(usage="T"))["test"] is True


def test_several_orders_and_interchanges():
    second = x12_set(begin="BEG*00*SA*PO-7002**20261102", name="0002")
    content = x12(x12_set(), second) + x12().replace(b"PO-7001", b"PO-7003")
    assert [one["external_ref"] for one in parse(content)] == [
        "PO-7001",
        "PO-7002",
        "PO-7003",
    ]


def test_release_is_part_of_the_number():
    begin = "BEG*00*RL*PO-7001*0004*20261102"
    assert order(x12(x12_set(begin=begin)))["external_ref"] == "PO-7001-0004"


def test_buyer_is_the_sender_where_none_is_named():
    content = changed("N1*BY*Prairie Stores*UL*0012345000003\n", "")
    assert order(content)["customer"] == {"ref": "PRAIRIE"}


@pytest.mark.parametrize(
    ("code", "purpose"),
    [("00", "original"), ("01", "cancel"), ("05", "replace"), ("07", "original")],
)
def test_purpose(code, purpose):
    content = x12(x12_set(begin=f"BEG*{code}*SA*PO-7001**20261102"))
    assert order(content)["purpose"] == purpose


def test_change():
    lines = "POC*1*QD*12**DZ*9.5*PE*BP*K-1\nPOC*2*DI*3**EA**PE*BP*K-2\nCTT*2"
    begin = "BCH*04*SA*PO-7001***20261102"
    payload = order(x12(x12_set(lines, begin=begin, kind="860"), group="PC"))
    assert payload["purpose"] == "change"
    assert payload["order_date"] == "2026-11-02"
    assert payload["lines"] == [
        {
            "ref": "1",
            "product": {"customer_code": "K-1"},
            "qty": "12",
            "uom": "DZ",
            "price": "9.5",
        },
        {"ref": "2", "product": {"customer_code": "K-2"}, "qty": "0", "uom": "EA"},
    ]


def test_cancel_without_lines():
    begin = "BCH*01*SA*PO-7001***20261102"
    payload = order(x12(x12_set("MSG*Closed", begin=begin, kind="860"), group="PC"))
    assert (payload["purpose"], payload["note"], payload["lines"]) == (
        "cancel",
        "Closed",
        [],
    )


STORES = "MSG*Blue if you have it\nSDQ*DZ*92*0012*10*0015*14"
STORES_2 = "PO1*2*3*EA*250*HP*IN*K-2\nSDQ*EA*92*0015*3"


def stores(first=STORES, second=STORES_2):
    text = samples.X12_LINES.replace("MSG*Blue if you have it", first)
    return x12(x12_set(text.replace("PO1*2*3*EA*250*HP*IN*K-2", second)))


def test_stores():
    first, second = parse(stores())
    assert first["external_ref"] == "PO-7001-0012"
    assert first["ship_to"] == {"ref": "0012"}
    assert [(one["ref"], one["qty"]) for one in first["lines"]] == [("1", "10")]
    assert second["external_ref"] == "PO-7001-0015"
    assert [(one["ref"], one["qty"]) for one in second["lines"]] == [
        ("1", "14"),
        ("2", "3"),
    ]
    assert "Deliver through: Prairie Center, DC7" in second["note"]
    assert "totals" not in second, "they are of the whole"


def test_stores_that_do_not_add_up():
    assert fault(stores(STORES.replace("14", "13"))).code == "store_quantities"
    assert fault(stores(second="PO1*2*3*EA*250*HP*IN*K-2")).code == "store_quantities"


def test_line_in_parts():
    parts = "PID*F****Cup\nSCH*10*DZ***002*20261111\nSCH*14*DZ***002*20261125"
    first, second, _plate = order(changed("PID*F****Cup", parts))["lines"]
    assert (first["ref"], first["qty"], first["requested_date"]) == (
        "1.1",
        "10",
        "2026-11-11",
    )
    assert (second["ref"], second["qty"], second["requested_date"]) == (
        "1.2",
        "14",
        "2026-11-25",
    )


def test_code_of_products_that_the_buyer_tells_apart():
    content = changed("PO1*2*3*EA*250*HP*IN*K-2", "PO1*2*3*EA*250*HP*IN*K-2*VN*CUP")
    first, second = order(content)["lines"]
    assert first["product"] == {"customer_code": "K-1", "barcode": "036000291452"}
    assert second["product"] == {"customer_code": "K-2"}


def test_empty_pairs():
    content = changed("*PE*BP*K-1*VN*CUP*", "*PE***BP*K-1*VN*CUP*")
    assert order(content)["lines"][0]["product"]["customer_code"] == "K-1"


def test_price_by_weight_is_not_guessed():
    line = order(changed("*250*HP*", "*250*PP*"))["lines"][1]
    assert "price" not in line
    assert line["note"] == "Price in the document: 250, basis PP"


def test_other_sets_are_left_out():
    invoice = ["ST*810*0002", "BIG*20261102*1", "SE*3*0002"]
    reading = read(x12(x12_set(), invoice))
    assert len(reading.orders) == 1
    [skipped] = reading.skipped
    assert skipped.code == "not_an_order"
    assert "invoice" in skipped.message
    assert fault(x12(invoice, group="IN")).code == "not_an_order"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("IEA*1*000000055", "IEA*1*000000056", "control_number"),
        ("IEA*1*", "IEA*2*", "count"),
        ("GE*1*7", "GE*1*8", "control_number"),
        ("GE*1*", "GE*3*", "count"),
        ("SE*19*0001", "SE*19*0002", "control_number"),
        ("SE*19*", "SE*18*", "count"),
        ("SE*19*", "SE**", "count"),
        ("IEA*1*000000055~\n", "", "truncated"),
        ("GE*1*7~\nIEA*1*000000055~\n", "", "truncated"),
        ("GE*1*7~\n", "", "envelope"),
        ("SE*19*0001~\n", "", "envelope"),
        ("ST*850*0001~\n", "", "envelope"),
        ("GS*", "GX*", "envelope"),
        ("IEA*1*000000055~\n", "IEA*1*000000055~\nhello", "envelope"),
        ("BEG*00*", "BEG*06*", "purpose_unknown"),
        ("*SA*PO", "*BK*PO", "blanket_order"),
        ("*SA*PO", "*CN*PO", "consignment"),
        ("*PO-7001*", "**", "order_number_missing"),
        ("BEG*", "BEX*", "order_number_missing"),
        ("CTT*2*", "CTT*3*", "count"),
        ("CTT*2*27", "CTT*2*28", "count"),
        ("PID*F****Cup", "N1*ST*Elsewhere*92*5", "ship_to_per_line"),
        ("ISA*", "ISA ", "envelope"),
        ("*U*00401*", "*U00401*", "envelope"),
    ],
)
def test_faults(old, new, code):
    content = x12().decode()
    assert old in content
    found = fault(content.replace(old, new).encode())
    assert found.code == code
    assert found.message.endswith((".", " hello")) or found.code == "envelope"


def test_sets_with_one_number():
    assert fault(x12(x12_set(), x12_set())).code == "control_number_twice"


def test_hash_total_with_decimals_is_not_compared():
    assert order(changed("PO1*1*24*", "PO1*1*24.5*"))["lines"][0]["qty"] == "24.5"
