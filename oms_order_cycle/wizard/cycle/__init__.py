from . import oms_chosen_orders
from . import oms_arrival
from . import oms_approval
from . import oms_workflow_publish
from . import oms_workflow_try
from . import sale_advance_payment_inv
from . import stock_return_picking
