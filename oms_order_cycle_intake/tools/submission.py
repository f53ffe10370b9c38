"""One order on its way in: what was sent, what it was found to mean, what is wrong."""

import hashlib
from dataclasses import dataclass, field

from ..payload import Fault, fingerprint, read
from .raw import keep

#: With these an order can be taken as a quotation that is held, where the channel says
#: so; with any other it is refused.
DRAFTABLE = frozenset(
    {
        "bill_to_not_of_customer",
        "currency_differs",
        "date_past",
        "price_negative",
        "product_ambiguous",
        "product_not_found",
        "product_not_sold",
        "qty_below_minimum",
        "qty_not_multiple",
        "qty_not_positive",
        "ship_to_not_of_customer",
        "total_differs",
        "uom_ambiguous",
        "uom_other_category",
        "uom_unknown",
    }
)


@dataclass(eq=False)
class Line:
    """A line, with the records that it was found to mean."""

    index: int
    data: dict
    product: object = None
    uom: object = None
    #: whether it can be made a line with this product
    is_good: bool = True

    @property
    def ref(self):
        return self.data["ref"]

    @property
    def path(self):
        return f"lines[{self.index}]"

    @property
    def qty(self):
        return float(self.data["qty"])

    @property
    def price(self):
        return float(self.data["price"]) if "price" in self.data else None


@dataclass(eq=False)
class Submission:
    """
    :param raw: what was sent, whatever it is
    """

    raw: object
    #: the payload, as far as it can be read
    data: dict = None
    #: whether all of it can be read
    is_clean: bool = True
    faults: list = field(default_factory=list)
    channel: object = None
    company: object = None
    partner: object = None
    ship_to: object = None
    bill_to: object = None
    lines: list = field(default_factory=list)
    #: what became of it: created, already there, changed, refused
    status: str = ""
    order: object = None
    intake: object = None
    #: what came in before under its key, where the order of it is gone
    claim: object = None
    #: the file or the mail that it came in, where it has no reference
    source: str = ""

    @classmethod
    def of(cls, raw):
        data, faults = read(raw)
        lines = [
            Line(index, line)
            for index, line in enumerate(data.get("lines", ()))
            if "product" in line and "qty" in line
        ]
        return cls(raw, data, is_clean=not faults, faults=faults, lines=lines)

    def add_fault(self, code, path="", value="", line="", blocking=True, **params):
        self.faults.append(Fault(code, path, value, line, blocking, params))

    def add_line_fault(self, line, code, path, value, blocking=True, **params):
        self.add_fault(code, f"{line.path}.{path}", value, line.ref, blocking, **params)

    @property
    def blocking(self):
        return [fault for fault in self.faults if fault.blocking]

    @property
    def is_draftable(self):
        """Whether what is wrong with it can be put right in a quotation."""
        return all(fault.code in DRAFTABLE for fault in self.blocking)

    @property
    def text(self):
        """What was sent, as it is kept. An order is kept whole: what comes in under its
        key later is compared with it."""
        return keep(self.raw, self.data if self.is_clean else None)

    @property
    def external_ref(self):
        if self.data and "external_ref" in self.data:
            return self.data["external_ref"]
        ref = self.raw.get("external_ref") if isinstance(self.raw, dict) else ""
        return Fault("", value=ref if isinstance(ref, str | int) else "").value.strip()

    @property
    def fingerprint(self):
        return fingerprint(self.data)

    @property
    def mark(self):
        """The same for what came in unchanged, clean or not."""
        if self.data and self.is_clean:
            return self.fingerprint
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def partner_key(self):
        """Whose reference it is: 0 where the channel counts for all customers."""
        if not self.channel.key_per_customer:
            return 0
        return self.partner.commercial_partner_id.id

    @property
    def key(self):
        """What makes it the only one of its kind."""
        return (
            self.company.id,
            self.channel.id,
            self.partner_key,
            self.data["external_ref"],
        )
