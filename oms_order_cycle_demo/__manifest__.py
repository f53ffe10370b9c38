{
    "name": "Order Cycle: Demo Company",
    "version": "19.0.2.0.0",
    "summary": "A wholesale distributor with orders in every stage, to look at and try",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    # every companion: what it adds is shown by this company
    "depends": [
        "oms_order_cycle",
        "oms_order_cycle_carton_study",
        "oms_order_cycle_floor",
        "oms_order_cycle_intake",
        "oms_order_cycle_promise",
    ],
    "post_init_hook": "post_init_hook",
}
