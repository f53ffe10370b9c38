from . import oms_product_measure
from . import oms_typical_cartons
