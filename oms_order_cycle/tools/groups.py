"""Groups that fields of Odoo's models are restricted to."""

#: Customers read their orders, transfers and invoices by RPC: ours is not for them.
INTERNAL = "base.group_user"
#: Those who may read holds, journal and automatic actions: whoever sells, works in the
#: warehouse or invoices. Users of other apps may read orders without being one of them.
READERS = "oms_order_cycle.group_oms_reader"
