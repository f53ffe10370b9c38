"""Builds the demo company: a wholesale distributor with everything it needs to sell.

What the company is, is in the folder ``company``; what it did in the last sixty days,
in ``orders``; whom it sells what to, in the tables of ``csv``.
"""

import logging

from .company.carriers import build_carriers
from .company.customers import build_customers
from .company.cycle import build_cycle
from .company.goods import build_products, build_stock
from .company.intake import build_intake
from .company.office import build_accounting, build_company, build_users
from .company.sizes import build_sizes
from .company.warehouses import build_warehouses
from .orders.builder import build_orders
from .orders.packing import plan_cartons
from .world import World

_logger = logging.getLogger(__name__)


def build_demo_company(env):
    """Create the company, its people, products, customers and orders, unless it is
    there."""
    world = World(env)
    if world.is_built:
        _logger.info("The demo company is already there.")
        return
    build_company(world)
    build_accounting(world)
    build_users(world)
    build_warehouses(world)
    build_products(world)
    build_stock(world)
    build_carriers(world)
    build_cycle(world)
    build_customers(world)
    build_intake(world)
    build_sizes(world)
    build_orders(world)
    plan_cartons(world)
    world.env.flush_all()
