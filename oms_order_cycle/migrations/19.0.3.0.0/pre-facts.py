"""What orders have of goods is new: filled at the end, in one statement."""

from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    if not column_exists(cr, "sale_order", "oms_goods"):
        create_column(cr, "sale_order", "oms_goods", "varchar")
