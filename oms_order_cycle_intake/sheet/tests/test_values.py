import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheet import Settings, SheetFault, convert, guess_columns, guess_settings

POINT, COMMA = Settings("."), Settings(",")


def fault_of(cell, kind, settings=POINT):
    with pytest.raises(SheetFault) as caught:
        convert(cell, kind, settings)
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "settings", "value"),
    [
        ("24", POINT, "24"),
        (" 1,234.50 ", POINT, "1234.5"),
        ("1.234,50", COMMA, "1234.5"),
        ("1.234", COMMA, "1234"),
        ("1.234", POINT, "1.234"),
        ("1\u00a0234,5", COMMA, "1234.5"),
        ("1\u202f234\u202f567,5", COMMA, "1234567.5"),
        ("1'234.50", POINT, "1234.5"),
        ("-5", POINT, "-5"),
        ("\u22125", POINT, "-5"),
        ("+5", POINT, "5"),
        ("5.", POINT, "5"),
        (".5", POINT, "0.5"),
        ("007", POINT, "7"),
        ("-0,00", COMMA, "0"),
        (24, POINT, "24"),
        (24.0, POINT, "24"),
        (0.1 + 0.2, POINT, "0.3"),
        (1e-7, POINT, "0.0000001"),
    ],
)
def test_numbers(cell, settings, value):
    assert convert(cell, "number", settings) == value


@pytest.mark.parametrize(
    ("cell", "settings", "code"),
    [
        ("1.5", COMMA, "number_unclear"),
        ("1,5", POINT, "number_unclear"),
        ("1,23,4", POINT, "number_unclear"),
        ("12 pcs", POINT, "number_unreadable"),
        ("1.2.3", POINT, "number_unreadable"),
        ("5-", POINT, "number_unreadable"),
        ("(5)", POINT, "number_unreadable"),
        ("1e5", POINT, "number_unreadable"),
        ("\u0665", POINT, "number_unreadable"),
        (True, POINT, "number_unreadable"),
        ({"date": "2026-01-05"}, POINT, "number_unreadable"),
        (1e12, POINT, "number_too_large"),
        ("9" * 13, POINT, "number_too_large"),
        ({"fault": "formula_no_value", "text": "=A1"}, POINT, "formula_no_value"),
    ],
)
def test_what_is_no_number(cell, settings, code):
    assert fault_of(cell, "number", settings) == code


def test_prices_may_show_their_currency():
    assert convert("€ 9,50", "price", COMMA) == "9.5"
    assert convert("9.50 EUR", "price", POINT) == "9.5"
    assert convert("$1,000", "price", POINT) == "1000"
    assert fault_of("€ 9.50", "number") == "number_unreadable"


@pytest.mark.parametrize(
    ("cell", "order", "value"),
    [
        ("2026-12-04", "dmy", "2026-12-04"),
        ("2026-12-04 10:30:00", "dmy", "2026-12-04"),
        ("2026-12-04T10:30", "dmy", "2026-12-04"),
        ("20261204", "dmy", "2026-12-04"),
        (20261204, "dmy", "2026-12-04"),
        ("04.12.2026", "dmy", "2026-12-04"),
        ("4/12/26", "dmy", "2026-12-04"),
        ("12/4/2026", "mdy", "2026-12-04"),
        ("26-12-04", "ymd", "2026-12-04"),
        ("4. Dezember 2026", "dmy", "2026-12-04"),
        ("4 déc. 2026", "mdy", "2026-12-04"),
        ("04-mrt-26", "dmy", "2026-03-04"),
        ({"date": "2026-12-04T09:30:00"}, "dmy", "2026-12-04"),
        (46360, "dmy", "2026-12-04"),
        (46360.75, "dmy", "2026-12-04"),
    ],
)
def test_dates(cell, order, value):
    assert convert(cell, "date", Settings(date_order=order)) == value


def test_days_from_1904():
    assert convert(44898, "date", Settings(is_1904=True)) == "2026-12-04"


