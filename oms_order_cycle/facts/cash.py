"""Parts of the facts that read the cash: invoices, credit notes, payments."""

from odoo.tools import SQL

#: What these parts read: fields that must be in the database before.
READS = {
    "account.move": (
        "state",
        "move_type",
        "payment_state",
        "oms_posted_at",
        "invoice_date",
        "amount_total",
        "amount_total_signed",
        "amount_residual",
        "currency_id",
    ),
    "account.move.line": (
        "move_id",
        "quantity",
        "product_uom_id",
        "price_subtotal",
        "price_total",
        "sale_line_ids",
        "display_type",
    ),
    "account.partial.reconcile": ("max_date", "debit_move_id", "credit_move_id"),
}
PAID_STATES = ("paid", "in_payment", "reversed", "invoicing_legacy")
#: Down payments of an order are deducted when less than this is left of them, in the
#: currency of the invoices.
DEPOSIT_TOLERANCE = 0.015


def invoiced(query):
    """Posted invoiced quantity per line, credit notes subtracted, and how many
    quantities were rounded to make it."""
    return SQL(
        """
        SELECT s.line_id,
               SUM(CASE WHEN inv.move_type = 'out_refund' THEN -1 ELSE 1 END
                   * aml.quantity * COALESCE(au.factor / s.factor, 1)
               )::float8 AS qty,
               COUNT(*)::float8 AS roundings
          FROM lines s
          JOIN sale_order_line_invoice_rel rel
               ON rel.order_line_id = s.line_id
          JOIN account_move_line aml ON aml.id = rel.invoice_line_id
          JOIN account_move inv ON inv.id = aml.move_id
         LEFT JOIN uom_uom au ON au.id = aml.product_uom_id
         WHERE inv.state = 'posted'
           AND inv.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
         GROUP BY s.line_id"""
    )


def due():
    """``SQL``: what is to be invoiced of a line ``q`` of ``summed``, gross of what is.

    What was ordered or, of what is invoiced on delivery, what was delivered, whichever
    is more; less what came back to be refunded and is not replaced.  Less than nothing
    is to be credited.
    """
    # goods taken back are replaced by what is brought beyond the wanted quantity
    kept = SQL(
        """GREATEST(q.wanted, q.ship, LEAST(q.live, q.wanted + q.returned))
           - q.returned"""
    )
    return SQL(
        """
        CASE
        WHEN q.invoice_policy = 'delivery' THEN CASE
            -- of kits Odoo counts whole ones, once all that is wanted has left
            WHEN q.is_kit THEN CASE
                WHEN q.ship >= q.wanted - q.tolerance THEN q.served ELSE q.wanted END
            WHEN q.ordered < 0 THEN LEAST(
                q.wanted, CASE WHEN q.is_goods THEN -q.returned ELSE q.served END)
            WHEN q.is_goods THEN %(kept)s
            ELSE GREATEST(q.wanted, q.served) END
        WHEN q.ordered < 0 OR NOT q.is_goods THEN q.wanted
        WHEN q.is_kit THEN CASE
            WHEN q.ship >= q.wanted - q.tolerance THEN LEAST(q.wanted, q.served)
            ELSE q.wanted END
        ELSE GREATEST(LEAST(q.wanted, %(kept)s), 0)
        END""",
        kept=kept,
    )


def is_invoiced(query):
    """``SQL``: a line of ``progress`` is invoiced or credited, as it should be.

    Quantities are rounded on each invoice.
    """
    return SQL(
        """(abs(to_invoice - invoiced)
            <= GREATEST(%s, tolerance) * GREATEST(roundings, 1))""",
        query.tolerance,
    )


def bill_ids(query):
    """Invoices of each order, down payments too, with the order's part of them.

    ``own`` is with taxes, ``deposit`` (of down payments) without; both in the currency
    of the invoice.
    """
    return SQL(
        """
        SELECT l.order_id, aml.move_id,
               SUM(aml.price_total)::float8 AS own,
               SUM(aml.price_subtotal) FILTER (WHERE l.is_downpayment)::float8
                   AS deposit
          FROM sale_order_line l
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
          JOIN account_move_line aml ON aml.id = rel.invoice_line_id
         WHERE %(condition)s
         GROUP BY l.order_id, aml.move_id""",
        condition=query.order_condition,
    )


