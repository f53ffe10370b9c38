from . import test_customer_code
from . import test_payload
from . import test_submit
from . import test_pad_lines
