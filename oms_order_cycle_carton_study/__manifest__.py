{
    "name": "Order Cycle: Carton Study",
    "version": "19.0.2.0.0",
    "summary": "Which cartons to stock, found from what was shipped",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle"],
    "data": [
        "security/ir.model.access.csv",
        "security/oms_carton_study_rules.xml",
        "data/ir_cron_data.xml",
        "views/oms_carton_study_choice_views.xml",
        "views/oms_carton_study_views.xml",
        "views/oms_carton_study_menus.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "oms_order_cycle_carton_study/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
