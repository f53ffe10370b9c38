"""CSV as customers' programs write it: any encoding, any separator."""

import csv
from collections import Counter
from io import StringIO
from itertools import islice

from .fault import SheetFault
from .reader import Grid, clean_text, is_blank

DELIMITERS = ";\t,|"
#: How much of a text is looked at to find its separator.
_LOOKED_AT = 60


def read_csv(content, rows, limits):
    """The grid of a CSV file; every cell is text.

    :raise SheetFault: no text, or quotes that do not end
    """
    text, note = decode(content)
    text, delimiter = _split_off_sep(text)
    if delimiter is None:
        delimiter = guess_delimiter(text)
    grid = Grid("", notes=[note] if note else [])
    for row in _records(text, delimiter, limits):
        if len(grid.rows) == rows:
            break
        if len(grid.rows) >= limits.rows and any(row):
            raise SheetFault("too_many_rows", limit=limits.rows)
        if len(row) > limits.columns and any(row[limits.columns :]):
            raise SheetFault("too_many_columns", limit=limits.columns)
        grid.rows.append(
            [clean_text(cell) if cell else None for cell in row[: limits.columns]]
        )
    return grid


def _records(text, delimiter, limits):
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            if any(len(cell) > limits.cell_chars for cell in row):
                raise SheetFault("cell_too_long", row=number, limit=limits.cell_chars)
            yield row
    except csv.Error as error:
        code = "cell_too_long" if "limit" in str(error) else "quotes"
        raise SheetFault(code, row=number + 1, limit=limits.cell_chars) from error


def decode(content):
    """The text of a file, and the code of a note where its encoding was guessed.

    :raise SheetFault: the bytes are no text
    """
    encoding = _find_encoding(content)
    try:
        text, note = content.decode(encoding), None
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise SheetFault("encoding") from None
        try:
            text, note = content.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            raise SheetFault("encoding") from None
    if "\x00" in text:
        raise SheetFault("binary")
    return text, note


def _find_encoding(content):
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:400]
    # Latin text in UTF-16: every other byte is zero
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) > 3 and max(even, odd) > len(head) * 0.3:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8-sig"


def _split_off_sep(text):
    """Excel's own first line ``sep=;`` names the separator and is no row."""
    line, _newline, rest = text.partition("\n")
    line = line.rstrip("\r").strip('"')
    if line[:4].lower() == "sep=" and len(line) == 5:
        return rest, line[4]
    return text, None


def guess_delimiter(text):
    """The separator that gives most rows the same number of cells, more than one."""
    best, best_score = ";", (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _first_records(text, delimiter)]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        if width > 1:
            score = (count / len(widths), width)
        else:
            # a title above the table, or lines of one cell among them
            wide = sum(w > 1 for w in widths)
            score = (wide / len(widths) / 2, max(widths)) if wide else (0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _first_records(text, delimiter):
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in islice(reader, _LOOKED_AT):
            if not all(is_blank(cell) for cell in row):
                yield row
    except csv.Error:
        return
