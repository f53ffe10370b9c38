"""Parts of the facts that read the goods: order lines, stock moves, packages."""

from odoo.tools import SQL

from .moves import packed_lines

#: What these parts read: fields that must be in the database before.
READS = {
    "sale.order.line": (
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "qty_delivered",
        "qty_delivered_method",
        "display_type",
        "is_downpayment",
        "oms_release_pending",
        "oms_launched_qty",
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
        "oms_kit_quantity",
    ),
    "stock.move.line": (
        "move_id",
        "quantity",
        "product_uom_id",
        "package_id",
        "result_package_id",
        "oms_packed_at",
    ),
    "stock.picking.type": ("oms_step",),
    "stock.warehouse": (
        "delivery_steps",
        "wh_output_stock_loc_id",
        "wh_pack_stock_loc_id",
    ),
    "stock.location": ("usage", "parent_path", "warehouse_id"),
    "stock.package": ("package_type_id",),
    "product.template": ("invoice_policy", "type", "uom_id"),
    "uom.uom": ("factor",),
}
#: Columns added up per line in ``flow``: quantities, and when they were reached.
QUANTITIES = (
    "asked",
    "live",
    "open",
    "inbound",
    "received",
    "pick",
    "pack",
    "load",
    "ship",
    "deliver",
    "returned",
)
DATES = ("released", "pick", "pack", "load", "ship", "deliver", "received")


