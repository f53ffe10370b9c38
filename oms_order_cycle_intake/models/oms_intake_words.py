"""What is wrong with an order that came in, in words."""

from dataclasses import asdict
from string import Formatter

from odoo import api, models


class OmsIntake(models.Model):
    _inherit = "oms.intake"

    @api.model
    def _get_fault_words(self):
        """What each code of a fault says; ``{value}`` is what stood there, other names
        are the fault's ``params``. Addons with codes of their own extend it.

        :rtype: dict
        """
        return {
            # the payload as such
            "wrong_kind": self.env._("{path}: this must be {wanted}."),
            "unknown_key": self.env._("{path}: there is no such key."),
            "missing": self.env._("{path}: this is missing."),
            "not_a_number": self.env._(
                "{path}: {value} is no number. Write it like 1234.5, with at most 12"
                " digits before the point."
            ),
            "not_a_date": self.env._(
                "{path}: {value} is no date. Write it like 2026-12-31."
            ),
            "too_long": self.env._("{path}: at most {most} letters."),
            "bad_characters": self.env._(
                "{path}: {value} has characters that cannot be kept."
            ),
            "version_unknown": self.env._(
                "Version {value} is not known, only {known}."
            ),
            "no_lines": self.env._("The order has no lines."),
            "duplicate_line_ref": self.env._("Two lines have the reference {value}."),
            "batch_too_large": self.env._(
                "Too much at once: {value}. At most {orders} orders with {lines} lines."
            ),
            # who sends what
            "channel_unknown": self.env._("There is no channel {value}."),
            "not_allowed": self.env._(
                "You may not hand in orders of the channel {value}."
            ),
            "test_document": self.env._("This is a test: no order was made."),
            "customer_not_found": self.env._("No customer has the {key} {value}."),
            "customer_ambiguous": self.env._(
                "The {key} {value} means another customer than the rest, or several."
            ),
            "ship_to_not_of_customer": self.env._(
                "The customer has no such delivery address: {value}."
            ),
            "bill_to_not_of_customer": self.env._(
                "The customer has no such invoice address: {value}."
            ),
            "currency_differs": self.env._(
                "The order is in {value}, the customer's prices are in {ours}."
            ),
            "date_past": self.env._("{value} is over."),
            # lines
            "product_not_found": self.env._("There is no product {value}."),
            "product_ambiguous": self.env._(
                "{value} means another product than the line's other codes, or several."
            ),
            "product_not_sold": self.env._("{value} is not sold."),
            "qty_not_positive": self.env._(
                "The quantity must be above zero, not {value}."
            ),
            "qty_below_minimum": self.env._(
                "{value} is less than can be ordered. Order {proposed} {uom}."
            ),
            "qty_not_multiple": self.env._(
                "{value} cannot be ordered. Order {proposed} {uom} instead."
            ),
            "qty_unreadable": self.env._(
                "“{value}” is no quantity. Write it like 12{mark}5."
            ),
            "uom_unknown": self.env._("There is no unit {value}."),
            "uom_ambiguous": self.env._(
                "{value} may mean several units. Name another one, or put it among the"
                " codes of the unit that is meant."
            ),
            "uom_other_category": self.env._("{product} cannot be ordered in {value}."),
            "price_differs": self.env._("The price is {ours}, not {value}."),
            "price_negative": self.env._("A price cannot be negative: {value}."),
            "total_differs": self.env._(
                "The total without taxes is {ours}, not {value}."
            ),
            "dates_differ": self.env._(
                "The lines are wanted on different days: the order is for {value}, the"
                " latest."
            ),
            # once more
            "content_differs": self.env._(
                "{path}: the order came in with {old} before, now with {value}."
            ),
            "line_released": self.env._(
                "Line {line} was handed to the warehouse and cannot be changed any"
                " more."
            ),
            "order_locked": self.env._("{order} cannot be changed any more."),
            "order_cancelled": self.env._("{order} is cancelled."),
            "order_not_found": self.env._(
                "There is no order under the reference {value}."
            ),
            "change_requested": self.env._(
                "{order} is on hold until somebody has looked at the change."
            ),
            "cancel_requested": self.env._(
                "{order} is on hold until somebody has looked at the cancellation."
            ),
            "not_created": self.env._("The order could not be made: {reason}"),
            "not_changed": self.env._("The order could not be changed: {reason}"),
        }

    @api.model
    def _get_wanted_words(self):
        """What kinds of values are called."""
        return {
            "text": self.env._("a text"),
            "number": self.env._("a number"),
            "id": self.env._("the id of a record"),
            "yes_no": self.env._("true or false"),
            "list": self.env._("a list"),
            "object": self.env._("an object"),
        }

    @api.model
    def _get_key_words(self):
        """What customers are known by."""
        return {
            "id": self.env._("id"),
            "gln": self.env._("GLN"),
            "ref": self.env._("internal reference"),
            "vat": self.env._("VAT number"),
            "email": self.env._("e-mail address"),
        }

    @api.model
    def _describe_fault(self, fault):
        """One fault in words.

        :param dict fault: fields of ``Fault``
        :rtype: str
        """
        words = self._get_fault_words().get(fault["code"], "{path}: {code} {value}")
        wanted, key = fault["params"].get("wanted"), fault["params"].get("key")
        values = {
            **fault,
            **fault["params"],
            "path": fault["path"] or self.env._("The payload"),
            "place": f" ({fault['path']})" if fault["path"] else "",
            "wanted": self._get_wanted_words().get(wanted, wanted),
            "key": self._get_key_words().get(key, key),
        }
        text = Formatter().vformat(words, (), _Known(values))
        if fault["line"] and "{path}" not in words and "{line}" not in words:
            return self.env._("Line %(line)s: %(text)s", line=fault["line"], text=text)
        return text

    @api.model
    def _prepare_faults(self, faults):
        """Faults as they are kept.

        :param faults: of class ``Fault``
        """
        return [asdict(fault) for fault in faults] or False

    @api.model
    def _prepare_errors(self, faults, is_line_said=True):
        """Faults as callers read them, of plain values that any protocol carries.

        :param bool is_line_said: whether their words begin with the line
        """
        return [
            {
                "path": fault.path,
                "line": fault.line,
                "code": fault.code,
                "value": fault.value,
                "message": self._describe_fault(
                    {**asdict(fault), "line": fault.line if is_line_said else ""}
                ),
                "proposal": fault.params.get("proposed", False),
                "blocking": fault.blocking,
            }
            for fault in faults
        ]


class _Known(dict):
    """Values of a fault; what nobody gave is left out of the words."""

    def __missing__(self, key):
        return ""
