"""How a walk looks where it is cut: one place in each cross aisle.

Everything to the left of the cut is decided, everything to the right is open. All that
the right must know of the left is, for each cross aisle, whether the walk was there,
how often it comes (odd or even), and which of the places hang together on the left.
This is the *section*, one byte for a cross aisle: 0 for a place the walk was not at,
else ``2 * component + odd``, components numbered from 1 in the order of their places.

``STEPS[kind, row]`` maps a section to the one behind a step, or to None where the step
cannot be; it is filled as it is asked.
"""

from __future__ import annotations

# in an aisle, between the cross aisles row and row + 1
NONE, ONCE, TWICE = "none", "once", "twice"  # not walked, walked through
LOW, HIGH, BOTH = "low", "high", "both"  # in and back: from row, row + 1, both
# at a crossing
NEED = "need"  # somebody wants to get here
# along a cross aisle, from this aisle to the next one
STAY, SINGLE, DOUBLE = "stay", "single", "double"


def is_closed(section: bytes) -> bool:
    """Whether the walk is one closed tour when nothing follows."""
    parts = {value >> 1 for value in section if value}
    return len(parts) == 1 and not any(value & 1 for value in section)


def _step(section, kind, row):
    places = list(section)
    if kind in (ONCE, TWICE):
        _touch(places, row)
        _touch(places, row + 1)
        _join(places, row, row + 1)
        if kind == ONCE:
            places[row] ^= 1
            places[row + 1] ^= 1
    elif kind in (LOW, NEED):
        _touch(places, row)
    elif kind == HIGH:
        _touch(places, row + 1)
    elif kind == BOTH:
        _touch(places, row)
        _touch(places, row + 1)
    elif kind == SINGLE:
        return section if places[row] & 1 else None
    elif kind == DOUBLE:
        return section if places[row] and not places[row] & 1 else None
    elif kind == STAY:
        if places[row] & 1:
            return None
        part, places[row] = places[row] >> 1, 0
        if part and not any(place >> 1 == part for place in places):
            return None  # this part of the walk would be cut off
    return _number(places)


def _touch(places, row):
    if not places[row]:
        places[row] = 2 * (max(places) // 2 + 1)


def _join(places, row, other):
    old, new = places[other] >> 1, places[row] >> 1
    for index, place in enumerate(places):
        if place >> 1 == old:
            places[index] = 2 * new + (place & 1)


def _number(places):
    """The same section with its components numbered in their order."""
    names = {0: 0}
    return bytes(
        2 * names.setdefault(place >> 1, len(names)) + (place & 1) for place in places
    )


class _Steps(dict):
    def __init__(self, kind, row):
        super().__init__()
        self.kind, self.row = kind, row

    def __missing__(self, section):
        self[section] = found = _step(section, self.kind, self.row)
        return found


class _AllSteps(dict):
    def __missing__(self, key):
        self[key] = found = _Steps(*key)
        return found


STEPS = _AllSteps()


class _Odd(dict):
    def __missing__(self, section):
        self[section] = found = sum(
            (place & 1) << row for row, place in enumerate(section)
        )
        return found


# for a section the rows that it comes into an odd number of times, as bits
ODD = _Odd()
