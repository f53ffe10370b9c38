from . import test_facts
from . import test_outbox
from . import test_workflow
from . import test_hold_rules
from . import test_holds
from . import test_security
from . import test_ways
from . import test_dim_rule
