{
    "name": "Order Cycle: UBL Upload",
    "version": "19.0.1.0.0",
    "summary": "Orders uploaded in Sales go the way of all that come in",
    "category": "Supply Chain/Inventory",
    "author": "OMS Order Cycle contributors",
    "website": "https://github.com/oms-order-cycle/oms-order-cycle",
    "license": "LGPL-3",
    "depends": ["oms_order_cycle_intake", "sale_edi_ubl"],
    "auto_install": True,
}
