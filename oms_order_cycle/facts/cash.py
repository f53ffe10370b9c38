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
    ),
    "account.move.line": (
        "move_id",
        "quantity",
        "product_uom_id",
        "sale_line_ids",
        "display_type",
    ),
    "account.partial.reconcile": ("max_date", "debit_move_id"),
}
PAID_STATES = ("paid", "in_payment", "reversed", "invoicing_legacy")


def invoiced(query):
    """Posted invoiced quantity per line, credit notes subtracted."""
    return SQL(
        """
        SELECT s.line_id,
               SUM(CASE WHEN inv.move_type = 'out_refund' THEN -1 ELSE 1 END
                   * aml.quantity * COALESCE(au.factor / s.factor, 1)
               )::float8 AS qty
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


def bill_ids(query):
    """Invoices of each order, down payments too."""
    return SQL(
        """
        SELECT DISTINCT l.order_id, aml.move_id
          FROM sale_order_line l
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
          JOIN account_move_line aml ON aml.id = rel.invoice_line_id
         WHERE %(condition)s""",
        condition=query.order_condition,
    )


def bills(query):
    """When the posted invoices of each order were posted, and when settled.

    Settled at the time of the last reconciliation, or at the end of the
    payment's own day when that was earlier (bank statements come late).
    """
    return SQL(
        """
           SELECT b.order_id,
                  MAX(posted.at) AS posted_at,
                  bool_and(inv.payment_state IN %(paid)s)
                      FILTER (WHERE inv.move_type <> 'out_refund') AS all_paid,
                  MAX(GREATEST(posted.at, settled.at))
                      FILTER (WHERE inv.move_type <> 'out_refund') AS paid_at
             FROM bill_ids b
             JOIN account_move inv ON inv.id = b.move_id
             CROSS JOIN LATERAL (
               SELECT COALESCE(inv.oms_posted_at, inv.invoice_date::timestamp,
                               inv.create_date) AS at
             ) posted
        LEFT JOIN LATERAL (
               SELECT MAX(LEAST(apr.create_date, apr.max_date::timestamp
                                + INTERVAL '1 day' - INTERVAL '1 second')) AS at
                 FROM account_move_line pl
                 JOIN account_partial_reconcile apr
                      ON apr.debit_move_id = pl.id
                WHERE pl.move_id = inv.id
                  AND pl.display_type = 'payment_term'
             ) settled ON TRUE
            WHERE inv.state = 'posted'
              AND inv.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            GROUP BY b.order_id""",
        paid=PAID_STATES,
    )
