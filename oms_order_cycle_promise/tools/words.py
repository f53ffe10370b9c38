"""Days and times of day, as Odoo's screens show them."""

from datetime import date, time

from babel.dates import format_skeleton, format_time

from odoo import fields
from odoo.tools.misc import babel_locale_parse, get_lang


def say_day(env, day):
    """A day: without the year when it is this one.

    :param day: date, or such as text
    """
    day = fields.Date.to_date(day)
    skeleton = "MMMd" if day.year == date.today().year else "yMMMd"
    return format_skeleton(skeleton, day, locale=_get_locale(env))


def say_moment(env, moment):
    """A moment as it is on the wall there.

    :param str moment: ``2026-11-23 08:00``
    """
    day, hour = moment.split(" ")
    return f"{say_day(env, day)} {_format(env, time.fromisoformat(hour))}"


def say_hour(env, hour):
    """A time of day.

    :param float hour: 0 to 24
    """
    minutes = round(hour * 60)
    return _format(env, time(minutes // 60 % 24, minutes % 60))


def _format(env, hour):
    # the narrow blank before AM and PM
    words = format_time(hour, "short", locale=_get_locale(env))
    return words.replace("\u202f", " ")


def _get_locale(env):
    return babel_locale_parse(get_lang(env).code)
