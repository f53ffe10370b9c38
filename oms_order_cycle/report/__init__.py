from . import oms_packing_slip
