"""Who buys: customers in several countries, with terms and credit limits."""

from collections import defaultdict

from odoo.fields import Command

from ..world import TIMEZONE, read_csv
from .terms import CREDIT_WATCH, TERMS


def build_customers(world):
    """Customers in several countries, with terms and credit limits."""
    rows = read_csv("customers.csv")
    names = sorted({row["tag"] for row in rows})
    tags = dict(
        zip(
            names,
            world.env["res.partner.category"].create(
                [{"name": name} for name in names]
            ),
            strict=True,
        )
    )
    # what comes in by itself is looked after by customer service
    people = {
        channel: world.refs[
            "user_service" if channel in ("edi", "web") else "user_sales"
        ].id
        for channel in {row["channel"] for row in rows}
    }
    partners = world.env["res.partner"].create(
        [
            {
                "name": row["name"],
                "ref": row["ref"],
                "is_company": True,
                "customer_rank": 1,
                "street": row["street"],
                "zip": row["zip"],
                "city": row["city"],
                "country_id": world.env.ref(f"base.{_country(row)}").id,
                "email": row["email"],
                "phone": row["phone"],
                "tz": TIMEZONE,
                "company_id": world.company.id,
                "user_id": people[row["channel"]],
                "category_id": [Command.set(_tag_ids(world, row, tags))],
                "property_payment_term_id": world.env.ref(TERMS[row["term"]]).id,
                "property_delivery_carrier_id": world.refs[
                    f"carrier_{row['carrier']}"
                ].id,
                "credit_limit": float(row["credit_limit"]),
            }
            for row in rows
        ]
    )
    world.customer_rows = {row["ref"]: row for row in rows}
    world.customers = {partner.ref: partner for partner in partners}
    world.register(
        {
            f"partner_{partner.ref.lower().replace('-', '_')}": partner
            for partner in partners
        }
    )
    children = defaultdict(list)
    for ref, name, street, zip_code, city in (
        (
            "AMS-BLA",
            "Blauwbrug Catering, kitchen Diemen",
            "Stammerkamp 1",
            "1112 VE",
            "Diemen",
        ),
        (
            "EIN-TEC",
            "Campus Restaurants, building 36",
            "High Tech Campus 36",
            "5656 AE",
            "Eindhoven",
        ),
        (
            "HAM-ELB",
            "Elbspeicher, Lager Süd",
            "Hongkongstraße 8",
            "20457",
            "Hamburg",
        ),
    ):
        partner = world.customers[ref]
        children[ref] = {
            "name": name,
            "type": "delivery",
            "parent_id": partner.id,
            "street": street,
            "zip": zip_code,
            "city": city,
            "country_id": partner.country_id.id,
            "company_id": world.company.id,
        }
    world.env["res.partner"].create(list(children.values()))


def _tag_ids(world, row, tags):
    special = []
    if row["term"] == "prepaid":
        special = world.workflow_tags["Prepaid"].ids
    elif row["ref"] in CREDIT_WATCH:
        special = world.workflow_tags["Credit Watch"].ids
    return [tags[row["tag"]].id, *special]


def _country(row):
    """Odoo's external id of the country (it spells the United Kingdom ``uk``)."""
    return {"gb": "uk"}.get(row["country"], row["country"])
