from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.needs_sql import get_needs_query


class OmsShortage(models.Model):
    """A product that orders want more of than lies in a warehouse.

    Read from the documents each time: nothing is kept. A shortage has gone as soon as
    there is enough.
    """

    _name = "oms.shortage"
    _description = "Shortage"
    _auto = False
    _log_access = False
    _order = "first_promised_date, value desc, id"
    _rec_name = "product_id"
    _rec_names_search = ["product_id"]
    # what the query reads, to be in the database before
    _depends = {
        "stock.move": [
            "company_id",
            "location_dest_id",
            "location_id",
            "move_orig_ids",
            "procure_method",
            "product_id",
            "product_qty",
            "quantity",
            "sale_line_id",
            "state",
        ],
        "stock.move.line": ["move_id", "picked", "quantity_product_uom"],
        "stock.quant": ["location_id", "product_id", "quantity", "reserved_quantity"],
        "stock.warehouse.orderpoint": ["active", "product_id", "warehouse_id"],
        "sale.order": ["currency_rate", "partner_id", "state", "user_id"],
        "sale.order.line": [
            "oms_launched_qty",
            "oms_release_pending",
            "price_subtotal",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "route_ids",
            "warehouse_id",
        ],
    }

    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(related="product_id.categ_id", string="Category")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    wanted = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What orders still want out of stock, in the unit of the product: what is"
        " reserved for them and what is not.",
    )
    reserved = fields.Float(
        digits="Product Unit", readonly=True, help="What of it is reserved for them."
    )
    free = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What lies in stock and is reserved for nobody.",
    )
    short = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What is wanted, and is neither reserved nor free.",
    )
    incoming = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What is on its way into the warehouse.",
    )
    next_receipt_date = fields.Datetime(
        string="Next Receipt",
        readonly=True,
        help="When the next receipt is expected (UTC).",
    )
    next_receipt_qty = fields.Float(
        string="Next Receipt Brings", digits="Product Unit", readonly=True
    )
    order_count = fields.Integer(string="Orders", readonly=True)
    partner_count = fields.Integer(string="Customers", readonly=True)
    move_count = fields.Integer(
        string="Transfer Lines",
        readonly=True,
        help="What the warehouse was asked for: something can be reserved for it.",
    )
    value = fields.Monetary(
        readonly=True,
        help="What the goods that are missing are sold for, before taxes.",
    )
    first_promised_date = fields.Datetime(
        string="First Promised",
        readonly=True,
        help="The earliest date promised to an order that misses some of it (UTC).",
    )
    is_unordered = fields.Boolean(
        "Nothing Ordered",
        readonly=True,
        help="More is missing than is on its way, and no reordering rule will order"
        " it.",
    )
    line_ids = fields.One2many("oms.shortage.line", "shortage_id", readonly=True)
    substitutes = fields.Char(
        compute="_compute_substitutes",
        # whoever reads the board need not be one who may read warehouses
        compute_sudo=True,
        help="What may be offered instead, and is free.",
    )
    can_allocate = fields.Boolean(compute="_compute_can_allocate")
    can_order = fields.Boolean(compute="_compute_can_order")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH needs AS (%(needs)s),
            short AS (
              SELECT product_id, warehouse_id,
                     SUM(wanted) AS wanted,
                     SUM(reserved) AS reserved,
                     SUM(missing) AS missing,
                     SUM(value) AS value,
                     COUNT(DISTINCT order_id) FILTER (WHERE missing > 0) AS order_count,
                     COUNT(DISTINCT partner_id) FILTER (WHERE missing > 0)
                     AS partner_count,
                     COUNT(move_id) AS move_count,
                     MIN(promised_date) FILTER (WHERE missing > 0)
                     AS first_promised_date
                FROM needs
            GROUP BY product_id, warehouse_id
              HAVING SUM(missing) > 0)
            SELECT short.product_id::bigint * 10000 + short.warehouse_id AS id,
                   short.product_id, short.warehouse_id, warehouse.company_id,
                   short.wanted, short.reserved,
                   stock.free,
                   ROUND((short.missing - stock.free)::numeric, 6)::float8 AS short,
                   COALESCE(receipts.incoming, 0) AS incoming,
                   receipts.next_date AS next_receipt_date,
                   COALESCE(receipts.next_qty, 0) AS next_receipt_qty,
                   short.order_count, short.partner_count, short.move_count,
                   short.value,
                   short.first_promised_date,
                   short.missing - stock.free > COALESCE(receipts.incoming, 0)
                   AND NOT EXISTS (
                       SELECT FROM stock_warehouse_orderpoint rule
                        WHERE rule.product_id = short.product_id
                          AND rule.warehouse_id = short.warehouse_id
                          AND rule.active) AS is_unordered
              FROM short
              JOIN stock_warehouse warehouse ON warehouse.id = short.warehouse_id
              JOIN stock_location shelf ON shelf.id = warehouse.lot_stock_id
        CROSS JOIN LATERAL (
                   SELECT GREATEST(COALESCE(
                          SUM(quant.quantity - quant.reserved_quantity), 0), 0) AS free
                     FROM stock_quant quant
                     JOIN stock_location place ON place.id = quant.location_id
                    WHERE quant.product_id = short.product_id
                      AND place.parent_path LIKE shelf.parent_path || '%%') stock
         LEFT JOIN LATERAL (
                   SELECT SUM(move.product_qty) AS incoming,
                          MIN(move.date) AS next_date,
                          (ARRAY_AGG(move.product_qty ORDER BY move.date, move.id))[1]
                          AS next_qty
                     FROM stock_move move
                     JOIN stock_location source ON source.id = move.location_id
                     JOIN stock_location goal ON goal.id = move.location_dest_id
                    WHERE move.product_id = short.product_id
                      AND move.state IN
                          ('waiting', 'confirmed', 'partially_available', 'assigned')
                      AND goal.warehouse_id = short.warehouse_id
                      AND goal.usage = 'internal'
                      AND source.warehouse_id IS DISTINCT FROM goal.warehouse_id
                   ) receipts ON TRUE
             WHERE ROUND((short.missing - stock.free)::numeric, 6) > 0
            """,
            needs=get_needs_query(self.env),
        )

    # -- compute --------------------------------------------------------------------

    @api.depends("product_id", "warehouse_id")
    def _compute_display_name(self):
        for shortage in self:
            shortage.display_name = shortage.product_id.display_name

    @api.depends("product_id.product_tmpl_id.oms_substitute_ids", "warehouse_id")
    def _compute_substitutes(self):
        others = self.product_id.product_tmpl_id.oms_substitute_ids
        free = self.env["oms.supply"]._get_free(others, self.warehouse_id)
        for shortage in self:
            texts = []
            for other in shortage.product_id.product_tmpl_id.oms_substitute_ids:
                quantity = free.get((other.id, shortage.warehouse_id.id), 0)
                if other.uom_id.compare(quantity, 0) > 0:
                    texts.append(
                        self.env._(
                            "%(product)s: %(quantity)s %(unit)s free",
                            product=other.display_name,
                            quantity=self._format_quantity(quantity),
                            unit=other.uom_id.name,
                        )
                    )
            shortage.substitutes = "; ".join(texts)

    @api.model
    def _format_quantity(self, quantity):
        return f"{quantity:.6f}".rstrip("0").rstrip(".")

    @api.depends("move_count")
    @api.depends_context("uid")
    def _compute_can_allocate(self):
        may = self.env["oms.allocation"].has_access("create")
        for shortage in self:
            shortage.can_allocate = may and bool(shortage.move_count)

    @api.depends("is_unordered")
    @api.depends_context("uid")
    def _compute_can_order(self):
        may = self.env["stock.warehouse.orderpoint"].has_access("create")
        for shortage in self:
            shortage.can_order = may and shortage.is_unordered

    # -- what is done about it ------------------------------------------------------

    def action_allocate(self):
        """Open who gets what of the goods, to be changed and done."""
        self.ensure_one()
        if not self.search_count([("id", "=", self.id)]):
            raise UserError(
                self.env._("The product is not short any more. Reload the page.")
            )
        return self.env["oms.allocation"]._open(self.product_id, self.warehouse_id)

    def _check_can_order(self):
        if not self.env["stock.warehouse.orderpoint"].has_access("create"):
            raise AccessError(
                self.env._(
                    "Only administrators of Inventory may set up reordering rules. Ask"
                    " one of them to order what is missing."
                )
            )

    def action_order(self):
        """Have Odoo order what orders want: a reordering rule for each product that has
        none, with nothing as its minimum; opens the rules."""
        self._check_can_order()
        unordered = self.filtered("is_unordered")
        rules = self.env["stock.warehouse.orderpoint"].create(
            [shortage._prepare_orderpoint() for shortage in unordered]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reordering Rules"),
            "res_model": "stock.warehouse.orderpoint",
            "views": [
                [
                    self.env.ref("stock.view_warehouse_orderpoint_tree_editable").id,
                    "list",
                ],
                [False, "form"],
            ],
            "domain": [
                ("product_id", "in", self.product_id.ids),
                ("warehouse_id", "in", self.warehouse_id.ids),
            ],
            "context": {"oms_new_rules": rules.ids},
        }

    def _prepare_orderpoint(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "warehouse_id": self.warehouse_id.id,
            "location_id": self.warehouse_id.lot_stock_id.id,
            "company_id": self.company_id.id,
            "product_min_qty": 0,
            "product_max_qty": 0,
            "trigger": "auto",
        }
