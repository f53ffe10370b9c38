"""Builds the demo company: a wholesale distributor with everything it needs to sell.

Plain Python, imported only while demo data load (see ``models/oms_demo.py``), so
that nothing of it is alive in production. What the company sells and to whom is in
the CSV files beside this one; its orders are made in ``orders.py``.

External ids are registered under the name ``oms_demo`` and not under the addon's:
uninstalling the addon then leaves the company and its documents as they are.
"""

import csv
import logging
from collections import defaultdict

from passlib.hash import pbkdf2_sha512

from odoo.fields import Command
from odoo.tools import file_open

_logger = logging.getLogger(__name__)

#: Name that stands for a module in the external ids of the demo company.
XMLID_MODULE = "oms_demo"
#: Time zone in which the people of the demo company work.
TIMEZONE = "Europe/Amsterdam"

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
#: name, length, width, height (mm), tare and greatest weight (kg), barcode, use
PACKAGE_TYPES = [
    ("roll", "Roll Container", 800, 720, 1660, 38, 400, "OMSD-R", "reusable"),
    ("pallet", "Euro Pallet", 1200, 800, 1800, 25, 700, "OMSD-P", "reusable"),
]
#: code, name, kind, cut-off hour, customer reference required, warehouse
CHANNELS = [
    ("phone", "Phone", "phone", 0, False, "rot"),
    ("email", "E-mail", "email", 0, False, "rot"),
    ("web", "Web Shop", "web", 16.0, False, "rot"),
    ("portal", "Customer Portal", "portal", 16.0, False, "rot"),
    ("edi", "EDI", "edi", 15.0, True, "rot"),
    ("field", "Field Sales", "field", 0, False, "vnl"),
]
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
WORKFLOW_NAMES = {
    "credit": "Prepaid or Credit",
    "mto": "Field Sales, Approved",
    "truck": "Own Truck",
    "parcel": "Parcel",
}
#: Working hours that the demo company allows in a stage: (workflow, milestone)
#: or milestone.
ALLOWED_HOURS = {
    "confirmed": 18,
    "released": 8,
    "picked": 8,
    "packed": 4,
    "shipped": 9,
    ("mto", "shipped"): 27,
    "delivered": 18,
    "invoiced": 9,
    "paid": 270,
    ("parcel", "picked"): 4,
}
#: Customers whose credit is looked at before anything is picked.
CREDIT_WATCH = ("HAM-ELB", "DUS-RHE", "BER-MEN")
TERMS = {
    "prepaid": "account.account_payment_term_immediate",
    "15": "account.account_payment_term_15days",
    "30": "account.account_payment_term_30days",
    "45": "account.account_payment_term_45days",
}


def read_csv(name):
    """Rows of a CSV file beside this one, as dicts."""
    with file_open(f"oms_order_cycle/demo/{name}") as data:
        return list(csv.DictReader(data))


