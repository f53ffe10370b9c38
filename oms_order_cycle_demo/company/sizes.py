"""Sizes of all demo products, cartons to pack them in, and how carriers bill."""

from odoo.fields import Command

from odoo.addons.oms_order_cycle.tools.units import Units

from ..world import read_csv

#: Delivery method of the demo company -> rule that it is billed by.
CARRIER_RULES = {
    "carrier_parcel": "dim_rule_ups_intl",
    "carrier_europe": "dim_rule_dhl_express",
    "carrier_pallet": "dim_rule_road_eu",
}


def build_sizes(world):
    """Measure everything; called when products and carriers are there."""
    env = world.env
    env["stock.package.type"]._oms_create_typical_cartons()
    for name, rule in CARRIER_RULES.items():
        world.refs[name].oms_dim_rule_id = env.ref(f"oms_order_cycle.{rule}")
    # what customers pay is fixed; the carrier bills us for size and weight
    world.refs["carrier_parcel"].write(
        {"oms_cost_method": "rate", "oms_parcel_fee": 3.8, "oms_weight_rate": 0.55}
    )
    world.refs["carrier_europe"].oms_price_per_parcel = True
    world.refs["carrier_europe"].price_rule_ids.write(
        {"variable": "billable_weight", "variable_factor": "billable_weight"}
    )
    rows = read_csv("sizes.csv")
    families = _build_families(world)
    units = Units.of(env)
    products = _find_products(world, [row["product"] for row in rows])
    vals_list = []
    for row in rows:
        template = products.get(row["product"])
        if not template:
            continue
        uom = template.uom_id if row["uom"] == "unit" else template.uom_ids[:1]
        if not uom:
            continue
        vals_list.append(
            {
                "product_tmpl_id": template.id,
                "uom_id": uom.id,
                "length": units.length_of(row["length_mm"]),
                "width": units.length_of(row["width_mm"]),
                "height": units.length_of(row["height_mm"]),
                "weight": units.weight_of(row["weight_g"]),
                "vertical": row["vertical"],
                "fragile": row["fragile"] == "1",
                "top_load": units.weight_of(row["top_load_g"] or 0),
                "own_carton": row["own_carton"] == "1",
                "family_id": families[row["family"]].id if row["family"] else False,
                "source": "imported",
            }
        )
    env["oms.product.size"].create(vals_list)


def _build_families(world):
    """Food does not travel with chemicals."""
    names = ("Food", "Chemicals")
    Family = world.env["oms.pack.family"]
    families = {
        name: Family.search([("name", "=", name)], limit=1)
        or Family.create({"name": name})
        for name in names
    }
    families["Food"].apart_ids = [Command.link(families["Chemicals"].id)]
    return families


def _find_products(world, keys):
    """{key: template}; a key is a reference of the demo company, an external id, or
    the name of one of Odoo's demo products. Those with a size are left as they are."""
    env = world.env
    Template = env["product.template"]
    own = Template.search([("company_id", "=", world.company.id)])
    found = {template.default_code: template for template in own}
    for key in set(keys) - set(found):
        if "." in key:
            product = env.ref(key, raise_if_not_found=False)
            found[key] = product.product_tmpl_id if product else Template
        else:
            found[key] = Template.search(
                [("name", "=", key), ("type", "=", "consu")], limit=1
            )
    return {
        key: template for key, template in found.items() if not template.oms_size_ids
    }
