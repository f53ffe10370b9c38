"""The facts as a function of the database, which plans their query once a request."""

from hashlib import sha256

from odoo.tools import SQL

from . import cash
from .milestones import FACT_FIELDS
from .query import FactsQuery

#: Planning this query takes longer than running it for one order; the function keeps
#: its plan for the whole request.  Each request has to plan it once (Odoo discards all
#: plans when it takes a connection from its pool), so planning is made cheap: each part
#: is planned by itself, in the order it is written (3 ms instead of 40).
FACTS_FUNCTION = "oms_order_facts"
_ARGUMENTS = "(integer[], float8, text)"
_PLANNING = "\n".join(
    f"SET {setting}"
    for setting in (
        "plan_cache_mode = force_generic_plan",
        "join_collapse_limit = 1",
        "from_collapse_limit = 1",
        "enable_mergejoin = off",
    )
)


def create_function(cr, fragments):
    """(Re)create the database function that answers ``order_query``, if it is not
    there as it should be.

    Its arguments are the ids of orders, the tolerance and the pattern of the
    inter-company location.

    :param dict fragments: see :class:`FactsQuery`
    """
    billed, unbilled = (
        FactsQuery(
            SQL("l.order_id = ANY(p_orders)"),
            tolerance=SQL("p_tolerance"),
            intercompany_path=SQL("p_intercompany"),
            fragments=fragments,
            materialized=True,
            billed=is_billed,
        )
        for is_billed in (True, False)
    )
    # only what is run is planned: most orders are on no invoice yet
    query = SQL(
        """
            IF %s THEN
                RETURN QUERY %s;
            ELSE
                RETURN QUERY %s;
            END IF;""",
        cash.is_billed(billed),
        billed.order_query(),
        unbilled.order_query(),
    )
    body = cr.mogrify(query.code, query.params).decode()
    # a comment on the function tells what it was made from
    signature = sha256(f"{_PLANNING}{body}".encode()).hexdigest()
    if _get_signature(cr) == signature:
        return
    columns = ", ".join(f"{name} timestamp" for name in FACT_FIELDS[1:])
    drop_function(cr)
    cr.execute(
        SQL(
            f"""
            CREATE FUNCTION {FACTS_FUNCTION}(
                p_orders integer[], p_tolerance float8, p_intercompany text
            ) RETURNS TABLE (
                order_id integer, goods text, has_cash boolean,
                paid_amount float8, paid_amount_at timestamp, {columns}
            ) LANGUAGE plpgsql STABLE {_PLANNING}
            AS %s""",
            f"""
            #variable_conflict use_column
            BEGIN{body}
            END""",
        )
    )
    cr.execute(
        SQL(f"COMMENT ON FUNCTION {FACTS_FUNCTION}{_ARGUMENTS} IS %s", signature)
    )


def _get_signature(cr):
    cr.execute(
        SQL(
            "SELECT obj_description(to_regprocedure(%s), 'pg_proc')",
            f"{FACTS_FUNCTION}{_ARGUMENTS}",
        )
    )
    return cr.fetchone()[0]


def drop_function(cr):
    cr.execute(SQL(f"DROP FUNCTION IF EXISTS {FACTS_FUNCTION}{_ARGUMENTS}"))


def call_function(order_ids, tolerance, intercompany_path):
    """``SQL`` giving the rows of ``order_query`` for some orders."""
    return SQL(
        f"SELECT * FROM {FACTS_FUNCTION}(%s, %s, %s)",  # noqa: S608 - a constant
        list(order_ids),
        tolerance,
        intercompany_path,
    )
