import psycopg2

from odoo.tests import TransactionCase
from odoo.tools import mute_logger


class TestCustomerCode(TransactionCase):
    def test_once_per_customer(self):
        first, second = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        product = self.env["product.product"].create({"name": "Cup"})
        values = {"product_id": product.id, "code": "K-1"}
        self.env["oms.customer.code"].create(
            [{**values, "partner_id": partner.id} for partner in first + second]
        )
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            self.env["oms.customer.code"].create(
                {**values, "partner_id": first.id, "code": "k-1"}
            )
