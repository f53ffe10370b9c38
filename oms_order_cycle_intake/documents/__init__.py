"""Orders in the documents of electronic trade, and the answers to them.

Pure Python and lxml; knows nothing of Odoo. ``parse`` gives the orders of a file in the
form that ``sale.order.oms_submit_orders`` takes, ``read`` also says who sent them and
what else is in the file; ``ubl.answer``, ``x12.answer`` and ``edifact.answer`` write
what is said to an order.

- ``ubl``: UBL 2.1, as Peppol BIS Ordering 3 uses it
- ``x12``: ANSI X12 850 and 860
- ``edifact``: UN/EDIFACT ORDERS and ORDCHG; reading them needs pydifact
"""

from . import edifact, ubl, x12
from .fault import CODES, DocumentFault
from .reading import Order, Payload, Reading

__all__ = [
    "CODES",
    "DocumentFault",
    "Order",
    "Payload",
    "Reading",
    "edifact",
    "parse",
    "read",
    "standard_of",
    "ubl",
    "x12",
]

# A wholesale order of 5,000 lines is about 5 MB of UBL.
MAX_BYTES = 20_000_000

_READERS = {"ubl": ubl.read, "x12": x12.read, "edifact": edifact.read}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What people send instead, by how it begins.
_OTHERS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"{": "JSON",
    b"[": "JSON",
}


def parse(content: bytes, name: str = "") -> list[Payload]:
    """The orders of a document, one payload each.

    Documents beside the orders, such as invoices in the same interchange, are left out.

    :param content: the file as it came
    :param name: the file's name, for messages
    :raise DocumentFault: where the file, or any order in it, cannot be taken in
    """
    reading = read(content, name)
    if reading.faults:
        raise reading.faults[0]
    return [order.payload for order in reading.orders]


def read(content: bytes, name: str = "") -> Reading:
    """All that a document says.

    :param content: the file as it came
    :param name: the file's name, for messages
    :raise DocumentFault: where nothing in the file can be trusted: the envelope is
        broken, or there is no order in it
    """
    if len(content) > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise DocumentFault(
            "too_large", f"The file is larger than {size} MB. Send it in parts."
        )
    standard = standard_of(content, name)
    if standard != "ubl" and content.startswith(_UTF16):
        content = _as_utf8(content)
    return _READERS[standard](content).check()


def standard_of(content: bytes, name: str = "") -> str:
    """``ubl``, ``x12`` or ``edifact``, by how the file begins.

    :raise DocumentFault: for anything else
    """
    # enough to see what it is; UTF-16 has a zero beside each letter
    start = (
        content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\0", b"")
    )
    if not start and not content[4096:].strip():
        raise DocumentFault("empty", "The file is empty.")
    if start.startswith(b"<"):
        return "ubl"
    if start.startswith(b"ISA"):
        return "x12"
    if start.startswith((b"UNA", b"UNB")):
        return "edifact"
    other = next((_OTHERS[mark] for mark in _OTHERS if start.startswith(mark)), "")
    what = (
        f"{name or 'The file'} is {other}" if other else "What the file is is unknown"
    )
    raise DocumentFault(
        "unknown_format",
        f"{what}: send a UBL order, EDIFACT ORDERS or X12 850, or import a spreadsheet"
        " under Import Orders.",
    )


def _as_utf8(content: bytes) -> bytes:
    try:
        return content.decode("utf-16").encode()
    except UnicodeError as error:
        raise DocumentFault(
            "characters", "The file begins as UTF-16, but goes on as something else."
        ) from error
