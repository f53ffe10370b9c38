from . import oms_product_measure
