"""Allowed times: round the clock, or in the hours of a working calendar."""

from datetime import timedelta


def plan_hours(calendar, start, hours):
    """When an allowed time that began at ``start`` ends.

    :param calendar: ``resource.calendar``, or none of them for round the clock
    :param datetime start: naive UTC
    :param float hours: hours, those of work where there is a calendar
    :return: datetime (naive UTC), or False when the calendar never gets there
    """
    if not calendar:
        return start + timedelta(hours=hours)
    return calendar.plan_hours(hours, start, compute_leaves=True) or False


def count_hours(calendar, start, end):
    """Hours between two moments (naive UTC), those of work where there is a calendar.

    :rtype: float
    """
    if not calendar:
        return (end - start).total_seconds() / 3600
    return calendar.get_work_hours_count(start, end)
