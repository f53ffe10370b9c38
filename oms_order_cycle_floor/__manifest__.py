{
    "name": "Order Cycle: Floor",
    "version": "19.0.1.0.0",
    "summary": "The warehouse floor: pick lists in the order of the shortest walk",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle"],
    "data": [
        "security/ir.model.access.csv",
        "security/oms_floor_rules.xml",
        "report/stock_picking_report.xml",
        "report/stock_picking_batch_report.xml",
        "views/stock_location_views.xml",
        "views/stock_warehouse_views.xml",
        "wizard/oms_bay_numbering_views.xml",
        "views/oms_floor_menus.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "oms_order_cycle_floor/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
