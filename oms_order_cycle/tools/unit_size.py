"""What the packing engine is told of one unit of measure of a product."""

from dataclasses import dataclass
from decimal import Decimal

from ..packing import Item

#: Values that say how a product may be packed, of ``oms.product.size`` and of Item.
HANDLING = (
    "vertical",
    "turn",
    "fragile",
    "floor_only",
    "single_product",
    "own_carton",
)


@dataclass(frozen=True, slots=True)
class UnitSize:
    """Size of one unit of measure of a product: mm (rounded up to a tenth) and g.

    :ivar top_load: g that may rest on one, ``None`` for any
    :ivar together: products with the same word go into one carton
    :ivar family: id of its ``oms.pack.family``
    :ivar apart: ids of families it must not share a carton with
    :ivar source: where the size is from, as in ``oms.product.size``
    """

    product_id: int
    uom_id: int
    length: int | Decimal
    width: int | Decimal
    height: int | Decimal
    weight: int
    vertical: str = "lwh"
    turn: bool = True
    fragile: bool = False
    top_load: int | None = None
    floor_only: bool = False
    single_product: bool = False
    own_carton: bool = False
    together: str | None = None
    family: int | None = None
    apart: frozenset = frozenset()
    source: str = "guess"

    @property
    def is_guess(self):
        """Whether nobody has measured it."""
        return self.source == "guess"

    @property
    def sides(self):
        """(length, width, height) in mm."""
        return self.length, self.width, self.height

    @property
    def volume(self):
        """In mm3."""
        return self.length * self.width * self.height

    def signature(self):
        """What a plan depends on: all but where the size is from."""
        return (
            self.product_id,
            self.uom_id,
            *self.sides,
            self.weight,
            self.vertical,
            self.turn,
            self.fragile,
            self.top_load,
            self.floor_only,
            self.single_product,
            self.own_carton,
            self.together,
            self.family,
            sorted(self.apart),
        )

    def item(self, quantity, key=None):
        """What the packing engine takes; the key is (product id, unit id)."""
        return Item(
            key=(self.product_id, self.uom_id) if key is None else key,
            length=self.length,
            width=self.width,
            height=self.height,
            weight=self.weight,
            quantity=quantity,
            top_load=self.top_load,
            together=self.together,
            family=self.family,
            apart=self.apart,
            guessed=self.is_guess,
            **{name: getattr(self, name) for name in HANDLING},
        )
