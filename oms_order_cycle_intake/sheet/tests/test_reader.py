import time
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from books import patched, save, workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import MAC_EPOCH
from sheet import Limits, SheetFault, list_sheets, read_sheet

ROWS = [["Ref", "Côde", "Qty"], ["PO-1", "é€", "1,5"]]
SHEET = r"xl/worksheets/sheet1\.xml"


def rows_of(content, **options):
    return read_sheet(content, **options).rows


def fault_of(content, **options):
    with pytest.raises(SheetFault) as caught:
        read_sheet(content, **options)
    return caught.value.code


def lines(rows, delimiter=";", newline="\r\n"):
    return newline.join(delimiter.join(row) for row in rows) + newline


# -- CSV -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings(encoding):
    grid = read_sheet(lines(ROWS).encode(encoding))
    assert grid.rows == ROWS
    assert grid.notes == (["cp1252"] if encoding == "cp1252" else [])


def test_big_endian_with_mark():
    assert rows_of(b"\xfe\xff" + lines(ROWS).encode("utf-16-be")) == ROWS


@pytest.mark.parametrize("delimiter", ";\t|")
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters(delimiter, newline):
    assert rows_of(lines(ROWS, delimiter, newline).encode()) == ROWS


def test_comma_between_cells_and_in_them():
    assert rows_of(b'Ref,Code,Qty\nPO-1,A,"1,5"\n') == [
        ["Ref", "Code", "Qty"],
        ["PO-1", "A", "1,5"],
    ]
    # every row has as many commas as semicolons
    text = "Code;Qty\n" + "A;1,5\n" * 5
    assert rows_of(text.encode())[1] == ["A", "1,5"]


def test_sep_line():
    assert rows_of(b"sep=|\r\nA;B|C\r\n1;2|3\r\n") == [["A;B", "C"], ["1;2", "3"]]
    assert rows_of(b"\xef\xbb\xbfSEP=\t\nA\tB\n") == [["A", "B"]]


def test_quoted_newlines_and_quotes():
    text = 'Ref;Note\nPO-1;"first\nsecond; ""third"""\nPO-2;5" pipe\n'
    assert rows_of(text.encode()) == [
        ["Ref", "Note"],
        ["PO-1", 'first\nsecond; "third"'],
        ["PO-2", '5" pipe'],
    ]


def test_open_quote_says_where():
    with pytest.raises(SheetFault) as caught:
        read_sheet(b'A;B\n1;2\n3;"never closed\n4;5\n')
    assert (caught.value.code, caught.value.values["row"]) == ("quotes", 3)
    assert fault_of(b'A;B\n"Best" cups;1\n') == "quotes"


def test_single_column():
    assert rows_of(b"Code\nA\nB\n") == [["Code"], ["A"], ["B"]]


def test_blank_tails_and_ragged_rows():
    assert rows_of(b"A;B;;\n1;;;\n;;;\n2;3;;\n;;;\n\n") == [
        ["A", "B"],
        ["1", None],
        [None, None],
        ["2", "3"],
    ]


def test_title_above():
    rows = rows_of(b"Orders of May\n\nRef;Code;Qty\nA;B;1\nA;C;2\n")
    assert rows[2] == ["Ref", "Code", "Qty"]


def test_escaped_formulas_are_read_back():
    assert rows_of(b"A;B\n'=1+1;'-5\n'';it's\n") == [
        ["A", "B"],
        ["=1+1", "-5"],
        ["''", "it's"],
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (b";;\n;;\n", "sheet_empty"),
        (b"A;B\n\x001;2\n", "binary"),
        (b"A;\x81\x8d\n", "encoding"),
        (b"\xff\xfeA", "encoding"),
        (b"%PDF-1.7", "pdf"),
        (b"<html><table/></html>", "markup"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (b"PK\x03\x04 broken", "not_readable"),
        (b"A;" + b"x" * 40_000 + b"\n", "cell_too_long"),
        (b"A;" + b"x" * 200_000 + b"\n", "cell_too_long"),
    ],
)
def test_what_is_no_table(content, code):
    assert fault_of(content) == code


