"""Days and times of day, as Odoo's screens show them."""

from datetime import date, time
from functools import lru_cache

from babel.dates import format_skeleton, format_time

from odoo import fields
from odoo.tools.misc import babel_locale_parse, get_lang


def say_day(env, day):
    """A day: without the year when it is this one.

    :param day: date, or such as text
    """
    day = fields.Date.to_date(day)
    skeleton = "MMMd" if day.year == date.today().year else "yMMMd"
    return _format_day(get_lang(env).code, skeleton, day)


def say_moment(env, moment):
    """A moment as it is on the wall there.

    :param str moment: ``2026-11-23 08:00``
    """
    day, hour = moment.split(" ")
    clock = time.fromisoformat(hour)
    return f"{say_day(env, day)} {_format_time(get_lang(env).code, clock)}"


def say_hour(env, hour):
    """A time of day.

    :param float hour: 0 to 24
    """
    minutes = round(hour * 60)
    clock = time(minutes // 60 % 24, minutes % 60)
    return _format_time(get_lang(env).code, clock)


# a long order says the same few days again and again
@lru_cache(maxsize=1024)
def _format_day(lang, skeleton, day):
    return format_skeleton(skeleton, day, locale=babel_locale_parse(lang))


@lru_cache(maxsize=1024)
def _format_time(lang, clock):
    # the narrow blank before AM and PM
    words = format_time(clock, "short", locale=babel_locale_parse(lang))
    return words.replace("\u202f", " ")
