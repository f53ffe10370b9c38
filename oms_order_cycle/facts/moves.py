"""Parts of the facts that read each stock move: which way, how much, and packed."""

from odoo.tools import SQL


def moves(query):
    """Each move of a line: how much, which step, towards the customer or back.

    ``bound`` and ``back`` are :meth:`stock.move._oms_get_direction` in SQL.
    """
    return SQL(
        """
            SELECT s.line_id, s.ordered, s.product_factor,
                   m.product_id <> s.product_id AS component,
                   m.id, m.product_id, m.state, m.date, m.create_date,
                   m.oms_released_at,
                   m.state = 'done' AS done,
                   m.state NOT IN ('done', 'cancel') AS ongoing,
                   (CASE WHEN m.state = 'done' THEN m.quantity
                         ELSE m.product_uom_qty END * mu.factor / s.factor
                   )::float8 AS qty,
                   (CASE WHEN m.state = 'cancel' THEN m.product_uom_qty
                         WHEN m.state = 'done'
                         THEN GREATEST(m.product_uom_qty - m.quantity, 0)
                         ELSE 0 END * mu.factor / s.factor
                   )::float8 AS short,
                   NULLIF(m.oms_kit_quantity, 0)::float8 AS needed,
                   way.to_customer, way.from_customer, way.back,
                   NOT way.from_customer AND NOT way.back AND (
                       way.to_customer
                       OR CASE WHEN fin.id IS NOT NULL THEN %(to_final)s
                               ELSE dest.usage = 'internal'
                                    AND COALESCE(pt.oms_step IN ('pick', 'pack'),
                                                 FALSE) END
                   ) AS bound,
                   way.back AND (
                       (way.src_zone > 0 AND way.dest_zone = 0)
                       OR (way.src_zone = way.dest_zone AND way.step = 'pick')
                   ) AS unpicks,
                   way.back AND (
                       (way.src_zone = 2 AND way.dest_zone < 2)
                       OR (way.src_zone = way.dest_zone AND way.step = 'pack')
                   ) AS unpacks,
                   m.origin_returned_move_id IS NOT NULL AS again,
                   way.to_customer AND origin.id IS NOT NULL AND COALESCE((
                       SELECT back_src.usage = 'customer'
                         FROM stock_location back_src
                        WHERE back_src.id = origin.location_id), FALSE) AS resent,
                   COALESCE(m.to_refund, FALSE) AS to_refund,
                   pt.oms_step AS step,
                   wh.delivery_steps,
                   %(arrived)s AS arrived_at,
                   %(loaded)s AS loaded_at,
                   s.factor
              FROM lines s
              JOIN stock_move m ON m.sale_line_id = s.line_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN stock_location src ON src.id = m.location_id
              JOIN stock_location dest ON dest.id = m.location_dest_id
         LEFT JOIN stock_location fin ON fin.id = m.location_final_id
         LEFT JOIN stock_picking p ON p.id = m.picking_id
         LEFT JOIN stock_picking_type pt ON pt.id = m.picking_type_id
         LEFT JOIN stock_warehouse wh
                ON wh.id = COALESCE(pt.warehouse_id, src.warehouse_id)
         LEFT JOIN stock_move origin ON origin.id = m.origin_returned_move_id
        CROSS JOIN LATERAL (
            SELECT z.*,
                   NOT z.from_customer AND NOT z.to_customer
                   AND dest.usage = 'internal' AND NOT COALESCE(%(to_final)s, FALSE)
                   AND (z.src_zone > z.dest_zone
                        OR (z.src_zone = z.dest_zone AND CASE
                            WHEN fin.id IS NULL
                            THEN origin.id IS NOT NULL
                                 AND origin.origin_returned_move_id IS NULL
                            ELSE fin.usage = 'internal'
                                 AND COALESCE(z.step IN ('pick', 'pack'), FALSE)
                            END)) AS back
              FROM (
                SELECT %(to_dest)s AS to_customer, %(from_src)s AS from_customer,
                       %(src_zone)s AS src_zone, %(dest_zone)s AS dest_zone,
                       COALESCE(pt.oms_step, (
                           SELECT t.oms_step FROM stock_picking_type t
                            WHERE t.id = origin.picking_type_id)) AS step
                -- work out once, not wherever it is named (here and below)
                OFFSET 0
              ) z
            OFFSET 0
        ) way""",
        to_dest=_outgoing(query, "dest"),
        to_final=_outgoing(query, "fin"),
        from_src=_outgoing(query, "src"),
        src_zone=_zone("src"),
        dest_zone=_zone("dest"),
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


def _zone(alias):
    """How far on its way a location is: 0 on the shelf, 1 where goods are packed,
    2 where they wait to be loaded."""
    path = SQL("'/' || %s", SQL.identifier(alias, "parent_path"))
    return SQL(
        """CASE WHEN %(path)s LIKE '%%/' || wh.wh_output_stock_loc_id || '/%%' THEN 2
                WHEN %(path)s LIKE '%%/' || wh.wh_pack_stock_loc_id || '/%%' THEN 1
                ELSE 0 END""",
        path=path,
    )


def packed_lines(query):
    """Join of what was packed without a packing transfer of its own.

    In a delivery, or when the picking transfer of a two-step warehouse packs.
    A package that is moved as a whole was packed by somebody else, for something
    else.  What left without having been packed here counts as packed then.  What was
    packed before it came to the door (``own``) is not packed once more there, but may
    be taken out again.
    """
    return SQL(
        """
        LEFT JOIN LATERAL (
            SELECT SUM(x.qty) FILTER (WHERE x.counts) AS qty,
                   MAX(CASE WHEN m.step = 'ship' AND x.packed
                            THEN COALESCE(x.oms_packed_at, CASE
                                -- before the addon was there nobody noted it
                                WHEN x.package_date >= x.create_date
                                THEN x.package_date
                                WHEN NOT m.done THEN x.create_date
                                ELSE m.date END)
                            ELSE m.date END) FILTER (WHERE x.counts) AS date,
                   SUM(x.qty) FILTER (
                       WHERE x.own AND CASE
                           WHEN m.back THEN m.done AND m.delivery_steps = 'pick_ship'
                           ELSE m.ongoing AND m.step = 'ship' AND NOT x.boxed END
                   ) AS out_again
              FROM (
                SELECT w.*, CASE m.step
                       WHEN 'ship' THEN m.state <> 'cancel' AND NOT w.own AND (
                           w.packed OR (m.done AND (
                               NOT w.boxed OR m.delivery_steps = 'ship_only')))
                       WHEN 'pick' THEN m.done AND m.delivery_steps = 'pick_ship'
                           AND w.boxed AND (w.packed OR w.own)
                       END AND m.bound AS counts
                  FROM (
                    SELECT (ml.quantity * lu.factor)::float8 / m.factor AS qty,
                           ml.oms_packed_at, ml.create_date,
                           package.create_date AS package_date,
                           ml.result_package_id IS NOT NULL AS boxed,
                           -- in a package that it was not in before
                           COALESCE(ml.result_package_id <> COALESCE(ml.package_id, 0),
                                    FALSE) AS packed,
                           ml.package_id IS NOT NULL AND EXISTS (
                               SELECT 1 FROM stock_move om
                                 JOIN stock_move_line ol ON ol.move_id = om.id
                                WHERE om.sale_line_id = m.line_id
                                  AND om.id <> m.id
                                  AND om.state = 'done'
                                  AND ol.result_package_id = ml.package_id
                                  AND ol.package_id IS DISTINCT FROM ml.package_id
                               -- plan it one way only
                               OFFSET 0
                           ) AS own
                      FROM stock_move_line ml
                      JOIN uom_uom lu ON lu.id = ml.product_uom_id
                 LEFT JOIN stock_package package
                        ON package.id = ml.result_package_id
                     WHERE ml.move_id = m.id
                       AND (m.bound OR m.back)
                       AND m.step IS DISTINCT FROM 'pack'
                    OFFSET 0
                  ) w
              ) x
        ) k ON TRUE
        """,
    )
