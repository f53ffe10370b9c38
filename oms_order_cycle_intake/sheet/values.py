"""Cells of a grid as values of a payload."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .fault import SheetFault
from .reader import is_blank
from .targets import TARGETS

# Blanks between the thousands; Switzerland writes an apostrophe.
_GAPS = re.compile("[\\s\u00a0\u202f\u2007\u2009'\u2019]")
#: Letters that come with what is copied from web pages and mails, and nobody sees.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_EXPONENT = re.compile(r"[+-]?\d([.,]\d+)?[eE]\+?\d{1,3}")
_CURRENCY_SIGN = re.compile(r"^(?:[€$£¥]|[A-Z]{3})|(?:[€$£¥]|[A-Z]{3})$")
#: Numbers of a workbook are exact up to so many digits.
_EXACT = 10**15
_MAX = 10**12
#: No number or date is as long; longer ones are not looked at letter by letter.
_LONGEST = 100
_DAY_1900, _DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
#: What is taken for the number of a day: years 2000 to 2100.
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari januar january janvier",
            "feb februari februar february fev fevrier février fév",
            "mar mrt maart mär märz marz maerz march mars",
            "apr april avr avril",
            "may mei mai",
            "jun juni june juin",
            "jul juli july juil juillet",
            "aug augustus august aout août",
            "sep sept september septembre",
            "oct okt oktober october octobre",
            "nov november novembre",
            "dec dez december dezember decembre décembre déc",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True)
class Settings:
    """How the file writes numbers and dates, asked once.

    :param decimal: the mark between whole and part, ``.`` or ``,``
    :param date_order: ``dmy``, ``mdy`` or ``ymd``, for dates that are text
    :param is_1904: whether numbers of days count from 1904
    """

    decimal: str = "."
    date_order: str = "dmy"
    is_1904: bool = False


def convert(cell, kind, settings):
    """The value of a cell that is not blank, as text.

    :param kind: of the target: code, text, number, price, date, currency
    :raise SheetFault: the cell says nothing of that kind
    """
    if isinstance(cell, dict) and "fault" in cell:
        raise SheetFault(cell["fault"], value=cell.get("text", ""))
    if kind in ("number", "price"):
        return _to_number(cell, kind, settings)
    if kind == "date":
        return _to_date(cell, settings)
    if kind == "code":
        return _to_code(cell)
    if kind == "currency":
        text = cell_text(cell).strip().upper()
        return {"€": "EUR", "$": "USD", "£": "GBP"}.get(text, text)[:10]
    return cell_text(cell).strip()


def cell_text(cell):
    """What a person sees in a cell."""
    if cell is None:
        return ""
    if isinstance(cell, dict):
        return str(cell.get("date") or cell.get("text") or "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        is_whole = abs(cell) < _EXACT and cell == int(cell)
        return str(int(cell)) if is_whole else f"{cell:.15g}"
    return str(cell)


def _shorten(number):
    """A number as text; of one of thousands of digits that there is none."""
    try:
        return cell_text(number)[:_LONGEST]
    except ValueError:
        return "…"


# -- numbers ---------------------------------------------------------------------------


def _to_number(cell, kind, settings):
    if isinstance(cell, bool | dict):
        raise SheetFault("number_unreadable", value=cell_text(cell))
    if isinstance(cell, int | float):
        if not abs(cell) < _MAX:  # nor is what is no number at all
            raise SheetFault("number_too_large", value=_shorten(cell))
        return _plain(f"{cell:.12f}" if isinstance(cell, float) else str(cell))
    if len(cell) > _LONGEST:
        raise SheetFault("number_unreadable", value=cell.strip()[:100])
    text = _GAPS.sub("", cell).replace("\u2212", "-")
    if kind == "price":
        text = _CURRENCY_SIGN.sub("", text)
    sign = "-" if text.startswith("-") else ""
    digits = _without_thousands(text.lstrip("+-"), settings.decimal, cell)
    if len(digits.partition(".")[0]) > 12:
        raise SheetFault("number_too_large", value=cell.strip()[:100])
    return _plain(sign + digits)


def _without_thousands(text, decimal, cell):
    """Digits with a point; marks between thousands must part groups of three.

    :raise SheetFault: no number, or ``1.5`` where a comma is the decimal mark
    """
    thousands = "," if decimal == "." else "."
    whole, mark, part = text.partition(decimal)
    if not (re.fullmatch(r"[\d.,]+", text, re.ASCII) and text.strip(".,")) or (
        mark and not re.fullmatch(r"\d*", part, re.ASCII)
    ):
        raise SheetFault("number_unreadable", value=cell.strip()[:100])
    if thousands in whole:
        if not re.fullmatch(
            rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+", whole
        ):
            raise SheetFault("number_unclear", value=cell.strip()[:100], mark=decimal)
        whole = whole.replace(thousands, "")
    return f"{whole or '0'}.{part}" if part else whole or "0"


def _plain(text):
    """A decimal without needless zeros, never ``-0``."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _mark, part = digits.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    digits = f"{whole}.{part}" if part else whole
    return digits if digits == "0" else sign + digits