@pytest.mark.parametrize(
    "cell",
    [
        "31.02.2026",
        "13/13/2026",
        "soon",
        "2026-13-01",
        "4 foo 2026",
        12,
        1e9,
        True,
        "1/2",
    ],
)
def test_what_is_no_date(cell):
    assert fault_of(cell, "date") == "date_unreadable"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("00123", "00123"),
        (123, "123"),
        (123.0, "123"),
        (" A  1 ", "A 1"),
        ("5E3", "5E3"),
    ],
)
def test_codes(cell, value):
    assert convert(cell, "code", POINT) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("5.4E+12", "code_exponent"),
        ("5,4E+12", "code_exponent"),
        (340123450000000018, "code_rounded"),
        (3.4012345e17, "code_rounded"),
        ({"date": "2026-02-01"}, "code_is_date"),
        (False, "code_is_bool"),
        ({"fault": "cell_error", "text": "#N/A"}, "cell_error"),
    ],
)
def test_codes_that_a_spreadsheet_spoilt(cell, code):
    assert fault_of(cell, "code") == code


def test_text_and_currency():
    assert convert(12.50, "text", POINT) == "12.5"
    assert convert({"date": "2026-12-04"}, "text", POINT) == "2026-12-04"
    assert convert(" a\nb ", "text", POINT) == "a\nb"
    assert convert("€", "currency", POINT) == "EUR"
    assert convert("eur", "currency", POINT) == "EUR"


def guess(numbers=(), dates=()):
    rows = [[n, None] for n in numbers] + [[None, d] for d in dates]
    found = guess_settings(rows, {0: "lines.price", 1: "requested_date"})
    return found["decimal"], found["date_order"]


def test_settings_that_the_cells_tell():
    assert guess(["1.234,50"], ["13.01.2026"]) == (",", "dmy")
    assert guess(["9,5", "1.234"], ["1/13/26"]) == (",", "mdy")
    assert guess(["1,234.5"], ["99-01-02"]) == (".", "ymd")
    assert guess(["0.500"], []) == (".", None)
    assert guess(["1.234.567"]) == (",", None)


def test_settings_that_are_asked():
    assert guess(["1.234"], ["01.02.2026"]) == (False, False)
    assert guess(["1,5", "1.5"], ["13.01.2026", "01.13.2026"]) == (False, False)
    # nothing to ask: numbers and days of a workbook, whole numbers
    assert guess(["12", 1.5], [{"date": "2026-01-01"}, "2026-01-02"]) == (None, None)


CELLS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789.,-+ '€EeT:/\u00a0", max_size=20),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates().map(lambda day: {"date": day.isoformat()}),
    st.just({"fault": "cell_error", "text": "#REF!"}),
)
ALL_SETTINGS = st.builds(
    Settings,
    decimal=st.sampled_from(".,"),
    date_order=st.sampled_from(["dmy", "mdy", "ymd"]),
    is_1904=st.booleans(),
)


@given(
    CELLS,
    st.sampled_from(["code", "text", "number", "price", "date", "currency"]),
    ALL_SETTINGS,
)
def test_any_cell_is_a_value_or_a_fault(cell, kind, settings):
    try:
        value = convert(cell, kind, settings)
    except SheetFault as fault:
        assert fault.code
        return
    assert isinstance(value, str)
    if kind in ("number", "price"):
        assert re.fullmatch(r"-?(0|[1-9]\d{0,11})(\.\d*[1-9])?", value)
        assert value != "-0"
    if kind == "date":
        assert date.fromisoformat(value)


@given(st.decimals(0, 10**9, places=2), st.sampled_from([(".", ","), (",", ".")]))
def test_what_is_written_with_thousands_is_read_back(number, marks):
    decimal, thousands = marks
    text = f"{number:,.2f}".translate({ord(","): thousands, ord("."): decimal})
    value = convert(text, "number", Settings(decimal))
    assert float(value) == float(number)


@pytest.mark.parametrize("kind", ["number", "price", "date"])
@pytest.mark.parametrize(
    "cell",
    ["1." * 16_000 + "x", "t" * 32_000, float("nan"), float("-inf"), 10**5000],
    ids=["marks", "letters", "nan", "-inf", "digits"],
)
def test_what_is_no_value_at_all_is_told_soon(kind, cell):
    begun = time.monotonic()
    with pytest.raises(SheetFault) as caught:
        convert(cell, kind, Settings())
    assert len(str(caught.value)) < 300
    assert time.monotonic() - begun < 0.5


def test_column_of_what_looks_like_addresses_is_guessed_soon():
    begun = time.monotonic()
    guess_columns(["x"], [["@." * 16_000]] * 10)
    assert time.monotonic() - begun < 1
