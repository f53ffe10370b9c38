{
    "name": "Order Cycle: Tests",
    "version": "19.0.3.0.0",
    "summary": "Flows across the companions, and the least companion there can be;"
    " installed by ./oms test only",
    "category": "Hidden/Tests",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    # kits and drop-shipping are tested as well
    "depends": [
        "oms_order_cycle",
        "oms_order_cycle_carton_study",
        "oms_order_cycle_edi_ubl",
        "oms_order_cycle_edifact",
        "oms_order_cycle_floor",
        "oms_order_cycle_intake",
        "oms_order_cycle_promise",
        "sale_mrp",
        "stock_dropshipping",
    ],
    "data": [
        "security/ir.model.access.csv",
        "data/oms_reaction_data.xml",
        "data/oms_workflow_data.xml",
    ],
}
