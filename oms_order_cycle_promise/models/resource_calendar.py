from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import models, tools


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "oms.work.hours"]

    @tools.ormcache("self.id", "tz", "first", "last")
    def _oms_read_hours(self, tz, first, last):
        """Working hours of days, holidays taken out.

        :param str tz: the time zone in which the hours are meant
        :param date first: the first day
        :param date last: the last day
        :return: ``((start, end), ...)``, aware
        """
        self.ensure_one()
        zone = timezone(tz)
        start = zone.localize(datetime.combine(first, time.min))
        end = zone.localize(datetime.combine(last + timedelta(days=1), time.min))
        hours = self.sudo()._work_intervals_batch(start, end, tz=zone)[False]
        return tuple((begin, stop) for begin, stop, _records in hours)


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "oms.work.hours"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "oms.work.hours"]
