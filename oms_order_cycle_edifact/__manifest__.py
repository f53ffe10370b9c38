{
    "name": "Order Cycle: EDIFACT",
    "version": "19.0.1.0.0",
    "summary": "Orders in UN/EDIFACT ORDERS and ORDCHG are read",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle_intake"],
    "external_dependencies": {"python": ["pydifact"]},
    # Not auto_install: where the package is missing Odoo refuses to install the addon,
    # and with it what it would install itself beside. Nobody's Order Cycle may fail so.
}
