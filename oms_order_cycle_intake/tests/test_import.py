import base64
from io import BytesIO
from unittest.mock import patch

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models import oms_import_run
from ..sheet import read_sheet, write_sheet
from .common import IntakeCommon

LABELS = ["Bestelnummer", "Klant", "Artikel", "Aantal", "Leverdatum"]


class ImportCommon(IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail = cls.create_channel("MAIL", kind="email")
        cls.other = cls.create_customer("OMS Other Customer", ref="C-2")

    @classmethod
    def load(cls, *rows, labels=LABELS, content=None, user=None, **values):
        """An import of a CSV file of these rows."""
        if content is None:
            content = "\n".join(";".join(row) for row in [labels, *rows]).encode()
        return (
            cls.env["oms.import"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "channel_id": cls.mail.id,
                    "file": base64.b64encode(content),
                    "file_name": "orders.csv",
                    **values,
                }
            )
        )

    def check(self, *rows, **values):
        record = self.load(*rows, **values)
        record.action_check()
        return record

    def faults(self, record):
        """{row number: [(label of the column, code)]}"""
        labels = {column["index"]: column["label"] for column in record.columns}
        return {
            row.number: [
                (labels.get(fault["column"]), fault["code"]) for fault in row.faults
            ]
            for row in record.row_ids
            if row.faults
        }

    def states(self, record):
        return [row.state for row in record.row_ids.sorted("number")]

    def row(self, record, number):
        return record.row_ids.filtered(lambda row: row.number == number)


