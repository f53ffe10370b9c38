"""Conditions that people put together in forms: domains, kept as text.

A condition is looked at twice. :func:`find_fault` reads it and the definitions of the
fields it names, asks the database nothing, and is right wherever a condition is used:
one that has a fault counts as not met. ``condition_gate`` also tries it, when it is
saved.
"""

import math
import re
from ast import literal_eval
from collections import namedtuple

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.orm.utils import READ_GROUP_NUMBER_GRANULARITY, parse_field_expr

#: One comparison: the model that has the field, the field, the path to it from where
#: the condition starts (names), what is compared with, and the part of a date if any.
Comparison = namedtuple("Comparison", "model field path operator value part")

#: More, and a text that does not match is tried for minutes: each multiplies the time.
MAX_WILDCARDS = 2
#: What a whole number in the database can be.
MAX_INTEGER = 2**31 - 1
MAX_NUMBER = 1e15
NUMBERS = ("integer", "float", "monetary")
TEXTS = ("char", "text", "html", "selection")
DATES = ("date", "datetime")
_NESTED = ("any", "not any")
_HIERARCHY = ("child_of", "parent_of")
_UNORDERED = ("boolean", "many2one", "one2many", "many2many", "reference", "binary")


class ConditionError(UserError):
    """What is wrong with a condition, in words."""


def read_condition(text):
    """The domain that a saved condition means; empty text is no condition.

    :raise Exception: of many kinds, when it is no domain
    """
    return Domain(literal_eval((text or "[]").strip()))


def has_condition(text):
    """Whether there is any condition. One that cannot be read is one."""
    try:
        return not read_condition(text).is_true()
    except Exception:
        return True


def iter_comparisons(model, domain, path=()):
    """Every comparison of a domain, with those inside of *any* and of dotted paths.

    :param model: the model that the domain is about
    :raise ConditionError: a field of a path is not there, or leads nowhere
    """
    for condition in domain.iter_conditions():
        yield from _follow(model, condition, condition.field_expr, path)


def _follow(model, condition, expression, path):
    name, rest = parse_field_expr(expression)
    field = model._fields.get(name)
    if field is None:
        raise ConditionError(
            model.env._(
                "There is no field “%(field)s” in %(model)s.",
                field=name,
                model=model._description,
            )
        )
    here = (*path, name)
    if rest and field.relational:
        # the field on the way is read, too
        yield Comparison(model, field, here, "any", None, None)
        yield from _follow(model.env[field.comodel_name], condition, rest, here)
        return
    if rest and not _has_part(field, rest):
        raise ConditionError(
            model.env._(
                "“%(field)s” in %(model)s has no field “%(rest)s”.",
                field=name,
                model=model._description,
                rest=rest,
            )
        )
    operator, value = condition.operator, condition.value
    yield Comparison(model, field, here, operator, value, rest)
    if operator in _NESTED:
        comodel = model if name == "id" else model.env.get(field.comodel_name)
        if comodel is None:
            raise ConditionError(
                model.env._("“%s” has no fields of its own to ask for.", name)
            )
        inside = path if name == "id" else here
        yield from iter_comparisons(comodel, Domain(value), inside)


def _has_part(field, part):
    if field.type == "properties":
        return "." not in part
    return field.type in DATES and part in READ_GROUP_NUMBER_GRANULARITY


def _read_comparisons(model, text):
    """All comparisons; none of a condition that cannot be read."""
    try:
        return list(iter_comparisons(model, read_condition(text)))
    except Exception:
        return []


def find_fields(model, text):
    """All fields that a condition reads: a set of (name of the model, name)."""
    return {
        (comparison.model._name, comparison.field.name)
        for comparison in _read_comparisons(model, text)
    }


def find_paths(model, text):
    """The fields that a condition reads, as ``@depends`` wants them.

    :return: set of dotted paths; empty for a condition that cannot be read, or names
        what is not there
    """
    paths = set()
    for comparison in _read_comparisons(model, text):
        path = comparison.path
        if path[-1] == "id":
            path = path[:-1]
        if path and "id" not in path and comparison.value is not None:
            paths.add(".".join(path))
    return paths


