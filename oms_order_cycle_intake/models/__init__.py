from . import oms_customer_code
