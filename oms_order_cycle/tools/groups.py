"""Groups that fields of Odoo's models are restricted to."""

#: Customers read their orders, transfers and invoices by RPC: ours is not for them.
INTERNAL = "base.group_user"
#: Those who may read holds, journal and automatic actions (ir.model.access.csv). Users
#: of other apps may read orders without being one of them.
READERS = ",".join(
    (
        "sales_team.group_sale_salesman",
        "stock.group_stock_user",
        "account.group_account_readonly",
        "account.group_account_invoice",
    )
)