# -- dates -----------------------------------------------------------------------------


def _to_date(cell, settings):
    if isinstance(cell, dict):
        return cell["date"][:10]
    if isinstance(cell, bool):
        raise SheetFault("date_unreadable", value=cell_text(cell))
    if isinstance(cell, int | float):
        return _from_number_of_day(cell, settings)
    text = cell.strip()
    if len(text) > _LONGEST:
        raise SheetFault("date_unreadable", value=text[:100])
    parts = _date_parts(text.casefold(), settings.date_order)
    try:
        year, month, day = parts
        return date(year, month, day).isoformat()
    except (TypeError, ValueError):
        raise SheetFault("date_unreadable", value=text[:100]) from None


def _from_number_of_day(number, settings):
    first = _DAY_1904 if settings.is_1904 else _DAY_1900
    if 10**7 <= number < 10**8 and number == int(number):
        return _to_date(str(int(number)), settings)
    if 0 < number < 100_000:
        day = first + timedelta(days=int(number))
        if _FIRST_DAY <= day <= _LAST_DAY:
            return day.isoformat()
    raise SheetFault("date_unreadable", value=_shorten(number))


def _date_parts(text, order):
    """(year, month, day) of a date in words or figures; None if it is none."""
    # a time behind the day says nothing more
    text = re.sub(r"[t\s]+\d{1,2}:\d\d.*$", "", text)
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text, re.ASCII)
    if not found:
        found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text, re.ASCII)
    if found:
        return tuple(map(int, found.groups()))
    found = re.fullmatch(r"(\d{1,2})\.?[ -]?([^\W\d_]+)\.?[ -]?'?(\d{4}|\d\d)", text)
    if found:
        day, name, year = found.groups()
        return _full_year(year), _MONTHS.get(name, 0), int(day)
    found = re.fullmatch(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})", text, re.ASCII)
    if not found:
        return None
    parts = dict(zip(order, found.groups(), strict=True))
    if len(parts["y"]) not in (2, 4):
        return None
    return _full_year(parts["y"]), int(parts["m"]), int(parts["d"])


def _full_year(text):
    return int(text) + 2000 if len(text) == 2 else int(text)


# -- codes -----------------------------------------------------------------------------


def _to_code(cell):
    if isinstance(cell, dict):
        # Excel makes a date of 1-2
        raise SheetFault("code_is_date", value=cell_text(cell))
    if isinstance(cell, bool):
        raise SheetFault("code_is_bool", value=cell_text(cell))
    if isinstance(cell, int | float):
        if not abs(cell) < _EXACT:
            raise SheetFault("code_rounded", value=_shorten(cell))
        return cell_text(cell)
    text = " ".join(INVISIBLE.sub("", cell).split())
    if _EXPONENT.fullmatch(text) and ("+" in text or "." in text or "," in text):
        raise SheetFault("code_exponent", value=text)
    return text


# -- what is asked once ----------------------------------------------------------------


def guess_settings(rows, mapping):
    """The decimal mark and the order of dates, where the cells tell.

    :param dict mapping: {column index: target key}
    :return: {"decimal": mark, "date_order": order}; False where nothing tells, or the
        cells contradict each other, and it matters; None where it does not matter
    """
    numbers, dates = [], []
    for index, key in mapping.items():
        kind = TARGETS[key].kind
        found = numbers if kind in ("number", "price") else dates
        if kind in ("number", "price", "date"):
            found += [
                row[index].strip()
                for row in rows
                if index < len(row)
                and isinstance(row[index], str)
                and not is_blank(row[index])
            ]
    return {"decimal": _guess_decimal(numbers), "date_order": _guess_order(dates)}


def _guess_decimal(texts):
    votes, matters = set(), False
    for text in texts:
        text = re.sub(r"[^\d.,]", "", text)
        if not re.search(r"[.,]", text):
            continue
        matters = True
        last = max(text, key=lambda char: text.rfind(char) if char in ".," else -1)
        other = "," if last == "." else "."
        if text.count(last) > 1:
            votes.add(other)  # 1.234.567
        elif other in text or not re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
            votes.add(last)  # 1.234,50 or 9,5; but 1.234 may be either
    if not matters:
        return None
    return votes.pop() if len(votes) == 1 else False


def _guess_order(texts):
    votes, matters = set(), False
    for text in texts:
        found = re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2,4})\b", text)
        if not found or re.match(r"\d{4}", text):
            continue
        first, second, third = found.groups()
        matters = True
        if len(third) == 2 and int(first) > 31:
            votes.add("ymd")
        elif int(first) > 12:
            votes.add("dmy")
        elif int(second) > 12:
            votes.add("mdy")
    if not matters:
        return None
    return votes.pop() if len(votes) == 1 else False
