from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Make the column, so that Odoo does not compute it order by order."""
    if not column_exists(cr, "sale_order", "oms_phase"):
        create_column(cr, "sale_order", "oms_phase", "varchar")
