from . import outbox
from . import cycle
from . import hold
from . import freight
from . import pack
from . import oms_my_turn
from . import oms_setup_guide
