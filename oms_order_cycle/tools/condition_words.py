"""Conditions in words: what a person reads instead of a domain.

``describe_condition`` asks for labels and names with the rights, the language and the
time zone of the model's environment, and never shows program text.
"""

import re
from datetime import date, datetime

from odoo import fields as odoo_fields
from odoo.fields import Domain
from odoo.orm.domains import DomainCondition, DomainNary, DomainNot
from odoo.tools import format_date, format_datetime
from odoo.tools.date_utils import parse_date
from odoo.tools.misc import formatLang

from .conditions import read_condition

#: How many values of a list are told by name.
NAMES_SHOWN = 5
#: Odoo's own arrow between a record and its field.
PATH_ARROW = " ➔ "
_OFFSET = re.compile(r"([+-])(\d+)([dwmyHMS])")


class _CannotBeShown(Exception):
    """A part of a condition that there are no words for."""


def describe_condition(model, condition):
    """A condition in words, e.g. "Delivery Date is set and Total is at least 1,000".

    :param model: the model that the condition is about; its rights decide which names
        of records are told
    :param condition: saved text, a list or a ``Domain``
    :rtype: str
    """
    try:
        if isinstance(condition, str) or not condition:
            domain = read_condition(condition)
        else:
            domain = Domain(condition)
        return _describe(model, domain)
    except Exception:  # of whatever kind: text that people typed long ago
        return model.env._("a condition that cannot be shown")


def _describe(model, domain, nested=False):
    env = model.env
    if domain.is_true():
        return env._("always")
    if domain.is_false():
        return env._("never")
    if isinstance(domain, DomainNot):
        return env._("not (%s)", _describe(model, domain.child))
    if isinstance(domain, DomainNary):
        parts = [_describe(model, child, nested=True) for child in domain.children]
        glue = env._(" and ") if domain.OPERATOR == "&" else env._(" or ")
        words = glue.join(parts)
        return f"({words})" if nested else words
    if isinstance(domain, DomainCondition):
        try:
            return _describe_leaf(model, domain)
        except _CannotBeShown:
            return env._("a condition that cannot be shown")
    raise _CannotBeShown


def _describe_leaf(model, leaf):
    label, field, comodel, part = _read_path(model, leaf.field_expr)
    operator, value = leaf.operator, leaf.value
    env = model.env
    if operator in ("any", "not any"):
        if comodel is None:
            raise _CannotBeShown
        inner = _describe(comodel, Domain(value))
        template = (
            env._("%(field)s has one where %(condition)s")
            if operator == "any"
            else env._("%(field)s has none where %(condition)s")
        )
        return template % {"field": label, "condition": inner}
    if operator == "=?":
        operator = "="
    if isinstance(value, (list, tuple, set, frozenset)):
        return _describe_list(env, label, operator, list(value), field, comodel, part)
    if operator in ("=", "!=", "in", "not in", "<>", "=="):
        positive = operator in ("=", "in", "==")
        if value is False or value is None or value is True:
            is_set = positive == (value is True)
            return (env._("%s is set") if is_set else env._("%s is not set")) % label
        template = env._("%(field)s is %(value)s")
        if not positive:
            template = env._("%(field)s is not %(value)s")
    else:
        is_moment = field.type in ("date", "datetime") and not part
        template = _get_template(env, operator, is_moment)
    words = _describe_value(env, value, field, comodel, part)
    return template % {"field": label, "value": words}


def _describe_list(env, label, operator, values, field, comodel, part):
    """Words for a comparison with several values."""
    if operator in ("child_of", "parent_of"):
        template = _get_template(env, operator)
    elif operator in ("in", "=", "=="):
        template = env._("%(field)s is one of %(value)s")
        if len(values) == 1:
            template = env._("%(field)s is %(value)s")
    elif operator in ("not in", "!=", "<>"):
        template = env._("%(field)s is none of %(value)s")
        if len(values) == 1:
            template = env._("%(field)s is not %(value)s")
    else:
        raise _CannotBeShown
    if not values:
        return env._("never") if operator in ("in", "=", "==") else env._("always")
    if len(values) == 1 and isinstance(values[0], (bool, type(None))):
        is_set = (operator in ("in", "=", "==")) == bool(values[0])
        return (env._("%s is set") if is_set else env._("%s is not set")) % label
    return template % {
        "field": label,
        "value": _describe_values(env, values, field, comodel, part),
    }


def _get_template(env, operator, is_moment=False):
    templates = {
        (">", True): env._("%(field)s is after %(value)s"),
        (">=", True): env._("%(field)s is on or after %(value)s"),
        ("<", True): env._("%(field)s is before %(value)s"),
        ("<=", True): env._("%(field)s is on or before %(value)s"),
        ">": env._("%(field)s is more than %(value)s"),
        ">=": env._("%(field)s is at least %(value)s"),
        "<": env._("%(field)s is less than %(value)s"),
        "<=": env._("%(field)s is at most %(value)s"),
        "like": env._("%(field)s contains %(value)s"),
        "ilike": env._("%(field)s contains %(value)s"),
        "not like": env._("%(field)s does not contain %(value)s"),
        "not ilike": env._("%(field)s does not contain %(value)s"),
        "=like": env._("%(field)s is like %(value)s"),
        "=ilike": env._("%(field)s is like %(value)s"),
        "not =like": env._("%(field)s is not like %(value)s"),
        "not =ilike": env._("%(field)s is not like %(value)s"),
        "child_of": env._("%(field)s is %(value)s or below"),
        "parent_of": env._("%(field)s is %(value)s or above"),
    }
    template = templates.get((operator, is_moment)) or templates.get(operator)
    if not template:
        raise _CannotBeShown
    return template


