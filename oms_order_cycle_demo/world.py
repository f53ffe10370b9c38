"""What all who build the demo company share: where it is built, and what is there."""

import csv

from odoo.tools import file_open

#: Name that stands for a module in the external ids of the demo company. It is not the
#: addon's: uninstalling the addon leaves the company and its documents as they are.
XMLID_MODULE = "oms_demo"
#: Time zone in which the people of the demo company work.
TIMEZONE = "Europe/Amsterdam"


def read_csv(name):
    """Rows of a file of the folder ``csv``, as dicts."""
    with file_open(f"oms_order_cycle_demo/csv/{name}") as data:
        return list(csv.DictReader(data))


class World:
    """The environment in which the company is built, and its records by name."""

    def __init__(self, env):
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
        self.company = self.env["res.company"]
        #: records by the name of their external id
        self.refs = {}
        #: products by reference, and the rows that they were made of
        self.products, self.product_rows = {}, {}
        #: customers by reference, and the rows that they were made of
        self.customers, self.customer_rows = {}, {}
        #: tags of customers by which workflows are chosen, by name
        self.workflow_tags = {}

    @property
    def is_built(self):
        """Whether the company is there already."""
        return bool(self.env.ref(f"{XMLID_MODULE}.company", raise_if_not_found=False))

    def enter(self, company):
        """From now on everything is made in this company."""
        self.env = self.root_env(
            context={
                **self.root_env.context,
                "allowed_company_ids": company.ids,
                "skip_sms": True,
            }
        )
        self.company = company.with_env(self.env)

    def register(self, records_by_name):
        """Give records an external id and keep them in ``refs``."""
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
