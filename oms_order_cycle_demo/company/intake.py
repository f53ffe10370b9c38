"""Customers who order in the portal, and what they call our products."""

from odoo.fields import Command

from ..world import TIMEZONE
from .office import set_passwords

#: the customer who has an order pad to try, and its login. Password = login.
BUYER, LOGIN = "HAM-ELB", "buyer"
#: his own codes for our products
OWN_CODES = {"ELB-071": "cup_200", "ELB-072": "lid_080", "ELB-110": "gls_win"}


def build_intake(world):
    """The order pad in the portal, and a customer who uses it."""
    world.refs["channel_portal"].write({"order_pad": True, "pad_right": "order"})
    customer = world.customers[BUYER]
    buyer = world.env["res.partner"].create(
        {
            "name": "Anke Petersen",
            "parent_id": customer.id,
            "email": f"{LOGIN}@elbspeicher.example.com",
            "tz": TIMEZONE,
            "company_id": world.company.id,
        }
    )
    user = world.env["res.users"].create(
        {
            "login": LOGIN,
            "partner_id": buyer.id,
            "company_id": world.company.id,
            "company_ids": [Command.set(world.company.ids)],
            "group_ids": [Command.set(world.env.ref("base.group_portal").ids)],
        }
    )
    set_passwords(user)
    world.register({f"user_{LOGIN}": user})
    world.env["oms.customer.code"].create(
        [
            {
                "partner_id": customer.id,
                "code": code,
                "product_id": world.refs[f"product_{name}"].id,
                "company_id": world.company.id,
            }
            for code, name in OWN_CODES.items()
        ]
    )
