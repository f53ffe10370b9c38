{
    "name": "Order Cycle: Tests",
    "version": "19.0.1.0.0",
    "summary": "Flows across the companions; installed by ./oms test only",
    "category": "Hidden/Tests",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle"],
}