@tagged("post_install", "-at_install")
class TestImport(ImportCommon, CronMixinCase):
    # -- the file ---------------------------------------------------------------

    def test_columns_are_guessed(self):
        record = self.load(["PO-1", "C-1", "A-1", "2", "31.12.2099"])
        self.assertEqual(
            [(c["label"], c["target"], c["level"]) for c in record.columns],
            [
                ("Bestelnummer", "external_ref", "exact"),
                ("Klant", "customer.ref", "exact"),
                ("Artikel", "lines.product", "exact"),
                ("Aantal", "lines.qty", "exact"),
                ("Leverdatum", "requested_date", "exact"),
            ],
        )
        self.assertEqual(record.columns[0]["samples"], ["PO-1"])
        self.assertEqual(record.default_ref, "orders")
        self.assertEqual(record.date_order, "dmy")

    def test_column_of_codes_is_found_by_its_values(self):
        record = self.load(["A-1", "5"], ["B-1", "2"], labels=["?", "Stuks"])
        self.assertEqual(record.columns[0]["target"], "lines.product")
        self.assertEqual(record.columns[0]["level"], "values")

    def test_form(self):
        """Sheets and header rows are chosen in the form, before it is saved."""
        book = load_workbook(BytesIO(_workbook([["nothing"]])))
        sheet = book.create_sheet("Orders")
        for line in (["Orders of May"], [], LABELS, ["PO-1", "C-1", "A-1", 2]):
            sheet.append(line)
        target = BytesIO()
        book.save(target)
        with Form(self.env["oms.import"]) as form:
            form.channel_id = self.mail
            form.file = base64.b64encode(target.getvalue())
            self.assertEqual(form.sheet_name, "Sheet")
            form.sheet_name = "Orders"
            self.assertEqual(form.header_row, 3)
            self.assertEqual(form.columns[2]["label"], "Artikel")
            form.header_row = 4
            self.assertEqual(form.columns[2]["label"], "A-1")
            form.header_row = 3
        record = form.record
        record.action_check()
        self.assertEqual(self.states(record), ["good"])

    def test_file_that_cannot_be_read(self):
        with self.assertRaisesRegex(UserError, "old Excel file"):
            self.load(content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
        with self.assertRaisesRegex(UserError, "is empty"):
            self.load(content=b" ")
        form = Form(self.env["oms.import"])
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.file = base64.b64encode(b"%PDF-1.7")
        self.assertIn("PDF", logs.output[0])
        self.assertFalse(form.file)

    def test_columns_are_complete_and_none_twice(self):
        record = self.load(["PO-1", "2"], labels=["Bestelnummer", "Aantal"])
        with self.assertRaises(UserError) as caught:
            record.action_check()
        self.assertIn("No column is “Product (any code)”", str(caught.exception))
        self.assertIn("Choose a customer", str(caught.exception))
        columns = record.columns
        columns[0]["target"] = "lines.qty"
        record.write({"columns": columns, "partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "Two columns are “Quantity”"):
            record.action_check()

    def test_ambiguous_numbers_are_asked_once(self):
        labels = ["Order", "Klant", "Artikel", "Aantal", "Datum"]
        record = self.load(["PO", "C-1", "A-1", "1.000", "01.02.2099"], labels=labels)
        with self.assertRaisesRegex(UserError, "Numbers Look Like, Dates Are Written"):
            record.action_check()
        record.write({"decimal_mark": ",", "date_order": "mdy"})
        record.action_check()
        self.assertEqual(record.row_ids.payload["lines"][0]["qty"], "1000")
        self.assertEqual(record.row_ids.payload["requested_date"], "2099-01-02")

    # -- remembered -------------------------------------------------------------

    def test_mapping_is_remembered_by_channel_and_customer(self):
        def load(**values):
            row = ["PO-1", "A-1", "2", "x"]
            return self.load(row, labels=["Nr", "Wat", "Hoeveel", "Prijs"], **values)

        record = load(partner_id=self.customer.id)
        columns = record.columns
        for column, target in zip(
            columns, ["external_ref", "lines.product", "lines.qty", False], strict=True
        ):
            column["target"] = target
        record.columns = columns
        record.action_check()
        again = load(partner_id=self.customer.id)
        self.assertEqual(
            [(c["target"], c["level"]) for c in again.columns],
            [
                ("external_ref", "remembered"),
                ("lines.product", "remembered"),
                ("lines.qty", "remembered"),
                (False, False),
            ],
        )
        of_other = load(partner_id=self.other.id)
        self.assertEqual(of_other.columns[3]["target"], "lines.price")
        self.assertFalse(of_other.columns[0]["target"])

    # -- the check --------------------------------------------------------------

    def test_every_fault_at_its_cell(self):
        before = self.env["sale.order"].search_count([])
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", "31.12.2099"],
            ["", "", "B-1", "3", ""],
            ["PO-2", "C-1", "X-9", "two", "31.12.2099"],
            ["", "", "A-1", "0", ""],
            ["PO-3", "C-9", "A-1", "1", "01.01.2001"],
            ["PO-4", "", "A-1", "1", ""],
            ["", "", "", "", ""],
        )
        self.assertEqual(
            self.faults(record),
            {
                4: [("Aantal", "number_unreadable")],
                5: [("Aantal", "qty_not_positive")],
                6: [("Klant", "customer_not_found"), ("Leverdatum", "date_past")],
                7: [("Klant", "missing")],
            },
        )
        self.assertEqual(self.states(record), ["good"] * 2 + ["faulty"] * 4)
        self.assertEqual(
            (record.good_count, record.faulty_count, record.row_count), (2, 4, 6)
        )
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertFalse(
            self.env["oms.intake"].search([("channel_id", "=", self.mail.id)])
        )

    def test_good_rows_of_a_faulty_order_wait_for_it(self):
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", ""],
            ["", "", "X-9", "3", ""],
        )
        self.assertEqual(self.states(record), ["waiting", "faulty"])
        self.assertEqual(
            (record.good_count, record.faulty_count, record.row_count), (0, 1, 2)
        )
        for which, numbers in (("faulty", [3]), ("waiting", [2])):
            page = record.get_page(0, 50, which)
            self.assertEqual([row["number"] for row in page["rows"]], numbers)
        self.assertEqual(
            self.faults(record),
            {2: [(None, "other_row")], 3: [("Artikel", "product_not_found")]},
        )
        self.assertIn("X-9", self.row(record, 3).faults[0]["message"])
        self.assertNotIn("/", self.row(record, 3).faults[0]["message"])

    def test_header_that_differs_inside_an_order(self):
        self.mail.key_per_customer = False
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", "30.12.2099"],
            ["PO-1", "C-2", "A-1", "3", "31.12.2099"],
        )
        self.assertEqual(
            self.faults(record)[3],
            [("Klant", "differs_in_order"), ("Leverdatum", "differs_in_order")],
        )
        self.mail.key_per_customer = True
        record.action_check()
        self.assertEqual(self.states(record), ["good", "good"])

    def test_zeros_that_a_spreadsheet_dropped(self):
        self.product_a.default_code = "00123"
        record = self.check(["PO-1", "C-1", "123", "2", ""])
        self.assertEqual(self.faults(record), {2: [("Artikel", "zeros_added")]})
        self.assertEqual(self.states(record), ["good"])
        self.product_b.default_code = "0123"
        record.action_check()
        self.assertEqual(self.faults(record), {2: [("Artikel", "product_not_found")]})

    def test_zeros_at_the_end_that_a_spreadsheet_dropped(self):
        """A number 1.1 was 1.10; where both are products somebody says which."""
        self.product_a.default_code = "1.10"
        rows = [LABELS, ["PO-1", "C-1", 1.1, 2, None]]
        content = write_sheet("Orders", rows, header=0)
        record = self.check(content=content, file_name="orders.xlsx")
        self.assertEqual(self.faults(record), {2: [("Artikel", "zeros_added")]})
        self.assertEqual(record.row_ids.payload["lines"][0]["product"]["code"], "1.10")
        self.product_b.default_code = "1.1"
        record.action_check()
        self.assertEqual(self.faults(record), {2: [("Artikel", "zeros_unclear")]})
        # typed, it is what it says
        record.correct(self.row(record, 2).id, 2, "1.1")
        self.assertEqual(self.states(record), ["good"])
        self.product_a.default_code = "A-1"
        record = self.check(content=content, file_name="orders.xlsx")
        self.assertEqual(self.faults(record), {})

    def test_letters_that_nobody_sees(self):
        record = self.check(["PO-1", "C-1", "\u200bA-1\u00ad", "2", ""])
        self.assertEqual(self.states(record), ["good"])

    def test_own_codes_of_customers(self):
        for partner, product in (
            (self.customer, self.product_a),
            (self.other, self.product_b),
        ):
            self.env["sale.order"]._oms_learn_codes(
                partner, [("K1", product.id, False)]
            )
        record = self.check(
            ["PO-1", "C-1", "K1", "1", ""], ["PO-2", "C-2", "K1", "1", ""]
        )
        record.action_import()
        self.assertEqual(
            record.row_ids.order_id.order_line.product_id,
            self.product_a | self.product_b,
        )

    # -- corrections ------------------------------------------------------------

    def test_correct_one_cell(self):
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", ""], ["PO-2", "C-1", "A-1", "two", ""]
        )
        self.assertEqual(record.correct(self.row(record, 3).id, 3, " 2 "), 1)
        self.assertEqual(self.states(record), ["good", "good"])
        self.assertEqual(self.faults(record), {})

    def test_correct_the_same_everywhere(self):
        record = self.check(*(["PO", "C-1", "X-9", "1", ""] for _time in range(3)))
        row = self.row(record, 3)
        self.assertEqual(record.count_alike(row.id, 2), 3)
        self.assertEqual(record.correct(row.id, 2, "B-1", everywhere=True), 3)
        self.assertEqual(self.states(record), ["good"] * 3)

    def test_corrected_reference_joins_another_order(self):
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", ""],
            ["PO-I", "C-1", "B-1", "1", ""],
        )
        record.correct(self.row(record, 3).id, 0, "PO-1")
        record.action_import()
        self.assertEqual(len(record.row_ids.order_id), 1)
        self.assertEqual(len(record.row_ids.order_id.order_line), 2)

    def test_pick_the_product_and_remember_it(self):
        rows = [["PO-1", "C-1", "K9", "1", ""], ["PO-2", "C-1", "K9", "1", ""]]
        record = self.check(*rows, ["PO-3", "C-2", "K9", "1", ""])
        row = self.row(record, 2)
        self.assertEqual(record.pick_product(row.id, 2, self.product_b.id), 1)
        self.assertEqual(self.states(record), ["good", "faulty", "faulty"])
        record.pick_product(
            self.row(record, 3).id, 2, self.product_a.id, everywhere=True, learn=True
        )
        self.assertEqual(self.states(record), ["good"] * 3)
        codes = self.env["oms.customer.code"].search([("code", "=", "K9")])
        self.assertEqual(codes.partner_id, self.customer | self.other)
        record.action_import()
        self.assertEqual(record.row_ids.order_id.order_line.product_id, self.product_a)
        # the file comes again: nothing is made twice
        again = self.check(*rows)
        again.action_import()
        self.assertEqual(set(again.row_ids.mapped("result")), {"already there"})

    # -- the import -------------------------------------------------------------

    def test_good_orders_are_made_and_faulty_ones_stay(self):
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", "31.12.2099"],
            ["", "", "B-1", "3", ""],
            ["PO-2", "C-2", "X-9", "1", ""],
            ["PO-3", "C-2", "A-1", "1", ""],
        )
        record.action_import()
        self.assertEqual(self.states(record), ["done", "done", "faulty", "done"])
        self.assertEqual((record.state, record.done_count), ("done", 3))
        first = self.row(record, 2).order_id
        self.assertEqual(first.partner_id, self.customer)
        self.assertEqual(first.client_order_ref, "PO-1")
        self.assertEqual(first.oms_channel_id, self.mail)
        self.assertEqual(
            first.order_line.mapped(
                lambda line: (line.product_id, line.product_uom_qty)
            ),
            [(self.product_a, 2), (self.product_b, 3)],
        )
        self.assertEqual(record.order_count, 2)
        self.assertEqual(
            self.env["sale.order"].search(record.action_view_orders()["domain"]),
            record.row_ids.order_id,
        )
        # the faulty one is corrected, and follows
        record.correct(self.row(record, 4).id, 2, "A-1")
        record.action_import()
        self.assertEqual(self.states(record), ["done"] * 4)

    def test_same_file_again_makes_nothing(self):
        rows = [["PO-1", "C-1", "A-1", "2", ""], ["PO-2", "C-2", "A-1", "1", ""]]
        self.check(*rows).action_import()
        before = self.env["sale.order"].search_count([])
        record = self.check(*rows)
        self.assertEqual(
            self.faults(record), {n: [(None, "already_there")] for n in (2, 3)}
        )
        record.action_import()
        self.assertEqual(set(record.row_ids.mapped("result")), {"already there"})
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def test_same_reference_with_other_content(self):
        self.check(["PO-1", "C-1", "A-1", "2", ""]).action_import()
        record = self.check(["PO-1", "C-1", "A-1", "5", ""])
        self.assertEqual(self.faults(record), {2: [("Aantal", "content_differs")]})
        self.mail.on_other_content = "change"
        record.action_check()
        record.action_import()
        self.assertEqual(record.row_ids.result, "changed")
        self.assertEqual(record.row_ids.order_id.order_line.product_uom_qty, 5)

    def test_refused_while_importing(self):
        """What was good when it was checked may be no more."""
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", ""], ["PO-2", "C-1", "B-1", "2", ""]
        )
        self.product_b.sale_ok = False
        record.action_import()
        self.assertEqual(self.states(record), ["done", "faulty"])
        self.assertEqual(self.faults(record), {3: [("Artikel", "product_not_sold")]})

    def test_nothing_good(self):
        record = self.check(["PO-1", "C-1", "X-9", "2", ""])
        with self.assertRaisesRegex(UserError, "no good rows"):
            record.action_import()

    def test_file_without_references(self):
        rows = [["A-1", "2"], ["B-1", "1"]]
        values = {"labels": ["Artikel", "Aantal"], "partner_id": self.customer.id}
        record = self.check(*rows, **values, default_ref="May")
        record.action_import()
        self.assertEqual(record.row_ids.order_id.client_order_ref, "May")
        again = self.check(*rows, **values, default_ref="May")
        again.action_import()
        self.assertEqual(again.row_ids.order_id, record.row_ids.order_id)

    def test_customer_of_the_file_and_of_a_column_must_agree(self):
        record = self.check(
            ["PO-1", "C-2", "A-1", "2", ""],
            ["PO-2", "C-1", "A-1", "2", ""],
            partner_id=self.customer.id,
        )
        self.assertEqual(self.faults(record), {2: [("Klant", "customer_ambiguous")]})

    # -- the faulty rows --------------------------------------------------------

    def test_faulty_rows_are_given_back_and_loaded_again(self):
        content = "\n".join(
            [
                "Orders of May;;;;",
                ";".join(LABELS),
                "PO-1;C-1;A-1;2;31.12.2099",
                "PO-2;C-1;=X-9;3;31.12.2099",
                ";;A-1;1;",
            ]
        ).encode()
        record = self.check(content=content)
        record.action_import()
        name, file = record._write_faulty_file()
        self.assertEqual(name, "orders - faulty rows.xlsx")
        rows = read_sheet(file).rows
        self.assertEqual(rows[0], ["Orders of May", *[None] * 5])
        self.assertEqual(rows[1], [*LABELS, "Reason"])
        self.assertEqual(rows[2][:5], ["PO-2", "C-1", "=X-9", "3", "31.12.2099"])
        self.assertIn("=X-9", rows[2][5])
        # the reference of the row above is written out
        self.assertEqual(rows[3][:4], ["PO-2", None, "A-1", "1"])
        sheet = load_workbook(BytesIO(file)).active
        self.assertEqual(sheet["C3"].value, "'=X-9", "no formula")
        self.assertEqual(sheet["C3"].fill.start_color.rgb, "00FFF3CD")
        # loaded as it is: nothing of what was imported, and the reason is no column
        again = self.check(content=file, file_name="orders - faulty rows.xlsx")
        self.assertEqual(self.states(again), ["faulty", "waiting"])
        self.assertFalse(again.columns[5]["target"])
        again.correct(self.row(again, 3).id, 2, "B-1")
        again.action_import()
        order = again.row_ids.order_id
        self.assertEqual(order.client_order_ref, "PO-2")
        self.assertEqual(order.order_line.product_id, self.product_a | self.product_b)
        # a second download has one column of reasons, too
        third = self.check(content=file)
        _name, file = third._write_faulty_file()
        self.assertEqual(read_sheet(file).rows[1], [*LABELS, "Reason"])

    def test_template_can_be_loaded(self):
        _name, file = self.env["oms.import"]._write_template()
        record = self.load(content=file, file_name="template.xlsx")
        self.assertEqual(
            [column["target"] for column in record.columns],
            [
                "external_ref",
                "customer.ref",
                "requested_date",
                "lines.product",
                "lines.qty",
                "lines.uom",
                "lines.price",
                "lines.note",
            ],
        )

    # -- the screen -------------------------------------------------------------

    def test_pages(self):
        record = self.check(
            *(
                [f"PO-{n}", "C-1", "A-1" if n % 10 else "X-9", "1", ""]
                for n in range(60)
            )
        )
        page = record.get_page(50, 50)
        self.assertEqual((len(page["rows"]), page["total"]), (10, 60))
        self.assertEqual(
            page["counts"],
            {"all": 60, "good": 54, "faulty": 6, "waiting": 0, "done": 0},
        )
        page = record.get_page(0, 50, "faulty")
        self.assertEqual([row["cells"][2] for row in page["rows"]], ["X-9"] * 6)
        self.assertEqual(page["rows"][0]["faults"][0]["column"], 2)
        self.assertTrue(page["columns"][2]["is_product"])

    def test_back_to_the_columns(self):
        record = self.check(["PO-1", "C-1", "A-1", "2", ""])
        record.action_back()
        self.assertEqual((record.state, record.row_count), ("draft", 0))
        record.action_check()
        record.action_import()
        with self.assertRaisesRegex(UserError, "were imported"):
            record.action_back()

    # -- the background ---------------------------------------------------------

    def start_long(self, count=12, user=None):
        record = self.load(
            *([f"PO-{n}", "C-1", "A-1", "1", ""] for n in range(count)), user=user
        )
        record.action_check()
        self.patch(oms_import_run, "AT_ONCE", 5)
        self.patch(oms_import_run, "CHUNK_ORDERS", 5)
        with self.capture_triggers(
            "oms_order_cycle_intake.oms_import_cron"
        ) as captured:
            record.action_import()
        self.assertEqual(len(captured.records), 1)
        self.assertEqual(record.state, "running")
        return record.with_user(self.env.user)

    def run_cron(self):
        with patch.object(
            self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kw: 60
        ):
            self.env["oms.import"]._cron_run()

    def test_long_files_are_imported_in_the_background(self):
        record = self.start_long()
        with self.assertRaisesRegex(UserError, "being imported"):
            record.correct(record.row_ids[0].id, 2, "B-1")
        self.run_cron()
        self.assertEqual((record.state, record.done_count), ("done", 12))
        self.assertEqual(record.progress, 100)

    def test_stopped_and_gone_on(self):
        record = self.start_long()
        record._submit_rows(record._take_chunk())
        record.action_stop()
        self.run_cron()
        self.assertEqual((record.state, record.done_count), ("stopped", 5))
        self.assertEqual(round(record.progress), 42)
        record.action_import()
        self.run_cron()
        self.assertEqual((record.state, record.done_count), ("done", 12))
        self.assertEqual(len(record.row_ids.order_id), 12)

    def test_background_keeps_the_rights_of_the_user(self):
        user = self.create_user("oms_import_clerk", "sales_team.group_sale_salesman")
        record = self.start_long(user=user)
        self.run_cron()
        self.assertEqual(record.row_ids.order_id.create_uid, user)
        user.group_ids = [
            Command.unlink(self.env.ref("sales_team.group_sale_salesman").id)
        ]
        second = self.check(["PO-X", "C-1", "A-1", "1", ""])
        second.sudo().write({"user_id": user.id, "state": "running"})
        with mute_logger("odoo.addons.oms_order_cycle.tools.guard"):
            self.run_cron()
        self.assertEqual(second.state, "failed")
        self.assertTrue(second.error)
        self.assertFalse(second.row_ids.order_id)

    def test_orders_of_many_lines_fit_into_a_chunk(self):
        self.patch(oms_import_run, "CHUNK_LINES", 4)
        record = self.check(
            *([f"PO-{n // 3}", "C-1", "A-1", "1", ""] for n in range(9))
        )
        self.assertEqual(len(record._take_chunk()), 1)
        record.action_import()
        self.assertEqual(len(record.row_ids.order_id), 3)

    def test_running_file_is_not_deleted(self):
        record = self.start_long()
        with self.assertRaisesRegex(UserError, "Stop the import"):
            record.unlink()

    # -- who ----------------------------------------------------------------------

    def test_own_files_only(self):
        first, second = (
            self.create_user(f"oms_import_{n}", "sales_team.group_sale_salesman")
            for n in (1, 2)
        )
        service = self.create_user("oms_import_3", "oms_order_cycle.group_oms_service")
        record = self.check(["PO-1", "C-1", "A-1", "2", ""], user=first)
        for method in (record.get_page, record.row_ids.read, record._write_faulty_file):
            method()
        stranger = record.with_user(second)
        self.assertFalse(stranger.search([("id", "=", record.id)]))
        for call in (
            lambda: stranger.read(["file"]),
            lambda: stranger.action_import(),
            lambda: stranger.get_page(),
            lambda: stranger.correct(record.row_ids.id, 2, "B-1"),
            lambda: record.row_ids.with_user(second).read(),
        ):
            with self.assertRaises(AccessError):
                call()
            self.env.invalidate_all()
        self.assertTrue(record.with_user(service).get_page()["rows"])

    def test_nobody_imports_with_the_rights_of_another(self):
        first, second = (
            self.create_user(f"oms_import_{n}", "oms_order_cycle.group_oms_service")
            for n in (1, 2)
        )
        record = self.check(["PO-1", "C-1", "A-1", "2", ""], user=first)
        with self.assertRaises(AccessError):
            record.write({"user_id": second.id})
        with self.assertRaises(AccessError):
            self.load(["PO-1", "C-1", "A-1", "2", ""], user=first, user_id=second.id)
        # nor are rows put under the file of somebody for whom the background works
        with self.assertRaises(AccessError):
            record.with_user(second).write({"state": "running"})
        record.write({"state": "running"})
        self.env.flush_all()
        row, stranger = record.row_ids, record.with_user(second)
        for call in (
            lambda: row.with_user(second).write({"payload": {}}),
            lambda: row.with_user(second).create(
                {"import_id": record.id, "number": 9, "state": "good", "payload": {}}
            ),
            lambda: stranger.write({"channel_id": record.channel_id.id}),
            lambda: stranger.write({"state": "running", "user_id": second.id}),
        ):
            with self.assertRaisesRegex(AccessError, "Stop it first"):
                call()
        stranger.action_stop()
        self.assertEqual(record.state, "stopped")
        stranger.action_import()
        self.assertEqual(record.user_id, second)
        self.assertEqual(record.row_ids.order_id.create_uid, second)

    def test_other_company(self):
        company = self.create_company("OMS Test Second")
        user = self.create_user("oms_import_c", "sales_team.group_sale_salesman")
        record = self.check(["PO-1", "C-1", "A-1", "2", ""], user=user)
        user.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            record.with_context(allowed_company_ids=company.ids).read(["file_name"])

    def test_file_without_a_name(self):
        record = self.check(["PO-1", "C-1", "X-9", "2", ""])
        for name, start in ((False, "orders"), ("x" * 70_000 + ".csv", "xxx")):
            record.file_name = name
            written, content = record._write_faulty_file()
            self.assertTrue(written.startswith(start))
            self.assertLess(len(written), 150)
            self.assertTrue(content)

    def test_odd_arguments_get_words(self):
        record = self.check(["PO-1", "C-1", "X-9", "2", ""])
        row = record.row_ids
        for odd in (None, True, -1, 10**12, 1e308, "abc", "\x00", [], {"a": 1}):
            self.assertEqual(record.get_page(odd, odd, odd)["total"], 1)
            for call in (
                lambda odd=odd: record.correct(odd, 2, "B-1"),
                lambda odd=odd: record.correct(row.id, odd, "B-1"),
                lambda odd=odd: record.count_alike(odd, odd),
                lambda odd=odd: record.pick_product(row.id, 2, odd),
            ):
                # True is 1, and a column of that number there is
                if odd is not True:
                    self.assertRaises(UserError, call)
            record.correct(row.id, 3, odd)
            self.env.flush_all()
            if odd != "\x00":
                record.columns = odd if odd == [] else [odd, {"index": odd}]
                self.assertEqual(record._get_mapping(), {})
            record.invalidate_recordset()
            record.columns = self.load(["PO-1", "C-1", "X-9", "2", ""]).columns

    def test_portal_has_nothing(self):
        user = self.create_user("oms_import_p", "base.group_portal")
        record = self.check(["PO-1", "C-1", "A-1", "2", ""])
        for model in ("oms.import", "oms.import.row", "oms.import.mapping"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            record.with_user(user).get_page()


def _workbook(rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()
