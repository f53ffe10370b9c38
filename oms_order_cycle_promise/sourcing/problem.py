"""What is asked, and what is answered."""

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """Goods of an order, counted in parts that are never divided.

    :param key: whatever names the line
    :param parts: how many parts are wanted
    :param needs: what one part takes: ``((product, quantity), ...)``; a dozen is twelve
        pieces, a kit its components
    :param short_cost: what one part costs that is not there
    :param value: what one part is worth, for the least value of a split and to weigh
        the way
    :param splittable: whether several warehouses may share the line
    """

    key: Hashable
    parts: int
    needs: tuple
    short_cost: float = 1.0
    value: float = 1.0
    splittable: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """A warehouse that may deliver the order.

    :param key: whatever names it
    :param opening: what it costs to use it for the order at all
    :param handling: what it costs to deliver one of value from it
    """

    key: Hashable
    opening: float = 0.0
    handling: float = 0.0


@dataclass(frozen=True, slots=True)
class Order:
    """An order to be delivered.

    :param sources: the warehouses that may, the best first
    :param most: how many of them at most
    :param least_value: what each must bring at least, where several do
    :param priority: classes are served one after the other, the lowest first
    :param promise: of a class, the older goes first and is never worse off for the
        younger; anything that can be compared, the same kind for all
    :param waits: ``{line key: warehouses}`` where what is short may wait, the best
        first; of other lines it is the first source
    """

    key: Hashable
    lines: tuple
    sources: tuple
    most: int = 1
    least_value: float = 0.0
    priority: int = 0
    promise: object = 0
    waits: dict = field(default_factory=dict)
    used: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """So many parts of a line from a warehouse; ``short`` of them are not there yet."""

    line: Hashable
    source: Hashable
    parts: int
    short: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer for one order: what it costs, and where its lines come from."""

    cost: float
    parts: tuple


class Stock:
    """What is free of products in warehouses, less what was taken."""

    __slots__ = ("free",)

    def __init__(self, free):
        """
        :param free: ``{(product, warehouse): quantity}``
        """
        self.free = dict(free)

    def take(self, order, choice, sign=1):
        """Take what an order gets; ``sign`` -1 gives it back."""
        needs = {line.key: line.needs for line in order.lines}
        free = self.free
        for part in choice.parts:
            there = (part.parts - part.short) * sign
            if there:
                for product, quantity in needs[part.line]:
                    pair = product, part.source
                    free[pair] = free.get(pair, 0) - quantity * there
