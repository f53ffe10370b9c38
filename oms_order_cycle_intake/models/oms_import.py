import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sheet import (
    TARGETS,
    SheetFault,
    column_label,
    guess_columns,
    guess_header,
    guess_settings,
    list_sheets,
    normalize_label,
    read_sheet,
)
from ..sheet.values import cell_text

#: Rows of a sheet that are shown before it is read as a whole, and its sheets.
PREVIEW_ROWS = 40
PREVIEW_SHEETS = 12
SAMPLES = 3


class OmsImport(models.Model):
    """A file of orders on its way in.

    The file is read, its columns are mapped, all rows are checked and corrected on the
    screen; the good orders are handed in by :meth:`sale.order.oms_submit_orders`, those
    of long files in the background.
    """

    _name = "oms.import"
    _inherit = ["oms.limited"]
    _description = "Import of an Order File"
    _order = "id desc"
    _rec_name = "file_name"

    channel_id = fields.Many2one(
        "oms.channel",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_channel(),
        help="The channel that the orders are taken over: it says what happens to a"
        " reference that comes in again, and to prices.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        help="Whose orders they are. Leave it empty where a column says so.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Orders are taken with the rights of this user.",
    )
    state = fields.Selection(
        [
            ("draft", "Columns"),
            ("mapped", "Rows"),
            ("running", "Importing"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    file = fields.Binary(string="Order File", attachment=True, required=True)
    file_name = fields.Char()
    sheets = fields.Json(readonly=True, help="The first rows of each sheet.")
    sheet_name = fields.Char(string="Sheet")
    has_sheets = fields.Boolean(compute="_compute_has_sheets")
    header_row = fields.Integer(
        string="Row of Labels", default=1, help="The row that names the columns."
    )
    columns = fields.Json(help="The columns of the sheet, and what they mean.")
    head = fields.Json(readonly=True, help="The rows down to the labels, as they were.")
    decimal_mark = fields.Selection(
        [(".", "1,234.50"), (",", "1.234,50")],
        string="Numbers Look Like",
        help="How the file writes numbers. Needed only where they are text that may be"
        " read either way.",
    )
    date_order = fields.Selection(
        [
            ("dmy", "Day, Month, Year"),
            ("mdy", "Month, Day, Year"),
            ("ymd", "Year First"),
        ],
        string="Dates Are Written",
        help="How the file writes dates. Needed only where they are text that may be"
        " read either way.",
    )
    is_1904 = fields.Boolean(readonly=True)
    default_ref = fields.Char(
        string="Order Reference",
        help="For files without a column of order references: the file is one order, or"
        " one for each customer in it. The same reference is taken only once.",
    )
    has_ref_column = fields.Boolean(compute="_compute_has_ref_column")
    note = fields.Char(readonly=True, help="What was noticed while reading the file.")
    row_ids = fields.One2many("oms.import.row", "import_id", readonly=True)
    row_count = fields.Integer(compute="_compute_counts")
    good_count = fields.Integer(compute="_compute_counts", string="Good Rows")
    faulty_count = fields.Integer(compute="_compute_counts", string="Faulty Rows")
    done_count = fields.Integer(compute="_compute_counts", string="Imported Rows")
    order_count = fields.Integer(compute="_compute_counts", string="Orders")
    progress = fields.Float(compute="_compute_counts")
    started_at = fields.Datetime(string="Started On", readonly=True)
    finished_at = fields.Datetime(string="Finished On", readonly=True)
    error = fields.Char(readonly=True)

    @api.model
    def _default_channel(self):
        """The channel of the user's last import, else the first for e-mail."""
        last = self.search([("user_id", "=", self.env.uid)], limit=1)
        if last.channel_id.active:
            return last.channel_id
        channels = self.env["oms.channel"]
        return channels.search([("kind", "=", "email")], limit=1) or channels.search(
            [], limit=1
        )

    @api.model
    def _get_number_limits(self):
        return {"header_row": (1, 20_000)}

    # -- compute ------------------------------------------------------------------

    @api.depends("sheets")
    def _compute_has_sheets(self):
        for record in self:
            record.has_sheets = len(record.sheets or ()) > 1

    @api.depends("columns")
    def _compute_has_ref_column(self):
        for record in self:
            record.has_ref_column = "external_ref" in record._get_mapping().values()

    @api.depends("row_ids.state", "row_ids.order_id")
    def _compute_counts(self):
        rows = self.env["oms.import.row"]
        counts = {
            (record.id, state): count
            for record, state, count in rows._read_group(
                [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
            )
        }
        orders = dict(
            rows._read_group(
                [("import_id", "in", self.ids), ("state", "=", "done")],
                ["import_id"],
                ["order_id:count_distinct"],
            )
        )
        for record in self:
            good, faulty, waiting, done = (
                counts.get((record.id, state), 0)
                for state in ("good", "faulty", "waiting", "done")
            )
            record.good_count, record.faulty_count, record.done_count = (
                good,
                faulty,
                done,
            )
            record.row_count = good + faulty + waiting + done
            record.order_count = orders.get(record, 0)
            record.progress = 100 * done / (good + done) if good + done else 0

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_user(vals_list)
        records = super().create(vals_list)
        for record in records:
            record._take_file()
        return records

    def write(self, vals):
        self._check_user([vals])
        self._check_running(vals)
        res = super().write(vals)
        if vals.get("file"):
            for record in self:
                record._take_file(is_guessed="columns" not in vals)
        return res

    # -- the file -----------------------------------------------------------------

    @api.onchange("file")
    def _onchange_file(self):
        if not self.file:
            self.update({"sheets": False, "columns": False, "sheet_name": False})
            return None
        try:
            self._read_preview()
        except UserError as error:
            self.update({"file": False, "file_name": False, "sheets": False})
            title = self.env._("This file cannot be read")
            return {"warning": {"title": title, "message": str(error)}}
        return None

    @api.onchange("sheet_name")
    def _onchange_sheet_name(self):
        if self.sheets:
            self.header_row = guess_header(self._get_first_rows()) + 1
            self._guess_columns()

    @api.onchange("header_row", "channel_id", "partner_id")
    def _onchange_header_row(self):
        if self.sheets:
            self._guess_columns()

    def _get_content(self):
        """The file.

        :raise UserError: it is none
        """
        self.ensure_one()
        try:
            return base64.b64decode(self.with_context(bin_size=False).file or b"")
        except (binascii.Error, ValueError):
            raise UserError(self._describe_sheet_fault("not_readable", {})) from None

    def _take_file(self, is_guessed=None):
        """Keep the first rows of a file that came in; what was chosen in the form, as
        its columns, stays.

        :raise UserError: the file cannot be read
        """
        if is_guessed or (is_guessed is None and not self.columns):
            self._read_preview()
        else:
            self.sheets = self._read_sheets()

    def _read_preview(self):
        """Read the first rows of each sheet, and guess what they mean.

        :raise UserError: the file cannot be read
        """
        self.sheets = self._read_sheets()
        first = self.sheets[0]
        self.sheet_name = first["name"]
        self.note = self._describe_notes(first["notes"])
        self.header_row = guess_header(first["rows"]) + 1
        if not self.default_ref:
            self.default_ref = (self.file_name or "").rpartition(".")[0][:60]
        self._guess_columns()

    def _read_sheets(self):
        """The first rows of each sheet.

        :raise UserError: the file cannot be read
        """
        self.ensure_one()
        content = self._get_content()
        sheets, fault = [], None
        try:
            infos = list_sheets(content, self.file_name or "")
        except SheetFault as error:
            raise UserError(
                self._describe_sheet_fault(error.code, error.values)
            ) from error
        for info in infos[:PREVIEW_SHEETS]:
            try:
                grid = read_sheet(
                    content, self.file_name or "", info.name, rows=PREVIEW_ROWS
                )
            except SheetFault as error:
                fault = fault or error
                continue
            sheets.append({"name": info.name, "rows": grid.rows, "notes": grid.notes})
        if not sheets:
            raise UserError(
                self._describe_sheet_fault(fault.code, fault.values)
            ) from fault
        return sheets

    def _get_first_rows(self):
        """The first rows of the sheet that was chosen."""
        self.ensure_one()
        sheets = self.sheets or [{"name": "", "rows": []}]
        chosen = [s for s in sheets if s["name"] == (self.sheet_name or "")]
        return (chosen or sheets)[0]["rows"]

    # -- columns ------------------------------------------------------------------

    def _guess_columns(self):
        """Guess what the columns mean, and how numbers and dates are written."""
        self.ensure_one()
        rows = self._get_first_rows()
        header = min(max(self.header_row - 1, 0), max(len(rows) - 1, 0))
        labels, below = (rows[header] if rows else []), rows[header + 1 :]
        remembered = self.env["oms.import.mapping"]._get_for(
            self.channel_id, self.partner_id
        )
        known = self._guess_by_values(below, len(labels))
        words = {
            normalize_label(label): key
            for key, label in self._get_target_labels().items()
        }
        guesses = guess_columns(labels, below, remembered.labels, known, words)
        self.columns = [
            {
                "index": index,
                "label": column_label(label, index),
                "samples": self._get_samples(below, index),
                "target": guesses[index].target if index in guesses else False,
                "level": guesses[index].level if index in guesses else False,
            }
            for index, label in enumerate(labels)
        ]
        told = guess_settings(below, self._get_mapping())
        self.decimal_mark = told["decimal"] or remembered.decimal_mark or False
        self.date_order = told["date_order"] or remembered.date_order or False

    @api.model
    def _get_samples(self, rows, index):
        texts = (cell_text(row[index]) for row in rows if index < len(row))
        return [text[:40] for text in texts if text.strip()][:SAMPLES]

    def _guess_by_values(self, rows, width):
        """Columns whose values are codes of products that we know."""
        texts = {
            index: {text for text in self._get_samples(rows, index) if text.strip()}
            for index in range(width)
        }
        found = self.env["product.product"]._oms_find_by_codes(
            self.partner_id, set().union(*texts.values()), self.env.company
        )
        return {
            index: "lines.product"
            for index, samples in texts.items()
            if samples and all(text in found for text in samples)
        }

    def _get_mapping(self):
        """``{column index: target}`` as it stands on the screen."""
        self.ensure_one()
        return {
            column["index"]: column["target"]
            for column in self._get_columns()
            if column["target"] in TARGETS
        }

    def _get_columns(self):
        """The columns, whatever a program wrote into the field left out."""
        columns = self.columns if isinstance(self.columns, list) else []
        return [
            {"label": "", "target": False, **column}
            for column in columns
            if isinstance(column, dict)
            and isinstance(column.get("index"), int)
            and 0 <= column["index"] < 1000
            and isinstance(column.get("target", False), str | bool)
        ]

    def _get_labels(self):
        """``{normalized label: target or False}``, to be remembered."""
        mapping = self._get_mapping()
        return {
            label: mapping.get(column["index"], False)
            for column in self._get_columns()
            if (label := normalize_label(column["label"]))
        }
