{
    "name": "Order Cycle: Promise",
    "version": "19.0.1.0.0",
    "summary": "From which warehouse and when: sourcing, dates that hold, and shortages"
    " shared out by rule",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle"],
    "data": [
        "security/ir.model.access.csv",
        "security/oms_promise_rules.xml",
        "data/oms_allocation_rule_data.xml",
        "views/oms_allocation_rule_views.xml",
        "views/oms_customer_class_views.xml",
        "views/oms_shortage_views.xml",
        "views/product_template_substitute_views.xml",
        "views/res_partner_class_views.xml",
        "wizard/oms_allocation_views.xml",
        "views/oms_promise_menus.xml",
    ],
    "auto_install": True,
}
