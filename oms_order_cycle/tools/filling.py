"""What orders of the past get at installation: their stage, and what was promised.

In one statement each, whatever the number of orders. Updates that bring something new
fill it in the same way.
"""

import logging

from odoo.tools import SQL

from ..facts.milestones import CASH_MILESTONES, FACT_FIELDS, OUTGOING_MILESTONES
from .client_ref import sql_clean_client_ref

_logger = logging.getLogger(__name__)


def fill_orders(env):
    """Give every existing order its facts and its stage.

    Orders of the past follow the default workflow.
    """
    workflow = env.ref("oms_order_cycle.workflow_default")
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            %(ctes)s,
            found AS (
                SELECT o.id,
                       CASE WHEN o.state = 'cancel' THEN NULL %(stages)s END AS stage,
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
                   oms_goods = CASE WHEN o.state = 'sale'
                                    THEN COALESCE(f.goods, 'none') END,
                   oms_client_ref_clean = %(client_ref)s,
                   %(facts)s
              FROM found
         LEFT JOIN facts f ON f.order_id = found.id
             WHERE found.id = o.id
            """,
            ctes=env["sale.order"]._oms_facts_query(SQL("TRUE")).order_ctes(),
            stages=SQL(" ").join(map(_stands_in, workflow.stage_ids)),
            since=SQL(", ").join(
                _fact(stage.milestone)
                for stage in workflow.stage_ids
                if stage.exit_kind == "milestone"
            )
            or SQL("NULL"),
            workflow=workflow.id,
            reason=env._("Default workflow"),
            client_ref=sql_clean_client_ref(SQL("o.client_order_ref")),
            facts=SQL(", ").join(map(_set_fact, FACT_FIELDS)),
        )
    )
    _logger.info("Gave %s orders their stage", env.cr.rowcount)
    env.cr.execute(SQL("ANALYZE sale_order"))
    env["sale.order"].invalidate_model()


def fill_phases(env):
    """Give every open order the phase of its stage."""
    workflows = env["oms.workflow"].with_context(active_test=False).search([])
    phases = {}
    for workflow in workflows:
        phases.update(workflows._get_phases(workflow.id))
    if not phases:
        return
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order o
               SET oms_phase = found.phase
              FROM (VALUES %s) AS found (stage_id, phase)
             WHERE o.oms_stage_id = found.stage_id
               AND o.oms_phase IS DISTINCT FROM found.phase
            """,
            SQL(", ").join(SQL("(%s, %s)", *pair) for pair in phases.items()),
        )
    )
    env["sale.order"].invalidate_model(["oms_phase"])


def fill_goods(env):
    """Tell of each confirmed order what it has of goods."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            %s
            UPDATE sale_order o
               SET oms_goods = COALESCE(f.goods, 'none')
              FROM sale_order known
         LEFT JOIN facts f ON f.order_id = known.id
             WHERE known.id = o.id
               AND o.state = 'sale'
               AND o.oms_goods IS DISTINCT FROM COALESCE(f.goods, 'none')
            """,
            env["sale.order"]._oms_facts_query(SQL("TRUE")).order_ctes(),
        )
    )
    env["sale.order"].invalidate_model(["oms_goods"])


def find_changed_orders(env):
    """Ids of confirmed orders whose documents say something else than what is stored:
    an update reads them more exactly."""
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """
            %s
            SELECT o.id
              FROM sale_order o
              JOIN facts f ON f.order_id = o.id
             WHERE o.state = 'sale'
               AND (%s)
             ORDER BY o.id
            """,
            env["sale.order"]._oms_facts_query(SQL("TRUE")).order_ctes(),
            SQL(" OR ").join(
                SQL(
                    "o.%s IS DISTINCT FROM date_trunc('second', %s)",
                    SQL.identifier(name),
                    SQL.identifier("f", name),
                )
                for name in FACT_FIELDS[1:]
            ),
        )
    )
    return [row[0] for row in rows]


def _stands_in(stage):
    """Branch of a ``CASE``: the order has not passed the stage.

    Nobody has approved an order of the past, nor tested conditions on it.
    """
    if stage.exit_kind != "milestone":
        return SQL("WHEN TRUE THEN %s", stage.id)
    if stage.milestone == "confirmed":
        applies = SQL("TRUE")
    elif stage.milestone in CASH_MILESTONES:
        applies = SQL("COALESCE(f.has_cash, FALSE)")
    else:
        goods = ("wanted",)
        if stage.milestone not in OUTGOING_MILESTONES:
            goods = ("wanted", "back")
        applies = SQL("COALESCE(f.goods IN %s, FALSE)", goods)
    return SQL(
        "WHEN (o.state <> 'sale' OR %(applies)s) AND %(fact)s IS NULL THEN %(id)s",
        applies=applies,
        fact=_fact(stage.milestone),
        id=stage.id,
    )


def _set_fact(name):
    milestone = name.removeprefix("oms_").removesuffix("_at")
    return SQL("%s = date_trunc('second', %s)", SQL.identifier(name), _fact(milestone))


def _fact(milestone):
    """Time of a fact: the order knows its confirmation, ``facts`` the others."""
    if milestone == "confirmed":
        return SQL("CASE WHEN o.state = 'sale' THEN o.date_order END")
    return SQL(
        "CASE WHEN o.state = 'sale' THEN %s END",
        SQL.identifier("f", f"oms_{milestone}_at"),
    )


def fill_client_refs(cr):
    """Clean the customer references of all orders, and the keys of those whose channel
    asks for one: where two were let pass that are the same now, the first keeps it."""
    cr.execute(
        SQL(
            """
            UPDATE sale_order o
               SET oms_client_ref_clean = %s
             WHERE client_order_ref IS NOT NULL
            """,
            sql_clean_client_ref(SQL("o.client_order_ref")),
        )
    )
    cr.execute(
        """
        UPDATE sale_order o
           SET oms_client_ref_key = CASE WHEN k.place = 1 THEN k.key END
          FROM (
            SELECT o.id, key,
                   ROW_NUMBER() OVER (PARTITION BY key ORDER BY o.id) AS place
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
        CROSS JOIN LATERAL (
                   SELECT CONCAT_WS(':', o.company_id, p.commercial_partner_id,
                                    o.oms_client_ref_clean) AS key
                   ) made
             WHERE o.oms_client_ref_key IS NOT NULL
          ) k
         WHERE k.id = o.id
           AND o.oms_client_ref_key IS DISTINCT FROM
               CASE WHEN k.place = 1 THEN k.key END
        """
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