def lines(query):
    """Order lines that count, with the factor of their unit."""
    return SQL(
        """
        SELECT l.id AS line_id, l.order_id, l.product_id,
               l.product_uom_qty::float8 AS ordered,
               u.factor::float8 AS factor,
               -- of the product's own unit, in the unit of the line
               pu.factor::float8 / u.factor::float8 AS product_factor,
               %(tol)s * pu.factor::float8 / u.factor::float8 AS tolerance,
               l.qty_delivered_method = 'stock_move' AS is_goods,
               t.type = 'combo' AS is_combo,
               t.invoice_policy,
               COALESCE(l.oms_release_pending, FALSE) AS pending,
               NULLIF(l.oms_launched_qty, 0)::float8 AS launched,
               COALESCE(l.qty_delivered, 0)::float8 AS served
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


def flow(query):
    """Quantities per line and product, by step, with the time of the last.

    Packages count beside packing transfers only where these did not pack it all.
    What was put back inside the house is no longer picked or packed.
    A move made before the addon was there does not know when it was released;
    the first of them was made then, the later ones are backorders.

    ``open`` is what transfers are still to bring to the customer; the last move of
    each chain counts.  What returned goods are sent again for (``again``) is open,
    too, but nothing more is wanted for it, and it was shipped once.
    """
    return SQL(
        """
            SELECT m.line_id, m.product_id, bool_or(m.component) AS component,
                   MAX(m.ordered) AS ordered,
                   MAX(m.product_factor) AS product_factor,
                   MAX(m.needed) AS kit_quantity,
                   COUNT(*) FILTER (WHERE m.asked)::float8 AS asked,
                   SUM(m.qty) FILTER (WHERE m.ongoing AND m.last) AS open,
                   SUM(m.qty) FILTER (WHERE m.last AND NOT m.resent) AS live,
                   SUM(m.short) FILTER (WHERE m.bound) AS closed,
                   SUM(m.qty) FILTER (WHERE m.from_customer
                                      AND m.state <> 'cancel') AS inbound,
                   SUM(m.qty) FILTER (WHERE m.from_customer AND m.done) AS received,
                   GREATEST(0,
                       SUM(CASE WHEN m.bound THEN m.qty ELSE -m.qty END) FILTER (
                           WHERE m.done
                             AND (m.unpicks OR (m.bound AND m.step = 'pick')))
                   ) AS pick,
                   GREATEST(0,
                       SUM(CASE WHEN m.bound THEN m.qty ELSE -m.qty END) FILTER (
                           WHERE m.done
                             AND (m.unpacks OR (m.bound AND m.step = 'pack'))),
                       SUM(k.qty)) - COALESCE(SUM(k.out_again), 0) AS pack,
                   SUM(m.qty) FILTER (WHERE m.loaded_at IS NOT NULL AND m.bound
                                      AND NOT m.resent
                                      AND m.state <> 'cancel') AS load,
                   SUM(m.qty) FILTER (WHERE m.done AND m.bound AND NOT m.resent
                                      AND m.to_customer) AS ship,
                   SUM(m.qty) FILTER (WHERE m.done AND m.bound AND NOT m.resent
                                      AND m.to_customer
                                      AND m.arrived_at IS NOT NULL) AS deliver,
                   SUM(CASE WHEN m.from_customer THEN m.qty ELSE -m.qty END)
                       FILTER (WHERE m.done AND m.to_refund
                               AND (m.from_customer
                                    OR (m.to_customer AND m.again))) AS returned,
                   COALESCE(
                       MAX(m.oms_released_at) FILTER (
                           WHERE m.asked AND m.state <> 'cancel'),
                       MIN(m.create_date) FILTER (
                           WHERE m.asked AND m.state <> 'cancel')
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
                   ) AS deliver_date,
                   MAX(m.date) FILTER (
                       WHERE m.done AND m.from_customer) AS received_date
              FROM (
                SELECT w.*, w.bound OR (w.from_customer AND w.ordered < 0) AS asked,
                       w.bound AND w.state <> 'cancel' AND (
                           w.to_customer OR (w.ongoing AND NOT EXISTS (
                               SELECT 1 FROM stock_move_move_rel r
                                 JOIN stock_move d ON d.id = r.move_dest_id
                                WHERE r.move_orig_id = w.id
                                  AND d.state <> 'cancel'
                                  AND (d.state <> 'done' OR NOT w.again)
                                  AND d.sale_line_id = w.line_id
                               OFFSET 0))) AS last
                  FROM moves w
                -- ask once for each move
                OFFSET 0
              ) m
              %(packed_lines)s
             GROUP BY m.line_id, m.product_id""",
        packed_lines=packed_lines(query),
    )


#: Quantities of a kit that are the share of its scarcest component.
_KIT_SHARES = ("live", "inbound", "received", "pick", "pack", "load", "ship", "deliver")


def line_sums(query):
    """``flow`` per line; of a kit as many as its scarcest component allows.

    The components of a kit carry the line, too, in their own units: what counts is how
    many whole kits each is enough for, and the least of them.  Where nobody knows how
    much of it a kit takes, what was asked for tells.  Something is open as long as any
    component is.

    A line that is no kit has one row in ``flow``, which needs 1 of itself.
    """
    shares = SQL(", ").join(
        SQL("MIN(COALESCE(%(name)s, 0) / per) AS %(name)s", name=SQL.identifier(name))
        for name in _KIT_SHARES
    )
    kits = {name: _whole_kits(SQL.identifier(name)) for name in _KIT_SHARES}
    # as Odoo counts: of what the customer keeps, so many are complete
    kits["returned"] = SQL(
        "CASE WHEN is_kit THEN %s - %s ELSE returned END",
        kits["ship"],
        _whole_kits(SQL.identifier("kept")),
    )
    quantities = SQL(", ").join(
        SQL(
            "%s AS %s",
            kits.get(name, SQL.identifier(name)),
            SQL.identifier(name),
        )
        for name in QUANTITIES
    )
    dates = [SQL.identifier(f"{name}_date") for name in DATES]
    return SQL(
        """
        SELECT line_id, is_kit, %(quantities)s, %(dates)s
          FROM (
            SELECT line_id, bool_or(component) AS is_kit, MIN(ordered) AS ordered,
                   MIN(product_factor) AS product_factor,
                   MAX(asked) AS asked,
                   MAX(COALESCE(open, 0) / per) AS open,
                   %(shares)s,
                   MAX(returned) AS returned,
                   MIN(GREATEST(COALESCE(ship, 0) - COALESCE(returned, 0), 0) / per)
                       AS kept,
                   %(maxima)s
              FROM (
                SELECT f.*, NULLIF(COALESCE(
                           CASE WHEN f.component THEN COALESCE(f.kit_quantity, (
                               COALESCE(f.live, 0) + COALESCE(f.closed, 0))
                               / NULLIF(f.ordered, 0)) END, 1), 0) AS per
                  FROM flow f
              ) c
             GROUP BY line_id
          ) l""",
        quantities=quantities,
        dates=SQL(", ").join(dates),
        shares=shares,
        maxima=SQL(", ").join(SQL("MAX(%s) AS %s", date, date) for date in dates),
    )


def _whole_kits(quantity):
    """Of a kit whole ones, in the unit of its product, unless it is enough for all
    that was ordered; anything else as it is."""
    return SQL(
        """CASE WHEN is_kit AND %(quantity)s < ordered - 0.005
                THEN floor(%(quantity)s / product_factor + 0.005) * product_factor
                ELSE %(quantity)s END""",
        quantity=quantity,
    )
