"""What a document says: orders, who sent them, and what could not be read."""

from dataclasses import dataclass, field
from typing import Any

from .fault import DocumentFault

Payload = dict[str, Any]


@dataclass
class Order:
    """One order of a document.

    :param payload: as ``sale.order.oms_submit_orders`` takes it, but for the channel
    :param standard: ``ubl``, ``x12`` or ``edifact``
    :param envelope: what an answer needs of the letter it came in (sender, receiver,
        control numbers ...), texts by name; ``theirs`` names the key of the customer
        that is a number which he gave himself
    """

    payload: Payload
    standard: str
    envelope: dict[str, str] = field(default_factory=dict)


@dataclass
class Reading:
    """All orders of a document.

    :param faults: orders that cannot be taken in
    :param skipped: what is in the file beside orders, such as invoices
    """

    orders: list[Order] = field(default_factory=list)
    faults: list[DocumentFault] = field(default_factory=list)
    skipped: list[DocumentFault] = field(default_factory=list)

    def check(self) -> "Reading":
        """Itself, where it has an order.

        :raise DocumentFault: where nothing of the document is an order
        """
        if not self.orders and not self.faults:
            if self.skipped:
                raise self.skipped[0]
            raise DocumentFault("not_an_order", "There is no order in this file.")
        return self
