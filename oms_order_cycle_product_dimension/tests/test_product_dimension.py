from unittest import SkipTest

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestProductDimension(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "product_length" not in cls.env["product.product"]._fields:
            raise SkipTest("the addon product_dimension of OCA is not installed")
        cls.product = cls.env["product.product"].create(
            {
                "name": "Bottle",
                "type": "consu",
                "weight": 0.9,
                "product_length": 8,
                "product_width": 8.05,
                "product_height": 25,
                "dimensional_uom_id": cls.env.ref("uom.product_uom_cm").id,
            }
        )

    def size(self):
        product = self.product
        return product._oms_get_sizes()[product, product.uom_id]

    def test_sides_of_the_product_are_used(self):
        size = self.size()
        self.assertEqual((size.length, size.width, size.height), (80, 81, 250))
        self.assertEqual((size.weight, size.source), (900, "imported"))
        self.assertFalse(size.is_guess)
        self.assertEqual(self.product.oms_width, 80.5)

    def test_inches(self):
        self.product.write(
            {
                "product_length": 12,
                "dimensional_uom_id": self.env.ref("uom.product_uom_inch").id,
            }
        )
        self.assertEqual(self.size().length, 305)

    def test_it_is_not_missing(self):
        Product = self.env["product.product"]
        missing = [("oms_missing_size", "=", True), ("id", "=", self.product.id)]
        self.assertFalse(self.product.oms_missing_size)
        self.assertFalse(self.product.product_tmpl_id.oms_missing_size)
        self.assertFalse(Product.search(missing))
        self.product.product_height = 0
        self.assertTrue(self.product.oms_missing_size)
        self.assertEqual(Product.search(missing), self.product)
        self.assertTrue(self.size().is_guess)

    def test_a_size_of_ours_comes_first(self):
        self.env["oms.product.size"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "length": 82,
                "width": 82,
                "height": 252,
                "fragile": True,
            }
        )
        self.assertEqual(self.size().height, 252)
        self.assertTrue(self.size().fragile)
