"""UN/EDIFACT ORDERS and ORDCHG, D96A and later, and the answer ORDRSP.

Released separators are read by pydifact, which is asked for when it is needed: the
addon ``oms_order_cycle_edifact`` sees to it that it is there.
"""

from ..fault import DocumentFault
from ..reading import Reading
from .answer import answer
from .order import read_order
from .envelope import read_messages
from .tokens import split

__all__ = ["answer", "read"]

_KINDS = {
    "APERAK": "an acknowledgement",
    "CONTRL": "an acknowledgement",
    "DELFOR": "a delivery schedule",
    "DELJIT": "a delivery schedule",
    "DESADV": "a despatch advice",
    "INVOIC": "an invoice",
    "INVRPT": "an inventory report",
    "ORDRSP": "an answer to an order",
    "PRICAT": "a price list",
    "QUOTES": "a quotation",
    "RECADV": "a receiving advice",
    "REQOTE": "a request for quotation",
    "SLSRPT": "a sales report",
}


def read(content: bytes) -> Reading:
    """The orders of an interchange.

    :raise DocumentFault: where the envelope does not hold, or pydifact is missing
    """
    reading = Reading()
    for message in read_messages(split(content)):
        if message.kind not in ("ORDERS", "ORDCHG"):
            what = _KINDS.get(message.kind, "no order")
            reading.skipped.append(
                DocumentFault(
                    "not_an_order",
                    f"The message {message.kind[:10]} is {what}.",
                    message.path,
                )
            )
            continue
        try:
            reading.orders.append(read_order(message))
        except DocumentFault as fault:
            reading.faults.append(fault)
    return reading
