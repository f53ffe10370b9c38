"""Parts of the facts that sum up the lines of each order."""

from odoo.tools import SQL

from .cash import DEPOSIT_TOLERANCE, is_invoiced
from .milestones import GOODS_MILESTONES


def goods(query):
    """Per order: what it has of goods (``goods``: wanted, only back from the customer,
    all cancelled, or none), whether there is anything to invoice, and since when all
    that is wanted of it got to each milestone."""
    milestones = SQL(", ").join(map(_milestone, GOODS_MILESTONES))
    return SQL(
        """
        SELECT order_id,
               CASE WHEN bool_or(counts) THEN 'wanted'
                    WHEN bool_or(comes_back) THEN 'back'
                    WHEN bool_or(is_ordered) THEN 'cancelled'
                    ELSE 'none' END AS goods,
               COALESCE(bool_or(abs(to_invoice) > GREATEST(%(tol)s, tolerance))
                   FILTER (WHERE NOT is_combo), FALSE) AS has_cash,
               COALESCE(bool_and(%(is_invoiced)s)
                   FILTER (WHERE NOT is_combo), TRUE) AS all_invoiced,
               %(milestones)s
          FROM dated
         GROUP BY order_id""",
        tol=query.tolerance,
        is_invoiced=is_invoiced(query),
        milestones=milestones,
    )


def _milestone(step):
    """Since when all that is wanted got to a step, or NULL.

    What comes back is not picked, packed or loaded, and does not keep what goes out
    from having been shipped; an order that takes goods back only has shipped them when
    they are here.
    """
    out = SQL(
        """CASE WHEN bool_and(%(step)s >= target - tolerance) FILTER (WHERE counts)
                THEN MAX(%(date)s) FILTER (WHERE counts) END""",
        step=SQL.identifier(step),
        date=SQL.identifier(
            {
                "delivered": "deliver_date",
                "shipped": "ship_date",
                "loaded": "loaded_at",
                "packed": "packed_at",
                "picked": "picked_at",
                "released": "released_date",
            }[step]
        ),
    )
    if step in ("picked", "packed", "loaded"):
        return SQL("%s AS %s", out, SQL.identifier(step))
    back = SQL(
        """CASE WHEN bool_and(%(there)s >= -wanted - tolerance)
                     FILTER (WHERE comes_back)
                THEN MAX(%(date)s) FILTER (WHERE comes_back) END""",
        there=SQL.identifier("inbound" if step == "released" else "received"),
        date=SQL.identifier("released_date" if step == "released" else "received_date"),
    )
    both = SQL(
        """WHEN NOT bool_or(comes_back) THEN %(out)s
           WHEN %(out)s IS NOT NULL AND %(back)s IS NOT NULL
           THEN GREATEST(%(out)s, %(back)s)""",
        out=out,
        back=back,
    )
    if step == "shipped":
        both = SQL("ELSE %s", out)
    return SQL(
        "CASE WHEN NOT bool_or(counts) THEN %s %s END AS %s",
        back,
        both,
        SQL.identifier(step),
    )


def facts(query):
    """Facts per order: a time, or NULL while not all that is wanted got there."""
    # Corrected documents may put a step after the one it precedes.
    chain = SQL(", ").join(
        SQL(
            "CASE WHEN g.%(step)s IS NOT NULL THEN LEAST(%(later)s) END AS %(field)s",
            step=SQL.identifier(step),
            later=SQL(", ").join(
                SQL.identifier("g", later)
                for later in GOODS_MILESTONES[GOODS_MILESTONES.index(step) :]
            ),
            field=SQL.identifier(f"oms_{step}_at"),
        )
        for step in GOODS_MILESTONES
    )
    return SQL(
        """
           SELECT g.order_id, g.goods,
                  g.has_cash OR b.order_id IS NOT NULL AS has_cash,
                  %(chain)s,
                  CASE WHEN settled.is_invoiced THEN b.posted_at END
                      AS oms_invoiced_at,
                  CASE WHEN settled.is_invoiced AND b.all_paid
                       THEN b.paid_at END AS oms_paid_at,
                  COALESCE(b.paid_amount, 0) AS paid_amount,
                  b.paid_at AS paid_amount_at
             FROM goods g
        LEFT JOIN bills b ON b.order_id = g.order_id
       CROSS JOIN LATERAL (
               SELECT g.all_invoiced AND abs(COALESCE(b.deposit_left, 0)) < %(left)s
                      AS is_invoiced
             ) settled""",
        chain=chain,
        left=DEPOSIT_TOLERANCE,
    )
