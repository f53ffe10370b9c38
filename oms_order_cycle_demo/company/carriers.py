"""Who brings the goods to the customers, and what that costs."""

from odoo.fields import Command

BENELUX = ("nl", "be", "lu")
#: key, name, kind, price (fixed) or steps (greatest kg, base, per kg), free from
#: (order value), countries
CARRIERS = [
    ("truck", "Own Truck Randstad", "fixed", 0.0, 0, ("nl",)),
    ("parcel", "Parcel Benelux", "fixed", 7.95, 350, BENELUX),
    (
        "europe",
        "Euro Parcel",
        "base_on_rule",
        [
            (2, 9.9, 0),
            (5, 12.5, 0),
            (10, 16.2, 0),
            (15, 18.9, 0),
            (20, 22.4, 0),
            (25, 26.0, 0),
            (31.5, 29.5, 0),
            (0, 14.0, 0.62),
        ],
        0,
        (),
    ),
    (
        "pallet",
        "Pallet Freight Europe",
        "base_on_rule",
        [(150, 58.0, 0), (400, 96.0, 0), (0, 62.0, 0.11)],
        0,
        (),
    ),
    ("collect", "Customer Collects", "fixed", 0.0, 0, ()),
]


def build_carriers(world):
    """Fixed and rule-based carriers, each with its own product."""
    country = {code: world.env.ref(f"base.{code}").id for code in BENELUX}
    category = world.env.ref("delivery.product_category_deliveries")
    products = world.env["product.product"].create(
        [
            {
                "name": name,
                "default_code": f"SHIP-{key.upper()}",
                "type": "service",
                "categ_id": category.id,
                "sale_ok": False,
                "purchase_ok": False,
                "list_price": price if kind == "fixed" else 0.0,
                "invoice_policy": "order",
                "company_id": world.company.id,
                "taxes_id": [Command.set(world.company.account_sale_tax_id.ids)],
            }
            for key, name, kind, price, _free, _countries in CARRIERS
        ]
    )
    vals_list = []
    for product, (_key, name, kind, price, free, codes) in zip(
        products, CARRIERS, strict=True
    ):
        vals = {
            "name": name,
            "delivery_type": kind,
            "integration_level": "rate",
            "product_id": product.id,
            "company_id": world.company.id,
            "free_over": bool(free),
            "amount": free,
            "country_ids": [Command.set([country[code] for code in codes])],
        }
        if kind == "fixed":
            vals["fixed_price"] = price
        else:
            vals["price_rule_ids"] = [
                Command.create(
                    {
                        "sequence": sequence,
                        "variable": "weight",
                        "operator": "<=" if limit else ">",
                        "max_value": limit or price[sequence - 1][0],
                        "list_base_price": base,
                        "list_price": per_kg,
                        "variable_factor": "weight",
                    }
                )
                for sequence, (limit, base, per_kg) in enumerate(price)
            ]
        vals_list.append(vals)
    carriers = world.env["delivery.carrier"].create(vals_list)
    world.register(
        {
            f"carrier_{row[0]}": carrier
            for row, carrier in zip(CARRIERS, carriers, strict=True)
        }
    )
