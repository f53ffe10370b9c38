"""Values that people type for a field, as it shows them."""

from odoo import fields
from odoo.tools import html_escape

#: Types of fields that a typed text can mean a value of.
SETTABLE_TYPES = (
    "boolean",
    "char",
    "text",
    "html",
    "integer",
    "float",
    "date",
    "selection",
    "many2one",
)
NOT_UNDERSTOOD = object()


def parse_value(env, field, text):
    """The value to write that a text means for a field.

    :param env: names of records are looked up with its rights, choices in its language
    :param field: of one of ``SETTABLE_TYPES``
    :param text: empty to empty the field
    :return: the value, or ``NOT_UNDERSTOOD``
    """
    text = (text or "").strip()
    if field.type == "boolean":
        return _parse_yes(env, text)
    if not text:
        return 0 if field.type in ("integer", "float") else False
    if field.type == "html":
        return html_escape(text)
    if field.type in ("integer", "float"):
        return _parse_number(text, int if field.type == "integer" else float)
    if field.type == "date":
        return _parse_date(text)
    if field.type == "selection":
        choices = field._description_selection(env)
        found = [key for key, label in choices if text.lower() in (key, label.lower())]
        return found[0] if found else NOT_UNDERSTOOD
    if field.type == "many2one":
        found = env[field.comodel_name].name_search(text, operator="=", limit=2)
        return found[0][0] if len(found) == 1 else NOT_UNDERSTOOD
    return text


def _parse_yes(env, text):
    yes = {"yes", "true", "1", env._("Yes").lower()}
    no = {"", "no", "false", "0", env._("No").lower()}
    if text.lower() in yes:
        return True
    return False if text.lower() in no else NOT_UNDERSTOOD


def _parse_number(text, kind):
    try:
        number = kind(text.replace(" ", ""))
    except ValueError:
        return NOT_UNDERSTOOD
    return number if abs(number) < 1e12 else NOT_UNDERSTOOD  # nan and inf, too


def _parse_date(text):
    try:
        return fields.Date.to_date(text)
    except ValueError:
        return NOT_UNDERSTOOD
