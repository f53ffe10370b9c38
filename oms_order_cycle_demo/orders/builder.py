"""Orders of the demo company: some sixty, in every stage, over the last sixty days.

Each row of ``orders.csv`` is one order: whose, how far it got (``reach``), how many
office hours ago that was (for ``paid``: days), and what went otherwise than usual
(``twist``). All documents are made by Odoo's own methods, now and in bulk; at the end
their times are moved back to when they would have happened, and the facts, which are
derived from the documents, are computed anew.
"""

from ..world import read_csv
from .book import OrderBook
from .credit import LATE_HOLDS, CreditDesk
from .dates import DateDesk
from .journal import JournalDesk
from .money import AccountingDesk
from .sales import SalesDesk
from .warehouse import WarehouseDesk


def build_orders(world):
    """Make all orders and take each as far as its row says."""
    parameters = world.env["ir.config_parameter"]
    name = "stock.no_auto_scheduler"
    before = parameters.get_param(name)
    # no product is reordered automatically: do not look for it at each move
    parameters.set_param(name, "True")
    _build(OrderBook(world, read_csv("orders.csv")))
    parameters.set_param(name, before)


def _build(book):
    sales, credit = SalesDesk(book), CreditDesk(book)
    warehouse, accounting = WarehouseDesk(book), AccountingDesk(book)
    dates = DateDesk(book)
    history = [plan for plan in book.plans if plan.reach != "held"]
    sales.make_quotations()
    _confirm(
        [plan for plan in history if plan.has("confirmed")], sales, credit, accounting
    )
    warehouse.pick(history)
    warehouse.pack(history)
    warehouse.ship(history)
    warehouse.deliver(history)
    credit.place_holds([plan for plan in history if plan.reach in LATE_HOLDS])
    accounting.invoice(history)
    warehouse.take_back(history)
    accounting.refund([plan for plan in history if plan.twist == "refund"])
    accounting.pay(history)
    sales.cancel(history)
    dates.date_documents()
    credit.set_credit_limits()
    credit.hold()
    dates.date_documents()
    dates.rederive()
    journal = JournalDesk(book)
    journal.write_events()
    journal.write_promises()


def _confirm(plans, sales, credit, accounting):
    """Confirm; approve and pay beforehand what has to be."""
    sales.confirm(plans)
    sales.approve(plans)
    accounting.prepay([plan for plan in plans if plan.twist == "prepaid"])
    credit.lift_holds([plan for plan in plans if plan.twist == "lifted"])
    credit.lift_the_rest(plans)
