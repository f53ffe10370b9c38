"""What is wrong with a document, in words."""

from odoo import api, models


class OmsIntake(models.Model):
    _inherit = "oms.intake"

    @api.model
    def _get_fault_words(self):
        contradiction = self.env._("The document contradicts itself{place}: {message}")
        return {
            **super()._get_fault_words(),
            "no_document": self.env._(
                "The mail has no order that can be read. Files in it: {value}. Ask for"
                " UBL, X12 or EDIFACT, or enter the order by hand."
            ),
            "empty": self.env._("The file is empty."),
            "too_large": self.env._("The file is too large. Send it in parts."),
            "unknown_format": self.env._(
                "This is neither UBL, X12 nor EDIFACT. Spreadsheets are imported under"
                " Import Orders."
            ),
            "edifact_missing": self.env._(
                "EDIFACT is not read here: install the app Order Cycle: EDIFACT."
            ),
            "characters": self.env._(
                "The file has bytes that are no characters in the encoding that it"
                " states."
            ),
            "character_set_unknown": self.env._("Unknown character set: {message}"),
            "xml_broken": self.env._("The file is not well-formed XML: {message}"),
            "xml_doctype": self.env._(
                "The file has a document type (DOCTYPE). Orders have none, and it is"
                " not read."
            ),
            "truncated": self.env._(
                "The file is incomplete: its end is missing. {message}"
            ),
            "envelope": contradiction,
            "control_number": contradiction,
            "control_number_twice": contradiction,
            "count": contradiction,
            "store_quantities": contradiction,
            "not_an_order": self.env._("This is no order: {message}"),
            "order_number_missing": self.env._("The order has no number ({path})."),
            "consignment": self.env._(
                "This is a consignment order: the goods would stay yours until they are"
                " used. Agree on it with the customer, and enter it by hand."
            ),
            "blanket_order": self.env._(
                "This is a blanket order, which delivers nothing by itself. Ask for"
                " call-offs."
            ),
            "order_type": self.env._("Orders of this type are not taken: {message}"),
            "purpose_unknown": self.env._(
                "What the document is for is not known: {message}"
            ),
            "line_change_unknown": self.env._(
                "A line asks for an unknown change: {message}"
            ),
            "ship_to_per_line": self.env._(
                "Lines go to places of their own ({path}). Ask for an order for each"
                " place."
            ),
            "schedule": self.env._(
                "A line is wanted on several days ({path}). Ask for a line for each"
                " day."
            ),
        }
