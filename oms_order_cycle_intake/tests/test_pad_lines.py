from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import IntakeCommon


@tagged("post_install", "-at_install")
class TestPadLines(IntakeCommon):
    """What a line costs that is asked for, when it comes, what is wrong with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("product.group_product_pricelist")
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "OMS Wholesale",
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": cls.product_a.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                            "min_quantity": quantity,
                        }
                    )
                    for price, quantity in ((8.0, 0), (7.0, 12))
                ]
                + [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 12.5}
                    )
                ],
            }
        )
        cls.customer.property_product_pricelist = cls.pricelist
        cls.product_a.uom_ids = cls.case
        cls.product_b.write({"oms_min_qty": 4, "oms_multiple_qty": 4})

    def ask(self, *lines, partner=None, company=None, **kwargs):
        """Answers to lines of (product, quantity, more values)."""
        return self.env["sale.order"]._oms_answer_lines(
            partner or self.customer,
            [
                {"product_id": product.id, "qty": qty, **(more[0] if more else {})}
                for product, qty, *more in lines
            ],
            company or self.company,
            **kwargs,
        )

    def test_prices_are_those_of_the_order(self):
        lines = (
            (self.product_a, 11, self.unit),
            (self.product_a, 12, self.unit),
            (self.product_a, 2, self.case),
            (self.product_b, 4, self.unit),
            (self.service, 3, self.unit),
        )
        order = self.create_order(*lines, confirm=False)
        answers = self.ask(
            *((product, qty, {"uom_id": unit.id}) for product, qty, unit in lines)
        )
        self.assertEqual(
            [answer["price"] for answer in answers], [8.0, 7.0, 42.0, 8.75, 8.75]
        )
        for answer, line in zip(answers, order.order_line, strict=True):
            self.assertAlmostEqual(answer["amount"], line.price_subtotal)
            self.assertAlmostEqual(
                answer["price"], line.price_unit * (1 - line.discount / 100)
            )
            self.assertEqual(answer["currency"], order.currency_id.name)

    def test_taxes_in_prices(self):
        tax = self.env["account.tax"].create(
            {
                "name": "OMS Tax Included",
                "amount": 25,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
            }
        )
        self.product_b.taxes_id = tax
        order = self.create_order((self.product_b, 4), confirm=False)
        [answer] = self.ask((self.product_b, 4))
        self.assertAlmostEqual(answer["price"], 8.75)
        self.assertAlmostEqual(answer["amount"], order.amount_untaxed)
        self.assertAlmostEqual(answer["amount"], 28.0)

    def test_price_in_words(self):
        self.pricelist.item_ids.filtered("product_id").unlink()
        self.env["decimal.precision"].search(
            [("name", "=", "Product Price")]
        ).digits = 3
        self.product_a.list_price = 0.5
        [answer] = self.ask((self.product_a, 10))
        self.assertIn("0.438", answer["price_words"])
        self.assertIn("4.38", answer["amount_words"])

    def test_right_quantity_is_proposed(self):
        few, odd, good, none = self.ask(
            (self.product_b, 1), (self.product_b, 10), (self.product_b, 8),
            (self.product_b, False),
        )  # fmt: skip
        [fault] = few["faults"]
        self.assertEqual(fault["code"], "qty_below_minimum")
        self.assertEqual(fault["proposal"], {"qty": 4.0, "uom_id": self.unit.id})
        [fault] = odd["faults"]
        self.assertEqual(fault["code"], "qty_not_multiple")
        self.assertIn("12", fault["message"])
        self.assertEqual(fault["proposal"]["qty"], 12.0)
        self.assertEqual((good["faults"], none["faults"]), ([], []))
        self.assertEqual((good["min_qty"], good["multiple_qty"]), (4, 4))
        self.assertFalse(none["qty"])
        self.assertEqual(none["price"], 8.75)

    def test_bad_quantity_and_day(self):
        yesterday = fields.Date.to_string(fields.Date.today() - timedelta(days=2))
        negative, past = self.ask(
            (self.product_a, -1), (self.product_a, 1, {"date": yesterday})
        )
        self.assertEqual([f["code"] for f in negative["faults"]], ["qty_not_positive"])
        self.assertEqual([f["code"] for f in past["faults"]], ["date_past"])

    def test_units(self):
        gram = self.env.ref("uom.product_uom_gram")
        (gram | self.dozen).active = True
        mine, dozen, other, deleted = self.ask(
            (self.product_a, 1, {"uom_id": self.case.id}),
            (self.product_a, 1, {"uom_id": self.dozen.id}),
            (self.product_a, 1, {"uom_id": gram.id}),
            (self.product_a, 1, {"uom_id": 2**31 - 1}),
        )
        self.assertEqual(mine["uom_id"], self.case.id)
        self.assertEqual(
            [unit["id"] for unit in mine["uoms"]], [self.unit.id, self.case.id]
        )
        self.assertEqual((dozen["uom_id"], dozen["price"]), (self.dozen.id, 84.0))
        self.assertEqual([f["code"] for f in other["faults"]], ["uom_other_category"])
        self.assertEqual([f["code"] for f in deleted["faults"]], ["uom_other_category"])

    def test_what_is_not_sold_is_not_told_apart(self):
        other = self.create_company("OMS Other Distributor")
        gone = self.create_product("OMS Gone", active=False)
        foreign = self.create_product("OMS Foreign", 0, company_id=other.id)
        inside = self.create_product("OMS Inside", sale_ok=False)
        deleted = self.create_product("OMS Deleted", 0)
        deleted_id = deleted.id
        deleted.unlink()
        answers = self.env["sale.order"]._oms_answer_lines(
            self.customer,
            [
                {"product_id": product_id, "qty": 1, "text": "X-1"}
                for product_id in (gone.id, foreign.id, inside.id, deleted_id, False)
            ],
            self.company,
        )
        for answer in answers:
            self.assertEqual(answer, answers[0])
        self.assertFalse(answers[0]["product_id"])
        self.assertEqual(answers[0]["name"], "")
        [fault] = answers[0]["faults"]
        self.assertEqual(fault["code"], "product_not_found")

    def test_availability_in_words(self):
        scarce = self.create_product("OMS Scarce", quantity=10)
        asked = self.ask((scarce, 2, {"uom_id": self.unit.id}), (scarce, 9))
        self.assertEqual(
            [answer["availability"] for answer in asked],
            [
                {"code": "in_stock", "date": False, "words": "in stock"},
                {"code": "to_order", "date": False, "words": "to order"},
            ],
        )
        words = self.env["sale.order"]._oms_describe_availability
        today = fields.Date.context_today(self.customer)
        self.assertEqual(words("from", today.replace(month=12, day=3)), "from Dec 3")
        self.assertEqual(
            words("from", today.replace(year=today.year + 1, month=1, day=3)),
            f"from Jan 3, {today.year + 1}",
        )

    def test_warehouse_of_the_channel(self):
        other = self.env["stock.warehouse"].create(
            {"name": "OMS Other", "code": "OMSO", "company_id": self.company.id}
        )
        self.channel.warehouse_id = other
        [here] = self.ask((self.product_a, 1))
        [there] = self.ask((self.product_a, 1), channel=self.channel)
        self.assertEqual(here["availability"]["code"], "in_stock")
        self.assertEqual(there["availability"]["code"], "to_order")

    def test_last_bought(self):
        contact = self.create_customer("OMS Buyer", parent_id=self.customer.id)
        self.create_order((self.product_a, 3))
        self.create_order((self.product_a, 2, self.case), partner_id=contact.id)
        self.create_order((self.product_b, 4), confirm=False)
        stranger = self.create_customer("OMS Stranger")
        self.create_order((self.product_b, 8), partner_id=stranger.id)
        mine, never = self.ask((self.product_a, 1), (self.product_b, 4))
        self.assertEqual(
            (mine["last"]["qty"], mine["last"]["uom"]), (2, self.case.name)
        )
        self.assertAlmostEqual(mine["last"]["price"], 42.0)
        self.assertFalse(never["last"])

    def test_products_bought(self):
        gone = self.create_product("OMS Gone")
        self.create_order((self.product_a, 3), (gone, 1))
        self.create_order((self.product_b, 8), (self.product_a, 5))
        gone.active = False
        bought = self.env["sale.order"]._oms_get_products_bought(
            self.customer, self.company
        )
        self.assertEqual(
            [(line["product_id"], line["qty"]) for line in bought],
            [(self.product_a.id, 5), (self.product_b.id, 8)],
        )

    def test_other_company(self):
        other = self.create_company("OMS Other Distributor")
        self.create_order((self.product_a, 3))
        [answer] = self.ask((self.product_a, 1), company=other)
        self.assertEqual(answer["price"], 10.0)
        self.assertFalse(answer["last"])
        self.assertEqual(answer["availability"]["code"], "to_order")

    def test_queries_do_not_grow(self):
        products = [
            self.create_product(
                f"OMS Many {number}",
                quantity=number,
                uom_ids=[Command.set(self.case.ids)],
            )
            for number in range(12)
        ]
        self.create_order(*((product, 1) for product in products[:6]))
        self.env.flush_all()

        def count(some):
            lines = [(product, n + 1) for n, product in enumerate(some)]
            self.env.invalidate_all()
            self.ask(*lines)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.ask(*lines)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(products), count(products[:2]) + 2)
        # nor where the price list is based on another, and that on a third
        for _level in range(2):
            self.customer.property_product_pricelist = self.create_pricelist_on(
                self.customer.property_product_pricelist
            )
        self.assertLessEqual(count(products), count(products[:2]) + 2)

    def create_pricelist_on(self, base):
        return self.env["product.pricelist"].create(
            {
                "name": f"OMS on {base.name}",
                "currency_id": base.currency_id.id,
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "formula",
                            "base": "pricelist",
                            "base_pricelist_id": base.id,
                            "price_discount": 10,
                        }
                    )
                ],
            }
        )

    def test_price_list_on_price_list(self):
        """Tiers and products of the list below count as in an order."""
        self.customer.property_product_pricelist = self.create_pricelist_on(
            self.pricelist
        )
        lines = ((self.product_a, 11), (self.product_a, 12), (self.product_b, 4))
        order = self.create_order(*lines, confirm=False)
        answers = self.ask(*lines)
        self.assertEqual([answer["price"] for answer in answers], [7.2, 6.3, 7.875])
        for answer, line in zip(answers, order.order_line, strict=True):
            self.assertAlmostEqual(
                answer["price"], line.price_unit * (1 - line.discount / 100)
            )
