"""Where the company keeps and packs its goods."""

#: name, length, width, height (mm), tare and greatest weight (kg), barcode, use
PACKAGE_TYPES = [
    ("roll", "Roll Container", 800, 720, 1660, 38, 400, "OMSD-R", "reusable"),
    ("pallet", "Euro Pallet", 1200, 800, 1800, 25, 700, "OMSD-P", "reusable"),
]


def build_warehouses(world):
    """Rotterdam picks, packs and ships in three steps, Venlo in one."""
    Warehouse = world.env["stock.warehouse"]
    # In tests Odoo makes a warehouse with each company.
    present = Warehouse.search([("company_id", "=", world.company.id)])
    partners = world.env["res.partner"].create(
        [
            {
                "name": name,
                "type": "other",
                "parent_id": world.company.partner_id.id,
                "street": street,
                "zip": zip_code,
                "city": city,
                "country_id": world.env.ref("base.nl").id,
                "company_id": world.company.id,
            }
            for name, street, zip_code, city in (
                (
                    "Warehouse Rotterdam",
                    "Waalhaven Oostzijde 77",
                    "3087 BM",
                    "Rotterdam",
                ),
                ("Warehouse Venlo", "Celsiusweg 32", "5928 PR", "Venlo"),
            )
        ]
    )
    vals_list = [
        {
            "name": "Rotterdam",
            "code": "ROT",
            "company_id": world.company.id,
            "partner_id": partners[0].id,
            "delivery_steps": "pick_pack_ship",
            "sequence": 1,
        },
        {
            "name": "Venlo",
            "code": "VNL",
            "company_id": world.company.id,
            "partner_id": partners[1].id,
            "delivery_steps": "ship_only",
            "sequence": 2,
        },
    ]
    if present:
        vals = {k: v for k, v in vals_list.pop(0).items() if k != "company_id"}
        present[0].write(vals)
    warehouses = present[:1] | Warehouse.create(vals_list)
    world.register({f"warehouse_{wh.code.lower()}": wh for wh in warehouses})
    # batches are made by people here; cartons are planned from plan_cartons on
    world.env["stock.picking.type"].search(
        [("warehouse_id", "in", warehouses.ids)]
    ).write({"auto_batch": False, "oms_plan_packing": False})
    types = PACKAGE_TYPES
    package_types = world.env["stock.package.type"].create(
        [
            {
                "name": name,
                "packaging_length": length,
                "width": width,
                "height": height,
                "base_weight": tare,
                "max_weight": most,
                "barcode": code,
                "package_use": use,
                "company_id": world.company.id,
            }
            for _key, name, length, width, height, tare, most, code, use in types
        ]
    )
    world.register(
        {
            f"package_{row[0]}": record
            for row, record in zip(PACKAGE_TYPES, package_types, strict=True)
        }
    )
