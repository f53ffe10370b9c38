"""Prices, cartons and orders for the tests."""

from decimal import Decimal
from math import ceil
from random import Random

from packing import Carton, Item


def tariff(outer, gross):
    """4.00 a parcel and 0.90 a billable kg in steps of 0.5, divisor 5000."""
    dimensional = 1
    for side in outer:
        dimensional *= ceil(Decimal(side) / 10)
    kilos = max(Decimal(gross) / 1000, Decimal(dimensional) / 5000)
    return 4.0 + 0.9 * 0.5 * ceil(kilos * 2)


def one_each(outer, gross):
    return 1


def carton(length, width, height, key=None, **more):
    """A carton with walls of 4 mm (6 mm at lid and floor)."""
    more.setdefault("tare", length * width // 400)
    outer = (length + 8, width + 8, height + 12)
    inner = (length, width, height)
    return Carton(key or "x".join(map(str, inner)), inner, outer, **more)


SET = (
    carton(200, 150, 100, max_gross=20000),
    carton(300, 200, 150, max_gross=20000),
    carton(350, 250, 200, max_gross=20000),
    carton(400, 300, 300, max_gross=25000),
    carton(600, 400, 400, max_gross=30000),
)


def order(seed, kinds=5, most=6):
    """A wholesale-like order: products of all shapes, some this side up."""
    random = Random(seed)
    items = []
    for key in range(random.randint(1, kinds)):
        size = sorted(int(random.lognormvariate(4.6, 0.5)) + 15 for _ in range(3))
        size = [min(290, side) for side in size]
        weight = int(size[0] * size[1] * size[2] / 1000 * random.uniform(0.1, 0.8)) + 5
        upright = "h" if random.random() < 0.2 else "lwh"
        many = random.randint(1, most)
        items.append(Item(key, size[2], size[1], size[0], weight, many, upright))
    return items
