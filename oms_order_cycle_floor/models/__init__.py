from . import oms_by_walk
from . import stock_location
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import stock_picking_batch
from . import stock_warehouse
