from . import oms_load
from . import oms_hold_type
from . import sale_order
