"""Which keys a payload may have, and of what kind: anything else is a fault.

Numbers are kept as text, so that nothing is rounded on the way.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from .fault import Fault, is_carried, shorten

VERSION = 1
#: Longest text of each kind, in letters.
MOST_CODE, MOST_TEXT, MOST_NOTE = 64, 200, 5000
#: Lines of a single order.
MOST_LINES = 5000
#: Digits before and after the decimal point; what is finer is rounded.
MOST_WHOLE, MOST_DECIMALS = 12, 6
MOST_ID = 2**31 - 1

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: Days before and after cannot be meant.
_YEARS = ("1970", "2200")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_FINEST = Decimal(1).scaleb(-MOST_DECIMALS)
#: Longest number in bits that is written out.
_MOST_BITS = 200

PURPOSES = ("original", "change", "replace", "cancel")


def check(value):
    """Read one payload, whatever it is.

    :param value: anything that JSON can hold
    :return: ``(clean payload, [])``, or ``(None, faults)`` with all faults at once.
        In a clean payload texts are trimmed, numbers are texts, what is empty is left
        out, and every line has a ``ref``.
    """
    clean, faults = read(value)
    return (None, faults) if faults else (clean, [])


def read(value):
    """Read one payload as far as that can be done, so that the rest of it is checked
    whatever else is wrong.

    :param value: anything that JSON can hold
    :return: ``(payload, faults)``: what can be read, and what is wrong
    """
    faults = []
    clean = _read_object(_PAYLOAD, value, "", faults)
    if isinstance(value, dict):
        _check_whole(clean, faults)
    return clean, faults


def _check_whole(clean, faults):
    """What can be told from the payload as a whole only."""
    if clean.get("version", VERSION) != VERSION:
        faults.append(
            Fault(
                "version_unknown",
                "version",
                clean["version"],
                params={"known": VERSION},
            )
        )
    clean.setdefault("purpose", "original")
    lines = clean.setdefault("lines", [])
    is_told = any(fault.path in ("lines", "purpose") for fault in faults)
    if clean["purpose"] != "cancel" and not lines and not is_told:
        faults.append(Fault("no_lines", "lines"))
    if len(lines) > MOST_LINES:
        faults.append(
            Fault("batch_too_large", "lines", len(lines), params={"lines": MOST_LINES})
        )
    _number_lines(lines, faults)
    for fault in faults:
        index = fault.path.removeprefix("lines[").partition("]")[0]
        if fault.path.startswith("lines[") and index.isdigit():
            fault.line = lines[int(index)]["ref"]
    if len(lines) > MOST_LINES:
        # so many are not looked at
        clean["lines"] = []


def _number_lines(lines, faults):
    """Give each line a reference; no two may have the same."""
    seen = set()
    for index, line in enumerate(lines):
        ref = line.setdefault("ref", f"#{index + 1}")
        if ref in seen:
            path = f"lines[{index}].ref"
            faults.append(Fault("duplicate_line_ref", path, ref, line=ref))
        seen.add(ref)


def is_empty(value):
    """Whether a key counts as left out; XML-RPC knows no null and sends false."""
    return (
        value is None
        or value is False
        or (isinstance(value, str) and not value.strip())
    )


# -- kinds of values: each returns what is clean, or None and a fault -----------------


def _read_text(value, path, faults, most=MOST_TEXT):
    if type(value) is int and value.bit_length() <= _MOST_BITS:
        value = str(value)
    if not isinstance(value, str):
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "text"}))
        return None
    if not all(map(is_carried, value)):
        faults.append(Fault("bad_characters", path, value))
        return None
    text = value.strip()
    if len(text) > most:
        faults.append(Fault("too_long", path, text, params={"most": most}))
        return None
    return text


def _read_number(value, path, faults):
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "number"}))
        return None
    number = _parse_number(value)
    if number is None:
        faults.append(Fault("not_a_number", path, value))
        return None
    return number


def _parse_number(value):
    """The number as text without needless zeros; None when it is none."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return None
    text = str(value).strip()
    if isinstance(value, str) and not _NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text)
        if not number.is_finite() or number.adjusted() >= MOST_WHOLE:
            return None
        written = format(number.quantize(_FINEST), "f").rstrip("0").rstrip(".")
    except InvalidOperation:
        return None
    return "0" if written in ("-0", "") else written


