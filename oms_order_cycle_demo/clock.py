"""Office hours of the demo company: when its people do things.

Times are naive UTC, as Odoo stores them; the office is open Monday to Friday in
local time. Counting back from the moment the demo is made keeps it believable on any
day of the year, at any hour, and across the change to summer time.
"""

from datetime import datetime, time, timedelta

from pytz import UTC, timezone


class OfficeClock:
    """Adds and subtracts office hours."""

    def __init__(self, now, tz, opens=8, closes=17):
        self.now = now.replace(second=0, microsecond=0)
        self.zone = timezone(tz)
        self.opens = time(opens)
        self.closes = time(closes)

    def to_local(self, moment):
        """Local wall time, naive."""
        return UTC.localize(moment).astimezone(self.zone).replace(tzinfo=None)

    def to_utc(self, local):
        """Naive UTC of a local wall time; office hours are never ambiguous."""
        return self.zone.localize(local).astimezone(UTC).replace(tzinfo=None)

    def _bounds(self, day):
        return datetime.combine(day, self.opens), datetime.combine(day, self.closes)

    def back(self, moment, hours):
        """The office moment ``hours`` office hours before ``moment``."""
        local = self.to_local(moment)
        left = timedelta(hours=hours)
        while True:
            opens, closes = self._bounds(local.date())
            if local.weekday() < 5 and local > opens:
                local = min(local, closes)
                if local - opens >= left:
                    return self.to_utc(local - left).replace(microsecond=0)
                left -= local - opens
            local = self._bounds(local.date() - timedelta(days=1))[1]

    def ahead(self, moment, hours):
        """The office moment ``hours`` office hours after ``moment``."""
        local = self.to_local(moment)
        left = timedelta(hours=hours)
        while True:
            opens, closes = self._bounds(local.date())
            if local.weekday() < 5 and local < closes:
                local = max(local, opens)
                if closes - local >= left:
                    return self.to_utc(local + left).replace(microsecond=0)
                left -= closes - local
            local = self._bounds(local.date() + timedelta(days=1))[0]

    def days_back(self, moment, days):
        """The same local time some calendar days before, moved into office hours."""
        local = self.to_local(moment) - timedelta(days=days)
        return self.back(self.to_utc(local), 0.01)

    def date(self, moment):
        """Local date."""
        return self.to_local(moment).date()
