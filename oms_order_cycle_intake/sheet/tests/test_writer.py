from datetime import date
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sheet import read_sheet, write_sheet

ROWS = [
    ["Order", "Code", "Qty", "Date", "Note"],
    ["PO-1", "00123", 5, {"date": "2026-12-04"}, "=HYPERLINK(1)"],
    ["PO-1", "-5", 1.5, {"date": "2026-12-04T09:30:00"}, "@x"],
    [None, {"fault": "code_exponent", "text": "5.4E+12"}, True, None, "+31"],
]


def test_layout_is_read_again():
    grid = read_sheet(write_sheet("Orders", ROWS, header=0))
    assert grid.rows == [*ROWS[:3], [None, "5.4E+12", True, None, "+31"]]
    assert grid.name == "Orders"


def test_nothing_is_a_formula():
    sheet = load_workbook(BytesIO(write_sheet("x", ROWS))).active
    texts = [cell.value for row in sheet for cell in row if isinstance(cell.value, str)]
    assert not [text for text in texts if text[0] in "=+-@"]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d", "b"}
    assert "'=HYPERLINK(1)" in texts


def test_cells_are_marked_and_codes_stay_text():
    sheet = load_workbook(
        BytesIO(
            write_sheet("[a]/b: " + "x" * 40, ROWS, header=0, marked={(1, 1), (3, 0)})
        )
    ).active
    assert sheet["B2"].fill.start_color.rgb == "00FFF3CD"
    assert sheet["A4"].fill.start_color.rgb == "00FFF3CD"
    assert sheet["A2"].fill.fill_type is None
    assert (sheet["B2"].value, sheet["B2"].number_format) == ("00123", "@")
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet["D2"].value.date() == date(2026, 12, 4)


def test_days_before_workbooks_are_text():
    assert read_sheet(write_sheet("x", [[{"date": "1850-01-01"}]])).rows == [
        ["1850-01-01"]
    ]


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.dates(min_value=date(1901, 1, 1)).map(lambda day: {"date": day.isoformat()}),
    st.text(
        alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Cn"]), max_size=20
    ).filter(lambda text: text.strip() and text[0] != "'"),
)


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_is_written_is_read_back(rows):
    marked = [["x", "x", "x"], *rows, ["y", "y", "y"]]
    assert read_sheet(write_sheet("x", marked)).rows == marked
