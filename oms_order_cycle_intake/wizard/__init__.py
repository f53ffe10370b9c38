from . import oms_intake_correct
