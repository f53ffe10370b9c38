from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..sheet import SheetFault
from ..tools.pad_rows import (
    MOST_ROWS,
    read_file,
    read_quantity,
    split_block,
    write_quantity,
)


def row(text, qty="", uom=""):
    return {"text": text, "qty": qty, "uom": uom}


@tagged("post_install", "-at_install")
class TestPadRows(BaseCase):
    """Blocks of text and files as customers hand them in."""

    def split(self, text):
        return split_block(text)[0]

    def test_block(self):
        self.assertEqual(
            self.split("A-1\t12\nA-2; 4\r\nA-3,5\n\nA-4 6\nA-5"),
            [row("A-1", "12"), row("A-2", "4"), row("A-3", "5"), row("A-4", "6"),
             row("A-5")],
        )  # fmt: skip

    def test_block_with_units(self):
        self.assertEqual(
            self.split("A-1;2 case\nA-2\t3\tDozens\nA-3 4 pcs\nA 4;1,5 kg"),
            [row("A-1", "2", "case"), row("A-2", "3", "Dozens"), row("A-3", "4", "pcs"),
             row("A 4", "1,5", "kg")],
        )  # fmt: skip

    def test_quantity_first(self):
        self.assertEqual(
            self.split("3 x A-1\n12x A-2\n2 × A 3\n3x4 5"),
            [row("A-1", "3"), row("A-2", "12"), row("A 3", "2"), row("3x4", "5")],
        )

    def test_names_of_columns_are_no_row(self):
        self.assertEqual(self.split("Code;Quantity\nA-1;2"), [row("A-1", "2")])
        self.assertEqual(self.split("A-1;\nA-2;1"), [row("A-1"), row("A-2", "1")])

    def test_block_that_is_too_long(self):
        rows, is_cut = split_block("A-1;1\n" * MOST_ROWS)
        self.assertEqual((len(rows), is_cut), (MOST_ROWS, False))
        rows, is_cut = split_block("A-1;1\n" * (MOST_ROWS + 1))
        self.assertEqual((len(rows), is_cut), (MOST_ROWS, True))

    def test_quantities(self):
        for value, decimal, expected in (
            ("1,5", ",", 1.5), ("1.5", ".", 1.5), ("1,000", ".", 1000.0), (3, ".", 3.0),
            ("1.000", ",", 1000.0), ("", ".", False), (False, ".", False),
            ("0.0000001", ".", 1e-7),
        ):  # fmt: skip
            with self.subTest(value=value, decimal=decimal):
                self.assertEqual(read_quantity(value, decimal), expected)
        nan = float("nan")
        for value, decimal in (
            ("1.5", ","), ("ten", "."), ([1], "."), (1e9, "."), (nan, "."),
            (10**5000, "."), (float("inf"), "."),
        ):  # fmt: skip
            with self.assertRaises(SheetFault):
                read_quantity(value, decimal)
        self.assertEqual(write_quantity(1234.5, ","), "1234,5")
        self.assertEqual(write_quantity(12.0, "."), "12")

    def test_file_with_names_of_columns(self):
        content = "Omschrijving;Artikelnummer;Aantal;Eenheid\nBolt;00123;1,5;kg\n"
        self.assertEqual(
            read_file(content.encode(), "x.csv", ","), ([row("00123", "1,5", "kg")], [])
        )
        # the file's own way of writing numbers, then the customer's
        content = "Item;Qty\nA-1;1,234.5\n"
        self.assertEqual(
            read_file(content.encode(), "x.csv", ","), ([row("A-1", "1234,5")], [])
        )

    def test_file_without(self):
        self.assertEqual(
            read_file(b"A-1;2;Units\nB-1;3;\n", "x.csv", "."),
            ([row("A-1", "2", "Units"), row("B-1", "3")], []),
        )

    def test_cells_that_cannot_be_used(self):
        rows, faults = read_file(b"code;qty\nA-1;1\n1.2E+12;3\nA-2;some\n", "x", ".")
        self.assertEqual(rows, [row("A-1", "1")])
        self.assertEqual(
            [(number, fault.code) for number, fault in faults],
            [(3, "code_exponent"), (4, "number_unreadable")],
        )

    @settings(max_examples=200, deadline=None)
    @given(st.text(), st.sampled_from(".,"))
    def test_any_text(self, text, decimal):
        for one in split_block(text)[0]:
            self.assertEqual(set(one), {"text", "qty", "uom"})
            self.assertTrue(all(isinstance(value, str) for value in one.values()))
        try:
            number = read_quantity(text, decimal)
        except SheetFault:
            return
        self.assertTrue(number is False or abs(number) < 1e9)

    @settings(max_examples=150, deadline=None)
    @given(st.one_of(st.binary(), st.text().map(str.encode)))
    def test_any_file(self, content):
        try:
            rows, _faults = read_file(content, "x.csv", ".")
        except SheetFault:
            return
        for one in rows:
            self.assertEqual(set(one), {"text", "qty", "uom"})