def _read_date(value, path, faults):
    text = value.strip() if isinstance(value, str) else ""
    if not _is_date(text):
        faults.append(Fault("not_a_date", path, value))
        return None
    return text


def _is_date(text):
    if not (_DATE.fullmatch(text) and _YEARS[0] <= text <= _YEARS[1]):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _read_id(value, path, faults):
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:20])
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not 0 < value <= MOST_ID
    ):
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "id"}))
        return None
    return value


def _read_version(value, path, faults):
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST_ID:
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "number"}))
        return None
    return value


def _read_yes_no(value, path, faults):
    if not isinstance(value, bool):
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "yes_no"}))
        return None
    return value


def _read_choice(choices, value, path, faults):
    text = value.strip().lower() if isinstance(value, str) else None
    if text not in choices:
        faults.append(
            Fault("wrong_kind", path, value, params={"wanted": " / ".join(choices)})
        )
        return None
    return text


def _read_list(read_one, value, path, faults):
    if not isinstance(value, list | tuple):
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "list"}))
        return None
    return [
        read_one(one, f"{path}[{index}]", faults) for index, one in enumerate(value)
    ]


def _read_object(spec, value, path, faults):
    """Read the keys of an object.

    :param spec: ``{key: (reader, whether it must be there)}``
    """
    if not isinstance(value, dict):
        faults.append(Fault("wrong_kind", path, value, params={"wanted": "object"}))
        return {}
    prefix = f"{path}." if path else ""
    clean = {}
    for key in value:
        if key not in spec:
            where = f"{prefix}{shorten(key)}"
            faults.append(Fault("unknown_key", where, value[key]))
    for key, (read_one, wanted) in spec.items():
        if is_empty(value.get(key)):
            if wanted:
                faults.append(Fault("missing", f"{prefix}{key}"))
            continue
        before = len(faults)
        read_value = read_one(value[key], f"{prefix}{key}", faults)
        if read_value or len(faults) == before:
            clean[key] = read_value
    return clean


def _read_names(spec, value, path, faults):
    """An object that has to name something by one of its keys at least."""
    before = len(faults)
    clean = _read_object(spec, value, path, faults)
    if not clean and len(faults) == before:
        faults.append(Fault("missing", path))
    return clean


_code = partial(_read_text, most=MOST_CODE)
_text = _read_text
_note = partial(_read_text, most=MOST_NOTE)

_CUSTOMER = partial(
    _read_names,
    {
        "id": (_read_id, False),
        "gln": (_code, False),
        "ref": (_code, False),
        "vat": (_code, False),
        "email": (_text, False),
    },
)
_ADDRESS = partial(
    _read_names,
    {
        "id": (_read_id, False),
        "gln": (_code, False),
        "ref": (_code, False),
        "name": (_text, False),
        "street": (_text, False),
        "street2": (_text, False),
        "zip": (_code, False),
        "city": (_text, False),
        "country": (_text, False),
        "state": (_text, False),
    },
)
_PRODUCT = partial(
    _read_names,
    {
        "id": (_read_id, False),
        "customer_code": (_code, False),
        "barcode": (_code, False),
        "code": (_code, False),
    },
)
_LINE = partial(
    _read_object,
    {
        "ref": (_code, False),
        "product": (_PRODUCT, True),
        "description": (_note, False),
        "qty": (_read_number, True),
        "uom": (_code, False),
        "price": (_read_number, False),
        "requested_date": (_read_date, False),
        "note": (_note, False),
    },
)
_TOTALS = partial(_read_object, {"untaxed": (_read_number, False)})
_PAYLOAD = {
    "version": (_read_version, False),
    "channel": (_code, True),
    "external_ref": (_code, True),
    "purpose": (partial(_read_choice, PURPOSES), False),
    "test": (_read_yes_no, False),
    "customer": (_CUSTOMER, True),
    "ship_to": (_ADDRESS, False),
    "bill_to": (_ADDRESS, False),
    "order_date": (_read_date, False),
    "requested_date": (_read_date, False),
    "valid_until": (_read_date, False),
    "currency": (_code, False),
    "lines": (partial(_read_list, _LINE), False),
    "note": (_note, False),
    "totals": (_TOTALS, False),
}
#: What a payload may have.
KEYS = frozenset(_PAYLOAD)
