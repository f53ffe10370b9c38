from . import test_flow
from . import test_extending
