"""The SQL behind the facts: what Odoo's documents say about an order.

One chain of common table expressions reads order lines, stock moves, invoices
and payments, for the orders asked for or for all of them. Everything that needs
to know how far an order has got (the facts, the quantities per line, the filling
at installation, the nightly drift check) is built on it, so that they cannot
disagree.

Words: *live* is what transfers still bring, or have brought, to the customer; *wanted*
is what was ordered, but no more than what is live once the warehouse was asked for it.
Quantities are in the unit of measure of the order line.
"""

from odoo.tools import SQL

from . import cash, goods, moves, orders, progress
from .milestones import FACT_FIELDS

#: The parts of the query by name, in order: each may read those before it.
PARTS = {
    "lines": goods.lines,
    "moves": moves.moves,
    "flow": goods.flow,
    "line_sums": goods.line_sums,
    "invoiced": cash.invoiced,
    "awaited": progress.awaited,
    "summed": progress.summed,
    "progress": progress.progress,
    "reached": progress.reached,
    "dated": progress.dated,
    "bill_ids": cash.bill_ids,
    "bills": cash.bills,
    "goods": orders.goods,
    "facts": orders.facts,
}
#: What the addon itself knows; companions replace it (``_oms_facts_fragments``).
FRAGMENTS = {
    # when the goods of the move ``m`` were loaded on the truck, or NULL; without a
    # companion nothing is loaded before it is shipped
    "loaded": SQL("NULL::timestamp"),
    # when the transfer ``p`` arrived at the customer, or NULL
    "arrived": SQL("p.oms_delivered_at"),
    # what others than the warehouse are still asked for, without moves so far, for the
    # order line ``s.line_id``: rows ``product_id, qty``, in the reference unit
    "awaited": SQL("SELECT NULL::integer, NULL::float8 WHERE FALSE"),
}


def merge_reads(*reads):
    """Join what several sources of facts read.

    :param reads: dicts ``{model name: names of fields}``
    :return: the same, with all names of each model once
    :rtype: dict
    """
    merged = {}
    for source in reads:
        for model, names in source.items():
            merged.setdefault(model, {}).update(dict.fromkeys(names))
    return {model: tuple(names) for model, names in merged.items()}


#: What the query reads: fields that must be in the database before.
READS = merge_reads(goods.READS, cash.READS, {"stock.picking": ("oms_delivered_at",)})


class FactsQuery:
    """Builds the SQL for some orders.

    :param order_condition: ``SQL`` condition on ``l.order_id`` (order lines)
    :param tolerance: half a rounding step of quantities (float, or ``SQL`` of one).
        Quantities of goods are equal when closer than this in the product's unit,
        whatever the unit of the line; invoices are rounded in the line's unit, too
    :param intercompany_path: pattern of the ``parent_path`` of the inter-company
        transit location and those below it; goods that arrive there have left for a
        customer, too (str, or ``SQL`` of one)
    :param dict fragments: ``SQL`` expressions by name, see ``FRAGMENTS``; they may
        name a move ``m``, its transfer ``p``, its operation type ``pt`` and warehouse
        ``wh``
    :param bool materialized: have each part planned by itself, in the order it is
        written
    :param bool billed: whether any of the orders may be on an invoice
    """

    def __init__(
        self,
        order_condition,
        tolerance,
        intercompany_path="",
        fragments=None,
        materialized=False,
        billed=True,
    ):
        self.order_condition = order_condition
        self.tolerance = tolerance
        self.intercompany_path = intercompany_path
        self.fragments = {**FRAGMENTS, **(fragments or {})}
        self.materialized = materialized
        self.left_out = {} if billed else cash.UNBILLED

    def _with(self, last):
        """``SQL`` of the ``WITH`` clause up to the part named ``last``."""
        names = list(PARTS)
        kind = SQL("MATERIALIZED " if self.materialized else "")
        return SQL(
            "WITH %s",
            SQL(", ").join(
                SQL("%s AS %s(%s)", SQL.identifier(name), kind, self._part(name))
                for name in names[: names.index(last) + 1]
            ),
        )

    def _part(self, name):
        return self.left_out.get(name) or PARTS[name](self)

    def progress_ctes(self):
        """``SQL`` of the ``WITH`` clause that ends in ``progress`` (one row a line):
        what is to be invoiced and what is, for the credit exposure of customers."""
        return self._with("progress")

    def line_query(self):
        """``SQL`` giving per order line: line_id, wanted and the six quantities."""
        return SQL(
            """%s SELECT line_id, CASE WHEN is_goods THEN wanted ELSE 0 END AS wanted,
                         released, picked, packed, loaded, shipped, delivered
                    FROM reached""",
            self._with("reached"),
        )

    def move_query(self):
        """``SQL`` giving per move of the lines: id and direction, as
        ``stock.move._oms_get_direction`` says it."""
        return SQL(
            """%s SELECT id, CASE WHEN bound THEN 'bound' WHEN back THEN 'back' END
                    FROM moves""",
            self._with("moves"),
        )

    def open_query(self):
        """``SQL`` giving the order lines that are not invoiced as they should be:
        line_id, and the quantity that is missing; below nothing to be credited.

        One row more, without a line, gives what is left of posted down payments,
        without taxes."""
        return SQL(
            "%s SELECT line_id, to_invoice - invoiced FROM progress"
            " WHERE NOT is_combo AND NOT %s"
            " UNION ALL SELECT NULL, SUM(deposit_left) FROM bills",
            self._with("bills"),
            cash.is_invoiced(self),
        )

    def order_ctes(self):
        """``SQL`` of the ``WITH`` clause that ends in ``facts`` (one row an order)."""
        return self._with("facts")

    def order_query(self):
        """``SQL`` giving per order: order_id, goods, has_cash, what was paid of its
        invoices (in the order's currency) and when last, and the facts but
        ``oms_confirmed_at``, which the order itself knows."""
        names = SQL(", ").join(SQL.identifier(name) for name in FACT_FIELDS[1:])
        return SQL(
            "%s SELECT order_id, goods, has_cash, paid_amount, paid_amount_at, %s"
            " FROM facts",
            self.order_ctes(),
            names,
        )
