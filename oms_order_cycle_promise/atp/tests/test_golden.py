"""The golden cases, to the minute: a warehouse in Amsterdam, Monday to Friday 08 to 17,
cut-off 15:00, two hours to pick, pick-up at 17:00, one day on the way; carrier and
customer Monday to Friday; now is Monday, 23 November 2026, 10:00, unless said."""

from dataclasses import replace
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from atp import Levels, Route, Want, apply_cutoff, commitment, promise, weekly

TZ = "Europe/Amsterdam"
HOURS = (8, 17)
ROUTE = Route(
    weekly(TZ, HOURS),
    cutoff=15,
    pick_hours=2,
    pickup=17,
    carrier=weekly(TZ, (0, 24)),
    transit_days=1,
    receiving=weekly(TZ, HOURS),
)


def nov(day, year=2026):
    return date(year, 11, day)


def dec(day):
    return date(2026, 12, day)


def at(day, hour, minute=0, second=0, tz=TZ):
    return datetime(
        day.year, day.month, day.day, hour, minute, second, tzinfo=ZoneInfo(tz)
    )


NOW = at(nov(23), 10)


def get(want, levels, route=ROUTE, now=NOW, **values):
    return promise(
        Want(want, values.pop("received", now), **values), levels, route, now
    )


def days(found):
    return [(part.quantity, part.ship, part.arrive) for part in found.parts]


def stock(on_hand, receipts=(), promised=(), today=None):
    return Levels(on_hand, receipts, promised, today=today or nov(23))


def test_1_in_stock():
    assert days(get(4, stock(10))) == [(4, nov(23), nov(24))]
    assert commitment(nov(24), TZ) == datetime(2026, 11, 24, 22, 59, 59)


@pytest.mark.parametrize(
    ("now", "ship", "arrive"),
    [
        (at(nov(23), 15), nov(24), nov(25)),
        (at(nov(23), 14, 59), nov(23), nov(24)),
        (at(nov(23), 14, 59, 59), nov(23), nov(24)),
    ],
)
def test_2_cutoff(now, ship, arrive):
    assert days(get(4, stock(10), now=now)) == [(4, ship, arrive)]


def test_3_friday_afternoon():
    now = at(nov(27), 15, 30)
    found = get(4, stock(10, today=nov(27)), now=now)
    assert days(found) == [(4, nov(30), dec(1))]
    reasons = dict(found.parts[0].reasons)
    assert reasons["warehouse_cutoff"]["moment"] == at(nov(30), 8)


def test_4_receipt_on_the_dock():
    route = replace(ROUTE, dock_days=1)
    there = route.put_away(nov(25))
    assert there == nov(26)
    levels = stock(3, [(there, 10)])
    assert (levels.available(), levels.available(nov(25))) == (3, 3)
    assert levels.available(nov(26)) == 13
    assert days(get(5, levels, route)) == [(5, nov(26), nov(27))]


def test_5_in_parts():
    levels = stock(3, [(nov(26), 10)])
    assert days(get(5, levels, in_parts=True)) == [
        (3, nov(23), nov(24)),
        (2, nov(26), nov(27)),
    ]


def test_6_later_promise_is_not_touched():
    levels = stock(10, [(dec(2), 20)], [(nov(26), 8)])
    assert (levels.available(), levels.available(dec(2))) == (2, 22)
    assert days(get(5, levels)) == [(5, dec(2), dec(3))]
    assert days(get(5, levels, in_parts=True)) == [
        (2, nov(23), nov(24)),
        (3, dec(2), dec(3)),
    ]


def test_7_looking_ahead():
    levels = stock(0, [(nov(24), 10), (nov(30), 10)], [(nov(30), 12)])
    assert [levels.level(nov(n)) for n in (23, 24, 30)] == [0, 10, 8]
    assert levels.available(nov(24)) == 8
    assert days(get(6, levels)) == [(6, nov(24), nov(25))]
    levels.take(nov(24), 6)
    assert [levels.level(nov(n)) for n in (24, 30)] == [4, 2]
    none = get(3, levels)
    assert (none.parts, none.ship, none.arrive, none.missing) == ((), None, None, 3)
    assert days(get(2, levels)) == [(2, nov(24), nov(25))]


def test_8_late_supply():
    late = ROUTE.work.days_after(nov(23), 3)
    assert late == nov(26)
    assert days(get(5, stock(0, [(late, 10)]))) == [(5, nov(26), nov(27))]
    assert not get(5, stock(0)).parts


