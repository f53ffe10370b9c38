"""What a program outside gives to public methods: of the right kind, or words."""

from math import isfinite

from odoo import fields
from odoo.exceptions import UserError

#: The largest id that PostgreSQL keeps, and more than can be meant.
_MOST_WHOLE, _MOST = 2**31 - 1, 1e12


def whole_number(env, value):
    """An id, a quantity or the number of a box; 0 for nothing.

    :raise UserError: if it is none
    """
    number = finite_number(env, value)
    if number != int(number) or abs(number) > _MOST_WHOLE:
        raise UserError(env._("“%s” is no whole number.", value))
    return int(number)


def finite_number(env, value):
    """A float; 0.0 for nothing.

    :raise UserError: if it is no number, or larger than can be meant
    """
    try:
        number = float(value or 0)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number) or abs(number) > _MOST:
        raise UserError(env._("“%s” is no number that can be meant.", value))
    return number


def text(env, value):
    """A text without spaces around it; empty for nothing.

    :raise UserError: if it is none
    """
    if value and not isinstance(value, str) or "\x00" in (value or ""):
        raise UserError(env._("“%s” is no text.", value))
    return (value or "").strip()


def moment(env, value):
    """A moment; False for nothing.

    :raise UserError: if it is none
    """
    try:
        return fields.Datetime.to_datetime(value or False)
    except (TypeError, ValueError, AttributeError):
        raise UserError(env._("“%s” is no date and time.", value)) from None
