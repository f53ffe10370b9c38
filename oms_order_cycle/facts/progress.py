"""Parts of the facts that bring goods and invoices together, per order line."""

from odoo.tools import SQL

from .cash import due
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
               FALSE AS is_kit, invoice_policy, pending, launched, served,
               %(no_quantities)s,
               NULL::float8 AS invoiced, NULL::float8 AS roundings,
               NULL::float8 AS awaited,
               %(no_dates)s
          FROM lines
         UNION ALL
        SELECT line_id, NULL, NULL, NULL, NULL, NULL, is_kit, NULL, NULL, NULL, NULL,
               %(quantities)s, NULL, NULL, NULL, %(dates)s
          FROM line_sums
         UNION ALL
        SELECT line_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               %(no_quantities)s, qty, roundings, NULL, %(no_dates)s
          FROM invoiced
         UNION ALL
        SELECT s.line_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               %(no_quantities)s, NULL, NULL,
               -- a kit waits as a whole for any of its parts
               CASE WHEN a.product_id = s.product_id THEN a.qty / s.factor
                    ELSE s.ordered END,
               %(no_dates)s
          FROM lines s
    CROSS JOIN LATERAL (%(awaited)s) a(product_id, qty)
         WHERE s.is_goods""",
        quantities=SQL(", ").join(map(SQL.identifier, QUANTITIES)),
        dates=SQL(", ").join(SQL.identifier(f"{name}_date") for name in DATES),
        no_quantities=no_quantities,
        no_dates=no_dates,
        awaited=query.fragments["awaited"],
    )


def summed(query):
    """What was gathered, one row a line."""
    sums = SQL(", ").join(
        SQL("COALESCE(SUM(%(name)s), 0) AS %(name)s", name=SQL.identifier(name))
        for name in (*QUANTITIES, "served", "invoiced", "roundings", "awaited")
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
               bool_or(is_kit) AS is_kit,
               MAX(invoice_policy) AS invoice_policy,
               bool_or(pending) AS pending, MAX(launched) AS launched,
               %(sums)s, %(maxima)s
          FROM gathered
         GROUP BY line_id""",
        sums=sums,
        maxima=maxima,
    )


def progress(query):
    """Per line: wanted, how far it got, what is to be invoiced.

    Once the warehouse was asked for a line, no more of it is wanted than what is live:
    what was cancelled, lowered or deleted there is short-closed.  What was ordered
    since then, and a line kept back by a hold, is wanted whole: its transfer is still
    to come.  Of a line that takes goods back as much is wanted (less than zero) as is
    to come.
    """
    return SQL(
        """
        SELECT q.*, %(due)s AS to_invoice
          FROM (
            SELECT s.*,
                   CASE WHEN s.pending OR NOT s.is_goods OR s.asked_for IS NULL
                        THEN s.ordered
                        WHEN s.ordered < 0
                        THEN GREATEST(s.ordered, -s.inbound)
                        ELSE LEAST(s.asked_for, s.live + s.awaited)
                             + (s.ordered - s.asked_for)
                   END AS wanted
              FROM (
                SELECT b.*,
                       -- what was asked for before the addon noted it has moves
                       CASE WHEN b.launched IS NOT NULL
                            THEN LEAST(b.ordered, b.launched)
                            WHEN b.asked > 0 THEN b.ordered END AS asked_for
                  FROM summed b
              ) s
            -- work out once what is wanted
            OFFSET 0
          ) q""",
        due=due(),
    )


def reached(query):
    """Cumulative quantities: a later step implies the earlier.

    What is to get there (``target``) is what is wanted, and all that transfers are
    still to bring beside it: in exchange for what came back, say.
    """
    return SQL(
        """
        SELECT r.*,
               r.is_goods AND r.target > r.tolerance AS counts,
               r.is_goods AND r.wanted < -r.tolerance AS comes_back,
               r.is_goods AND abs(r.ordered) > r.tolerance AS is_ordered,
               r.deliver AS delivered,
               r.ship AS shipped,
               GREATEST(r.load, r.ship) AS loaded,
               GREATEST(r.pack, r.load, r.ship) AS packed,
               GREATEST(r.pick, r.pack, r.load, r.ship) AS picked,
               GREATEST(r.ship + r.open, r.live, r.pick, r.pack, r.load) AS released
          FROM (
            SELECT p.*, GREATEST(p.wanted, p.ship + p.open + p.awaited) AS target
              FROM progress p
          ) r"""
    )


def dated(query):
    """When each quantity was reached: at the latest with the step after it."""
    return SQL(
        """
        SELECT d.*,
               CASE WHEN pick >= target - tolerance THEN pick_date
                    ELSE packed_at END AS picked_at
          FROM (
            SELECT c.*,
                   CASE WHEN pack >= target - tolerance THEN pack_date
                        ELSE loaded_at END AS packed_at
              FROM (
                SELECT b.*,
                       CASE WHEN load >= target - tolerance THEN load_date
                            ELSE ship_date END AS loaded_at
                  FROM reached b
              ) c
          ) d"""
    )
