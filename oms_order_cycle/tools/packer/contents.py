"""What is to be packed, as records tell it: products, quantities and their units."""

from collections import defaultdict
from typing import NamedTuple


class Content(NamedTuple):
    """A quantity of a product, in its own unit, and the units it may be packed in.

    :ivar value: of one unit, in the currency of the company
    """

    product_id: int
    quantity: float
    uom_ids: tuple
    value: float = 0.0


class Job(NamedTuple):
    """What is to be packed for whom; equal jobs have equal answers.

    :ivar values: ``((variable, value), ...)`` of the order, where the carrier's price
        rules look at them
    """

    contents: tuple
    carrier_id: int
    company_id: int
    date: object
    warehouse_id: int = False
    values: tuple = ()


class Collector:
    """Adds up lines, moves or whatever else says what is to be packed."""

    def __init__(self):
        self._quantities = defaultdict(float)
        self._values = defaultdict(float)
        self._uom_ids = defaultdict(set)

    def add(self, product_id, quantity, uom_ids, value=0.0):
        """Add a quantity of a product.

        :param int product_id: of ``product.product``
        :param float quantity: in the product's own unit
        :param uom_ids: ids of ``uom.uom`` it may be packed in, its own among them
        :param float value: of one unit, in the currency of the company
        """
        self._quantities[product_id] += quantity
        self._values[product_id] += value * quantity
        self._uom_ids[product_id].update(uom_ids)

    def contents(self):
        """A :class:`Content` for each product, alike whatever the order of adding.

        :return: tuple, without what adds up to nothing
        """
        return tuple(
            Content(
                product_id,
                round(quantity, 6),
                tuple(sorted(self._uom_ids[product_id])),
                round(self._values[product_id] / quantity, 6),
            )
            for product_id, quantity in sorted(self._quantities.items())
            if quantity > 0
        )


def without_values(contents):
    """The same contents, whatever they are worth."""
    return tuple(content._replace(value=0.0) for content in contents)


def count_units(contents):
    """Units of all products together."""
    return sum(content.quantity for content in contents)


def body_key(product_id, uom_id):
    """What the engine calls a product in a unit."""
    return f"{product_id}-{uom_id}"


def split_key(key):
    """(product id, unit id) of a :func:`body_key`."""
    product_id, uom_id = key.split("-")
    return int(product_id), int(uom_id)


def is_carton(key):
    """Whether the engine's key of a carton is a package type's id; otherwise goods ship
    in a carton of their own."""
    return isinstance(key, int)
