"""What is typed at the order desk, read strictly: it comes from a browser."""

import json
import math
from dataclasses import dataclass, field
from datetime import date

from ..payload.fault import is_carried

#: More lines than anybody types; longer texts than anybody says on the phone.
MOST_LINES, MOST_TEXT, MOST_ID = 500, 10_000, 2**31 - 1
#: Odoo keeps no more digits than these of a number.
MOST_NUMBER = 1e12
#: Letters that are searched for at most.
MOST_SEARCHED = 100


class ContentFault(ValueError):
    """
    :param str path: where in the content
    """

    def __init__(self, path):
        super().__init__(path)
        self.path = path


@dataclass
class DeskLine:
    """A line as it is typed.

    :param key: by which the screen knows it
    :param line_id: of the quotation that is gone on with, or False
    :param qty: in the unit, None where none is typed yet
    :param price: by hand, in the order's currency; None: ours
    :param discount: by hand, percent; None: ours
    :param known_price: what was answered last; None: to be asked anew
    :param known_discount: the same
    """

    key: str
    line_id: int
    product_id: int
    uom_id: int
    qty: float | None
    price: float | None
    discount: float | None
    known_price: float | None
    known_discount: float | None


@dataclass
class DeskContent:
    """An order as it is typed; ids are False where nothing is chosen."""

    key: str
    order_id: int
    stamp: str
    partner_id: int
    shipping_id: int
    channel_id: int
    client_order_ref: str
    requested_date: date | None
    note: str
    lines: list = field(default_factory=list)


def as_id(value):
    """An id that a browser has sent; 0 for what is none."""
    return value if type(value) is int and 0 < value <= MOST_ID else 0


def as_text(value):
    """What somebody types to find something, of what any database takes."""
    text = value if isinstance(value, str) else ""
    return "".join(filter(is_carried, text[:MOST_SEARCHED])).strip()


def is_kept(raw):
    """Whether a content can be kept as JSON, whatever else is in it."""
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return "\\u0000" not in text


def read_content(raw):
    """What was sent as a content.

    :raise ContentFault: it is none
    """
    if not isinstance(raw, dict):
        raise ContentFault("content")
    lines = raw.get("lines") or []
    if not isinstance(lines, list) or len(lines) > MOST_LINES:
        raise ContentFault("lines")
    return DeskContent(
        key=_read_text(raw, "key", wanted=True),
        order_id=_read_id(raw, "order_id"),
        stamp=_read_text(raw, "stamp"),
        partner_id=_read_id(raw, "partner_id"),
        shipping_id=_read_id(raw, "shipping_id"),
        channel_id=_read_id(raw, "channel_id"),
        client_order_ref=_read_text(raw, "client_order_ref"),
        requested_date=_read_date(raw, "requested_date"),
        note=_read_text(raw, "note"),
        lines=[_read_line(line, f"lines[{n}].") for n, line in enumerate(lines)],
    )


def _read_line(raw, path):
    if not isinstance(raw, dict):
        raise ContentFault(path)
    return DeskLine(
        key=_read_text(raw, "key", path, wanted=True),
        line_id=_read_id(raw, "line_id", path),
        product_id=_read_id(raw, "product_id", path),
        uom_id=_read_id(raw, "uom_id", path),
        **{
            name: _read_number(raw, name, path)
            for name in ("qty", "price", "discount", "known_price", "known_discount")
        },
    )


def _read_id(raw, name, path=""):
    value = raw.get(name) or False
    if value is False:
        return False
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not 0 < value <= MOST_ID
    ):
        raise ContentFault(f"{path}{name}")
    return value


def _read_text(raw, name, path="", wanted=False):
    value = raw.get(name) or ""
    if not isinstance(value, str) or len(value) > MOST_TEXT or (wanted and not value):
        raise ContentFault(f"{path}{name}")
    # the database knows no others
    return "".join(filter(is_carried, value)).strip()


def _read_number(raw, name, path):
    value = raw.get(name)
    if value is None or value is False:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ContentFault(f"{path}{name}")
    if not math.isfinite(value) or abs(value) > MOST_NUMBER:
        raise ContentFault(f"{path}{name}")
    return float(value)


def _read_date(raw, name):
    value = raw.get(name)
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ContentFault(name) from error
    if not 2000 <= day.year < 2100:
        raise ContentFault(name)
    return day
