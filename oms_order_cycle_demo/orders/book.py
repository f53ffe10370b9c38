"""All orders that are made, and what every desk asks about them."""

from odoo.fields import Datetime

from ..clock import OfficeClock
from ..world import TIMEZONE
from .plan import Plan

#: Who does what.
ACTORS = {
    "ordered": "sales",
    "confirmed": "sales",
    "released": "sales",
    "picked": "picker",
    "packed": "picker",
    "loaded": "dispatcher",
    "shipped": "dispatcher",
    "delivered": "dispatcher",
    "invoiced": "accountant",
    "paid": "accountant",
}


class OrderBook:
    """The plans of all orders, oldest first."""

    def __init__(self, world, rows):
        self.world = world
        self.env = world.env
        self.refs = world.refs
        self.clock = OfficeClock(Datetime.now(), TIMEZONE)
        self.rot = self.refs["warehouse_rot"]
        self.vnl = self.refs["warehouse_vnl"]
        customers = world.customer_rows
        plans = [
            Plan(row, customers[row["customer"]], self.clock, index)
            for index, row in enumerate(rows)
        ]
        # numbers rise with time
        self.plans = sorted(plans, key=lambda plan: (plan.time("ordered"), plan.index))

    def orders(self, plans):
        """The orders of plans."""
        return self.env["sale.order"].browse(plan.order.id for plan in plans)

    def user(self, step):
        """The user who does a step."""
        return self.refs[f"user_{ACTORS[step]}"]

    def open_pickings(self, plans, picking_type):
        """Transfers of a type that are still to be done."""
        return self.orders(plans).picking_ids.filtered(
            lambda picking: (
                picking.picking_type_id == picking_type
                and picking.state not in ("done", "cancel")
            )
        )

    def outgoing(self, plans):
        """Transfers that brought goods to customers."""
        return self.orders(plans).picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.location_dest_id.usage == "customer"
            )
        )

    def step_of(self, picking):
        """The step that a transfer is."""
        if picking.location_id.usage == "customer":
            return "returned"
        return {
            self.rot.pick_type_id: "picked",
            self.rot.pack_type_id: "packed",
        }.get(picking.picking_type_id, "shipped")

    def return_time(self, plan, hours=0):
        """When goods came back: some days after they had arrived."""
        moment = self.clock.ahead(plan.time("delivered"), 9 + hours)
        return min(moment, self.clock.back(self.clock.now, 1))

    def cancel_time(self, plan):
        """When an order was called off: soon after its last step."""
        return self.clock.ahead(plan.time(plan.last), 2)


class Desk:
    """Where some of the people of the company work at its orders."""

    def __init__(self, book):
        self.book = book
        self.world = book.world
        self.env = book.env
        self.refs = book.refs
        self.clock = book.clock
        self.company = book.world.company
