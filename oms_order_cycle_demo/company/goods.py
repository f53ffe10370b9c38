"""What the company sells, and how much of it there is."""

from odoo.fields import Command

from ..world import read_csv


def build_products(world):
    """Products sold in units and, most of them, in cases."""
    rows = read_csv("products.csv")
    unit = world.env.ref("uom.product_uom_unit")
    sizes = sorted({int(row["case_of"]) for row in rows} - {1})
    cases = world.env["uom.uom"].create(
        [
            {
                "name": f"Case of {size}",
                "relative_factor": size,
                "relative_uom_id": unit.id,
            }
            for size in sizes
        ]
    )
    world.register(
        {f"uom_case_{size}": case for size, case in zip(sizes, cases, strict=True)}
    )
    top = world.env["product.category"].create({"name": "Hospitality Supplies"})
    names = list(dict.fromkeys(row["category"] for row in rows))
    categories = dict(
        zip(
            names,
            world.env["product.category"].create(
                [{"name": name, "parent_id": top.id} for name in names]
            ),
            strict=True,
        )
    )
    vals_list = []
    for row in rows:
        case = world.refs.get(f"uom_case_{row['case_of']}")
        vals_list.append(
            {
                "name": row["name"],
                "default_code": row["sku"],
                "barcode": row["barcode"],
                "type": "consu",
                "is_storable": True,
                "company_id": world.company.id,
                "categ_id": categories[row["category"]].id,
                "uom_id": unit.id,
                "uom_ids": [Command.set(case.ids)] if case else [],
                "product_uom_ids": case
                and [
                    Command.create(
                        {
                            "uom_id": case.id,
                            "barcode": row["case_barcode"],
                            "company_id": world.company.id,
                        }
                    )
                ]
                or [],
                "list_price": float(row["price"]),
                "standard_price": float(row["cost"]),
                "weight": float(row["weight_kg"]),
                "volume": float(row["volume_l"]) / 1000,
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(world.company.account_sale_tax_id.ids)],
                "supplier_taxes_id": [
                    Command.set(world.company.account_purchase_tax_id.ids)
                ],
            }
        )
    products = world.env["product.product"].create(vals_list)
    world.products = {p.default_code: p for p in products}
    world.product_rows = {row["sku"]: row for row in rows}
    world.register(
        {f"product_{p.default_code.lower().replace('-', '_')}": p for p in products}
    )


def build_stock(world):
    """Count the stock as an inventory does; Rotterdam keeps it in bins."""
    rot, vnl = world.refs["warehouse_rot"], world.refs["warehouse_vnl"]
    skus = list(world.product_rows)
    bins = world.env["stock.location"].create(
        [
            {
                "name": f"{'ABCDE'[n // 10]}-{n % 10 + 1:02}",
                "location_id": rot.lot_stock_id.id,
                "usage": "internal",
                "company_id": world.company.id,
            }
            for n in range(len(skus))
        ]
    )
    vals_list = []
    for sku, location in zip(skus, bins, strict=True):
        row = world.product_rows[sku]
        for location_id, quantity in (
            (location.id, float(row["stock_rot"])),
            (vnl.lot_stock_id.id, float(row["stock_vnl"])),
        ):
            if quantity:
                vals_list.append(
                    {
                        "product_id": world.products[sku].id,
                        "location_id": location_id,
                        "inventory_quantity": quantity,
                    }
                )
    quants = (
        world.env["stock.quant"].with_context(inventory_mode=True).create(vals_list)
    )
    quants.action_apply_inventory()
    # pick lists of Rotterdam follow the walk through its five aisles
    numbering = world.env["oms.bay.numbering"].create(
        {"location_id": rot.lot_stock_id.id}
    )
    numbering.action_apply()
