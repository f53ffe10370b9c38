"""Whatever comes: payloads or a fault, soon."""

import time

import pytest
import samples
from documents import CODES, DocumentFault, parse
from hypothesis import given, settings
from hypothesis import strategies as st

VALID = {
    "ubl": samples.UBL_ORDER.encode(),
    "change": samples.UBL_CHANGE.encode(),
    "x12": samples.x12(),
    "edifact": samples.edifact(una="UNA:+.? '"),
}
KEYS = {
    "version", "external_ref", "purpose", "test", "customer", "ship_to", "bill_to",
    "order_date", "requested_date", "valid_until", "currency", "lines", "note",
    "totals",
}  # fmt: skip
LINE_KEYS = {
    "ref", "product", "description", "qty", "uom", "price", "requested_date", "note",
}  # fmt: skip


def check(content):
    """Payloads of the form that the contract has, or a fault that says something."""
    try:
        payloads = parse(content, "x")
    except DocumentFault as fault:
        assert fault.code in CODES
        assert fault.message.strip()
        assert len(str(fault)) < 1000
        return
    assert payloads
    for payload in payloads:
        assert payload.keys() <= KEYS
        assert payload["purpose"] in ("original", "change", "replace", "cancel")
        for line in payload["lines"]:
            assert line.keys() <= LINE_KEYS
            assert all(isinstance(value, str | dict) for value in line.values())
        _check_texts(payload)


def _check_texts(value):
    """Texts that a database takes: no zeros, nothing that is no character."""
    if isinstance(value, dict):
        for one in value.values():
            _check_texts(one)
    elif isinstance(value, list):
        for one in value:
            _check_texts(one)
    elif isinstance(value, str):
        assert "\x00" not in value
        value.encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_bytes(content):
    check(content)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [b"<", b"<Order>", b"ISA*", b"UNB+", b"UNA:+.? '", b"\xff\xfe<\x00"]
    ),
    st.binary(max_size=300),
)
def test_bytes_that_begin_well(start, content):
    check(start + content)


@st.composite
def mutated(draw):
    content = bytearray(VALID[draw(st.sampled_from(sorted(VALID)))])
    for _time in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        kind = draw(st.sampled_from(["cut", "put", "set", "copy"]))
        length = draw(st.integers(1, 40))
        if kind == "cut":
            del content[at : at + length]
        elif kind == "put":
            content[at:at] = draw(st.binary(max_size=length))
        elif kind == "set":
            content[at : at + 1] = draw(
                st.sampled_from(
                    [
                        b"*",
                        b"+",
                        b":",
                        b"'",
                        b"~",
                        b"?",
                        b"9",
                        b"\x00",
                        b"<",
                        b"&",
                        b"\xff",
                    ]
                )
            )
        else:
            content[at:at] = content[max(at - length, 0) : at]
    return bytes(content)


@settings(max_examples=1500, deadline=None)
@given(mutated())
def test_mutations(content):
    check(content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(VALID)), st.integers(0, 5000))
def test_cut_short(name, length):
    content = VALID[name]
    if length < len(content.rstrip()):
        with pytest.raises(DocumentFault):
            parse(content[:length])


def grown(name):
    """A document of about a megabyte, of many lines."""
    if name == "ubl":
        head, tail = samples.UBL_ORDER.split(" <cac:OrderLine>", 1)
        line = " <cac:OrderLine>" + tail.rpartition("</Order>")[0]
        return (head + line * (1_000_000 // len(line)) + "</Order>").encode()
    if name == "x12":
        line = "PO1**3*EA*2.5*PE*BP*K-1*VN*CUP\nPID*F****Cup\nSDQ*EA*92*0012*3"
        count = 1_000_000 // len(line)
        lines = "\n".join([line] * count)
        return samples.x12(samples.x12_set(f"{lines}\nCTT*{count}"))
    line = "LIN+1++4006381333931:EN\nQTY+21:8\nPRI+AAA:95:::10"
    count = 1_000_000 // len(line)
    return samples.edifact(
        samples.edifact_message("\n".join([line] * count) + "\nUNS+S")
    )


@pytest.mark.parametrize("name", ["ubl", "x12", "edifact"])
def test_time_of_a_large_file(name):
    """A second on a free machine, twice that for EDIFACT; in proportion to its size."""
    content = grown(name)
    assert 0.8e6 < len(content) < 1.5e6
    begin = time.process_time()
    [payload] = parse(content)
    seconds = time.process_time() - begin
    assert len(payload["lines"]) > 1000
    # what grew with the square of the size would take minutes
    assert seconds < 20, seconds


@pytest.mark.parametrize(
    "content",
    [
        b"ISA" + b"*" * 1_000_000,
        b"<a>" * 300_000,
        b"<Order" + b" a='1'" * 150_000,
        b"UNA:+.? '" + b"+" * 1_000_000,
        b"UNB+UNOC:3" + b"UNH'" * 250_000,
        samples.x12().replace(b"GE*", b"MSG*x~" * 170_000 + b"GE*"),
        b"ISA*" * 250_000,
        b" " * 1_000_000,
        b"\xef\xbb\xbf" * 300_000,
        b"9" * 1_000_000,
        samples.x12().replace(b"*24*", b"*" + b"9" * 900_000 + b"*"),
        samples.UBL_ORDER.replace(">24.0<", f">{'9' * 900_000}<").encode(),
        samples.UBL_ORDER.replace(">24.0<", ">1e999999999<").encode(),
    ],
)
def test_time_of_hostile_files(content):
    begin = time.process_time()
    check(content)
    assert time.process_time() - begin < 20
