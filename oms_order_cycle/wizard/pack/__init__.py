from . import oms_pack_wizard
from . import oms_pack_wizard_hand