def find_fault(model, text, searched=False):
    """What keeps a condition from being asked, in words; False when nothing is seen.

    The same for all users, as long as fields and languages stay.

    :param model: the model that the condition is about
    :param bool searched: whether the database is asked, or records that are at hand
    """
    try:
        check_readable(model, text, searched)
    except ConditionError as error:
        return str(error)
    return False


def check_readable(model, text, searched=True):
    """Refuse a condition that cannot be read, or compares what cannot be compared.

    :return: its comparisons, a list of :class:`Comparison`
    :raise ConditionError: in words
    """
    try:
        domain = read_condition(text)
        comparisons = list(iter_comparisons(model, domain))
        domain.optimize(model)
    except ConditionError:
        raise
    except Exception as error:
        raise ConditionError(str(error).split("\n", maxsplit=1)[0]) from error
    for comparison in comparisons:
        _check_comparison(comparison, searched)
    return comparisons


def _check_comparison(comparison, searched):
    model, field, _path, operator, value, part = comparison
    if searched and not field._description_searchable:
        raise ConditionError(
            model.env._(
                "“%s” is worked out when it is looked at and cannot be searched."
                " Choose a field that is kept in the database.",
                _label(model, field),
            )
        )
    if operator in _NESTED:
        return
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    for single in values:
        _check_storable(model, field, single)
    if operator.endswith("like"):
        _check_pattern(model, operator, value)
    elif not part and field.type != "properties" and operator not in _HIERARCHY:
        ordered = operator[0] in "<>" and operator != "<>"
        kinds = _get_kinds(field, ordered)
        if (
            kinds is None
            or (ordered and not isinstance(value, kinds))
            or not all(_is_of(single, kinds, ordered) for single in values)
        ):
            raise ConditionError(
                model.env._(
                    "“%(field)s” cannot be compared with %(value)s: that is a value of"
                    " another kind.",
                    field=_label(model, field),
                    value=repr(value)[:60],
                )
            )


def _get_kinds(field, ordered):
    """The types of the values that a field can be compared with; None: with none."""
    if field.name == "id":
        return (int,)
    if ordered and field.type in _UNORDERED:
        return None
    if field.type in NUMBERS or field.type == "many2one_reference":
        return (int, float)
    if field.type in TEXTS or field.type in DATES:
        return (str,)
    if field.type in ("many2one", "one2many", "many2many"):
        return (int, str)
    return (bool, int, str)


def _is_of(value, kinds, ordered):
    """False is "nothing" for all fields, but neither more nor less than something."""
    if isinstance(value, bool) or value is None:
        return not ordered
    return isinstance(value, kinds)


def _check_storable(model, field, value):
    """Refuse what no column can hold."""
    if isinstance(value, str):
        if "\x00" in value or _is_broken(value):
            raise ConditionError(
                model.env._("It has letters that cannot be kept: %s", ascii(value)[:60])
            )
    elif isinstance(value, int | float) and not isinstance(value, bool):
        limit = MAX_NUMBER if field.type in ("float", "monetary") else MAX_INTEGER
        if not math.isfinite(value) or abs(value) > limit:
            raise ConditionError(
                model.env._("%s is too large a number.", repr(value)[:40])
            )


def _is_broken(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _check_pattern(model, operator, pattern):
    """Refuse patterns that take for ever on a long text that does not match."""
    if not isinstance(pattern, str):
        if pattern is False or ("=" not in operator and isinstance(pattern, int)):
            return
        raise ConditionError(
            model.env._("“%s” is no text to look for.", repr(pattern)[:60])
        )
    # what stands at the end costs nothing
    bare = re.sub(r"\\.", "x", pattern).rstrip("%")
    if bare.count("%") + ("=" not in operator) > MAX_WILDCARDS:
        raise ConditionError(
            model.env._(
                "“%s” has too many wildcards (%%). Ask for its parts in conditions of"
                " their own.",
                pattern[:60],
            )
        )


def _label(model, field):
    return field._description_string(model.env) or field.name
