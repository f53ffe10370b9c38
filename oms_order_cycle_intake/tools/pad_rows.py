"""Rows of an order as customers hand them in: a block of text, a file.

A row is ``{"text", "qty", "uom"}``: what names the product, the quantity and the unit
as they stand there, ``""`` where nothing stands.
"""

import re

from ..sheet import (
    TARGETS,
    Limits,
    Settings,
    SheetFault,
    cell_text,
    clean_text,
    convert,
    guess_columns,
    guess_header,
    guess_settings,
    is_blank,
    read_sheet,
)

#: At most so many rows at once.
MOST_ROWS = 1000
#: A file of so many rows has no more; customers load theirs while others wait.
_LIMITS = Limits(
    file_bytes=2_000_000,
    unzipped_bytes=30_000_000,
    tags=300_000,
    other_tags=50_000,
    rows=2 * MOST_ROWS,
)
#: No quantity is as large.
_MOST = 1e9
#: Longest text of a cell.
_MOST_TEXT = 200
#: Columns that name the product, the one that is asked first.
_PRODUCT = (
    "lines.product.customer_code",
    "lines.product.code",
    "lines.product",
    "lines.product.barcode",
)
_QTY_AND_UNIT = re.compile(r"([+-]?\d[\d.,\u00a0\u202f']*)\s*(.*)", re.DOTALL)


def read_quantity(value, decimal):
    """A quantity as somebody wrote it.

    :param value: text or number
    :param decimal: the decimal mark that he is used to
    :return: a number, False where nothing stands
    :raise SheetFault: it is none
    """
    if value is False or is_blank(value):
        return False
    if not isinstance(value, str | int | float):
        raise SheetFault("number_unreadable", value="")
    number = float(convert(value, "number", Settings(decimal=_mark(decimal))))
    if abs(number) >= _MOST:
        raise SheetFault("number_too_large", value=cell_text(value)[:_MOST_TEXT])
    return number


def write_quantity(number, decimal):
    """A quantity as it is typed."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return text.replace(".", _mark(decimal))


def _mark(decimal):
    return "," if decimal == "," else "."


def split_block(text):
    """Rows of a block of text: ``code[TAB ; ,]quantity[ unit]``, one a line.

    :return: (rows, whether there were too many)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [_split_line(line) for line in lines[: MOST_ROWS + 1]]
    if rows and rows[0]["qty"] and not re.search(r"\d", rows[0]["qty"]):
        # names of columns
        del rows[0]
    return rows[:MOST_ROWS], len(rows) > MOST_ROWS


def _split_line(line):
    for mark in ("\t", ";", ","):
        if mark in line:
            cells = [cell.strip().strip('"') for cell in line.split(mark)]
            break
    else:
        cells = _split_words(line.strip())
    text, qty, uom = [*cells, "", "", ""][:3]
    if found := _QTY_AND_UNIT.fullmatch(qty):
        qty, own = found.groups()
        uom = own.strip() or uom
    cells = {"text": text, "qty": qty.strip(), "uom": uom}
    return {name: clean_text(cell)[:_MOST_TEXT] for name, cell in cells.items()}


def _split_words(line):
    """``code 12``, ``code 12 case``, or as people write it: ``12 x code``."""
    if found := re.fullmatch(r"(\d+)\s*[xX×]\s+(\S.*)", line):
        qty, text = found.groups()
        return [text, qty]
    found = re.fullmatch(r"(\S+)\s+([+-]?\d\S*(?:\s+.+)?)", line)
    return [*found.groups()] if found else [line]


def read_file(content, name, decimal):
    """Rows of a CSV or XLSX file.

    :param bytes content: of the file
    :param str name: of the file, for its ending
    :param decimal: the decimal mark where the file does not tell
    :return: (rows, ``[(row number, SheetFault)]`` of what was left out)
    :raise SheetFault: the file is none that can be read, or has too many rows
    """
    grid = read_sheet(content, name, limits=_LIMITS)
    first, columns = _find_columns(grid.rows)
    filled = [
        (number, row)
        for number, row in enumerate(grid.rows[first:], start=first + 1)
        if not all(map(is_blank, row))
    ]
    if len(filled) > MOST_ROWS:
        raise SheetFault("too_many_rows", limit=MOST_ROWS)
    mapping = {index: key for key, index in columns.items()}
    guessed = guess_settings([row for _number, row in filled], mapping)
    settings = Settings(decimal=guessed["decimal"] or _mark(decimal))
    rows, faults = [], []
    for number, row in filled:
        try:
            rows.append(_read_row(row, columns, settings, decimal))
        except SheetFault as fault:
            faults.append((number, fault))
    return [row for row in rows if row["text"] or row["qty"]], faults


def _find_columns(rows):
    """(index of the first row of data, ``{target: column index}``)"""
    if not rows:
        raise SheetFault("file_empty")
    header = guess_header(rows)
    guesses = guess_columns(rows[header], rows[header + 1 :])
    columns = {guess.target: index for index, guess in guesses.items()}
    named = {guess.target for guess in guesses.values() if guess.level != "values"}
    if "lines.qty" in named:
        if not any(TARGETS[key].is_product for key in columns):
            free = set(range(len(rows[header]))) - set(guesses)
            columns["lines.product"] = min(free, default=0)
        return header + 1, columns
    # no names of columns: code, quantity, unit
    return 0, {"lines.product": 0, "lines.qty": 1, "lines.uom": 2}


def _read_row(row, columns, settings, decimal):
    def cell(key):
        index = columns.get(key)
        return row[index] if index is not None and index < len(row) else None

    names = [key for key in _PRODUCT if not is_blank(cell(key))]
    text = convert(cell(names[0]), "code", settings) if names else ""
    qty, uom = cell("lines.qty"), cell("lines.uom")
    if not is_blank(qty):
        qty = write_quantity(float(convert(qty, "number", settings)), decimal)
    return {
        "text": text[:_MOST_TEXT],
        "qty": qty or "",
        "uom": cell_text(uom).strip()[:_MOST_TEXT],
    }
