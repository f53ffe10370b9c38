"""Parts of the facts that bring goods and invoices together, per order line."""

from odoo.tools import SQL

from .goods import DATES, QUANTITIES


def gathered(query):
    """Lines, moves and invoices, below each other.

    Joining them would take quadratic time when a cached plan expects few lines.
    """
    no_quantities = SQL(", ").join(
        SQL("NULL::float8 AS %s", SQL.identifier(name)) for name in QUANTITIES
    )
    no_dates = SQL(", ").join(
        SQL("NULL::timestamp AS %s", SQL.identifier(f"{name}_date")) for name in DATES
    )
    return SQL(
        """
        SELECT line_id, order_id, ordered, tolerance, is_goods, is_combo,
               invoice_policy, pending, %(no_quantities)s,
               NULL::float8 AS invoiced,
               %(no_dates)s
          FROM lines
         UNION ALL
        SELECT line_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               %(quantities)s, NULL, %(dates)s
          FROM line_sums
         UNION ALL
        SELECT line_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               %(no_quantities)s, qty, %(no_dates)s
          FROM invoiced""",
        quantities=SQL(", ").join(map(SQL.identifier, QUANTITIES)),
        dates=SQL(", ").join(SQL.identifier(f"{name}_date") for name in DATES),
        no_quantities=no_quantities,
        no_dates=no_dates,
    )


def summed(query):
    """What was gathered, one row a line."""
    sums = SQL(", ").join(
        SQL("COALESCE(SUM(%(name)s), 0) AS %(name)s", name=SQL.identifier(name))
        for name in (*QUANTITIES, "invoiced")
    )
    maxima = SQL(", ").join(
        SQL("MAX(%(name)s) AS %(name)s", name=SQL.identifier(f"{name}_date"))
        for name in DATES
    )
    return SQL(
        """
        SELECT line_id, MAX(order_id) AS order_id, MAX(ordered) AS ordered,
               MAX(tolerance) AS tolerance,
               bool_or(is_goods) AS is_goods, bool_or(is_combo) AS is_combo,
               MAX(invoice_policy) AS invoice_policy,
               bool_or(pending) AS pending, %(sums)s, %(maxima)s
          FROM gathered
         GROUP BY line_id""",
        sums=sums,
        maxima=maxima,
    )


def progress(query):
    """Per line: wanted, how far it got, what is to be invoiced.

    What was not brought because its transfer was cancelled is short-closed.
    A line kept back by a hold is wanted whole: its transfer is still to come.
    """
    return SQL(
        """
        SELECT q.*,
               CASE WHEN q.invoice_policy = 'delivery' AND q.is_goods
                    THEN GREATEST(q.wanted, q.ship)
                    ELSE q.wanted END
               - q.returned AS to_invoice
          FROM (
            SELECT s.*,
                   s.ordered - CASE
                       WHEN s.pending OR NOT s.is_goods THEN 0
                       ELSE GREATEST(LEAST(s.closed, s.ordered - s.live), 0)
                   END AS wanted
              FROM summed s
          ) q"""
    )


def reached(query):
    """Cumulative quantities: a later step implies the earlier."""
    return SQL(
        """
        SELECT r.*,
               r.is_goods AND r.wanted > r.tolerance AS counts,
               r.deliver AS delivered,
               r.ship AS shipped,
               GREATEST(r.load, r.ship) AS loaded,
               GREATEST(r.pack, r.load, r.ship) AS packed,
               GREATEST(r.pick, r.pack, r.load, r.ship) AS picked,
               GREATEST(r.live, r.pick, r.pack, r.load, r.ship) AS released
          FROM progress r"""
    )


def dated(query):
    """When each quantity was reached: at the latest with the step after it."""
    return SQL(
        """
        SELECT d.*,
               CASE WHEN pick >= wanted - tolerance THEN pick_date
                    ELSE packed_at END AS picked_at
          FROM (
            SELECT c.*,
                   CASE WHEN pack >= wanted - tolerance THEN pack_date
                        ELSE loaded_at END AS packed_at
              FROM (
                SELECT b.*,
                       CASE WHEN load >= wanted - tolerance THEN load_date
                            ELSE ship_date END AS loaded_at
                  FROM reached b
              ) c
          ) d"""
    )
