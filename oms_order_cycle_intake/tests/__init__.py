from . import test_customer_code