def bills(query):
    """When the last posted invoice of each order was posted, and the last settled; how
    much was paid, and what is left of down payments that is not deducted.

    Credit notes count where there is nothing else.  Settled at the time of the last
    payment, or at the end of the payment's own day when that was earlier (bank
    statements come late); of the last reconciliation where no money was paid.
    """
    return SQL(
        """
           SELECT b.order_id,
                  COALESCE(MAX(posted.at) FILTER (WHERE direction.sign > 0),
                           MAX(posted.at)) AS posted_at,
                  COALESCE(bool_and(inv.payment_state IN %(paid)s)
                               FILTER (WHERE direction.sign > 0),
                           bool_and(inv.payment_state IN %(paid)s)) AS all_paid,
                  COALESCE(MAX(GREATEST(posted.at, settled.at))
                               FILTER (WHERE direction.sign > 0
                                       AND settled.at IS NOT NULL),
                           MAX(GREATEST(posted.at, settled.at))
                               FILTER (WHERE settled.at IS NOT NULL),
                           MAX(posted.at)) AS paid_at,
                  SUM(direction.sign * b.own * CASE
                          WHEN inv.currency_id = o.currency_id THEN 1
                          ELSE abs(inv.amount_total_signed)
                               / NULLIF(inv.amount_total, 0) * o.currency_rate END
                      * CASE WHEN direction.sign > 0
                                  AND inv.payment_state NOT IN %(paid)s
                             THEN 1 - inv.amount_residual
                                      / NULLIF(inv.amount_total, 0)
                             ELSE 1 END
                  )::float8 AS paid_amount,
                  SUM(direction.sign * b.deposit)::float8 AS deposit_left
             FROM bill_ids b
             JOIN sale_order o ON o.id = b.order_id
             JOIN account_move inv ON inv.id = b.move_id
             CROSS JOIN LATERAL (
               SELECT CASE WHEN inv.move_type = 'out_refund' THEN -1 ELSE 1 END
                      AS sign
             ) direction
             CROSS JOIN LATERAL (
               SELECT COALESCE(inv.oms_posted_at, inv.invoice_date::timestamp,
                               inv.create_date) AS at
             ) posted
        LEFT JOIN LATERAL (
               SELECT COALESCE(
                          MAX(part.at) FILTER (
                              WHERE part.kind NOT IN ('out_invoice', 'out_refund')),
                          MAX(part.at)) AS at
                 FROM (
                    -- reconciliations, and the kind of document on their other side
                    SELECT LEAST(apr.create_date, apr.max_date::timestamp
                                 + INTERVAL '1 day' - INTERVAL '1 second') AS at,
                           om.move_type AS kind
                      FROM account_move_line pl
                     CROSS JOIN LATERAL (
                        SELECT create_date, max_date, credit_move_id AS other_id
                          FROM account_partial_reconcile
                         WHERE direction.sign > 0 AND debit_move_id = pl.id
                         UNION ALL
                        SELECT create_date, max_date, debit_move_id
                          FROM account_partial_reconcile
                         WHERE direction.sign < 0 AND credit_move_id = pl.id
                      ) apr
                      JOIN account_move_line ol ON ol.id = apr.other_id
                      JOIN account_move om ON om.id = ol.move_id
                     WHERE pl.move_id = inv.id AND pl.display_type = 'payment_term'
                 ) part
             ) settled ON TRUE
            WHERE inv.state = 'posted'
              AND inv.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            GROUP BY b.order_id""",
        paid=PAID_STATES,
    )


#: These parts of orders that are on no invoice, which are spared to plan them.
UNBILLED = {
    "invoiced": SQL(
        """SELECT NULL::integer AS line_id, NULL::float8 AS qty,
                  NULL::float8 AS roundings
            WHERE FALSE"""
    ),
    "bill_ids": SQL("SELECT WHERE FALSE"),
    "bills": SQL(
        """SELECT NULL::integer AS order_id, NULL::timestamp AS posted_at,
                  NULL::boolean AS all_paid, NULL::timestamp AS paid_at,
                  NULL::float8 AS paid_amount, NULL::float8 AS deposit_left
            WHERE FALSE"""
    ),
}


def is_billed(query):
    """``SQL`` condition: any of the orders is on an invoice."""
    return SQL(
        """EXISTS (
            SELECT FROM sale_order_line l
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
             WHERE %s)""",
        query.order_condition,
    )
