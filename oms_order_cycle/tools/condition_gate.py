"""Conditions are tried when they are saved, so that none can stop those who work."""

from contextlib import closing

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .conditions import ConditionError, check_readable, read_condition

MAX_TEXT = 100_000  # letters


def parse_condition(model, text, where):
    """The condition as a ``Domain``, once it is clear that it can be used.

    It is asked of a new record, of records that are stored, and of the database; and
    each of its comparisons by itself, as a condition ends at the first that fails.

    :param model: the model that the condition is about
    :param str where: name of what has the condition, for the message
    :raise ValidationError: it cannot be read, or not be asked
    """
    superuser = model.sudo()
    try:
        if len(text or "") > MAX_TEXT:
            raise ConditionError(model.env._("It is too long."))
        comparisons = check_readable(superuser, text)
        domain = read_condition(text)
        _try(superuser, domain, comparisons)
        return domain.optimize_full(superuser)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        words = str(error).strip().split("\n", maxsplit=1)[0]
        raise ValidationError(
            model.env._(
                'The condition of "%(where)s" cannot be used: %(error)s',
                where=where,
                error=words or type(error).__name__,
            )
        ) from error


def check_can_ask(model, text, where):
    """Refuse a condition that names what a user may not read: nobody learns from what
    an order does what he may not see.

    :param model: the model that the condition is about, with the rights of who asks
    :param str where: name of what has the condition, for the message
    :raise AccessError: naming the field
    """
    if model.env.su:
        return
    for comparison in check_readable(model.sudo(), text):
        asked = model.env[comparison.model._name]
        field = comparison.field
        if asked.has_access("read") and asked._has_field_access(field, "read"):
            continue
        raise AccessError(
            model.env._(
                "The condition of “%(where)s” asks for “%(field)s” of %(model)s, which"
                " %(user)s may not read. Choose another field, or have it set up by"
                " somebody who may.",
                where=where,
                field=field._description_string(model.env) or field.name,
                model=model.env["ir.model"]._get(asked._name).sudo().name,
                user=model.env.user.name,
            )
        )


def _try(model, domain, comparisons):
    """Ask a condition in all the ways in which it may be asked.

    :raise Exception: whatever comes of it
    """
    if domain.is_true():
        return
    model.env.flush_all()
    # undone whatever comes of it
    with closing(model.env.cr.savepoint(flush=False)):
        model.search(domain & Domain("id", "=", -1), limit=1)
        model.new({}).filtered_domain(domain)
        model.search([], limit=1).filtered_domain(domain)
        for comparison in comparisons:
            if comparison.value is not None:
                _try_comparison(comparison)


def _try_comparison(comparison):
    """Ask one comparison of a record that has a value, where there is one."""
    model, field, _path, operator, value, part = comparison
    model = model.with_context(active_test=False)
    name = field.name
    record = model.search([(name, "!=", False)] if field.store else [], limit=1)
    if record:
        record.filtered_domain(
            Domain(f"{name}.{part}" if part else name, operator, value)
        )
