"""Parts of the facts that read the goods: order lines, stock moves, packages."""

from odoo.tools import SQL

#: What these parts read: fields that must be in the database before.
READS = {
    "sale.order.line": (
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "qty_delivered_method",
        "display_type",
        "is_downpayment",
        "oms_release_pending",
    ),
    "stock.move": (
        "state",
        "quantity",
        "product_uom_qty",
        "product_uom",
        "date",
        "sale_line_id",
        "location_id",
        "location_dest_id",
        "location_final_id",
        "picking_id",
        "picking_type_id",
        "origin_returned_move_id",
        "to_refund",
        "move_dest_ids",
        "oms_released_at",
    ),
    "stock.move.line": (
        "move_id",
        "quantity_product_uom",
        "package_id",
        "result_package_id",
        "oms_packed_at",
    ),
    "stock.picking.type": ("oms_step",),
    "stock.warehouse": ("delivery_steps",),
    "stock.location": ("usage", "parent_path"),
    "stock.package": ("package_type_id",),
    "product.template": ("invoice_policy", "type", "uom_id"),
    "uom.uom": ("factor",),
}
#: Columns added up per line in ``flow``: quantities, and when they were reached.
QUANTITIES = (
    "live",
    "closed",
    "pick",
    "pack",
    "load",
    "ship",
    "deliver",
    "returned",
)
DATES = ("released", "pick", "pack", "load", "ship", "deliver")


def lines(query):
    """Order lines that count, with the factor of their unit."""
    return SQL(
        """
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
           AND %(condition)s""",
        tol=query.tolerance,
        condition=query.order_condition,
    )


def moves(query):
    """Each move of a line: how much, which step, towards the customer or back.

    A move is *bound* for the customer when its final location is; a resupply
    between warehouses is not, though it carries the order line.
    """
    return SQL(
        """
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
                   %(arrived)s AS arrived_at,
                   %(loaded)s AS loaded_at,
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
         LEFT JOIN stock_warehouse wh ON wh.id = pt.warehouse_id""",
        to_dest=_outgoing(query, "dest"),
        to_final=_outgoing(query, "fin"),
        from_src=_outgoing(query, "src"),
        arrived=query.fragments["arrived"],
        loaded=query.fragments["loaded"],
    )


def _outgoing(query, alias):
    """Condition: the location is the customer's (or another company's)."""
    return SQL(
        "(%s = 'customer' OR %s LIKE %s)",
        SQL.identifier(alias, "usage"),
        SQL.identifier(alias, "parent_path"),
        query.intercompany_path,
    )


def flow(query):
    """Quantities per line and product, by step, with the time of the last.

    Packages count beside packing transfers only where these did not pack it all.
    A move made before the addon was there does not know when it was released;
    the first of them was made then, the later ones are backorders.
    """
    return SQL(
        """
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
                   SUM(m.qty) FILTER (WHERE m.loaded_at IS NOT NULL AND m.bound
                                      AND m.state <> 'cancel') AS load,
                   SUM(m.qty) FILTER (WHERE m.done AND m.bound
                                      AND m.to_customer) AS ship,
                   SUM(m.qty) FILTER (WHERE m.done AND m.bound AND m.to_customer
                       AND m.arrived_at IS NOT NULL) AS deliver,
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
                   MAX(m.loaded_at) FILTER (WHERE m.bound) AS load_date,
                   MAX(m.date) FILTER (WHERE m.done AND m.bound
                                       AND m.to_customer) AS ship_date,
                   MAX(m.arrived_at) FILTER (
                       WHERE m.done AND m.bound AND m.to_customer
                   ) AS deliver_date
              FROM moves m
              %s
             GROUP BY m.line_id, m.product_id""",
        _packed_lines(query),
    )


def _packed_lines(query):
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


def line_sums(query):
    """``flow`` per line; of a kit as much as its scarcest component allows.

    The components of a kit carry the line, too, in their own units: what
    counts is the share of each component's demand, and the least of them.
    """
    share = {
        name: SQL(
            "MIN(COALESCE(%s, 0) / NULLIF(COALESCE(live, 0) + COALESCE(closed, 0), 0))",
            SQL.identifier(name),
        )
        for name in QUANTITIES
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
        for name in QUANTITIES
    )
    dates = SQL(", ").join(
        SQL(
            "MAX(%(name)s) AS %(name)s",
            name=SQL.identifier(f"{name}_date"),
        )
        for name in DATES
    )
    return SQL(
        "SELECT line_id, %s, %s FROM flow GROUP BY line_id",
        sums,
        dates,
    )