class DemoBuilder:
    """Creates the demo company in ``env``; ``build()`` does all of it.

    :param list order_rows: the orders to make, by default those of ``orders.csv``
    """

    def __init__(self, env, order_rows=None):
        self.order_rows = read_csv("orders.csv") if order_rows is None else order_rows
        # Nobody reads the chatter of made-up documents, and it costs time.
        self.root_env = env(
            su=True,
            context={
                "lang": "en_US",
                "tz": TIMEZONE,
                "tracking_disable": True,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "mail_notrack": True,
                "no_reset_password": True,
                # Neither a localization nor demo invoices for the new company.
                "chart_template_load": True,
                "install_mode": True,
            },
        )
        self.env = self.root_env
        self.refs = {}

    # -- helpers ----------------------------------------------------------------

    def register(self, records_by_name):
        """Give records an external id and keep them in ``self.refs``."""
        self.refs.update(records_by_name)
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{XMLID_MODULE}.{name}",
                    "record": record,
                    "noupdate": True,
                }
                for name, record in records_by_name.items()
            ]
        )

    def build(self):
        """Create the company, its people, products, customers and orders."""
        if self.env.ref(f"{XMLID_MODULE}.company", raise_if_not_found=False):
            _logger.info("The demo company is already there.")
            return
        from .orders import OrderBuilder
        from .sizes import build_sizes

        self.build_company()
        self.build_accounting()
        self.build_users()
        self.build_warehouses()
        self.build_products()
        self.build_stock()
        self.build_carriers()
        self.build_cycle()
        self.build_customers()
        build_sizes(self)
        OrderBuilder(self).build()
        self.plan_cartons()
        self.env.flush_all()

    def plan_cartons(self):
        """Transfers that are to be packed get their plans; later ones at release."""
        types = self.env["stock.picking.type"].search(
            [
                ("company_id", "=", self.company.id),
                ("oms_step", "in", ("pack", "ship")),
            ]
        )
        types.oms_plan_packing = True
        self.env["stock.picking"].search(
            [
                ("picking_type_id", "in", types.ids),
                ("state", "not in", ("draft", "done", "cancel")),
            ]
        )._oms_plan_automatically()

    # -- the company ------------------------------------------------------------

    def build_company(self):
        """A company of its own, so that Odoo's demo companies stay as they are."""
        company = self.env["res.company"].create(
            {
                "name": "Merwede Wholesale B.V.",
                "street": "Waalhaven Oostzijde 77",
                "zip": "3087 BM",
                "city": "Rotterdam",
                "country_id": self.env.ref("base.nl").id,
                "currency_id": self.env.ref("base.EUR").id,
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
        self.register({"company": company})
        admin = self.env.ref("base.user_admin", raise_if_not_found=False)
        if admin:
            admin.company_ids = [Command.link(company.id)]
        self.env = self.root_env(
            context={
                **self.root_env.context,
                "allowed_company_ids": company.ids,
                "skip_sms": True,
            }
        )
        self.company = company.with_env(self.env)
        self.env["ir.sequence"].create(
            {
                "name": "Sales Order Merwede",
                "code": "sale.order",
                "prefix": "MW",
                "padding": 5,
                "number_next": 4101,
                "company_id": company.id,
            }
        )

    def build_accounting(self):
        """Odoo's generic chart of accounts with Dutch VAT."""
        # ``try_loading`` would warn that other modules are still to be loaded.
        self.env["account.chart.template"]._load(
            "generic_coa", self.company, install_demo=False
        )
        company = self.company
        domain = [("company_id", "=", company.id)]
        country = self.env.ref("base.nl")
        company.account_fiscal_country_id = country
        company.currency_id = self.env.ref("base.EUR")
        taxes = self.env["account.tax"].search(domain)
        groups = self.env["account.tax.group"].search(domain)
        self.env["account.fiscal.position"].search(
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

    def build_users(self):
        """One person per role; the password is the login."""
        feature_ids = [self.env.ref(xmlid).id for xmlid in FEATURE_GROUPS]
        runs_all = (self.env.ref("stock.group_stock_manager").id,)
        users = self.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "email": f"{login}@merwede.example.com",
                    "function": title,
                    "tz": TIMEZONE,
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                self.env.ref("base.group_user").id,
                                self.env.ref(f"oms_order_cycle.{group}").id,
                                *(
                                    runs_all
                                    if login in ("manager", "consultant")
                                    else ()
                                ),
                                *feature_ids,
                            ]
                        )
                    ],
                }
                for login, name, title, group in USERS
            ]
        )
        # Odoo's slow hash protects nothing here; it replaces this at the first login.
        quick = pbkdf2_sha512.using(rounds=1000)
        for user in users:
            users._set_encrypted_password(user.id, quick.hash(user.login))
        self.register({f"user_{user.login}": user for user in users})
        teams = self.env["crm.team"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "user_id": self.refs["user_manager"].id,
                }
                for name in ("Merwede Inside Sales", "Merwede Field Sales")
            ]
        )
        self.env["crm.team.member"].create(
            {"crm_team_id": teams[0].id, "user_id": self.refs["user_sales"].id}
        )
        self.register({"team_inside": teams[0], "team_field": teams[1]})

    # -- warehouses and goods ---------------------------------------------------

    def build_warehouses(self):
        """Rotterdam picks, packs and ships in three steps, Venlo in one."""
        Warehouse = self.env["stock.warehouse"]
        # In tests Odoo makes a warehouse with each company.
        present = Warehouse.search([("company_id", "=", self.company.id)])
        partners = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "type": "other",
                    "parent_id": self.company.partner_id.id,
                    "street": street,
                    "zip": zip_code,
                    "city": city,
                    "country_id": self.env.ref("base.nl").id,
                    "company_id": self.company.id,
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
                "company_id": self.company.id,
                "partner_id": partners[0].id,
                "delivery_steps": "pick_pack_ship",
                "sequence": 1,
            },
            {
                "name": "Venlo",
                "code": "VNL",
                "company_id": self.company.id,
                "partner_id": partners[1].id,
                "delivery_steps": "ship_only",
                "sequence": 2,
            },
        ]
        if present:
            vals = {k: v for k, v in vals_list.pop(0).items() if k != "company_id"}
            present[0].write(vals)
        warehouses = present[:1] | Warehouse.create(vals_list)
        self.register({f"warehouse_{wh.code.lower()}": wh for wh in warehouses})
        # batches are made by people here; cartons are planned from plan_cartons on
        self.env["stock.picking.type"].search(
            [("warehouse_id", "in", warehouses.ids)]
        ).write({"auto_batch": False, "oms_plan_packing": False})
        types = PACKAGE_TYPES
        package_types = self.env["stock.package.type"].create(
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
                    "company_id": self.company.id,
                }
                for _key, name, length, width, height, tare, most, code, use in types
            ]
        )
        self.register(
            {
                f"package_{row[0]}": record
                for row, record in zip(PACKAGE_TYPES, package_types, strict=True)
            }
        )

    def build_products(self):
        """Products sold in units and, most of them, in cases."""
        rows = read_csv("products.csv")
        unit = self.env.ref("uom.product_uom_unit")
        sizes = sorted({int(row["case_of"]) for row in rows} - {1})
        cases = self.env["uom.uom"].create(
            [
                {
                    "name": f"Case of {size}",
                    "relative_factor": size,
                    "relative_uom_id": unit.id,
                }
                for size in sizes
            ]
        )
        self.register(
            {f"uom_case_{size}": case for size, case in zip(sizes, cases, strict=True)}
        )
        top = self.env["product.category"].create({"name": "Hospitality Supplies"})
        names = list(dict.fromkeys(row["category"] for row in rows))
        categories = dict(
            zip(
                names,
                self.env["product.category"].create(
                    [{"name": name, "parent_id": top.id} for name in names]
                ),
                strict=True,
            )
        )
        vals_list = []
        for row in rows:
            case = self.refs.get(f"uom_case_{row['case_of']}")
            vals_list.append(
                {
                    "name": row["name"],
                    "default_code": row["sku"],
                    "barcode": row["barcode"],
                    "type": "consu",
                    "is_storable": True,
                    "company_id": self.company.id,
                    "categ_id": categories[row["category"]].id,
                    "uom_id": unit.id,
                    "uom_ids": [Command.set(case.ids)] if case else [],
                    "product_uom_ids": case
                    and [
                        Command.create(
                            {
                                "uom_id": case.id,
                                "barcode": row["case_barcode"],
                                "company_id": self.company.id,
                            }
                        )
                    ]
                    or [],
                    "list_price": float(row["price"]),
                    "standard_price": float(row["cost"]),
                    "weight": float(row["weight_kg"]),
                    "volume": float(row["volume_l"]) / 1000,
                    "invoice_policy": "delivery",
                    "taxes_id": [Command.set(self.company.account_sale_tax_id.ids)],
                    "supplier_taxes_id": [
                        Command.set(self.company.account_purchase_tax_id.ids)
                    ],
                }
            )
        products = self.env["product.product"].create(vals_list)
        self.products = {p.default_code: p for p in products}
        self.product_rows = {row["sku"]: row for row in rows}
        self.register(
            {f"product_{p.default_code.lower().replace('-', '_')}": p for p in products}
        )

    def build_stock(self):
        """Count the stock as an inventory does; Rotterdam keeps it in bins."""
        rot, vnl = self.refs["warehouse_rot"], self.refs["warehouse_vnl"]
        skus = list(self.product_rows)
        bins = self.env["stock.location"].create(
            [
                {
                    "name": f"{'ABCDE'[n // 10]}-{n % 10 + 1:02}",
                    "location_id": rot.lot_stock_id.id,
                    "usage": "internal",
                    "company_id": self.company.id,
                }
                for n in range(len(skus))
            ]
        )
        vals_list = []
        for sku, location in zip(skus, bins, strict=True):
            row = self.product_rows[sku]
            for location_id, quantity in (
                (location.id, float(row["stock_rot"])),
                (vnl.lot_stock_id.id, float(row["stock_vnl"])),
            ):
                if quantity:
                    vals_list.append(
                        {
                            "product_id": self.products[sku].id,
                            "location_id": location_id,
                            "inventory_quantity": quantity,
                        }
                    )
        quants = (
            self.env["stock.quant"].with_context(inventory_mode=True).create(vals_list)
        )
        quants.action_apply_inventory()

    # -- carriers and the order cycle -------------------------------------------

    def build_carriers(self):
        """Fixed and rule-based carriers, each with its own product."""
        country = {code: self.env.ref(f"base.{code}").id for code in BENELUX}
        category = self.env.ref("delivery.product_category_deliveries")
        products = self.env["product.product"].create(
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
                    "company_id": self.company.id,
                    "taxes_id": [Command.set(self.company.account_sale_tax_id.ids)],
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
                "company_id": self.company.id,
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
        carriers = self.env["delivery.carrier"].create(vals_list)
        self.register(
            {
                f"carrier_{row[0]}": carrier
                for row, carrier in zip(CARRIERS, carriers, strict=True)
            }
        )

    def build_cycle(self):
        """Channels, and workflows made from the templates as a consultant does."""
        channels = self.env["oms.channel"].create(
            [
                {
                    "code": code,
                    "name": name,
                    "kind": kind,
                    "sequence": sequence,
                    "company_id": self.company.id,
                    "warehouse_id": self.refs[f"warehouse_{warehouse}"].id,
                    "cutoff_enabled": bool(cutoff),
                    "cutoff_hour": cutoff or 15.0,
                    "tz": TIMEZONE,
                    "require_client_ref": ref_required,
                }
                for sequence, (
                    code,
                    name,
                    kind,
                    cutoff,
                    ref_required,
                    warehouse,
                ) in enumerate(CHANNELS, 1)
            ]
        )
        self.register({f"channel_{channel.code}": channel for channel in channels})
        self.tags = {
            name: self.env["res.partner.category"].create({"name": name})
            for name in ("Prepaid", "Credit Watch")
        }
        for name, criteria in (
            ("credit", {"partner_category_ids": self.tags.values()}),
            ("mto", {"channel_ids": [self.refs["channel_field"]]}),
            ("truck", {"carrier_ids": [self.refs["carrier_truck"]]}),
            (
                "parcel",
                {
                    "carrier_ids": [
                        self.refs["carrier_parcel"],
                        self.refs["carrier_europe"],
                    ]
                },
            ),
        ):
            self._build_workflow(name, criteria)

    def _build_workflow(self, name, criteria):
        """Copy a template for this company, fit it to its hours, and publish it."""
        template = self.env.ref(f"oms_order_cycle.workflow_{name}")
        hold_types = template.hold_type_ids
        prepayment = hold_types.filtered(lambda t: t.check == "prepayment")
        if prepayment:
            # only those who have no terms pay beforehand
            terms = self.env.ref(TERMS["prepaid"])
            hold_types += prepayment.copy(
                {
                    "name": "Prepayment Missing",
                    "code": "PREPAY",
                    "company_id": self.company.id,
                    "domain": f"[('payment_term_id', '=', {terms.id})]",
                }
            )
            hold_types -= prepayment
        workflow = template.copy(
            {
                "name": WORKFLOW_NAMES[name],
                "company_id": self.company.id,
                "sequence": len(self.refs),
                "hold_type_ids": [Command.set(hold_types.ids)],
                **{
                    field: [Command.set([record.id for record in records])]
                    for field, records in criteria.items()
                },
            }
        )
        calendar = self.company.resource_calendar_id
        for stage in workflow.stage_ids:
            hours = ALLOWED_HOURS.get((name, stage.milestone)) or ALLOWED_HOURS.get(
                stage.milestone, stage.allowed_hours
            )
            stage.write(
                {
                    "allowed_hours": hours,
                    "calendar_id": calendar.id if hours else False,
                }
            )
        workflow.action_publish()
        self.register({f"workflow_{name}": workflow})

    # -- customers --------------------------------------------------------------

    def build_customers(self):
        """Customers in several countries, with terms and credit limits."""
        rows = read_csv("customers.csv")
        names = sorted({row["tag"] for row in rows})
        tags = dict(
            zip(
                names,
                self.env["res.partner.category"].create(
                    [{"name": name} for name in names]
                ),
                strict=True,
            )
        )
        # what comes in by itself is looked after by customer service
        people = {
            channel: self.refs[
                "user_service" if channel in ("edi", "web") else "user_sales"
            ].id
            for channel in {row["channel"] for row in rows}
        }
        partners = self.env["res.partner"].create(
            [
                {
                    "name": row["name"],
                    "ref": row["ref"],
                    "is_company": True,
                    "customer_rank": 1,
                    "street": row["street"],
                    "zip": row["zip"],
                    "city": row["city"],
                    "country_id": self.env.ref(f"base.{self._country(row)}").id,
                    "email": row["email"],
                    "phone": row["phone"],
                    "tz": TIMEZONE,
                    "company_id": self.company.id,
                    "user_id": people[row["channel"]],
                    "category_id": [Command.set(self._tag_ids(row, tags))],
                    "property_payment_term_id": self.env.ref(TERMS[row["term"]]).id,
                    "property_delivery_carrier_id": self.refs[
                        f"carrier_{row['carrier']}"
                    ].id,
                    "credit_limit": float(row["credit_limit"]),
                }
                for row in rows
            ]
        )
        self.customer_rows = {row["ref"]: row for row in rows}
        self.customers = {partner.ref: partner for partner in partners}
        self.register(
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
            partner = self.customers[ref]
            children[ref] = {
                "name": name,
                "type": "delivery",
                "parent_id": partner.id,
                "street": street,
                "zip": zip_code,
                "city": city,
                "country_id": partner.country_id.id,
                "company_id": self.company.id,
            }
        self.env["res.partner"].create(list(children.values()))

    def _tag_ids(self, row, tags):
        special = []
        if row["term"] == "prepaid":
            special = self.tags["Prepaid"].ids
        elif row["ref"] in CREDIT_WATCH:
            special = self.tags["Credit Watch"].ids
        return [tags[row["tag"]].id, *special]

    @staticmethod
    def _country(row):
        """Odoo's external id of the country (it spells the United Kingdom ``uk``)."""
        return {"gb": "uk"}.get(row["country"], row["country"])