def test_limits_of_csv():
    small = Limits(file_bytes=1000, rows=3, columns=2)
    assert fault_of(b"a;b\n" * 400, limits=small) == "file_too_large"
    assert fault_of(b"a;b\n" * 4, limits=small) == "too_many_rows"
    assert fault_of(b"a;b;c\n", limits=small) == "too_many_columns"
    assert len(rows_of(b"a;b;;;\n" * 3 + b";;\n" * 9, limits=small)) == 3


# -- XLSX ------------------------------------------------------------------------------


def test_types():
    content = workbook(
        [
            ["Text", "Int", "Float", "Date", "Moment", "Yes"],
            ["00123", 5, 1.5, date(2026, 12, 4), datetime(2026, 12, 4, 9, 30), True],
        ]
    )
    assert rows_of(content)[1] == [
        "00123",
        5,
        1.5,
        {"date": "2026-12-04"},
        {"date": "2026-12-04T09:30:00"},
        True,
    ]


def test_sheets_by_name_the_visible_first():
    book = load_workbook(BytesIO(workbook([["first"]], Orders=[["second"]])))
    book.worksheets[0].sheet_state = "hidden"
    content = save(book)
    assert [(s.name, s.is_hidden) for s in list_sheets(content)] == [
        ("Orders", False),
        ("Sheet", True),
    ]
    assert rows_of(content) == [["second"]]
    assert rows_of(content, sheet="Sheet") == [["first"]]
    assert fault_of(content, sheet="Other") == "sheet_unknown"


def test_dates_from_1904():
    book = Workbook()
    book.epoch = MAC_EPOCH
    book.active.append([date(2026, 12, 4)])
    grid = read_sheet(save(book))
    assert grid.rows == [[{"date": "2026-12-04"}]]
    assert grid.is_1904


def test_zeros_of_a_format_stay():
    book = Workbook()
    book.active.append([123, 123])
    book.active["A1"].number_format = "00000"
    assert rows_of(save(book)) == [["00123", 123]]


def test_formula_without_value_is_a_fault_at_the_cell():
    content = workbook([["Qty"], ["=2*3"], [None], ["=1+1"]])
    assert rows_of(content) == [
        ["Qty"],
        [{"fault": "formula_no_value", "text": "=2*3"}],
        [None],
        [{"fault": "formula_no_value", "text": "=1+1"}],
    ]


def test_formula_with_value_is_its_value():
    content = patched(
        workbook([["Qty"], ["=2*3"]]),
        SHEET,
        lambda xml: xml.replace("<v/>", "<v>6</v>"),
    )
    if rows_of(content) != [["Qty"], [6]]:  # as openpyxl writes an empty value
        content = patched(
            workbook([["Qty"], ["=2*3"]]),
            SHEET,
            lambda xml: xml.replace("<v></v>", "<v>6</v>").replace("<v />", "<v>6</v>"),
        )
    assert rows_of(content) == [["Qty"], [6]]


def test_error_in_a_cell():
    book = Workbook()
    book.active.append(["#N/A"])
    book.active["A1"].data_type = "e"
    assert rows_of(save(book)) == [[{"fault": "cell_error", "text": "#N/A"}]]


def test_merged_and_hidden():
    book = load_workbook(
        BytesIO(
            workbook([["Ref", "Code"], ["PO-1", "A"], [None, "B"], [None, "C"], [1, 2]])
        )
    )
    sheet = book.active
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[3].hidden = True
    grid = read_sheet(save(book))
    assert [row[0] for row in grid.rows] == ["Ref", "PO-1", "PO-1", "PO-1", 1]
    assert grid.hidden == {2}


def test_formatted_tails_are_left_out():
    book = Workbook()
    sheet = book.active
    sheet.append(["A", "B"])
    sheet["ZZ1"].number_format = "0.00"
    sheet["A900000"].number_format = "0.00"
    assert rows_of(save(book)) == [["A", "B"]]


def test_limits_of_xlsx():
    content = workbook([["a", "b"]] * 4)
    assert fault_of(content, limits=Limits(rows=3)) == "too_many_rows"
    assert fault_of(content, limits=Limits(columns=1)) == "too_many_columns"
    assert fault_of(content, limits=Limits(unzipped_bytes=1000)) == "unzipped_too_large"
    assert rows_of(content, rows=2) == [["a", "b"]] * 2


