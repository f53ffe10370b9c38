"""Texts, numbers and dates of documents in the form of the payload."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

# Control characters mean nothing in an order, and a database refuses some.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_MOST_DIGITS = 30
# of a price that does not divide evenly
_PLACES = 12


def clean(text: str | None) -> str:
    """A text without control characters and without blanks around it."""
    if not text:
        return ""
    return (text if text.isprintable() else _CONTROLS.sub("", text)).strip()


def plain(text: str) -> str:
    """A number as a plain decimal: no zeros or sign that say nothing.

    What is no number comes back as it is, for the submission to name the fault.
    """
    text = clean(text)
    if not _NUMBER.fullmatch(text):
        return text
    whole, _point, part = text.lstrip("+-").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    number = f"{whole}.{part}" if part else whole
    return f"-{number}" if text.startswith("-") and number != "0" else number


def write(number: Fraction) -> str:
    """A number as a plain decimal, exact where that ends, else to twelve places."""
    if number.denominator == 1:
        return str(number.numerator)
    twos, fives, rest = _factors(number.denominator)
    if rest != 1:
        number = Fraction(round(number * 10**_PLACES), 10**_PLACES)
        twos, fives, _one = _factors(number.denominator)
    places = max(twos, fives)
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if number < 0 else "") + (f"{whole}.{part}" if part else whole)


def _factors(number: int) -> tuple[int, int, int]:
    """How often 2 and 5 divide a number, and what is left of it."""
    counts = []
    for prime in (2, 5):
        count = 0
        while number % prime == 0:
            number //= prime
            count += 1
        counts.append(count)
    return counts[0], counts[1], number


def as_number(text: str) -> Fraction | None:
    """The number of a plain decimal, nothing for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    whole, _point, part = text.partition(".")
    # far quicker than Fraction(text)
    return Fraction(int(f"{whole}{part}"), 10 ** len(part))


def per_one(price: str, basis: str) -> str:
    """The price of one, of a price for ``basis`` of them."""
    if basis in ("", "1"):
        return price
    amount, count = as_number(price), as_number(basis or "1")
    if amount is None or not count:
        return price
    return write(amount / count)


def add_up(texts: Iterable[str]) -> Fraction | None:
    """The sum of plain decimals, nothing where one of them is none."""
    total, whole = None, 0
    for text in texts:
        # most are whole, and fractions take their time
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            whole += int(text)
        elif (number := as_number(text)) is not None:
            total = number if total is None else total + number
        else:
            return None
    return Fraction(whole) if total is None else total + whole


def iso_date(text: str) -> str:
    """The day of an ISO or a compact date, as text; empty where it is none.

    Reads 2026-11-27 (a time or zone after it is left out), 20261127, 261127.
    """
    text = clean(text)
    if len(text) >= 10 and text[4] == "-" and text[7] == "-":
        parts = text[:4], text[5:7], text[8:10]
    elif len(text) in (8, 12, 14):
        parts = text[:4], text[4:6], text[6:8]
    elif len(text) == 6:
        # years of two digits: nobody orders in the last century
        parts = "20" + text[:2], text[2:4], text[4:6]
    else:
        return ""
    if not all(_DIGITS.fullmatch(part) for part in parts):
        return ""
    try:
        return date(*map(int, parts)).isoformat()
    except ValueError:
        return ""


def monday(year_week: str) -> str:
    """The Monday of an ISO week such as 202648."""
    if len(year_week) != 6 or not _DIGITS.fullmatch(year_week):
        return ""
    try:
        return date.fromisocalendar(
            int(year_week[:4]), int(year_week[4:]), 1
        ).isoformat()
    except ValueError:
        return ""


def last_of_month(year_month: str) -> str:
    """The last day of a month such as 202611."""
    first = iso_date(f"{year_month}01")
    if not first:
        return ""
    try:
        later = date.fromisoformat(first) + timedelta(days=31)
    except OverflowError:
        return ""
    return (later.replace(day=1) - timedelta(days=1)).isoformat()


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value not in ("", {}, [])}


def lines_of(texts: Iterable[str]) -> str:
    """Texts below each other, each once, in the order they come."""
    return "\n".join(dict.fromkeys(text for text in map(clean, texts) if text))
