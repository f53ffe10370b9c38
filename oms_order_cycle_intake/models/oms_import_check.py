"""All rows of a file: read, and checked without making anything."""

import hashlib
import json
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ..sheet import (
    Settings,
    SheetFault,
    build_orders,
    check_mapping,
    guess_settings,
    is_blank,
    read_sheet,
)
from ..sheet.values import cell_text

#: Faults that a person sees at a cell; more of one row say nothing new.
MOST_FAULTS = 30


class OmsImport(models.Model):
    _inherit = "oms.import"

    # -- reading the file ---------------------------------------------------------

    def action_check(self):
        """Read the whole sheet and check every row; nothing is imported yet.

        :raise UserError: the file cannot be read, or its columns are not complete
        """
        self.ensure_one()
        self._check_is_still()
        self._check_columns()
        try:
            grid = read_sheet(
                self._get_content(), self.file_name or "", self.sheet_name or None
            )
        except SheetFault as fault:
            raise UserError(
                self._describe_sheet_fault(fault.code, fault.values)
            ) from fault
        header = min(max(self.header_row, 1), len(grid.rows))
        self._take_settings(grid.rows[header:])
        self.row_ids.unlink()
        self.write(
            {
                "head": grid.rows[:header],
                "is_1904": grid.is_1904,
                "note": self._describe_grid(grid),
                "state": "mapped",
                "error": False,
                "started_at": False,
                "finished_at": False,
            }
        )
        self.env["oms.import.row"].create(
            [
                {"import_id": self.id, "number": number, "cells": cells}
                for number, cells in enumerate(grid.rows[header:], start=header + 1)
                if not all(map(is_blank, cells))
            ]
        )
        self.env["oms.import.mapping"]._remember(
            self.channel_id,
            self.partner_id,
            self._get_labels(),
            decimal_mark=self.decimal_mark,
            date_order=self.date_order,
        )
        self._check_rows()
        return True

    def action_back(self):
        """Back to the columns; what was corrected in the rows is given up.

        :raise UserError: rows were imported already
        """
        self.ensure_one()
        self._check_is_still()
        if self.done_count:
            raise UserError(
                self.env._(
                    "Orders of this file were imported with these columns. Download the"
                    " faulty rows and load them as a file of their own."
                )
            )
        self.row_ids.unlink()
        self.state = "draft"
        return True

    def _check_is_still(self):
        """:raise UserError: the background is at it"""
        if self.state == "running":
            raise UserError(self.env._("This file is being imported. Stop it first."))

    def _check_columns(self):
        """:raise UserError: a field twice, or one that is needed not at all"""
        labels = self._get_target_labels()
        faults = check_mapping(
            self._get_mapping(),
            has_ref=bool((self.default_ref or "").strip()),
            has_customer=bool(self.partner_id),
        )
        words = {
            "twice": self.env._("Two columns are “%s”: keep one of them."),
            "missing": self.env._("No column is “%s”."),
        }
        lines = [words[code] % labels[key] for code, key in faults]
        if ("missing", "external_ref") in faults:
            lines.append(
                self.env._("Choose one, or type an order reference for the whole file.")
            )
        if ("missing", "customer.ref") in faults:
            lines.append(
                self.env._("Choose a customer, or a column that says who it is.")
            )
        if lines:
            raise UserError("\n".join(lines))

    def _take_settings(self, rows):
        """How numbers and dates are written: as chosen, else as the cells tell.

        :raise UserError: they may be read either way, and nobody has said which
        """
        told = guess_settings(rows, self._get_mapping())
        names = {"decimal": "decimal_mark", "date_order": "date_order"}
        values = {
            names[key]: told[key] for key in names if told[key] and not self[names[key]]
        }
        self.write(values)
        missing = [
            self._fields[names[key]]._description_string(self.env)
            for key in names
            if told[key] is False and not self[names[key]]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "The cells may be read in two ways. Choose: %s.", ", ".join(missing)
                )
            )

    def _describe_grid(self, grid):
        notes = [self._describe_notes(grid.notes)]
        if grid.hidden:
            notes.append(
                self.env._(
                    "%s rows are hidden in the sheet; they are read, too.",
                    len(grid.hidden),
                )
            )
        return " ".join(filter(None, notes)) or False

    # -- orders ---------------------------------------------------------------------

    def _get_rows(self):
        """All rows, with what the check needs of them."""
        names = (
            "number",
            "cells",
            "faults",
            "state",
            "key",
            "source_hash",
            "product_id",
        )
        return self.env["oms.import.row"].search_fetch(
            [("import_id", "=", self.id)], names, order="number"
        )

    def _build_orders(self, rows):
        """The orders of the file, as :class:`SheetOrder`."""
        self.ensure_one()
        orders = build_orders(
            ((row.number, row.cells or []) for row in rows),
            self._get_mapping(),
            Settings(
                decimal=self.decimal_mark or ".",
                date_order=self.date_order or "dmy",
                is_1904=self.is_1904,
            ),
            default_ref=(self.default_ref or "").strip(),
            is_key_with_customer=self.channel_id.key_per_customer,
        )
        picked = {row.number: row.product_id.id for row in rows if row.product_id}
        for order in orders:
            order.payload["channel"] = self.channel_id.code
            if self.partner_id:
                named = order.payload.get("customer", {})
                order.payload["customer"] = {"id": self.partner_id.id, **named}
            for line, number in zip(
                order.payload["lines"], order.line_rows, strict=True
            ):
                if number in picked:
                    line["product"] = {"id": picked[number]}
            self._forget_faults_of_picked(order, picked)
        return orders

    @api.model
    def _forget_faults_of_picked(self, order, picked):
        """A code that cannot be read does not matter where a person has picked."""
        columns = {place for path, place in order.places.items() if ".product" in path}
        order.faults = [
            fault
            for fault in order.faults
            if fault.row not in picked
            or (
                fault.code != "product_missing"
                and (fault.row, fault.column) not in columns
            )
        ]

    # -- the check ----------------------------------------------------------------

    def _check_rows(self, changed=None):
        """Check the orders of the file, without making any.

        :param changed: rows that were changed; the orders that they belong to are
            checked again, and those whose content is another than it was. Without it,
            all are
        """
        self.ensure_one()
        rows = self._get_rows()
        by_number = {row.number: row for row in rows}
        changed = None if changed is None else set(changed.ids)
        todo = []
        for order in self._build_orders(rows):
            own = [by_number[number] for number in order.rows]
            if all(row.state == "done" for row in own):
                continue
            source = self._hash_source(order)
            if (
                changed is None
                or any(row.id in changed for row in own)
                or own[0].source_hash != source
            ):
                todo.append((order, source))
        if changed is None:
            known = {number for order, _source in todo for number in order.rows}
            rows.filtered(
                lambda row: row.number not in known and row.state != "done"
            ).state = "blank"
        self._add_lost_zeros([order for order, _source in todo], by_number)
        self._write_check(todo, by_number)

    @api.model
    def _hash_source(self, order):
        text = json.dumps([order.payload, order.rows], sort_keys=True)
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def _write_check(self, todo, by_number):
        """Ask what is wrong with orders, and keep it with their rows."""
        checked = self.env["sale.order"]._oms_check_orders(
            [self._prepare_checked(order) for order, _source in todo],
            whole=[index for index, (order, _s) in enumerate(todo) if not order.faults],
        )
        describe = self._get_sheet_describer()
        for (order, source), (partner, status, faults) in zip(
            todo, checked, strict=True
        ):
            found = self._collect_faults(order, faults, describe, by_number)
            if status == "already there":
                message = describe("already_there", {})
                found[order.rows[0]].append(
                    _fault(None, "already_there", message, False)
                )
            states = _get_states(order.rows, found)
            for number, state in states.items():
                if state == "waiting":
                    message = describe("other_row", {})
                    found[number].append(_fault(None, "other_row", message, False))
            key = json.dumps(order.key)
            for number in order.rows:
                is_first = number == order.rows[0]
                _write_changed(
                    by_number[number],
                    {
                        "faults": found[number][:MOST_FAULTS] or False,
                        "state": states[number],
                        "key": key,
                        "partner_id": partner.id,
                        "source_hash": source if is_first else False,
                        "payload": order.payload if is_first else False,
                    },
                )

    @api.model
    def _prepare_checked(self, order):
        """The payload without the lines that cannot be read: the others are checked all
        the same, so that all that is wrong is seen at once."""
        lines = [
            # a reference of its own, so that its faults are found again
            {**line, "ref": line.get("ref") or f"#{index + 1}"}
            for index, line in enumerate(order.payload["lines"])
            if _is_complete(line)
        ]
        order.checked_rows = [
            number
            for number, line in zip(
                order.line_rows, order.payload["lines"], strict=True
            )
            if _is_complete(line)
        ]
        return {"external_ref": "?", **order.payload, "lines": lines}

    def _collect_faults(self, order, faults, describe, by_number):
        """``{row number: list of faults}`` of an order, its cells' and the check's."""
        found = defaultdict(list)
        for fault in order.faults:
            message = describe(fault.code, fault.values)
            found[fault.row].append(_fault(fault.column, fault.code, message))
        is_short = len(order.checked_rows) < len(order.line_rows)
        for fault in faults:
            if fault["code"] == "no_lines" and (is_short or order.faults):
                continue
            row, column = self._locate(order, fault["path"])
            message = fault["message"]
            if fault["code"] == "product_not_found" and column is not None:
                value = cell_text(by_number[row].cells[column])
                message = describe("product_not_found", {"value": value})
            elif (fault["code"], fault["path"]) == ("missing", "customer"):
                message = describe("customer_missing", {})
            found[row].append(_fault(column, fault["code"], message, fault["blocking"]))
        for row, column, code, values in getattr(order, "notes", ()):
            found[row].append(_fault(column, code, describe(code, values), False))
        return found

    @api.model
    def _locate(self, order, path):
        """The cell of a path of what was checked."""
        index, _bracket, rest = path.removeprefix("lines[").partition("]")
        if index.isdigit() and int(index) < len(order.checked_rows):
            row = order.checked_rows[int(index)]
            path = f"lines[{order.line_rows.index(row)}]{rest}"
        row, column = order.locate(path)
        if column is None and path.startswith("customer"):
            keys = self._get_mapping().items()
            column = next((i for i, key in keys if key.startswith("customer.")), None)
        return row, column


def _fault(column, code, message, blocking=True):
    return {"column": column, "code": code, "message": message, "blocking": blocking}


def _get_states(numbers, found):
    """What the rows of one order are, by what is wrong with each.

    :param dict found: faults by row number
    :return: ``{row number: "good", "faulty", or "waiting" for a faulty one}``
    """
    faulty = {
        number
        for number in numbers
        if any(fault["blocking"] for fault in found.get(number, ()))
    }
    rest = "waiting" if faulty else "good"
    return {number: "faulty" if number in faulty else rest for number in numbers}


def _is_complete(line):
    return "product" in line and "qty" in line


def _write_changed(row, values):
    """Write what differs: most rows are as they were."""
    changed = {}
    for name, value in values.items():
        old = row[name]
        if isinstance(old, models.BaseModel):
            old = old.id
        if (old or False) != (value or False):
            changed[name] = value
    if changed:
        row.write(changed)
