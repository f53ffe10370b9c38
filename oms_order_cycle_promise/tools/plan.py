"""What is planned for an order line, as its field keeps it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from odoo import fields

from ..atp import Part, Reason
from ..atp.levels import TINY


@dataclass(frozen=True)
class Plan:
    """When the goods of a line leave and arrive.

    :param parts: tuple of Part, quantities in the product's unit
    :param missing: quantity that has no date
    :param warehouse_id: where they leave from
    :param product_id: what is wanted
    :param quantity: of it, when it was planned
    """

    parts: tuple
    missing: float
    warehouse_id: int
    product_id: int
    quantity: float

    @property
    def warehouse_ids(self):
        """Ids of the warehouses that the goods leave from."""
        found = {
            reason.values["warehouse"]
            for part in self.parts
            for reason in part.reasons
            if reason.code == "from"
        }
        return found | {self.warehouse_id}

    @property
    def open_quantity(self):
        """What it plans, with a date or without."""
        return sum(part.quantity for part in self.parts) + self.missing

    @property
    def ship(self):
        """When the last part leaves; None unless all of it does."""
        if self.missing or not self.parts:
            return None
        return max(part.ship for part in self.parts)

    @property
    def arrive(self):
        """When all of it has arrived; None unless it does."""
        if self.missing or not self.parts:
            return None
        return max(part.arrive for part in self.parts)

    def with_parts(self, parts):
        """The same with other parts."""
        return replace(self, parts=tuple(parts))

    def replan(self, quantity, plans):
        """The same, where the last of it is planned anew.

        :param float quantity: of that
        :param plans: how it is planned now, by warehouse
        """
        left = self.open_quantity - quantity
        parts = []
        for part in self.parts:
            kept = min(part.quantity, left)
            if kept > TINY:
                parts.append(part._replace(quantity=kept))
                left -= kept
        parts += (part for plan in plans for part in plan.parts)
        missing = sum(plan.missing for plan in plans)
        return replace(self, parts=tuple(parts), missing=missing)

    def arriving(self, day):
        """The same, where the last part is said to arrive on a day, not sooner."""
        last = max(self.parts, key=lambda part: part.arrive)
        return self.with_parts(
            part._replace(arrive=day) if part is last else part for part in self.parts
        )

    def cut(self, quantity, open_quantity):
        """The same for less: what would leave last is left out.

        :param float quantity: that is wanted now
        :param float open_quantity: of it, still to leave
        """
        parts = []
        left = open_quantity
        for part in self.parts:
            kept = min(part.quantity, left)
            if kept > TINY:
                parts.append(part._replace(quantity=kept))
                left -= kept
        missing = min(self.missing, max(left, 0.0))
        return replace(
            self,
            parts=tuple(parts) or self.parts[:1],
            missing=missing if missing > TINY else 0.0,
            quantity=quantity,
        )

    def get_departures(self, open_quantity):
        """When what has not left yet is to leave: what is first to leave has left.
        Of what has no date it is not known.

        :param float open_quantity: still to leave
        :return: list of ``(day, quantity)``
        """
        departures = []
        left = open_quantity - self.missing
        for part in reversed(self.parts):
            quantity = min(part.quantity, left)
            if quantity > TINY:
                departures.append((part.ship, quantity))
                left -= quantity
        if left > TINY and self.parts:
            # more than was planned: with the first
            departures.append((self.parts[0].ship, left))
        return departures[::-1]

    def get_taken(self, open_quantity, reserved):
        """How much of what has no date is reserved all the same.

        :param float open_quantity: still to leave
        :param float reserved: of that
        """
        dated = open_quantity - self.missing
        return min(max(reserved - dated, 0.0), self.missing)

    def dump(self):
        """As JSON can keep it."""
        return {
            "parts": [
                [
                    part.quantity,
                    fields.Date.to_string(part.ship),
                    fields.Date.to_string(part.arrive),
                    [[code, dump_values(values)] for code, values in part.reasons],
                ]
                for part in self.parts
            ],
            "missing": self.missing,
            "warehouse": self.warehouse_id,
            "product": self.product_id,
            "quantity": self.quantity,
        }

    @classmethod
    def load(cls, kept):
        """
        :param dict kept: what :meth:`dump` made
        """
        return cls(
            tuple(
                Part(
                    quantity,
                    fields.Date.to_date(ship),
                    fields.Date.to_date(arrive),
                    tuple(Reason(*reason) for reason in reasons),
                )
                for quantity, ship, arrive, reasons in kept["parts"]
            ),
            kept["missing"],
            kept["warehouse"],
            kept["product"],
            kept["quantity"],
        )


def dump_values(values):
    """Moments as they are on the wall: they are shown where they were said of."""
    return {
        name: value.strftime("%Y-%m-%d %H:%M")
        if isinstance(value, datetime)
        else fields.Date.to_string(value)
        if isinstance(value, date)
        else value
        for name, value in values.items()
    }