def test_9_channel_and_warehouse_in_zones_of_their_own():
    tz = "America/Chicago"
    route = replace(
        ROUTE,
        work=weekly(tz, HOURS),
        carrier=weekly(tz, (0, 24)),
        receiving=weekly(tz, HOURS),
    )
    now = datetime(2026, 11, 23, 20, 15, tzinfo=timezone.utc)
    received = apply_cutoff(now, "America/New_York", 15)
    assert received == datetime(2026, 11, 24, 5, tzinfo=timezone.utc)
    found = get(4, stock(10), route, now, received=received)
    assert days(found) == [(4, nov(24), nov(25))]
    opening = dict(found.parts[0].reasons)["opening"]["moment"]
    assert opening == at(nov(24), 8, tz=tz)
    assert commitment(nov(25), tz) == datetime(2026, 11, 26, 5, 59, 59)
    received = apply_cutoff(now, "America/New_York", None)
    assert days(get(4, stock(10), route, now, received=received)) == [
        (4, nov(23), nov(24))
    ]


@pytest.mark.parametrize(
    ("now", "ready", "arrive", "moment"),
    [
        (
            at(date(2026, 10, 23), 14),
            datetime(2026, 10, 26, 13, tzinfo=timezone.utc),
            date(2026, 10, 27),
            datetime(2026, 10, 27, 22, 59, 59),
        ),
        (
            at(date(2027, 3, 26), 14),
            datetime(2027, 3, 29, 12, tzinfo=timezone.utc),
            date(2027, 3, 30),
            datetime(2027, 3, 30, 21, 59, 59),
        ),
    ],
)
def test_10_clock_changes(now, ready, arrive, moment):
    route = replace(ROUTE, pick_hours=9)
    found = get(4, stock(10, today=now.date()), route, now)
    assert dict(found.parts[0].reasons)["ready"]["moment"] == ready
    assert days(found) == [(4, ready.date(), arrive)]
    assert commitment(arrive, TZ) == moment


def test_11_closed_day():
    closed = (dec(25),)
    route = replace(
        ROUTE,
        work=weekly(TZ, HOURS, closed=closed),
        carrier=weekly(TZ, (0, 24), closed=closed),
    )
    now = at(dec(24), 16)
    found = get(4, stock(10, today=dec(24)), route, now)
    assert days(found) == [(4, dec(28), dec(29))]
    reasons = dict(found.parts[0].reasons)
    assert reasons["warehouse_cutoff"]["moment"] == at(dec(28), 8)


def test_12_receiving_days():
    route = replace(ROUTE, receiving=weekly(TZ, HOURS, weekdays=(1, 3)))
    found = get(4, stock(10), route, at(nov(23), 16))
    assert days(found) == [(4, nov(24), nov(26))]
    assert dict(found.parts[0].reasons)["receiving"]["could"] == nov(25)


def test_13_wanted_later():
    levels = stock(10, [(dec(1), 5)])
    found = get(4, levels, requested=dec(4))
    assert days(found) == [(4, dec(3), dec(4))]
    levels.take(dec(3), 4)
    assert levels.available() == 10
    assert days(get(8, levels)) == [(8, nov(23), nov(24))]
    levels.take(nov(23), 8)
    assert [levels.level(day) for day in levels.days] == [2, 7, 3]


def test_14_one_after_the_other():
    levels = stock(10, [(dec(2), 20)])
    assert days(get(7, levels)) == [(7, nov(23), nov(24))]
    levels.take(nov(23), 7)
    assert days(get(7, levels)) == [(7, dec(2), dec(3))]
    assert days(get(7, levels, in_parts=True)) == [
        (3, nov(23), nov(24)),
        (4, dec(2), dec(3)),
    ]


def test_15_dozens():
    levels = stock(30, [(nov(30), 20)], [(nov(23), 10)])
    assert levels.available() == 20
    assert days(get(24, levels, in_parts=True, step=12)) == [
        (12, nov(23), nov(24)),
        (12, nov(30), dec(1)),
    ]


def test_16_receipt_moves():
    route = replace(ROUTE, dock_days=1)
    levels = stock(3, [(route.put_away(dec(1)), 10)])
    assert days(get(5, levels, route)) == [(5, dec(2), dec(3))]
