from . import oms_import
from . import pad
