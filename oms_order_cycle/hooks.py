"""Installing on a running database: fast, and nobody's work changes."""

import logging

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .facts.function import drop_function
from .facts.milestones import FACT_FIELDS

_logger = logging.getLogger(__name__)

#: Stored computed columns of ``sale_order``; made before the ORM would compute them
#: order by order.
_ORDER_COLUMNS = {
    "oms_channel_id": "int4",
    "oms_workflow_id": "int4",
    "oms_workflow_reason": "varchar",
    "oms_stage_id": "int4",
    "oms_client_ref_key": "varchar",
    "oms_cycle_state": "varchar",
    "oms_stage_since": "timestamp",
    "oms_stage_deadline": "timestamp",
    "oms_revision": "int4",
    **dict.fromkeys(FACT_FIELDS, "timestamp"),
}


def pre_init_hook(env):
    for name, column_type in _ORDER_COLUMNS.items():
        if not column_exists(env.cr, "sale_order", name):
            create_column(env.cr, "sale_order", name, column_type)


def post_init_hook(env):
    _fill_orders(env)
    fill_promises(env.cr)


def uninstall_hook(env):
    # parameters written by users of the settings are not data of the addon
    env["ir.config_parameter"].search([("key", "=like", "oms_order_cycle.%")]).unlink()
    # orders may be computed until the last of our records is gone
    env.cr.postcommit.add(lambda: _clean_up(env.registry))


def _clean_up(registry):
    with registry.cursor() as cr:
        drop_function(cr)
        # Odoo notes foreign keys once more while it takes the fields away, and what
        # its own addons know about our models through mixins stays without a record.
        cr.execute(
            """
            DELETE FROM ir_model_constraint
             WHERE module IN (SELECT id FROM ir_module_module
                               WHERE name = 'oms_order_cycle');
            DELETE FROM ir_model_data d
             WHERE d.name LIKE '%\\_\\_oms\\_%'
               AND (d.model = 'ir.model.inherit'
                    AND NOT EXISTS (SELECT FROM ir_model_inherit WHERE id = d.res_id)
                 OR d.model = 'ir.model.fields.selection'
                    AND NOT EXISTS (SELECT FROM ir_model_fields_selection
                                     WHERE id = d.res_id))
            """
        )


def _fill_orders(env):
    """Give every existing order its facts and its stage, in one statement.

    Orders of the past follow the default workflow, whose stages end with
    milestones; the stage is the first whose milestone is wanted and missing.
    """
    workflow = env.ref("oms_order_cycle.workflow_default")
    env.flush_all()
    query = env["sale.order"]._oms_facts_query(SQL("TRUE"))
    stages = workflow.stage_ids
    applies = {"confirmed": SQL("TRUE"), "invoiced": SQL("f.has_cash")}
    applies["paid"] = applies["invoiced"]
    missing = [
        SQL(
            "WHEN (o.state <> 'sale' OR %(applies)s) AND %(fact)s IS NULL THEN %(id)s",
            applies=SQL(
                "COALESCE(%s, FALSE)",
                applies.get(stage.milestone, SQL("f.has_goods")),
            ),
            fact=_fact(stage.milestone),
            id=stage.id,
        )
        for stage in stages
    ]
    since = SQL(", ").join(_fact(milestone) for milestone in stages.mapped("milestone"))
    facts = SQL(", ").join(
        SQL(
            "%s = date_trunc('second', %s)",
            SQL.identifier(name),
            _fact(name.removeprefix("oms_").removesuffix("_at")),
        )
        for name in FACT_FIELDS
    )
    env.cr.execute(
        SQL(
            """
            %(ctes)s,
            found AS (
                SELECT o.id,
                       CASE WHEN o.state = 'cancel' THEN NULL %(missing)s END AS stage,
                       date_trunc('second', GREATEST(o.create_date, %(since)s)) AS since
                  FROM sale_order o
             LEFT JOIN facts f ON f.order_id = o.id AND o.state = 'sale'
            )
            UPDATE sale_order o
               SET oms_workflow_id = %(workflow)s,
                   oms_workflow_reason = %(reason)s,
                   oms_stage_id = found.stage,
                   oms_cycle_state = CASE
                       WHEN o.state = 'cancel' THEN 'cancel'
                       WHEN found.stage IS NULL THEN 'closed'
                       ELSE 'open' END,
                   oms_stage_since = found.since,
                   %(facts)s
              FROM found
         LEFT JOIN facts f ON f.order_id = found.id
             WHERE found.id = o.id
            """,
            ctes=query.order_ctes(),
            missing=SQL(" ").join(missing),
            since=since,
            workflow=workflow.id,
            reason=env._("Default workflow"),
            facts=facts,
        )
    )
    _logger.info("Gave %s orders their stage", env.cr.rowcount)
    env.cr.execute(SQL("ANALYZE sale_order"))
    env["sale.order"].invalidate_model()


