"""The SQL behind the facts: what Odoo's documents say about an order.

One chain of common table expressions reads order lines, stock moves, invoices
and payments, for the orders asked for or for all of them. Everything that needs
to know how far an order has got (the facts, the quantities per line, the filling
at installation, the nightly drift check) is built on it, so that they cannot
disagree.

Words: a line's quantity is *wanted* unless its transfer was cancelled; *live* is
what transfers still bring, or have brought, to the customer.  Quantities are in
the unit of measure of the order line.
"""

from odoo.tools import SQL

from .milestones import FACT_FIELDS, GOODS_MILESTONES

PAID_STATES = ("paid", "in_payment", "reversed", "invoicing_legacy")

#: Columns added up per line in ``flow``: quantities, and when they were reached.
_QUANTITIES = (
    "live",
    "closed",
    "pick",
    "pack",
    "load",
    "ship",
    "deliver",
    "returned",
)
_DATES = ("released", "pick", "pack", "load", "ship", "deliver")


class FactsQuery:
    """Builds the SQL for some orders.

    :param order_condition: ``SQL`` condition on ``l.order_id`` (order lines)
    :param tolerance: half a rounding step of quantities (float, or ``SQL`` of one).
        Quantities of goods are equal when closer than this in the product's unit,
        whatever the unit of the line; invoices are rounded in the line's unit, too
    :param intercompany_path: pattern of the ``parent_path`` of the inter-company
        transit location and those below it; goods that arrive there have left for a
        customer, too (str, or ``SQL`` of one)
    :param SQL loaded: condition on a move ``m`` and its transfer ``p`` under which
        the goods are on the truck; bridges give it, without one nothing is loaded
        before it is shipped
    """

    def __init__(self, order_condition, tolerance, intercompany_path="", loaded=None):
        self.order_condition = order_condition
        self.tolerance = tolerance
        self.intercompany_path = intercompany_path
        self.loaded = loaded or SQL("FALSE")

    # -- the parts --------------------------------------------------------------

    def _lines(self):
        """Order lines that count, with the factor of their unit."""
        return SQL(
            """
            lines AS (
                SELECT l.id AS line_id, l.order_id, l.product_id,
                       l.product_uom_qty::float8 AS ordered,
                       u.factor::float8 AS factor,
                       %(tol)s * pu.factor::float8 / u.factor::float8 AS tolerance,
                       l.qty_delivered_method = 'stock_move' AS is_goods,
                       t.type = 'combo' AS is_combo,
                       t.invoice_policy,
                       COALESCE(l.oms_release_pending, FALSE) AS pending
                  FROM sale_order_line l
                  JOIN product_product pp ON pp.id = l.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                  JOIN uom_uom u ON u.id = COALESCE(l.product_uom_id, t.uom_id)
                  JOIN uom_uom pu ON pu.id = t.uom_id
                 WHERE l.display_type IS NULL
                   AND NOT COALESCE(l.is_downpayment, FALSE)
                   AND %(condition)s
            )""",
            tol=self.tolerance,
            condition=self.order_condition,
        )

    def _outgoing(self, alias):
        """Condition: the location is the customer's (or another company's)."""
        return SQL(
            "(%s = 'customer' OR %s LIKE %s)",
            SQL.identifier(alias, "usage"),
            SQL.identifier(alias, "parent_path"),
            self.intercompany_path,
        )

    def _moves(self):
        """Each move of a line: how much, which step, towards the customer or back.

        A move is *bound* for the customer when its final location is; a resupply
        between warehouses is not, though it carries the order line.
        """
        return SQL(
            """
            moves AS (
                SELECT s.line_id, s.ordered, m.product_id <> s.product_id AS component,
                       m.id, m.product_id, m.state, m.date, m.create_date,
                       m.oms_released_at,
                       m.state = 'done' AS done,
                       (CASE WHEN m.state = 'done' THEN m.quantity
                             ELSE m.product_uom_qty END * mu.factor / s.factor
                       )::float8 AS qty,
                       (CASE WHEN m.state = 'cancel' THEN m.product_uom_qty
                             WHEN m.state = 'done'
                             THEN GREATEST(m.product_uom_qty - m.quantity, 0)
                             ELSE 0 END * mu.factor / s.factor
                       )::float8 AS short,
                       %(to_dest)s AS to_customer,
                       %(from_src)s AS from_customer,
                       COALESCE(%(to_final)s, %(to_dest)s
                                OR (dest.usage = 'internal'
                                    AND pt.oms_step IN ('pick', 'pack')))
                           AND NOT %(from_src)s
                           AND m.origin_returned_move_id IS NULL AS bound,
                       m.origin_returned_move_id IS NOT NULL AS again,
                       COALESCE(m.to_refund, FALSE) AS to_refund,
                       pt.oms_step AS step,
                       wh.delivery_steps,
                       p.oms_delivered_at,
                       %(loaded)s AS loaded,
                       tu.factor::float8 / s.factor AS product_factor
                  FROM lines s
                  JOIN stock_move m ON m.sale_line_id = s.line_id
                  JOIN uom_uom mu ON mu.id = m.product_uom
                  JOIN product_product mp ON mp.id = m.product_id
                  JOIN product_template mt ON mt.id = mp.product_tmpl_id
                  JOIN uom_uom tu ON tu.id = mt.uom_id
                  JOIN stock_location src ON src.id = m.location_id
                  JOIN stock_location dest ON dest.id = m.location_dest_id
             LEFT JOIN stock_location fin ON fin.id = m.location_final_id
             LEFT JOIN stock_picking p ON p.id = m.picking_id
             LEFT JOIN stock_picking_type pt ON pt.id = m.picking_type_id
             LEFT JOIN stock_warehouse wh ON wh.id = pt.warehouse_id
            )""",
            to_dest=self._outgoing("dest"),
            to_final=self._outgoing("fin"),
            from_src=self._outgoing("src"),
            loaded=self.loaded,
        )

    def _packed_lines(self):
        """Join of what was packed without a packing transfer of its own.

        In a delivery, or when the picking transfer of a two-step warehouse packs.
        A package that is moved as a whole was packed by somebody else, for something
        else.  What left without having been packed here counts as packed then.
        """
        # in a package that it was not in before
        packed = SQL("ml.result_package_id <> COALESCE(ml.package_id, 0)")
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT SUM(ml.quantity_product_uom * m.product_factor) AS qty,
                       MAX(CASE WHEN m.step = 'ship' AND %(packed)s
                                THEN COALESCE(ml.oms_packed_at, CASE
                                    -- before the addon was there nobody noted it
                                    WHEN package.create_date >= ml.create_date
                                    THEN package.create_date
                                    WHEN NOT m.done THEN ml.create_date
                                    ELSE m.date END)
                                ELSE m.date END) AS date
                  FROM stock_move_line ml
             LEFT JOIN stock_package package ON package.id = ml.result_package_id
                 WHERE ml.move_id = m.id
                   AND m.bound
                   AND CASE m.step
                       WHEN 'ship' THEN m.state <> 'cancel' AND (%(packed)s OR (
                           m.done AND (ml.result_package_id IS NULL
                                       OR m.delivery_steps = 'ship_only')))
                       WHEN 'pick' THEN m.done AND m.delivery_steps = 'pick_ship'
                           AND %(packed)s
                       END
            ) k ON TRUE
            """,
            packed=packed,
        )

    def _flow(self):
        """Quantities per line and product, by step, with the time of the last.

        Packages count beside packing transfers only where these did not pack it all.
        A move made before the addon was there does not know when it was released;
        the first of them was made then, the later ones are backorders.
        """
        return SQL(
            """
            flow AS (
                SELECT m.line_id, m.product_id, bool_or(m.component) AS component,
                       MAX(m.ordered) AS ordered,
                       SUM(m.qty) FILTER (WHERE m.bound AND m.state <> 'cancel' AND (
                           m.to_customer
                           OR (NOT m.done AND NOT EXISTS (
                               SELECT 1 FROM stock_move_move_rel r
                                 JOIN stock_move d ON d.id = r.move_dest_id
                                WHERE r.move_orig_id = m.id
                                  AND d.state <> 'cancel'
                                  AND d.sale_line_id = m.line_id)))) AS live,
                       SUM(m.short) FILTER (WHERE m.bound) AS closed,
                       SUM(m.qty) FILTER (WHERE m.done AND m.bound
                                          AND m.step = 'pick') AS pick,
                       GREATEST(SUM(m.qty) FILTER (WHERE m.done AND m.bound
                                                   AND m.step = 'pack'),
                                SUM(k.qty)) AS pack,
                       SUM(m.qty) FILTER (WHERE m.loaded AND m.bound
                                          AND m.state <> 'cancel') AS load,
                       SUM(m.qty) FILTER (WHERE m.done AND m.bound
                                          AND m.to_customer) AS ship,
                       SUM(m.qty) FILTER (WHERE m.done AND m.bound AND m.to_customer
                           AND m.oms_delivered_at IS NOT NULL) AS deliver,
                       SUM(CASE WHEN m.from_customer THEN m.qty ELSE -m.qty END)
                           FILTER (WHERE m.done AND m.to_refund
                                   AND (m.from_customer
                                        OR (m.to_customer AND m.again))) AS returned,
                       COALESCE(
                           MAX(m.oms_released_at) FILTER (
                               WHERE m.bound AND m.state <> 'cancel'),
                           MIN(m.create_date) FILTER (
                               WHERE m.bound AND m.state <> 'cancel')
                       ) AS released_date,
                       MAX(m.date) FILTER (WHERE m.done AND m.bound
                                           AND m.step = 'pick') AS pick_date,
                       GREATEST(
                           MAX(m.date) FILTER (WHERE m.done AND m.bound
                                               AND m.step = 'pack'),
                           CASE WHEN SUM(k.qty) > COALESCE(SUM(m.qty) FILTER (
                                    WHERE m.done AND m.bound AND m.step = 'pack'), 0)
                                THEN MAX(k.date) END) AS pack_date,
                       MAX(m.date) FILTER (WHERE m.loaded AND m.bound) AS load_date,
                       MAX(m.date) FILTER (WHERE m.done AND m.bound
                                           AND m.to_customer) AS ship_date,
                       MAX(m.oms_delivered_at) FILTER (
                           WHERE m.done AND m.bound AND m.to_customer
                       ) AS deliver_date
                  FROM moves m
                  %s
                 GROUP BY m.line_id, m.product_id
            )""",
            self._packed_lines(),
        )

    def _line_sums(self):
        """``flow`` per line; of a kit as much as its scarcest component allows.

        The components of a kit carry the line, too, in their own units: what
        counts is the share of each component's demand, and the least of them.
        """
        share = {
            name: SQL(
                "MIN(COALESCE(%s, 0)"
                " / NULLIF(COALESCE(live, 0) + COALESCE(closed, 0), 0))",
                SQL.identifier(name),
            )
            for name in _QUANTITIES
        }
        share["closed"] = SQL("(1 - %s)", share["live"])
        sums = SQL(", ").join(
            SQL(
                """CASE WHEN bool_or(component)
                        THEN MIN(ordered) * %(share)s
                        ELSE SUM(%(name)s) END AS %(name)s""",
                share=share[name],
                name=SQL.identifier(name),
            )
            for name in _QUANTITIES
        )
        dates = SQL(", ").join(
            SQL(
                "MAX(%(name)s) AS %(name)s",
                name=SQL.identifier(f"{name}_date"),
            )
            for name in _DATES
        )
        return SQL(
            "line_sums AS (SELECT line_id, %s, %s FROM flow GROUP BY line_id)",
            sums,
            dates,
        )

    def _invoiced(self):
        """Posted invoiced quantity per line, credit notes subtracted."""
        return SQL(
            """
            invoiced AS (
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
                 GROUP BY s.line_id
            )"""
        )

    def _progress(self):
        """Per line: wanted, how far it got, what is to be invoiced.

        What was not brought because its transfer was cancelled is short-closed.
        A line kept back by a hold is wanted whole: its transfer is still to come.

        Lines, moves and invoices are put below each other and grouped: joining
        them would take quadratic time when a cached plan expects few lines.
        """
        quantities = SQL(", ").join(map(SQL.identifier, _QUANTITIES))
        dates = SQL(", ").join(SQL.identifier(f"{name}_date") for name in _DATES)
        sums = SQL(", ").join(
            SQL("COALESCE(SUM(%(name)s), 0) AS %(name)s", name=SQL.identifier(name))
            for name in (*_QUANTITIES, "invoiced")
        )
        maxima = SQL(", ").join(
            SQL("MAX(%(name)s) AS %(name)s", name=SQL.identifier(f"{name}_date"))
            for name in _DATES
        )
        return SQL(
            """
            gathered AS (
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
                  FROM invoiced
            ),
            summed AS (
                SELECT line_id, MAX(order_id) AS order_id, MAX(ordered) AS ordered,
                       MAX(tolerance) AS tolerance,
                       bool_or(is_goods) AS is_goods, bool_or(is_combo) AS is_combo,
                       MAX(invoice_policy) AS invoice_policy,
                       bool_or(pending) AS pending, %(sums)s, %(maxima)s
                  FROM gathered
                 GROUP BY line_id
            ),
            progress AS (
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
                  ) q
            )""",
            quantities=quantities,
            dates=dates,
            no_quantities=SQL(", ").join(
                SQL("NULL::float8 AS %s", SQL.identifier(name)) for name in _QUANTITIES
            ),
            no_dates=SQL(", ").join(
                SQL("NULL::timestamp AS %s", SQL.identifier(f"{name}_date"))
                for name in _DATES
            ),
            sums=sums,
            maxima=maxima,
        )

    def _reached(self):
        """Cumulative quantities and times: a later step implies the earlier."""
        return SQL(
            """
            reached AS (
                SELECT r.*,
                       r.is_goods AND r.wanted > r.tolerance AS counts,
                       r.deliver AS delivered,
                       r.ship AS shipped,
                       GREATEST(r.load, r.ship) AS loaded,
                       GREATEST(r.pack, r.load, r.ship) AS packed,
                       GREATEST(r.pick, r.pack, r.load, r.ship) AS picked,
                       GREATEST(r.live, r.pick, r.pack, r.load, r.ship) AS released
                  FROM progress r
            ),
            dated AS (
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
                  ) d
            )"""
        )

    def _bills(self):
        """Posted invoices of each order, down payments too, and when settled.

        Settled at the time of the last reconciliation, or at the end of the
        payment's own day when that was earlier (bank statements come late).
        """
        return SQL(
            """
            bill_ids AS (
                SELECT DISTINCT l.order_id, aml.move_id
                  FROM sale_order_line l
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
                  JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                 WHERE %(condition)s
            ),
            bills AS (
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
                 GROUP BY b.order_id
            )""",
            condition=self.order_condition,
            paid=PAID_STATES,
        )

    def _orders(self):
        """Facts per order: a time, or NULL while not all that is wanted got there."""
        goods = SQL(", ").join(
            SQL(
                """CASE WHEN bool_and(%(step)s >= wanted - tolerance)
                             FILTER (WHERE counts)
                        THEN MAX(%(date)s) FILTER (WHERE counts) END AS %(step)s""",
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
            for step in GOODS_MILESTONES
        )
        # Corrected documents may put a step after the one it precedes.
        chain = SQL(", ").join(
            SQL(
                "CASE WHEN g.%(step)s IS NOT NULL THEN LEAST(%(later)s) END"
                " AS %(field)s",
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
            goods AS (
                SELECT order_id,
                       COALESCE(bool_or(counts), FALSE) AS has_goods,
                       COALESCE(bool_or(abs(to_invoice) > GREATEST(%(tol)s, tolerance))
                           FILTER (WHERE NOT is_combo), FALSE) AS has_cash,
                       COALESCE(bool_and(
                           CASE WHEN to_invoice < 0
                                THEN invoiced - to_invoice
                                ELSE to_invoice - invoiced
                                END <= GREATEST(%(tol)s, tolerance))
                           FILTER (WHERE NOT is_combo), TRUE) AS all_invoiced,
                       %(goods)s
                  FROM dated
                 GROUP BY order_id
            ),
            facts AS (
                SELECT g.order_id, g.has_goods,
                       g.has_cash OR b.order_id IS NOT NULL AS has_cash,
                       %(chain)s,
                       CASE WHEN g.all_invoiced THEN b.posted_at END
                           AS oms_invoiced_at,
                       CASE WHEN g.all_invoiced AND COALESCE(b.all_paid, FALSE)
                            THEN GREATEST(b.paid_at, b.posted_at) END AS oms_paid_at
                  FROM goods g
             LEFT JOIN bills b ON b.order_id = g.order_id
            )""",
            tol=self.tolerance,
            goods=goods,
            chain=chain,
        )

    # -- the queries ------------------------------------------------------------

    def _with(self, *parts):
        return SQL("WITH %s", SQL(", ").join(part() for part in parts))

    def progress_ctes(self):
        """``SQL`` of the ``WITH`` clause that ends in ``progress`` (one row a line):
        what is to be invoiced and what is, for the credit exposure of customers."""
        return self._with(
            self._lines,
            self._moves,
            self._flow,
            self._line_sums,
            self._invoiced,
            self._progress,
        )

    def line_query(self):
        """``SQL`` giving per order line: line_id, wanted and the six quantities."""
        return SQL(
            """%s SELECT line_id, CASE WHEN is_goods THEN wanted ELSE 0 END AS wanted,
                         released, picked, packed, loaded, shipped, delivered
                    FROM reached""",
            self._with(
                self._lines,
                self._moves,
                self._flow,
                self._line_sums,
                self._invoiced,
                self._progress,
                self._reached,
            ),
        )

    def order_ctes(self):
        """``SQL`` of the ``WITH`` clause that ends in ``facts`` (one row an order)."""
        return self._with(
            self._lines,
            self._moves,
            self._flow,
            self._line_sums,
            self._invoiced,
            self._progress,
            self._reached,
            self._bills,
            self._orders,
        )

    def order_query(self):
        """``SQL`` giving per order: order_id, has_goods, has_cash and the facts
        but ``oms_confirmed_at``, which the order itself knows."""
        names = SQL(", ").join(SQL.identifier(name) for name in FACT_FIELDS[1:])
        return SQL(
            "%s SELECT order_id, has_goods, has_cash, %s FROM facts",
            self.order_ctes(),
            names,
        )
