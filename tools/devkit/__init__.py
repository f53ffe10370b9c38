"""What ./oms does once Odoo, Python and PostgreSQL are there."""
