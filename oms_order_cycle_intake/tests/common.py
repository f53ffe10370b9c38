from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon


class IntakeCommon(OrderCycleCommon):
    """A channel over which a program hands in orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.ref = "C-1"
        cls.product_a.write({"default_code": "A-1", "barcode": "5412345000013"})
        cls.product_b.default_code = "B-1"
        cls.channel = cls.create_channel("EDI")

    @classmethod
    def create_channel(cls, code, **values):
        return cls.env["oms.channel"].create(
            {
                "name": f"Channel {code}",
                "code": code,
                "kind": "edi",
                "tz": "UTC",
                **values,
            }
        )

    @classmethod
    def payload(cls, *lines, **values):
        """A good order of ten of A; lines are (code, quantity) or whole lines."""
        lines = lines or (("A-1", 10),)
        return {
            "version": 1,
            "channel": "EDI",
            "external_ref": "PO-1",
            "customer": {"ref": "C-1"},
            "lines": [
                line
                if isinstance(line, dict)
                else {
                    "ref": str(number * 10),
                    "product": {"code": line[0]},
                    "qty": line[1],
                }
                for number, line in enumerate(lines, start=1)
            ],
            **values,
        }

    @classmethod
    def submit(cls, *payloads, user=None):
        orders = cls.env["sale.order"]
        return orders.with_user(user or cls.env.user).oms_submit_orders(list(payloads))

    def take(self, payload=None, **values):
        """Hand in one order that is taken; the order."""
        [result] = self.submit(payload or self.payload(**values))
        self.assertIn(result["status"], ("created", "changed"), result["errors"])
        return self.env["sale.order"].browse(result["order_id"])

    def codes(self, result, key="errors"):
        return [(error["path"], error["code"]) for error in result[key]]

    def assertRefused(self, payload, *codes, user=None):
        """Refused with these faults, in any order, and no order is made."""
        before = self.env["sale.order"].search_count([])
        [result] = self.submit(payload, user=user)
        self.assertEqual(result["status"], "refused", result)
        self.assertCountEqual([code for _path, code in self.codes(result)], codes)
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertTrue(all(error["message"] for error in result["errors"]))
        return result
