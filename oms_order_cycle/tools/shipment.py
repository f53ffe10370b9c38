"""What a delivery method is asked the price of."""

from dataclasses import dataclass
from typing import Any

#: Context key of the :class:`Shipment` that is priced.
SHIPMENT = "oms_shipment"


@dataclass(frozen=True, slots=True)
class Shipment:
    """Parcels, and what their price depends on beside the order.

    :ivar parcels: ``(outer sides in mm, gross weight in g, number)`` of each kind,
        ``None`` if they are not known
    :ivar ship_date: day on which the carrier gets it, ``None`` for today
    :ivar company_id: of ``res.company`` whose contract with the carrier counts
    :ivar quantity: units of products in it when goods are leaving, which may be less
        than the order; ``None`` for a quotation
    """

    parcels: tuple | None = None
    ship_date: Any = None
    company_id: int | None = None
    quantity: float | None = None

    @classmethod
    def of(cls, env):
        """The shipment that is priced in an environment; no client can send one."""
        found = env.context.get(SHIPMENT)
        return found if isinstance(found, cls) else cls()

    @property
    def is_leaving(self):
        """Whether goods leave with it; it is a quotation otherwise."""
        return self.quantity is not None
