from odoo import fields, models
from odoo.tools import SQL

from ..tools.needs_sql import get_needs_query
from .oms_shortage import OmsShortage


class OmsShortageLine(models.Model):
    """What one order wants of goods out of stock, and has of it."""

    _name = "oms.shortage.line"
    _description = "Order Hit by a Shortage"
    _auto = False
    _log_access = False
    _order = "promised_date, id"
    _rec_name = "order_id"
    _depends = OmsShortage._depends

    shortage_id = fields.Many2one("oms.shortage", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    line_id = fields.Many2one("sale.order.line", string="Order Line", readonly=True)
    move_id = fields.Many2one("stock.move", string="Stock Move", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    wanted = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What the order still wants out of stock, in the unit of the product.",
    )
    reserved = fields.Float(digits="Product Unit", readonly=True)
    missing = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary(
        readonly=True,
        help="What the goods that are missing are sold for, before taxes.",
    )
    promised_date = fields.Datetime(
        string="Promised",
        readonly=True,
        help="When the goods are to be with the customer (UTC).",
    )
    is_held_back = fields.Boolean(
        "Held Back",
        readonly=True,
        help="A hold or an earlier stage keeps it from the warehouse: nothing can be"
        " reserved for it yet.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT needs.*,
                   needs.product_id::bigint * 10000 + needs.warehouse_id
                   AS shortage_id
              FROM (%s) needs
            """,
            get_needs_query(self.env),
        )
