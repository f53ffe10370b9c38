"""The date of one want: the first on which it can be kept."""

from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .levels import TINY, Levels
from .route import Reason, Route


@dataclass(frozen=True)
class Want:
    """What somebody wants of one product.

    :param quantity: in the product's unit
    :param received: aware moment from which the order counts (R1)
    :param requested: the day that the customer asks for; None: as soon as may be
    :param in_parts: whether it may come in parts
    :param step: parts are multiples of it
    """

    quantity: float
    received: datetime
    requested: date | None = None
    in_parts: bool = False
    step: float | None = None


class Part(NamedTuple):
    """So much leaves and arrives on these days, and why."""

    quantity: float
    ship: date
    arrive: date
    reasons: tuple


@dataclass(frozen=True)
class Promise:
    """What can be promised.

    :param parts: tuple of Part, the earliest first; empty if there is no date
    :param missing: quantity that has no date
    """

    parts: tuple
    missing: float = 0.0

    @property
    def ship(self):
        """When the last part leaves; None unless all of it does."""
        return (
            max((p.ship for p in self.parts), default=None) if self.is_whole else None
        )

    @property
    def arrive(self):
        """When all of it has arrived; None unless it does."""
        if not self.is_whole:
            return None
        return max((part.arrive for part in self.parts), default=None)

    @property
    def is_whole(self):
        return bool(self.parts) and self.missing <= TINY


def promise(want: Want, levels: Levels | None, route: Route, now: datetime) -> Promise:
    """The first days on which a want can be kept, without promising it yet.

    :param levels: of the product in the warehouse; None for goods that are always there
    :param now: aware moment
    """
    if levels is None:
        days = [(None, want.quantity)]
    elif want.in_parts:
        days = levels.split(want.quantity, want.step)
    else:
        day = levels.earliest(want.quantity)
        days = [(day, want.quantity)] if day else []
    parts = []
    for day, quantity in days:
        leg = _get_leg(want, levels, route, now, day)
        if leg is None:
            break
        last = parts[-1] if parts else None
        if last and (last.ship, last.arrive) == leg[:2]:
            # two receipts that leave together
            parts.pop()
            quantity += last.quantity
        parts.append(Part(quantity, *leg))
    missing = want.quantity - sum(part.quantity for part in parts)
    return Promise(tuple(parts), missing if missing > TINY else 0.0)


def _get_leg(want, levels, route, now, day):
    """When goods leave that are there on a day, with where they are from."""
    there = now
    reason = Reason("always", {})
    if day is not None:
        reason = Reason("stock", {})
        if day > levels.today:
            there = route.work.opening(day)
            reason = Reason("receipt", {"day": day})
    if there is None:
        return None
    start = max(there, want.received)
    leg = route.leave(start)
    if leg is None:
        return None
    reasons = [reason]
    if start == want.received and start > now:
        reasons.append(Reason("order_cutoff", {"moment": route.work.local(start)}))
    leg = route.hold_until(leg, want.requested)
    return leg._replace(reasons=(*reasons, *leg.reasons))


def commitment(day, tz):
    """The end of a promised day, as Odoo's Delivery Date has it (R8).

    :param str tz: time zone of where the goods go
    :return: naive UTC
    """
    end = datetime.combine(day, time(23, 59, 59), ZoneInfo(tz))
    return end.astimezone(timezone.utc).replace(tzinfo=None)
