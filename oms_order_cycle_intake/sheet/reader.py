"""A file of any kind: its sheets, and the grid of one."""

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO

from .fault import SheetFault

#: Characters that neither a database nor a workbook takes.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: A formula's first characters, behind the apostrophe that takes their power away.
_ESCAPED = re.compile(r"'+[=+\-@]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Limits:
    """How much is read, so that no file stops the server.

    :param file_bytes: of the file as it comes
    :param unzipped_bytes: of all parts of a workbook together
    :param tags: of its cells and texts; a cell that says something has four
    :param other_tags: of its formats and whatever else it has, which take far longer
    :param cell_chars: of one cell; Excel's own limit
    """

    file_bytes: int = 10_000_000
    unzipped_bytes: int = 150_000_000
    tags: int = 3_500_000
    other_tags: int = 400_000
    rows: int = 20_000
    columns: int = 200
    cell_chars: int = 32_767


@dataclass(frozen=True)
class SheetInfo:
    """A sheet of a file, by name."""

    name: str
    is_hidden: bool = False


@dataclass
class Grid:
    """What a sheet holds, from its first row on, without blank tails.

    :param hidden: indexes of rows that the sheet hides
    :param notes: codes of what was done while reading, such as ``cp1252``
    :param is_1904: whether numbers of days count from 1904
    """

    name: str
    rows: list = field(default_factory=list)
    hidden: set = field(default_factory=set)
    notes: list = field(default_factory=list)
    is_1904: bool = False


def is_blank(cell):
    """Whether a cell of a grid says nothing."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def clean_text(text):
    """Text of a cell as it may be kept, without the apostrophe before a formula."""
    text = _ILLEGAL.sub("", text)
    return text[1:] if _ESCAPED.match(text) else text


def list_sheets(content, name="", limits=None):
    """The sheets of a file, those to be seen first.

    :param bytes content: of the file
    :param str name: of the file, for its ending
    :raise SheetFault: the file is none that can be read
    """
    kind = find_kind(content, limits or Limits())
    if kind == "csv":
        return [SheetInfo("")]
    from .xlsx_reader import list_xlsx

    return sorted(list_xlsx(content), key=lambda sheet: sheet.is_hidden)


def read_sheet(content, name="", sheet=None, rows=None, limits=None):
    """The grid of a sheet.

    :param bytes content: of the file
    :param str name: of the file, for its ending
    :param str sheet: name of the sheet; without it the first that is not hidden
    :param int rows: read no more than these, for a preview
    :raise SheetFault: the file is none that can be read
    """
    limits = limits or Limits()
    if find_kind(content, limits) == "csv":
        from .csv_reader import read_csv

        return trim(read_csv(content, rows, limits))
    from .xlsx_reader import read_xlsx

    return trim(read_xlsx(content, sheet, rows, limits))


def find_kind(content, limits):
    """``csv`` or ``xlsx``, by what the file holds: endings are often wrong."""
    if not content or not content.strip():
        raise SheetFault("file_empty")
    if len(content) > limits.file_bytes:
        raise SheetFault("file_too_large", limit=limits.file_bytes // 1_000_000)
    if content.startswith(_OLE):
        raise SheetFault("encrypted" if _ENCRYPTED in content else "xls")
    if content.startswith(b"%PDF"):
        raise SheetFault("pdf")
    if content.startswith(b"PK"):
        return _find_kind_of_zip(content, limits)
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise SheetFault("markup")
    return "csv"


def _find_kind_of_zip(content, limits):
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if "xl/workbook.bin" in names:
                raise SheetFault("xlsb")
            if "content.xml" in names:
                raise SheetFault("ods")
            # zipfile reads no more of a part than the size that it declares
            size = sum(info.file_size for info in infos)
            if size > limits.unzipped_bytes or len(infos) > 2000:
                raise SheetFault(
                    "unzipped_too_large", limit=limits.unzipped_bytes // 1_000_000
                )
            if any(info.flag_bits & 1 for info in infos):
                raise SheetFault("encrypted")
            _check_parts(archive, names, limits)
    except SheetFault:
        raise
    except Exception as error:  # whatever a broken archive does to zipfile
        raise SheetFault("not_readable") from error
    return "xlsx"


def _check_parts(archive, names, limits):
    """Look at the parts before they are read: a small file can hold so many cells that
    reading them takes minutes, and all the memory there is."""
    tags = other_tags = 0
    for name in names:
        with archive.open(name) as part:
            content = part.read()
        head = content[:4096].replace(b"\x00", b"")
        # no workbook declares any; what does would blow itself up
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise SheetFault("not_readable")
        if name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml":
            tags += content.count(b"<")
        else:
            # whatever its name: a workbook says itself where its parts are
            other_tags += content.count(b"<")
        if tags > limits.tags or other_tags > limits.other_tags:
            raise SheetFault("too_many_cells")


def trim(grid):
    """Take blank rows off the end, and blank columns off the right."""
    rows = grid.rows
    while rows and all(is_blank(cell) for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise SheetFault("sheet_empty", sheet=grid.name)
    width = max(
        next((i for i in range(len(row), 0, -1) if not is_blank(row[i - 1])), 0)
        for row in rows
    )
    grid.rows = [row[:width] + [None] * (width - len(row)) for row in rows]
    grid.hidden = {index for index in grid.hidden if index < len(rows)}
    return grid
