"""The rules by which goods that are there become a day with the customer.

R1  an order after the cut-off of its channel counts from the next local midnight;
R2  goods that are still to come are there when the warehouse opens, once it has put
    them away;
R3  work starts in working hours, and before the cut-off of the warehouse;
R4  it takes the hours that picking takes;
R5  what is ready by the pick-up time leaves that day if the carrier comes, else on the
    next day on which the warehouse works and the carrier comes;
R6  it is on the way for the carrier's days;
R7  it arrives on a day on which the customer receives goods;
R8  who wants it later gets it then, and it leaves as late as that allows.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .worktime import ALWAYS, HORIZON, WorkTime


class Reason(NamedTuple):
    """One step on the way to a date.

    :param code: ``order_cutoff``, ``stock``, ``receipt``, ``late_receipt``,
        ``opening``, ``warehouse_cutoff``, ``ready``, ``pickup``, ``ship``, ``transit``,
        ``receiving`` or ``requested``; others are of who plans
    :param values: its details: days, moments and numbers
    """

    code: str
    values: dict


class Leg(NamedTuple):
    """When goods leave and arrive, and why then."""

    ship: date
    arrive: date
    reasons: tuple


@dataclass(frozen=True)
class Route:
    """From a warehouse to a customer.

    :param work: hours of the warehouse
    :param cutoff: hour of the day from which work starts on the next day; None: never
    :param pick_hours: working hours from the start of work until goods can leave
    :param pickup: hour of the day at which the carrier comes; None: at the end
    :param dock_days: working days from arrival until goods are put away
    :param carrier: days of the carrier
    :param transit_days: days of the carrier from leaving to arriving
    :param receiving: days of the customer
    """

    work: WorkTime
    cutoff: float | None = None
    pick_hours: float = 0.0
    pickup: float | None = None
    dock_days: int = 0
    carrier: WorkTime = ALWAYS
    transit_days: int = 0
    receiving: WorkTime = ALWAYS
    _legs: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    # -- what comes in (R2) -----------------------------------------------------------

    def put_away(self, arrival):
        """The day on which goods that arrive on a day can be picked.

        :rtype: date or None
        """
        return self.work.next_day(arrival, self.dock_days)

    # -- forward (R3 to R7) -----------------------------------------------------------

    def leave(self, moment):
        """When goods that can be worked on from ``moment`` leave and arrive.

        :return: a Leg; None if never
        """
        if moment not in self._legs:
            self._legs[moment] = self._leave(moment)
        return self._legs[moment]

    def _leave(self, moment):
        reasons = []
        start = self._start(moment, reasons)
        ready = start and self.work.add_hours(start, self.pick_hours)
        ship = ready and self._ship(self.work.local(ready), reasons)
        return ship and self._arrive(ship, reasons)

    def _start(self, moment, reasons):
        start = self.work.next_moment(moment)
        if start is None:
            return None
        if start != moment:
            reasons.append(Reason("opening", {"moment": self.work.local(start)}))
        day = self.work.local(start).date()
        if self.cutoff is not None and start >= self.work.at(day, self.cutoff):
            start = self.work.opening(day + timedelta(days=1))
            if start is not None:
                local = self.work.local(start)
                values = {"hour": self.cutoff, "moment": local}
                reasons.append(Reason("warehouse_cutoff", values))
        return start

    def _ship(self, ready, reasons):
        day = ready.date()
        if self.pick_hours and ready.time() == time.min:
            # work that ends as the day ends is not the next day's
            day -= timedelta(days=1)
        reasons.append(Reason("ready", {"moment": ready, "hours": self.pick_hours}))
        missed = self.pickup is not None and ready > self.work.at(day, self.pickup)
        if missed:
            reasons.append(Reason("pickup", {"hour": self.pickup}))
        ship = self._next_ship_day(day + timedelta(days=1) if missed else day)
        if ship is not None:
            reasons.append(Reason("ship", {"day": ship, "waited": ship != day}))
        return ship

    def _next_ship_day(self, day, step=1):
        for _day in range(HORIZON.days):
            if self.work.is_open(day) and self.carrier.is_open(day):
                return day
            day += timedelta(days=step)
        return None

    def _arrive(self, ship, reasons):
        could = self.carrier.days_after(ship, self.transit_days)
        arrive = could and self.receiving.next_day(could)
        if arrive is None:
            return None
        values = {"days": self.transit_days, "day": could}
        reasons.append(Reason("transit", values))
        if arrive != could:
            reasons.append(Reason("receiving", {"day": arrive, "could": could}))
        return Leg(ship, arrive, tuple(reasons))

    # -- backward (R8) ----------------------------------------------------------------

    def hold_until(self, leg, requested):
        """The same goods for who wants them later.

        :param leg: the earliest, of :meth:`leave`
        :param date requested: when the customer wants them, at the earliest
        :return: a Leg; ``leg`` itself if that is not before the day
        """
        if not requested or requested <= leg.arrive:
            return leg
        arrive = self.receiving.next_day(requested)
        if arrive is None:
            return leg
        ship = self._next_ship_day(self._latest_departure(arrive), step=-1)
        reason = Reason("requested", {"day": arrive, "requested": requested})
        ship = max(ship or leg.ship, leg.ship)
        return Leg(ship, arrive, (*leg.reasons, reason))

    def _latest_departure(self, arrive):
        """The last day on which what leaves is there on ``arrive``."""
        if not self.transit_days:
            return arrive
        # the last carrier day until then is the last of its days on the way
        last = self.carrier.previous_day(arrive, self.transit_days - 1)
        return (last or arrive) - timedelta(days=1)


def apply_cutoff(moment, tz, hour):
    """When an order counts as received (R1).

    :param moment: aware datetime
    :param str tz: time zone of the channel
    :param hour: its cut-off; None: it has none
    :return: ``moment``, or the next local midnight when it is at the cut-off or past it
    """
    if hour is None:
        return moment
    zone = WorkTime(tz)
    day = moment.astimezone(ZoneInfo(tz)).date()
    if moment < zone.at(day, hour):
        return moment
    return zone.midnight(day + timedelta(days=1))
