"""A module leaves a part of its records to another one when a database is updated."""

import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)


def move_to_module(cr, version, module, models=(), names=(), origin="oms_order_cycle"):
    """Give what was made by one module to another one, and let it come.

    To be called by a ``pre-`` script of ``origin``. Odoo loads ``module`` in the same
    run, after ``origin``. It is *updated*, not installed, from the version its data are
    of: records with ``noupdate`` stay as users changed them, hooks of an installation
    do not run, and a ``module`` that fails to load keeps its records for the next try.

    :param str version: of ``origin`` in the database, as ``migrate`` gets it
    :param models: names of the models that move, with fields, constraints and tables
    :param names: patterns (``LIKE``) of the external ids of other records that move
    :raise ValueError: ``module`` is not there, and what it should get would be deleted
    """
    _mark_for_update(cr, version, module, origin)
    moved = 0
    for condition in _conditions(models, names):
        cr.execute(
            SQL(
                "UPDATE ir_model_data d SET module = %s WHERE module = %s AND %s",
                module,
                origin,
                condition,
            )
        )
        moved += cr.rowcount
    if models:
        _move_tables(cr, module, models, origin)
    _logger.info("Moved %s external ids from %s to %s", moved, origin, module)


def _mark_for_update(cr, version, module, origin):
    cr.execute("SELECT state FROM ir_module_module WHERE name = %s", [module])
    [state] = cr.fetchone() or ["unknown"]
    if state in ("unknown", "uninstallable"):
        raise ValueError(
            f"{module} is not among the addons: a part of {origin} is in it now, and"
            " what was entered there would be deleted"
        )
    if state in ("installed", "to upgrade"):
        return
    cr.execute(
        """
        UPDATE ir_module_module m
           SET state = 'to upgrade', latest_version = %s, demo = o.demo
          FROM ir_module_module o
         WHERE m.name = %s AND o.name = %s
        """,
        [version, module, origin],
    )


def _conditions(models, names):
    """Which rows of ``ir_model_data d`` move, as one condition per kind."""
    ours = SQL("(SELECT id FROM ir_model WHERE model = ANY(%s))", list(models))
    fields = SQL("(SELECT id FROM ir_model_fields WHERE model_id IN %s)", ours)
    described = {
        "ir.model": ours,
        "ir.model.fields": fields,
        "ir.model.fields.selection": SQL(
            "(SELECT id FROM ir_model_fields_selection WHERE field_id IN %s)", fields
        ),
        "ir.model.inherit": SQL(
            "(SELECT id FROM ir_model_inherit WHERE model_id IN %s)", ours
        ),
        "ir.model.constraint": SQL(
            "(SELECT id FROM ir_model_constraint WHERE model IN %s)", ours
        ),
    }
    if models:
        for kind, ids in described.items():
            yield SQL("d.model = %s AND d.res_id IN %s", kind, ids)
    if names:
        yield SQL("d.name LIKE ANY(%s)", list(names))


def _move_tables(cr, module, models, origin):
    """Constraints and tables of relations go when their module is uninstalled."""
    for table in ("ir_model_constraint", "ir_model_relation"):
        cr.execute(
            SQL(
                """
                UPDATE %s
                   SET module = (SELECT id FROM ir_module_module WHERE name = %s)
                 WHERE module = (SELECT id FROM ir_module_module WHERE name = %s)
                   AND model IN (SELECT id FROM ir_model WHERE model = ANY(%s))
                """,
                SQL.identifier(table),
                module,
                origin,
                list(models),
            )
        )
