{
    "name": "Order Cycle: Intake",
    "version": "19.0.1.0.0",
    "summary": "Orders come in over every channel, once each, complete, and say what is"
    " wrong with them",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle"],
    "data": [
        "security/oms_intake_groups.xml",
        "security/ir.model.access.csv",
        "security/oms_intake_rules.xml",
        "data/oms_hold_type_data.xml",
        "views/oms_customer_code_views.xml",
        "views/oms_intake_views.xml",
        "views/oms_intake_document_views.xml",
        "data/oms_reaction_data.xml",
        "views/oms_intake_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["oms_order_cycle_intake/static/src/**/*"],
        "web.assets_tests": ["oms_order_cycle_intake/static/tests/**/*"],
    },
    "auto_install": True,
}
