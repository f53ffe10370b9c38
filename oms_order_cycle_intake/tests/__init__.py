from . import test_customer_code
from . import test_document
from . import test_document_answer
from . import test_document_tour
from . import test_pad_lines
from . import test_payload
from . import test_submit
