"""Parts of the facts that bring goods and invoices together, per order line."""

from odoo.tools import SQL

from .cash import due
from .goods import DATES, QUANTITIES


def awaited(query):
    """What others than the warehouse are still asked for, per line."""
    return SQL(
        """
        SELECT s.line_id,
               -- a kit waits as a whole for any of its parts
               SUM(CASE WHEN a.product_id = s.product_id THEN a.qty / s.factor
                        ELSE s.ordered END) AS awaited
          FROM lines s
    CROSS JOIN LATERAL (%s) a(product_id, qty)
         WHERE s.is_goods
         GROUP BY s.line_id""",
        query.fragments["awaited"],
    )


def summed(query):
    """Lines with what moves, invoices and others say of them.

    Joined in full, though lines are what all others are of: such joins are never
    nested loops, which take quadratic time when a cached plan expects few lines.
    """
    quantities = SQL(", ").join(
        SQL("COALESCE(m.%(name)s, 0) AS %(name)s", name=SQL.identifier(name))
        for name in QUANTITIES
    )
    dates = SQL(", ").join(SQL.identifier("m", f"{name}_date") for name in DATES)
    return SQL(
        """
           SELECT line_id, l.order_id, l.ordered, l.tolerance, l.is_goods, l.is_combo,
                  COALESCE(m.is_kit, FALSE) AS is_kit, l.invoice_policy, l.pending,
                  l.launched, l.served, %s, %s,
                  COALESCE(i.qty, 0) AS invoiced,
                  COALESCE(i.roundings, 0) AS roundings,
                  COALESCE(a.awaited, 0) AS awaited
             FROM lines l
        FULL JOIN line_sums m USING (line_id)
        FULL JOIN invoiced i USING (line_id)
        FULL JOIN awaited a USING (line_id)""",
        quantities,
        dates,
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
