from . import oms_promise_key
from . import oms_supply
