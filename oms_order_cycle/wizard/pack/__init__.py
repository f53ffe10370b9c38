from . import oms_pack_wizard
from . import oms_pack_wizard_apply
from . import oms_pack_wizard_hand
from . import stock_put_in_pack
