"""What is left of a product in a warehouse, day by day."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import accumulate

#: Quantities nearer to each other than this are the same.
TINY = 1e-6


class Levels:
    """Level and available-to-promise of one product in one warehouse.

    ``level(day)`` is what is on hand, and what comes in until that day, less what is
    promised to leave until then. ``available(day)`` looks ahead: it is the lowest level
    from that day on, so that nothing is given away that a later promise needs.

    :param float on_hand: what is there, reserved or not
    :param receipts: ``(day, quantity)`` of what comes in
    :param promised: ``(day, quantity)`` of what is to leave
    :param date today: what was to come or to leave before counts today
    """

    def __init__(self, on_hand, receipts=(), promised=(), *, today):
        self.today = today
        self._changes = defaultdict(float)
        self._changes[today] = on_hand
        for day, quantity in receipts:
            self._changes[max(day, today)] += quantity
        for day, quantity in promised:
            self._changes[max(day, today)] -= quantity
        self._curve = None

    def _get_curve(self):
        """Days on which something changes, the levels, and the lowest from each on."""
        if self._curve is None:
            days = sorted(self._changes)
            levels = list(accumulate(self._changes[day] for day in days))
            ahead = list(accumulate(reversed(levels), min))[::-1]
            self._curve = days, levels, ahead
        return self._curve

    @property
    def days(self):
        """Days on which something comes or leaves, today among them."""
        return list(self._get_curve()[0])

    def level(self, day):
        """What is there at the end of a day."""
        days, levels, _ahead = self._get_curve()
        return levels[max(bisect_right(days, day) - 1, 0)]

    def available(self, day=None):
        """What may be promised to leave on a day; may be negative.

        :param date day: today, if it is not given
        """
        days, _levels, ahead = self._get_curve()
        return ahead[max(bisect_right(days, day or self.today) - 1, 0)]

    def earliest(self, quantity):
        """The first day from which so much may leave; None if there is none."""
        days, _levels, ahead = self._get_curve()
        # what may be promised never falls with time
        index = bisect_left(ahead, quantity - TINY)
        return days[index] if index < len(days) else None

    def split(self, quantity, step=None):
        """The same in parts, each as early as it can be.

        :param float step: parts are multiples of it; the last one takes what is left
        :return: ``[(day, quantity)]``; less than ``quantity`` where not all can be had
        """
        parts = []
        given = 0.0
        days, _levels, ahead = self._get_curve()
        for day, available in zip(days, ahead, strict=True):
            part = min(available, quantity) - given
            if step and given + part < quantity - TINY:
                part = (part + TINY) // step * step
            if part > TINY:
                parts.append((day, part))
                given += part
        return parts

    def clone(self):
        """The same, to be changed without changing this."""
        return Levels(0.0, self._changes.items(), today=self.today)

    def take(self, day, quantity):
        """Promise so much to leave on a day."""
        self._changes[max(day, self.today)] -= quantity
        self._curve = None

    def add(self, day, quantity):
        """So much comes in on a day."""
        self.take(day, -quantity)
