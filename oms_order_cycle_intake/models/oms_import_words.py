"""What the screens of an import say: fields of an order, and faults."""

from odoo import api, models


class OmsImport(models.Model):
    _inherit = "oms.import"

    @api.model
    def get_targets(self):
        """The fields that a column may fill, for the screen.

        :return: list of ``{"key", "label", "group"}``, in the order they are offered
        """
        self.check_access("read")
        order, address, line = (
            self.env._("Order"),
            self.env._("Delivery and Invoice Address"),
            self.env._("Line"),
        )

        def group(key):
            if key.startswith("lines."):
                return line
            return address if key.startswith(("ship_to.", "bill_to.")) else order

        return [
            {"key": key, "label": label, "group": group(key)}
            for key, label in self._get_target_labels().items()
        ]

    @api.model
    def _get_target_labels(self):
        """``{target: label}``"""
        return {
            "external_ref": self.env._("Order Reference"),
            "customer.ref": self.env._("Customer Number"),
            "customer.vat": self.env._("Customer Tax ID"),
            "customer.email": self.env._("Customer Email"),
            "customer.gln": self.env._("Customer GLN"),
            "order_date": self.env._("Order Date"),
            "requested_date": self.env._("Requested Delivery Date"),
            "valid_until": self.env._("Valid Until"),
            "currency": self.env._("Currency"),
            "note": self.env._("Order Note"),
            "lines.product": self.env._("Product (any code)"),
            "lines.product.code": self.env._("Product: Internal Reference"),
            "lines.product.barcode": self.env._("Product: Barcode"),
            "lines.product.customer_code": self.env._("Product: Customer's Own Code"),
            "lines.qty": self.env._("Quantity"),
            "lines.uom": self.env._("Unit"),
            "lines.price": self.env._("Unit Price"),
            "lines.ref": self.env._("Line Reference"),
            "lines.description": self.env._("Description"),
            "lines.requested_date": self.env._("Requested Date of the Line"),
            "lines.note": self.env._("Line Note"),
            "ship_to.ref": self.env._("Ship To: Reference"),
            "ship_to.gln": self.env._("Ship To: GLN"),
            "ship_to.name": self.env._("Ship To: Name"),
            "ship_to.street": self.env._("Ship To: Street"),
            "ship_to.street2": self.env._("Ship To: Street 2"),
            "ship_to.zip": self.env._("Ship To: ZIP"),
            "ship_to.city": self.env._("Ship To: City"),
            "ship_to.country": self.env._("Ship To: Country"),
            "ship_to.state": self.env._("Ship To: State"),
            "bill_to.ref": self.env._("Bill To: Reference"),
        }

    @api.model
    def _describe_notes(self, notes):
        """What was noticed while reading, in words."""
        if "cp1252" in notes:
            return self.env._(
                "The file does not say how its letters are written; they were read as"
                " Western European (Windows). Look at names with accents."
            )
        return False

    @api.model
    def _describe_sheet_fault(self, code, values):
        """Why a file or a cell cannot be used, and what to do.

        :param str code: of a :class:`SheetFault`
        :param dict values: its details
        """
        return self._get_sheet_describer()(code, values)

    @api.model
    def _get_sheet_describer(self):
        """The same for many faults: a function that knows the words already."""
        words = {**self._get_file_words(), **self._get_cell_words()}
        unknown = self.env._("This cannot be used.")
        save = self.env._("Open it in your spreadsheet program and save it as XLSX.")

        def describe(code, values):
            values = {"save": save, "value": "", **values}
            return words.get(code, unknown).format_map(values)

        return describe

    @api.model
    def _get_file_words(self):
        return {
            "file_empty": self.env._("The file is empty."),
            "sheet_empty": self.env._("There is nothing on this sheet."),
            "no_sheet": self.env._("The file has no sheet."),
            "sheet_unknown": self.env._("The file has no sheet “{sheet}”."),
            "file_too_large": self.env._(
                "The file is larger than {limit} MB. Split it into several."
            ),
            "unzipped_too_large": self.env._(
                "Unpacked, the file is larger than {limit} MB. Delete sheets and"
                " pictures that are not needed, or save the sheet as CSV."
            ),
            "too_many_cells": self.env._(
                "The file has too many cells, or too many formats. Delete sheets, empty"
                " columns and rows that are not needed, or save the sheet as CSV."
            ),
            "too_many_rows": self.env._(
                "The sheet has more than {limit} rows. Split it into several files."
            ),
            "too_many_columns": self.env._(
                "The sheet has more than {limit} columns. Delete those that are not"
                " needed."
            ),
            "quotes": self.env._(
                "Row {row} has a quotation mark that is never closed, or stands inside"
                " a cell. Correct it, or save the table as XLSX."
            ),
            "encoding": self.env._("The letters of the file cannot be read. {save}"),
            "binary": self.env._("This is no table: CSV or XLSX is needed."),
            "pdf": self.env._("This is a PDF. Ask for the orders as CSV or XLSX."),
            "markup": self.env._("This is a web page or XML, not a table. {save}"),
            "xls": self.env._("This is an old Excel file (.xls). {save}"),
            "xlsb": self.env._("This is a binary Excel file (.xlsb). {save}"),
            "ods": self.env._("This is an OpenDocument file. {save}"),
            "encrypted": self.env._(
                "The file is protected by a password. Take the protection off first."
            ),
            "not_readable": self.env._("The file is damaged or no spreadsheet. {save}"),
        }

    @api.model
    def _get_cell_words(self):
        return {
            "cell_too_long": self.env._(
                "A cell holds more letters than any of an order does."
            ),
            "cell_error": self.env._("The spreadsheet shows an error here: {value}"),
            "formula_no_value": self.env._(
                "A formula that was never worked out. Open the file in your spreadsheet"
                " program and save it again, or type the value."
            ),
            "number_unreadable": self.env._("“{value}” is no number."),
            "number_unclear": self.env._(
                "“{value}” is no number where “{mark}” is the decimal mark."
            ),
            "number_too_large": self.env._("“{value}” is too large."),
            "date_unreadable": self.env._("“{value}” is no date."),
            "code_exponent": self.env._(
                "The spreadsheet shortened a long number to “{value}”: its digits are"
                " lost. Type the code."
            ),
            "code_rounded": self.env._(
                "A spreadsheet keeps 15 digits of a number only: the last ones of"
                " “{value}” are lost. Type the code."
            ),
            "code_is_date": self.env._(
                "The spreadsheet made a date ({value}) of this code. Type the code."
            ),
            "code_is_bool": self.env._(
                "The spreadsheet made “{value}” of this code. Type the code."
            ),
            "order_ref_missing": self.env._("The order has no reference."),
            "customer_missing": self.env._("Who is the customer?"),
            "product_missing": self.env._("Which product?"),
            "product_not_found": self.env._("There is no product {value}."),
            "qty_missing": self.env._("How many?"),
            "no_lines": self.env._("The order has no lines."),
            "differs_in_order": self.env._(
                "“{value}” differs from “{first}” in row {first_row} of the same order."
            ),
            "zeros_added": self.env._(
                "“{value}” was read as “{code}”: spreadsheets drop zeros of numbers."
            ),
            "zeros_unclear": self.env._(
                "“{value}” or “{code}”? Spreadsheets drop zeros of numbers. Type the"
                " code, or pick the product."
            ),
            "already_there": self.env._(
                "This order came in before, and is not made again."
            ),
            "other_row": self.env._("Another row of this order is faulty."),
        }
