{
    "name": "Order Cycle: Product Dimension",
    "version": "19.0.1.0.0",
    "summary": "Plan cartons with the sizes entered in OCA's Product Dimension",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "AGPL-3",
    "depends": ["oms_order_cycle", "product_dimension"],
    "auto_install": True,
}
