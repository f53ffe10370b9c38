"""Conditions that people put together in forms: domains, kept as text."""

from ast import literal_eval

from odoo.exceptions import ValidationError
from odoo.fields import Domain


def read_condition(text):
    """The domain that a saved condition means; empty text is no condition."""
    return Domain(literal_eval((text or "[]").strip()))


def parse_condition(model, text, where):
    """The condition as a ``Domain``, once it is clear that it can be used.

    :param model: the model that the condition is about
    :param str where: name of what has the condition, for the message
    :raise ValidationError: when it is no domain, or names unknown fields
    """
    try:
        return read_condition(text).optimize(model).optimize_full(model)
    except Exception as error:
        raise ValidationError(
            model.env._(
                'The condition of "%(where)s" cannot be read: %(error)s',
                where=where,
                error=error,
            )
        ) from error