def _fact(milestone):
    """Column of a fact: the order knows its confirmation, ``facts`` the others."""
    if milestone == "confirmed":
        return SQL("CASE WHEN o.state = 'sale' THEN o.date_order END")
    return SQL(
        "CASE WHEN o.state = 'sale' THEN %s END",
        SQL.identifier("f", f"oms_{milestone}_at"),
    )


def fill_promises(cr):
    """Take over what Odoo promises for the goods of confirmed orders, in one statement.

    The same dates as ``sale.order.line._oms_get_promises``. What was said at the time
    is not known: the ledger says what stands, and calls it taken over. Lines that the
    ledger knows are left alone.
    """
    keys = _take_foreign_keys(cr, "oms_promise")
    cr.execute(
        """
        INSERT INTO oms_promise (
               order_id, line_id, product_id, company_id, warehouse_id,
               quantity, product_uom_id, kind, cause, date,
               requested_date, promised_date, ship_date)
        SELECT o.id, l.id, l.product_id, o.company_id, l.warehouse_id,
               l.product_uom_qty, l.product_uom_id, 'first', 'taken_over',
               date_trunc('second', o.date_order),
               o.commitment_date, promise.date,
               promise.date
               - COALESCE(c.security_lead, 0) * INTERVAL '1 day'
          FROM sale_order o
          JOIN res_company c ON c.id = o.company_id
          JOIN sale_order_line l ON l.order_id = o.id
          JOIN product_product p ON p.id = l.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
    CROSS JOIN LATERAL (
               SELECT date_trunc('second', COALESCE(
                   o.commitment_date,
                   o.date_order + COALESCE(l.customer_lead, 0) * INTERVAL '1 day'
               )) AS date) promise
         WHERE o.state = 'sale'
           AND o.date_order IS NOT NULL
           AND t.type = 'consu'
           AND l.display_type IS NULL
           AND l.is_downpayment IS NOT TRUE
           AND l.is_delivery IS NOT TRUE
           AND l.product_uom_qty > 0
           AND NOT EXISTS (SELECT FROM oms_promise known WHERE known.line_id = l.id)
      ORDER BY o.date_order, o.id, l.id
        """
    )
    _logger.info("Took over the promises of %s order lines", cr.rowcount)
    _give_foreign_keys(cr, "oms_promise", keys)
    cr.execute("ANALYZE oms_promise")


def _take_foreign_keys(cr, table):
    """Drop the foreign keys of a table: checked for all rows at once, when they are
    back, they take a fraction of the time that they take row by row.

    :return: ``[(name, definition)]``
    """
    cr.execute(
        """
        SELECT conname, pg_get_constraintdef(oid)
          FROM pg_constraint
         WHERE conrelid = %s::regclass AND contype = 'f'
        """,
        (table,),
    )
    keys = cr.fetchall()
    for name, _definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    return keys


def _give_foreign_keys(cr, table, keys):
    for name, definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(definition),
            )
        )
