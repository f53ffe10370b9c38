"""What orders still want out of stock: the one query of the board of shortages."""

from odoo.tools import SQL


def get_needs_query(env):
    """One row for each move that takes goods out of stock for an order, and for each
    order line that is kept from the warehouse. Quantities in the unit of the product.

    ``stock.move._oms_get_taking_domain`` says the same of the moves as a domain.
    """
    return SQL(
        """
        SELECT need.id, need.move_id, need.line_id, need.product_id, need.warehouse_id,
               need.wanted, need.reserved,
               need.is_held_back,
               GREATEST(need.wanted - need.reserved, 0) AS missing,
               so.id AS order_id, so.partner_id, so.user_id, so.company_id,
               GREATEST(need.wanted - need.reserved, 0)
               * line.price_subtotal / NULLIF(need.ordered, 0)
               / COALESCE(NULLIF(so.currency_rate, 0), 1) AS value,
               promise.promised_date
          FROM (%(moves)s UNION ALL %(held_back)s) need
          JOIN sale_order_line line ON line.id = need.line_id
          JOIN sale_order so ON so.id = line.order_id AND so.state = 'sale'
     LEFT JOIN LATERAL (
               SELECT promised_date FROM oms_promise
                WHERE line_id = need.line_id
             ORDER BY id DESC LIMIT 1) promise ON TRUE
        """,
        moves=_get_moves_query(),
        held_back=_get_held_back_query(env),
    )


def _get_moves_query():
    """``ordered`` is what the line takes of the product in all: of a part of a kit,
    what all its kits take."""
    return SQL(
        """
        SELECT move.id::bigint * 2 AS id,
               move.id AS move_id, move.sale_line_id AS line_id, move.product_id,
               warehouse.id AS warehouse_id,
               move.product_qty AS wanted,
               COALESCE(has.reserved, 0) AS reserved,
               FALSE AS is_held_back,
               (line.product_uom_qty * line_unit.factor / unit.factor
               * CASE WHEN move.oms_kit_quantity > 0
                      THEN move.oms_kit_quantity ELSE 1 END)::float8 AS ordered
          FROM stock_move move
          JOIN sale_order_line line ON line.id = move.sale_line_id
          JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template
            ON template.id = product.product_tmpl_id AND template.is_storable
          JOIN uom_uom unit ON unit.id = template.uom_id
          JOIN stock_location source ON source.id = move.location_id
          JOIN stock_warehouse warehouse ON warehouse.id = source.warehouse_id
          JOIN stock_location shelf
            ON shelf.id = warehouse.lot_stock_id
           AND source.parent_path LIKE shelf.parent_path || '%%'
          JOIN stock_location goal
            ON goal.id = move.location_dest_id
           AND goal.parent_path NOT LIKE shelf.parent_path || '%%'
     LEFT JOIN LATERAL (
               SELECT SUM(quantity_product_uom) AS reserved
                 FROM stock_move_line WHERE move_id = move.id) has ON TRUE
         WHERE move.state IN
               ('waiting', 'confirmed', 'partially_available', 'assigned')
           AND move.procure_method = 'make_to_stock'
           AND NOT EXISTS (
               SELECT FROM stock_move_move_rel WHERE move_dest_id = move.id)
        """
    )


def _get_held_back_query(env):
    """What has a route of its own, is ordered for the line alone, or is a kit whose
    parts are in stock, is not taken out of stock by itself."""
    return SQL(
        """
        SELECT line.id::bigint * 2 + 1 AS id,
               NULL::integer AS move_id, line.id AS line_id, line.product_id,
               line.warehouse_id,
               ((line.product_uom_qty - COALESCE(line.oms_launched_qty, 0))
               * line_unit.factor / unit.factor)::float8 AS wanted,
               0 AS reserved, TRUE AS is_held_back,
               (line.product_uom_qty * line_unit.factor / unit.factor)::float8
               AS ordered
          FROM sale_order_line line
          JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template
            ON template.id = product.product_tmpl_id AND template.is_storable
          JOIN uom_uom unit ON unit.id = template.uom_id
         WHERE line.oms_release_pending
           AND line.warehouse_id IS NOT NULL
           AND line.product_uom_qty > COALESCE(line.oms_launched_qty, 0)
           AND NOT EXISTS (
               SELECT FROM %(line_routes)s chosen
                WHERE chosen.sale_order_line_id = line.id)
           AND NOT EXISTS (
               SELECT
                 FROM stock_route_product chosen
                 JOIN stock_rule rule ON rule.route_id = chosen.route_id
                 JOIN stock_location goal ON goal.id = rule.location_dest_id
                WHERE chosen.product_id = template.id
                  AND rule.active
                  AND (rule.procure_method = 'make_to_order'
                       OR goal.usage = 'customer'))
           AND %(no_kit)s
        """,
        line_routes=SQL.identifier(
            env["sale.order.line"]._fields["route_ids"].relation
        ),
        no_kit=_get_no_kit_condition(env),
    )


def _get_no_kit_condition(env):
    if "mrp.bom" not in env:
        return SQL("TRUE")
    return SQL(
        """
        NOT EXISTS (
            SELECT FROM mrp_bom kit
             WHERE kit.active AND kit.type = 'phantom'
               AND kit.product_tmpl_id = template.id
               AND (kit.product_id IS NULL OR kit.product_id = product.id))
        """
    )
