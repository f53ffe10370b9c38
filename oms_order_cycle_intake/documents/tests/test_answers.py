"""Answers, read back: UBL and X12 by their form, EDIFACT by the own envelope reader."""

from datetime import datetime

import pytest
import samples
from documents import edifact, read, ubl, x12
from documents.answer import Answer, AnswerLine, Party
from documents.edifact.envelope import read_messages
from documents.edifact.tokens import split
from documents.x12_envelope import read_sets
from lxml import etree

NAMES = {
    "cac": f"{samples.SCHEMA}CommonAggregateComponents-2",
    "cbc": f"{samples.SCHEMA}CommonBasicComponents-2",
}


def given(content, **values):
    order = read(content).orders[0]
    lines = [
        AnswerLine(
            "1",
            "changed",
            "12",
            "DZN",
            ordered="24",
            price="9.5",
            day="2026-11-12",
            wanted="2026-11-11",
            product={"barcode": "4006381333931", "code": "CUP"},
            description="Cup + saucer *~'",
            reason="12 in stock",
        ),
        AnswerLine("2", "refused", "0", "NAR", ordered="3", description="Plate"),
    ]
    return Answer(
        **{
            "number": "S00042",
            "control": 42,
            "order_ref": "PO-7001",
            "our_ref": "S00042",
            "verdict": "changed",
            "issued": datetime(2026, 11, 2, 10, 30),
            "buyer": Party("Nordwind Handel", gln="4012345000009"),
            "seller": Party("Our Company", ref="77"),
            "lines": lines,
            "order_day": "2026-11-02",
            "currency": "EUR",
            "envelope": order.envelope,
        }
        | values
    )


def test_ubl():
    root = etree.fromstring(ubl.answer(given(samples.UBL_ORDER.encode())))

    def texts(path):
        return [node.text for node in root.findall(path, NAMES)]

    assert texts("cbc:OrderResponseCode") == ["CA"]
    assert texts("cac:OrderReference/cbc:ID") == ["PO-7001"]
    line = "cac:OrderLine/cac:LineItem/"
    assert texts(f"{line}cbc:LineStatusCode") == ["3", "7"]
    assert texts(f"{line}cbc:Quantity") == ["12", "0"]
    assert texts(f"{line}cac:Delivery/cac:PromisedDeliveryPeriod/cbc:EndDate") == [
        "2026-11-12"
    ]
    assert texts("cac:OrderLine/cac:OrderLineReference/cbc:LineID") == ["1", "2"]
    endpoint = root.find("cac:BuyerCustomerParty/cac:Party/cbc:EndpointID", NAMES)
    assert (endpoint.get("schemeID"), endpoint.text) == ("0088", "4012345000009")


def test_ubl_order_of_elements():
    """As the schema has it: validators are strict about the order."""
    root = etree.fromstring(
        ubl.answer(given(samples.UBL_ORDER.encode(), note="Thanks"))
    )
    names = [etree.QName(node).localname for node in root]
    assert names == [
        "CustomizationID", "ProfileID", "ID", "SalesOrderID", "IssueDate", "IssueTime",
        "OrderResponseCode", "Note", "DocumentCurrencyCode", "OrderReference",
        "SellerSupplierParty", "BuyerCustomerParty", "OrderLine", "OrderLine",
    ]  # fmt: skip
    item = root.find("cac:OrderLine/cac:LineItem", NAMES)
    assert [etree.QName(node).localname for node in item] == [
        "ID", "LineStatusCode", "Quantity", "Delivery", "Price", "Item",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "code", "lines"), [("accepted", "AP", 2), ("refused", "RE", 0)]
)
def test_ubl_verdict(verdict, code, lines):
    root = etree.fromstring(
        ubl.answer(given(samples.UBL_ORDER.encode(), verdict=verdict))
    )
    assert root.findtext("cbc:OrderResponseCode", None, NAMES) == code
    assert len(root.findall("cac:OrderLine", NAMES)) == lines


def test_x12():
    [one] = read_sets(x12.answer(given(samples.x12(usage="T"), is_test=True)))
    assert one.kind == "855"
    assert one.envelope["sender"] == "OURS", "who received the order sends the answer"
    assert one.envelope["receiver"] == "PRAIRIE"
    assert one.envelope["group_sender"] == "OURS"
    assert one.envelope["usage"] == "T"
    assert one.envelope["version"] == "004010"
    found = [list(segment) for segment in one.segments]
    assert found[0] == ["BAK", "00", "AC", "PO-7001", "20261102"]
    assert ["ACK", "IQ", "12", "DZN", "068", "20261112"] in found
    assert ["ACK", "IR", "0", "NAR"] in found
    assert [
        "PO1",
        "1",
        "24",
        "DZN",
        "9.5",
        "",
        "EN",
        "4006381333931",
        "VN",
        "CUP",
    ] in found
    assert ["PID", "F", "", "", "", "Cup + saucer   '"] in found, "no separators inside"
    assert found[-1] == ["CTT", "2"]


def test_x12_has_arrived():
    orders = read(samples.x12(samples.x12_set(), samples.x12_set(name="0002"))).orders
    envelopes = [order.envelope for order in orders]
    [one] = read_sets(x12.acknowledge(envelopes, datetime(2026, 11, 2), 7, False))
    assert one.kind == "997"
    assert [list(segment) for segment in one.segments] == [
        ["AK1", "PO", "7"],
        ["AK2", "850", "0001"],
        ["AK5", "A"],
        ["AK2", "850", "0002"],
        ["AK5", "A"],
        ["AK9", "A", "2", "2", "2"],
    ]


def test_isa_is_of_fixed_width():
    content = x12.answer(given(samples.x12()))
    assert content[105:106] == b"~"


def test_edifact():
    content = edifact.answer(given(samples.edifact(test="1"), is_test=True))
    [one] = read_messages(split(content))
    assert one.kind == "ORDRSP"
    assert one.is_test
    assert one.envelope["sender"] == "5412345000013"
    assert one.envelope["receiver"] == "4012345000009"
    found = [
        [segment.components(at) for at in range(len(segment.elements))]
        for segment in one.segments
    ]
    assert found[0] == [["BGM"], ["231"], ["S00042"], ["4"]]
    assert [["RFF"], ["ON", "PO-7001"]] in found
    assert [["LIN"], ["1"], ["3"], ["4006381333931", "EN"]] in found
    assert [["QTY"], ["12", "12"]] in found
    assert [["LIN"], ["2"], ["7"]] in found
    assert [["IMD"], ["F"], [""], ["", "", "", "Cup + saucer *~'"]] in found
    assert [["FTX"], ["AAI"], [""], [""], ["12 in stock"]] in found
