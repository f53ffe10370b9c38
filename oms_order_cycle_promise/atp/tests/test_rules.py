"""What the golden cases leave open."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from atp import ALWAYS, Levels, Route, Want, WorkTime, promise, weekly

TZ = "Europe/Amsterdam"
MONDAY = date(2026, 11, 23)
UTC = timezone.utc
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def get(route, levels=None, now=NOW, **values):
    levels = levels or Levels(10, today=MONDAY)
    return promise(Want(4, now, **values), levels, route, now)


def test_without_rules_it_leaves_and_arrives_today():
    found = get(Route(ALWAYS))
    assert (found.ship, found.arrive) == (MONDAY, MONDAY)


def test_goods_that_are_always_there():
    route = Route(weekly(TZ, (8, 17)), transit_days=2)
    found = promise(Want(5, NOW), None, route, NOW)
    assert (found.ship, found.arrive) == (MONDAY, date(2026, 11, 25))


def test_who_never_works_has_no_date():
    never = WorkTime(TZ, lambda first, last: [])
    for route in (Route(never), Route(ALWAYS, carrier=never)):
        found = get(route)
        assert (found.parts, found.missing) == ((), 4)
    assert never.next_moment(NOW) is None
    assert never.add_hours(NOW, 2) is None
    assert never.opening(MONDAY) is None
    assert never.next_day(MONDAY) is None
    assert get(Route(ALWAYS, receiving=never, transit_days=1)).arrive is None


def test_missed_pickup_waits_for_the_next():
    route = Route(weekly(TZ, (8, 17)), pick_hours=2, pickup=11)
    found = get(route)
    assert found.ship == MONDAY + timedelta(days=1)
    assert dict(found.parts[0].reasons)["pickup"] == {"hour": 11}


def test_nobody_hands_over_while_the_warehouse_is_closed():
    friday = datetime(2026, 11, 27, 14, tzinfo=UTC)
    route = Route(weekly(TZ, (8, 17)), pick_hours=1, pickup=12)
    levels = Levels(10, today=date(2026, 11, 27))
    assert get(route, levels, friday).ship == date(2026, 11, 30)


def test_hours_around_a_break():
    def read(first, last):
        day = first
        while day <= last:
            for start, end in ((8, 12), (13, 17)):
                yield (
                    datetime(day.year, day.month, day.day, start, tzinfo=UTC),
                    datetime(day.year, day.month, day.day, end, tzinfo=UTC),
                )
            day += timedelta(days=1)

    work = WorkTime("UTC", lambda first, last: list(read(first, last)))
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert work.next_moment(noon) == noon.replace(hour=13, minute=0)
    assert work.add_hours(NOW, 4) == noon.replace(hour=14, minute=0)
    assert work.add_hours(NOW, 3) == noon.replace(minute=0)


def test_hours_over_midnight_and_a_day_that_ends_an_instant_early():
    def read(first, last):
        day = first
        while day <= last:
            start = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
            yield start, start + timedelta(hours=8)
            day += timedelta(days=1)

    night = WorkTime("UTC", lambda first, last: list(read(first, last)))
    late = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert night.add_hours(late, 5) == datetime(2026, 11, 24, 4, tzinfo=UTC)
    # ready as the day ends is ready on that day
    route = Route(weekly("UTC", (0, 24), range(7)), pick_hours=1)
    levels = Levels(10, today=MONDAY)
    assert get(route, levels, late).ship == MONDAY


@pytest.mark.parametrize("transit", range(4))
def test_wanted_later_arrives_then_and_leaves_as_late_as_it_may(transit):
    carrier = weekly(TZ, (0, 24), weekdays=(0, 1, 3, 4))
    route = Route(weekly(TZ, (8, 17)), carrier=carrier, transit_days=transit)
    wanted = date(2026, 12, 4)
    found = get(route, requested=wanted)
    assert found.arrive == wanted
    assert carrier.days_after(found.ship, transit) <= wanted
    later = route._next_ship_day(found.ship + timedelta(days=1))
    assert carrier.days_after(later, transit) > wanted


def test_wanted_sooner_than_can_be():
    route = Route(weekly(TZ, (8, 17)), transit_days=3)
    asked = get(route, requested=MONDAY)
    assert (asked.ship, asked.arrive) == (MONDAY, date(2026, 11, 26))


def test_wanted_on_a_day_on_which_the_customer_is_closed():
    route = replace(Route(ALWAYS), receiving=weekly(TZ, (8, 17)))
    found = get(route, requested=date(2026, 12, 5))
    assert found.arrive == date(2026, 12, 7)


def test_what_was_due_counts_today():
    levels = Levels(10, promised=[(date(2026, 11, 1), 4)], today=MONDAY)
    assert levels.available() == 6
    assert levels.days == [MONDAY]


def test_parts_of_what_is_never_all_there():
    levels = Levels(3, today=MONDAY)
    found = get(Route(ALWAYS), levels, in_parts=True)
    assert [part.quantity for part in found.parts] == [3]
    assert (found.missing, found.ship) == (1, None)


def test_receipts_that_leave_together_are_one_part():
    saturday = date(2026, 11, 28)
    levels = Levels(1, [(saturday, 1), (saturday + timedelta(days=1), 2)], today=MONDAY)
    route = Route(weekly(TZ, (8, 17)))
    found = get(route, levels, in_parts=True)
    assert [(part.quantity, part.ship) for part in found.parts] == [
        (1, MONDAY),
        (3, date(2026, 11, 30)),
    ]
