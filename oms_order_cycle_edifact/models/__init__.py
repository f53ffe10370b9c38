from . import oms_intake
