"""Columns that are made and filled by SQL before the ORM would fill them.

Odoo computes a new stored field record by record, which takes hours on a large table.
A column that is there already is left as it is.
"""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


def create_columns(cr, table, fields, values=None):
    """Create the columns of new fields, of the types that the fields say.

    In ``_auto_init``, before ``super()``, the fields are those of ``self._fields``. A
    ``pre_init_hook`` runs before the registry knows them: it takes them from the class,
    as in ``SaleOrder.oms_stage_id``; the type of a ``Float`` with digits is not known
    there yet.

    :param cr: cursor
    :param str table: name of the table
    :param dict fields: ``{name: odoo.fields.Field}``
    :param dict values: ``{name: value}`` that all rows get, without a rewrite of the
        table; other columns are empty
    :return: set of the names whose columns were not there, to be filled
    """
    missing = {name for name in fields if not column_exists(cr, table, name)}
    for name in fields:
        if name in missing:
            column_type = fields[name].column_type[1]
            if values and name in values:
                _create_filled(cr, table, name, column_type, values[name])
            else:
                create_column(cr, table, name, column_type)
    return missing


def _create_filled(cr, table, name, column_type, value):
    names = {"table": SQL.identifier(table), "name": SQL.identifier(name)}
    cr.execute(
        SQL(
            "ALTER TABLE %(table)s ADD COLUMN %(name)s %(type)s DEFAULT %(value)s",
            **names,
            type=SQL(column_type),  # of Odoo's own, such as int4
            value=value,
        )
    )
    cr.execute(SQL("ALTER TABLE %(table)s ALTER COLUMN %(name)s DROP DEFAULT", **names))
