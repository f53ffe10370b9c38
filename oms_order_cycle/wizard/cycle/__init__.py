from . import oms_arrival
from . import oms_workflow_try
from . import stock_return_picking
