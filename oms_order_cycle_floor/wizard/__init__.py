from . import oms_bay_numbering
