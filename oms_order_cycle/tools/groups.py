"""Groups that fields of Odoo's models are restricted to."""

#: Customers read their orders, transfers and invoices by RPC: ours is not for them.
INTERNAL = "base.group_user"
#: Those who may read holds, journal and automatic actions: whoever sells, works in the
#: warehouse or invoices. Users of other apps may read orders without being one of them.
READERS = "oms_order_cycle.group_oms_reader"
#: Those who may read what customers owe: whoever sells, invoices or grants credit. Who
#: picks and packs is told that the account is looked at, not how it stands.
ACCOUNT_READERS = (
    "sales_team.group_sale_salesman,account.group_account_invoice,"
    "account.group_account_readonly"
)
