"""Parts of the facts that sum up the lines of each order."""

from odoo.tools import SQL

from .cash import DEPOSIT_TOLERANCE, is_invoiced
from .milestones import GOODS_MILESTONES

#: Milestones that what comes back reaches, too.
_BACK = {
    "released": ("inbound", "released_date"),
    "shipped": ("received", "received_date"),
    "delivered": ("received", "received_date"),
}
_DATES = {
    "delivered": "deliver_date",
    "shipped": "ship_date",
    "loaded": "loaded_at",
    "packed": "packed_at",
    "picked": "picked_at",
    "released": "released_date",
}


def goods(query):
    """Per order: what it has of goods (``goods``: wanted, only back from the customer,
    all cancelled, or none), whether there is anything to invoice, and since when all
    that is wanted of it got to each milestone."""
    return SQL(
        """
        SELECT order_id,
               CASE WHEN goes_out THEN 'wanted'
                    WHEN comes_back THEN 'back'
                    WHEN is_ordered THEN 'cancelled'
                    ELSE 'none' END AS goods,
               has_cash, all_invoiced, %(milestones)s
          FROM (
            SELECT order_id,
                   bool_or(counts) AS goes_out,
                   bool_or(comes_back) AS comes_back,
                   bool_or(is_ordered) AS is_ordered,
                   COALESCE(bool_or(abs(to_invoice) > GREATEST(%(tol)s, tolerance))
                       FILTER (WHERE NOT is_combo), FALSE) AS has_cash,
                   COALESCE(bool_and(%(is_invoiced)s)
                       FILTER (WHERE NOT is_combo), TRUE) AS all_invoiced,
                   %(moments)s
              FROM dated
             GROUP BY order_id
          ) o""",
        tol=query.tolerance,
        is_invoiced=is_invoiced(query),
        milestones=SQL(", ").join(map(_milestone, GOODS_MILESTONES)),
        moments=SQL(", ").join([*map(_out, GOODS_MILESTONES), *map(_back, _BACK)]),
    )


def _out(step):
    """Since when all that goes out got to a step, or NULL."""
    return SQL(
        """CASE WHEN bool_and(%(step)s >= target - tolerance) FILTER (WHERE counts)
                THEN MAX(%(date)s) FILTER (WHERE counts) END AS %(name)s""",
        step=SQL.identifier(step),
        date=SQL.identifier(_DATES[step]),
        name=SQL.identifier(f"{step}_out"),
    )


def _back(step):
    """Since when all that comes back did, or NULL."""
    there, date = _BACK[step]
    return SQL(
        """CASE WHEN bool_and(%(there)s >= -wanted - tolerance)
                     FILTER (WHERE comes_back)
                THEN MAX(%(date)s) FILTER (WHERE comes_back) END AS %(name)s""",
        there=SQL.identifier(there),
        date=SQL.identifier(date),
        name=SQL.identifier(f"{step}_back"),
    )


def _milestone(step):
    """Since when all that is wanted got to a step, or NULL.

    What comes back is not picked, packed or loaded, and does not keep what goes out
    from having been shipped; an order that takes goods back only has shipped them when
    they are here.
    """
    if step not in _BACK:
        code = "%(out)s AS %(step)s"
    elif step == "shipped":
        code = "CASE WHEN NOT goes_out THEN %(back)s ELSE %(out)s END AS %(step)s"
    else:
        code = """CASE WHEN NOT goes_out THEN %(back)s
                       WHEN NOT comes_back THEN %(out)s
                       WHEN %(out)s IS NOT NULL AND %(back)s IS NOT NULL
                       THEN GREATEST(%(out)s, %(back)s) END AS %(step)s"""
    return SQL(
        code,
        step=SQL.identifier(step),
        out=SQL.identifier(f"{step}_out"),
        back=SQL.identifier(f"{step}_back"),
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
