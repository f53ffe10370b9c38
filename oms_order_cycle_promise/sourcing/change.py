"""A quantity that changes after the warehouses were asked for it."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from .choose import SAME


@dataclass(frozen=True, slots=True)
class Holding:
    """What a warehouse was asked for of a line, and how far it has got.

    :param open: what can still be taken back
    :param reserved: of it, what is reserved
    :param begun: of it, what was picked already
    :param far: how far down the list (or away) the warehouse is
    """

    source: Hashable
    open: float
    reserved: float = 0.0
    begun: float = 0.0
    far: float = 0.0


def lower(holdings, quantity):
    """Where to take a quantity back: first what nobody has begun, of it what is not
    reserved, and the farthest.

    :param holdings: :class:`Holding`
    :param quantity: how much less is wanted, more than 0
    :return: ``({source: quantity to take back}, what cannot be taken back)``
    """
    taken, left = {}, quantity
    stages = (
        lambda held: held.open - max(held.reserved, held.begun),
        lambda held: held.open - held.begun,
        lambda held: held.open,
    )
    for count in stages:
        for held in sorted(holdings, key=lambda held: (held.begun, -held.far)):
            if left <= SAME:
                return taken, 0.0
            there = min(count(held) - taken.get(held.source, 0.0), left)
            if there > SAME:
                taken[held.source] = taken.get(held.source, 0.0) + there
                left -= there
    return taken, left if left > SAME else 0.0


def raise_by(order, used):
    """The same order when more is wanted of it, or a part was lost: warehouses that
    deliver of it already open for nothing.

    :param order: :class:`~.problem.Order`, with what is wanted in addition
    :param used: the warehouses that deliver of it
    """
    return replace(order, used=frozenset(used), least_value=0.0)
