from . import oms_allocation
from . import oms_allocation_line
from . import oms_allocation_apply
from . import oms_sourcing_change
from . import oms_allocation_promise
