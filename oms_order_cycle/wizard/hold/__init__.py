from . import oms_hold_lift
from . import oms_hold_override
from . import oms_hold_place
from . import sale_advance_payment_inv