def test_zip_bomb_is_not_unzipped():
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    assert len(target.getvalue()) < 1_000_000
    assert fault_of(target.getvalue()) == "unzipped_too_large"


def test_more_cells_than_can_be_read():
    """A file of a few kilobytes with a row of a million cells."""
    content = patched(
        workbook([["a"]]),
        SHEET,
        lambda xml: xml.replace("</row>", "<c/>" * 4_000_000 + "</row>"),
    )
    begun = time.monotonic()
    assert fault_of(content) == "too_many_cells"
    assert time.monotonic() - begun < 5


def test_more_formats_than_can_be_read():
    content = patched(
        workbook([["a"]]),
        r"xl/styles\.xml",
        lambda xml: xml.replace("<fonts", "<x>" + "<y/>" * 5000 + "</x><fonts", 1),
    )
    assert fault_of(content, limits=Limits(other_tags=5000)) == "too_many_cells"


def test_what_stands_beside_the_cells_is_not_read():
    """openpyxl would take a minute for it."""
    rule = (
        '<dataValidation sqref="A1" type="list"><formula1>"a"</formula1>'
        "</dataValidation>"
    )
    content = patched(
        workbook([["a", "b"], [None, "c"]]),
        SHEET,
        lambda xml: xml.replace(
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>'
            + f"<dataValidations>{rule * 100_000}</dataValidations>",
        ),
    )
    begun = time.monotonic()
    assert rows_of(content) == [["a", "b"], ["a", "c"]]
    assert time.monotonic() - begun < 5


def test_more_merged_cells_than_rows():
    content = patched(
        workbook([["a"]]),
        SHEET,
        lambda xml: xml.replace(
            "</sheetData>",
            "</sheetData><mergeCells>"
            + '<mergeCell ref="A1:A1048576"/>' * 30_000
            + "</mergeCells>",
        ),
    )
    assert fault_of(content) == "too_many_cells"


def test_entities_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = patched(workbook([["a"]]), SHEET, lambda xml: bomb + xml)
    assert fault_of(content) == "not_readable"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("content.xml", "ods"),
        ("xl/workbook.bin", "xlsb"),
        ("readme.txt", "not_readable"),
    ],
)
def test_other_archives(part, code):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(part, b"x")
    assert fault_of(target.getvalue()) == code


def test_broken_sheet():
    content = workbook([["a"]])
    assert fault_of(patched(content, SHEET, lambda xml: xml[:-40])) == "not_readable"
    broken = patched(
        workbook([[1]]), SHEET, lambda xml: xml.replace("<v>1</v>", "<v>NaN</v>")
    )
    assert fault_of(broken) == "not_readable"


# -- any bytes -------------------------------------------------------------------------

XLSX = workbook([["Ref", "Qty"], ["PO-1", 2], ["PO-2", "=A1"]], Other=[[1]])


def read_or_fault(content):
    """A grid of rows of one width, or a fault; nothing else may come."""
    try:
        grid = read_sheet(content)
    except SheetFault as fault:
        assert fault.code and str(fault)
        return
    assert grid.rows and len({len(row) for row in grid.rows}) == 1
    for row in grid.rows:
        for cell in row:
            assert cell is None or isinstance(cell, str | int | float | bool | dict)
            assert not isinstance(cell, str) or "\x00" not in cell


@given(st.binary(max_size=300))
def test_any_bytes(content):
    read_or_fault(content)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_any_text(text, encoding):
    read_or_fault(text.encode(encoding, "replace"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_damage_to_a_workbook(data):
    content = bytearray(XLSX)
    for _time in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    read_or_fault(bytes(content[: data.draw(st.integers(0, len(content)))]))
    read_or_fault(bytes(content))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2000), st.text(max_size=12))
def test_any_damage_to_a_part(place, text):
    def change(xml):
        at = place % len(xml)
        return xml[:at] + text + xml[at + len(text) // 2 :]

    read_or_fault(patched(XLSX, SHEET, change))
    read_or_fault(patched(XLSX, r"xl/styles\.xml", change))
