from . import test_allocation
from . import test_allocation_at_once
from . import test_promise_key
from . import test_shortage
from . import test_dates
from . import test_refresh
from . import test_shortage_tour
