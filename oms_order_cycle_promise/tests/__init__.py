from . import test_allocation
from . import test_allocation_at_once
from . import test_promise_key
from . import test_shortage
