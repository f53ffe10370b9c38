"""When people work: hours of a warehouse, days of a carrier or of a customer."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

#: Nothing is looked for farther away than this.
HORIZON = timedelta(days=800)
_BLOCK = 64
_INSTANT = timedelta(microseconds=1)


class WorkTime:
    """Working hours in a time zone, read as far as they are asked for.

    :param str tz: name of the time zone
    :param read: ``read(first day, last day)`` gives the working hours of these days:
        ``[(start, end)]``, aware, that do not overlap; None for who never closes
    """

    def __init__(self, tz, read=None):
        self.zone = ZoneInfo(tz)
        self._read = read
        self._blocks = {}

    # -- hours ------------------------------------------------------------------------

    def _get_hours(self, day):
        """Working hours of a day, in order, in UTC.

        :rtype: list of tuple(datetime, datetime)
        """
        if self._read is None:
            return [(self.midnight(day), self.midnight(day + timedelta(days=1)))]
        block = day.toordinal() // _BLOCK
        if block not in self._blocks:
            self._blocks[block] = self._read_block(block)
        return self._blocks[block].get(day, [])

    def _read_block(self, block):
        first = date.fromordinal(max(block * _BLOCK, 1))
        last = first + timedelta(days=_BLOCK - 1)
        hours = {}
        for start, end in sorted(self._read(first, last)):
            # what ends with the day is said to end an instant before
            if end.microsecond == 999999:
                end += _INSTANT
            for day, piece in self._cut(start, end):
                hours.setdefault(day, []).append(piece)
        return hours

    def _cut(self, start, end):
        """Hours over midnight are hours of two days."""
        day = self.local(start).date()
        while start < end:
            midnight = self.midnight(day + timedelta(days=1))
            yield day, (_utc(start), _utc(min(end, midnight)))
            start, day = midnight, day + timedelta(days=1)

    def local(self, moment):
        """A moment in the time zone of who works."""
        return moment.astimezone(self.zone)

    def at(self, day, hour):
        """The moment of a time of day.

        :param float hour: 0 to 24
        """
        if hour >= 24:
            return self.midnight(day + timedelta(days=1))
        minutes = round(hour * 60)
        at = time(minutes // 60, minutes % 60)
        return datetime.combine(day, at, self.zone).astimezone(timezone.utc)

    def midnight(self, day):
        """The moment at which a day begins."""
        return datetime.combine(day, time.min, self.zone).astimezone(timezone.utc)

    def next_moment(self, moment):
        """``moment`` if people work then, else when they begin; None if never."""
        for start, end in self._hours_from(moment):
            if end > moment:
                return max(start, moment)
        return None

    def opening(self, day):
        """When work begins on a day or, if it is closed, on the next open one."""
        return self.next_moment(self.midnight(day))

    def add_hours(self, moment, hours):
        """When so many working hours are over. What ends as people close, ends then.

        :return: aware datetime; None if never
        """
        moment = self.next_moment(moment)
        left = timedelta(hours=hours)
        if moment is None or not left:
            return moment
        for start, end in self._hours_from(moment):
            start = max(start, moment)
            if end - start >= left:
                return start + left
            left -= max(end - start, timedelta())
        return None

    def _hours_from(self, moment):
        day = self.local(moment).date()
        last = day + HORIZON
        while day <= last:
            yield from self._get_hours(day)
            day += timedelta(days=1)

    # -- days -------------------------------------------------------------------------

    def is_open(self, day):
        """Whether people work on a day."""
        return self._read is None or bool(self._get_hours(day))

    def next_day(self, day, count=0):
        """The first open day from ``day`` on; with ``count`` so many open days later.

        :rtype: date or None
        """
        return self._walk(day, count, timedelta(days=1))

    def days_after(self, day, count):
        """The ``count``-th open day after ``day``, be that one open or not.

        :rtype: date or None
        """
        return self.next_day(day + timedelta(days=1), count - 1) if count else day

    def previous_day(self, day, count=0):
        """The last open day until ``day``; with ``count`` so many open days before.

        :rtype: date or None
        """
        return self._walk(day, count, timedelta(days=-1))

    def _walk(self, day, count, step):
        for _day in range(HORIZON.days + count):
            if self.is_open(day):
                if count <= 0:
                    return day
                count -= 1
            day += step
        return None


def weekly(tz, hours, weekdays=range(5), closed=()):
    """Working time that is the same each week.

    :param str tz: name of the time zone
    :param hours: ``(from, to)`` of a day
    :param weekdays: 0 is Monday
    :param closed: days on which nobody works
    """

    def read(first, last):
        return [
            (work.at(day, hours[0]), work.at(day, hours[1]))
            for day in _days(first, last)
            if day.weekday() in weekdays and day not in closed
        ]

    work = WorkTime(tz, read)
    return work


def _days(first, last):
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _utc(moment):
    return moment.astimezone(timezone.utc)


#: Who never closes.
ALWAYS = WorkTime("UTC")
