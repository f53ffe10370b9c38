"""The company itself: its address, its books and its people."""

from passlib.hash import pbkdf2_sha512

from odoo.fields import Command

from ..world import TIMEZONE

#: login, name, title, group of the addon, other groups. Password = login.
USERS = [
    ("sales", "Sanne de Wit", "Sales", "group_oms_sales"),
    ("service", "Bram Visser", "Customer Service", "group_oms_service"),
    ("credit", "Carla Jansen", "Credit Control", "group_oms_credit"),
    ("picker", "Piet Bakker", "Warehouse", "group_oms_warehouse"),
    ("dispatcher", "Daan Smit", "Dispatch", "group_oms_dispatch"),
    ("accountant", "Anouk Mulder", "Accounting", "group_oms_accounting"),
    ("consultant", "Eva Hendriks", "Consultant", "group_oms_consultant"),
    ("manager", "Maarten de Graaf", "Manager", "group_oms_manager"),
]
#: Screens that Odoo shows only where a company works that way: units and cases,
#: storage locations, several warehouses, steps, packages.
FEATURE_GROUPS = [
    "uom.group_uom",
    "stock.group_stock_multi_locations",
    "stock.group_stock_multi_warehouses",
    "stock.group_adv_location",
    "stock.group_tracking_lot",
    "account.group_delivery_invoice_address",
]


def build_company(world):
    """A company of its own, so that Odoo's demo companies stay as they are."""
    company = world.env["res.company"].create(
        {
            "name": "Merwede Wholesale B.V.",
            "street": "Waalhaven Oostzijde 77",
            "zip": "3087 BM",
            "city": "Rotterdam",
            "country_id": world.env.ref("base.nl").id,
            "currency_id": world.env.ref("base.EUR").id,
            "phone": "+31 10 555 0100",
            "company_registry": "24955501",
        }
    )
    # Only now: with an address, Odoo would ask its company look-up service.
    company.write(
        {
            "email": "info@merwede.example.com",
            "website": "https://merwede.example.com",
        }
    )
    world.register({"company": company})
    admin = world.env.ref("base.user_admin", raise_if_not_found=False)
    if admin:
        # the one that the administrator works in, too: settings open there
        admin.write(
            {"company_ids": [Command.link(company.id)], "company_id": company.id}
        )
    world.enter(company)
    world.env["ir.sequence"].create(
        {
            "name": "Sales Order Merwede",
            "code": "sale.order",
            "prefix": "MW",
            "padding": 5,
            "number_next": 4101,
            "company_id": company.id,
        }
    )


def build_accounting(world):
    """Odoo's generic chart of accounts with Dutch VAT."""
    # ``try_loading`` would warn that other modules are still to be loaded.
    world.env["account.chart.template"]._load(
        "generic_coa", world.company, install_demo=False
    )
    company = world.company
    domain = [("company_id", "=", company.id)]
    country = world.env.ref("base.nl")
    company.account_fiscal_country_id = country
    company.currency_id = world.env.ref("base.EUR")
    taxes = world.env["account.tax"].search(domain)
    groups = world.env["account.tax.group"].search(domain)
    world.env["account.fiscal.position"].search(
        [*domain, ("country_id", "!=", False)]
    ).country_id = country
    groups.country_id = country
    taxes.country_id = country
    standard = taxes.filtered("amount")
    standard.write({"amount": 21.0, "name": "VAT 21%"})
    standard.tax_group_id.name = "VAT 21%"
    (taxes - standard).tax_group_id.name = "VAT 0%"
    company.write(
        {
            "account_use_credit_limit": True,
            "stock_move_email_validation": False,
            "portal_confirmation_sign": False,
        }
    )


def build_users(world):
    """One person per role; the password is the login."""
    feature_ids = [world.env.ref(xmlid).id for xmlid in FEATURE_GROUPS]
    runs_all = (world.env.ref("stock.group_stock_manager").id,)
    users = world.env["res.users"].create(
        [
            {
                "name": name,
                "login": login,
                "email": f"{login}@merwede.example.com",
                "function": title,
                "tz": TIMEZONE,
                "company_id": world.company.id,
                "company_ids": [Command.set(world.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            world.env.ref("base.group_user").id,
                            world.env.ref(f"oms_order_cycle.{group}").id,
                            *(runs_all if login in ("manager", "consultant") else ()),
                            *feature_ids,
                        ]
                    )
                ],
            }
            for login, name, title, group in USERS
        ]
    )
    set_passwords(users)
    world.register({f"user_{user.login}": user for user in users})
    teams = world.env["crm.team"].create(
        [
            {
                "name": name,
                "company_id": world.company.id,
                "user_id": world.refs["user_manager"].id,
            }
            for name in ("Merwede Inside Sales", "Merwede Field Sales")
        ]
    )
    world.env["crm.team.member"].create(
        {"crm_team_id": teams[0].id, "user_id": world.refs["user_sales"].id}
    )
    world.register({"team_inside": teams[0], "team_field": teams[1]})


def set_passwords(users):
    """The password of each is the login."""
    # Odoo's slow hash protects nothing here; it replaces this at the first login.
    quick = pbkdf2_sha512.using(rounds=1000)
    for user in users:
        users._set_encrypted_password(user.id, quick.hash(user.login))
