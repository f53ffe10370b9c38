"""What is said to an order, before it is written in one of the standards."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

# accepted as ordered, accepted with changes, not accepted
Verdict = Literal["accepted", "changed", "refused"]


@dataclass
class Party:
    """A party of an answer.

    :param gln: its GLN
    :param ref: its number in the document that is answered
    :param country: code of two letters
    """

    name: str
    gln: str = ""
    ref: str = ""
    vat: str = ""
    street: str = ""
    city: str = ""
    zip: str = ""
    country: str = ""


@dataclass
class AnswerLine:
    """What becomes of one line.

    :param ref: the line's number in the order
    :param qty: what is delivered, a plain decimal; ``ordered`` is what was asked for
    :param uom: the unit as the order named it
    :param price: of one unit, a plain decimal
    :param day: when it is delivered, an ISO date
    :param product: ``barcode``, ``code`` and ``customer_code``, as far as known
    :param reason: why it is changed or refused, for a person
    """

    ref: str
    verdict: Verdict
    qty: str
    uom: str = ""
    ordered: str = ""
    price: str = ""
    day: str = ""
    wanted: str = ""
    product: dict[str, str] = field(default_factory=dict)
    description: str = ""
    reason: str = ""


@dataclass
class Answer:
    """What is said to one order.

    :param number: of this answer, at most 14 letters and digits where it goes by
        EDIFACT
    :param control: number of the interchange, at most nine digits
    :param order_ref: the customer's number of the order
    :param our_ref: ours
    :param envelope: of the document that is answered, see ``Order.envelope``
    """

    number: str
    control: int
    order_ref: str
    our_ref: str
    verdict: Verdict
    issued: datetime
    buyer: Party
    seller: Party
    lines: list[AnswerLine]
    order_day: str = ""
    currency: str = ""
    note: str = ""
    is_test: bool = False
    envelope: dict[str, str] = field(default_factory=dict)
