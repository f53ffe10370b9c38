from . import test_edi_ubl
