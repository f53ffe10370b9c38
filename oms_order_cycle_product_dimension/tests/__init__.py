from . import test_product_dimension
