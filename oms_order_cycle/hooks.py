"""Installing on a running database: fast, and nobody's work changes."""

from .facts.fields import DERIVED_FIELDS
from .facts.function import drop_function
from .models.cycle.sale_order import SaleOrder
from .models.cycle.sale_order_client_ref import SaleOrder as SaleOrderClientRef
from .tools.columns import create_columns
from .tools.filling import fill_orders, fill_phases, fill_promises
from .tools.uninstall import forget_addon

#: Stored computed fields of orders whose columns are made before the ORM would compute
#: them order by order.
_FILLED_FIELDS = (
    *DERIVED_FIELDS,
    "oms_channel_id",
    "oms_phase",
    "oms_workflow_id",
    "oms_workflow_reason",
)
_CLIENT_REF_FIELDS = ("oms_client_ref_clean", "oms_client_ref_key")


def pre_init_hook(env):
    create_columns(
        env.cr,
        "sale_order",
        {name: getattr(SaleOrder, name) for name in _FILLED_FIELDS}
        | {name: getattr(SaleOrderClientRef, name) for name in _CLIENT_REF_FIELDS},
    )


def post_init_hook(env):
    fill_orders(env)
    fill_phases(env)
    fill_promises(env.cr)


def uninstall_hook(env):
    env["sale.order"]._oms_leave_a_word()
    # parameters written by users of the settings are not data of the addon
    env["ir.config_parameter"].search([("key", "=like", "oms_order_cycle.%")]).unlink()
    # groups that a stage names could not be deleted, and would stay with their users
    env.cr.execute("UPDATE oms_stage SET approval_group_id = NULL, group_id = NULL")
    # orders may be computed until the last of our records is gone
    env.cr.postcommit.add(lambda: _clean_up(env.registry))


def _clean_up(registry):
    with registry.cursor() as cr:
        drop_function(cr)
        # indexes on columns of others, which stay
        cr.execute(
            "DROP INDEX IF EXISTS stock_package_history__outermost_dest_id_index"
        )
        forget_addon(cr, "oms_order_cycle")