def _read_path(model, path):
    """(label, last field or None, model it leads to or None, part of a date)."""
    env = model.env
    labels, field, comodel = [], None, model
    names = path.split(".")
    for position, name in enumerate(names):
        if comodel is None or name not in comodel._fields:
            part = _get_date_parts(env).get(name)
            is_moment = field is not None and field.type in ("date", "datetime")
            if part and is_moment and position == len(names) - 1:
                return f"{PATH_ARROW.join(labels)} ({part})", field, None, name
            raise _CannotBeShown
        field = comodel._fields[name]
        labels.append(field._description_string(env) or "")
        if name == "id":
            labels[-1] = env._("Record")
        target = comodel
        comodel = env.get(field.comodel_name)
        if name == "id":
            comodel = target
    if not all(labels):
        raise _CannotBeShown
    return PATH_ARROW.join(labels), field, comodel, None


def _get_date_parts(env):
    return {
        "year_number": env._("year"),
        "quarter_number": env._("quarter"),
        "month_number": env._("month"),
        "iso_week_number": env._("week"),
        "day_of_year": env._("day of the year"),
        "day_of_month": env._("day of the month"),
        "day_of_week": env._("day of the week"),
        "hour_number": env._("hour"),
        "minute_number": env._("minute"),
        "second_number": env._("second"),
    }


def _describe_values(env, values, field, comodel, part):
    """Names of several values, in their order."""
    shown = values[:NAMES_SHOWN]
    ids = [value for value in shown if _is_id(value)]
    if comodel is not None and len(ids) > 1:
        names = _get_names(comodel, ids)
        words = [
            names[value]
            if _is_id(value)
            else _describe_value(env, value, field, comodel, part)
            for value in shown
        ]
    else:
        words = [_describe_value(env, value, field, comodel, part) for value in shown]
    words = list(dict.fromkeys(words))
    if len(values) > NAMES_SHOWN:
        words.append(env._("%s more", len(values) - NAMES_SHOWN))
    return ", ".join(words)


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _get_names(comodel, ids):
    """``{id: name}``, of those that the user may read."""
    records = comodel.browse(ids).exists()
    readable = records
    if not comodel.env.su:
        readable = (
            records._filtered_access("read")
            if comodel.has_access("read")
            else records.browse()
        )
    names = {record.id: record.display_name or "" for record in readable}
    hidden = comodel.env._("one that you may not see")
    gone = comodel.env._("one that was deleted")
    known = set(records.ids)
    return {id_: names.get(id_) or (hidden if id_ in known else gone) for id_ in ids}


def _describe_value(env, value, field, comodel, part):
    if isinstance(value, (Domain, DomainCondition)):
        raise _CannotBeShown
    if value is False or value is None:
        return env._("empty")
    if value is True:
        return env._("set")
    if comodel is not None and _is_id(value):
        return _get_names(comodel, [value])[value]
    if part:
        return str(value)
    kind = field.type
    if kind == "selection" or kind == "reference":
        return _describe_choice(env, value, field)
    if kind in ("date", "datetime"):
        return _describe_moment(env, value, kind)
    if isinstance(value, (int, float)):
        return _describe_number(env, value)
    if isinstance(value, str):
        return f"“{value}”"
    raise _CannotBeShown


def _describe_choice(env, value, field):
    if field.type == "reference":
        model_name, _comma, id_ = str(value).partition(",")
        if model_name not in env or not id_.isdigit():
            raise _CannotBeShown
        return _get_names(env[model_name], [int(id_)])[int(id_)]
    labels = dict(field._description_selection(env))
    return labels.get(value) or f"“{value}”"


def _describe_number(env, value):
    if isinstance(value, int) or value == int(value):
        return formatLang(env, value, digits=0)
    return formatLang(env, value, digits=6).rstrip("0")


def _describe_moment(env, value, kind):
    """A date or moment; those in the database are UTC, those read are the user's."""
    if isinstance(value, datetime):
        return format_datetime(env, value, dt_format="short")
    if isinstance(value, date):
        return format_date(env, value)
    text = str(value).strip()
    if re.match(r"\d+-", text):
        if kind == "datetime" and len(text) > 10:
            moment = odoo_fields.Datetime.to_datetime(text)
            return format_datetime(env, moment, dt_format="short")
        return format_date(env, odoo_fields.Date.to_date(text[:10]))
    return _describe_relative(env, text)


def _describe_relative(env, text):
    """Dates that are counted from today: "today +3d"."""
    terms = text.split()
    if not terms:
        raise _CannotBeShown
    start = terms.pop(0) if terms[0] in ("today", "now") else "now"
    if not terms:
        return env._("today") if start == "today" else env._("now")
    units = {
        "d": env._("%s days"),
        "w": env._("%s weeks"),
        "m": env._("%s months"),
        "y": env._("%s years"),
        "H": env._("%s hours"),
        "M": env._("%s minutes"),
        "S": env._("%s seconds"),
    }
    if len(terms) != 1 or not (found := _OFFSET.fullmatch(terms[0])):
        # "the first of last month", say: the day that it is today
        moment = parse_date(text, env)
        day = moment.date() if isinstance(moment, datetime) else moment
        return env._("%s (counted from today)", format_date(env, day))
    sign, number, unit = found.groups()
    words = units[unit] % int(number)
    return env._("in %s", words) if sign == "+" else env._("%s ago", words)
