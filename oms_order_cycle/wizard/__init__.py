from . import oms_hold_lift
from . import oms_hold_override
from . import oms_hold_place
from . import oms_product_measure
from . import oms_workflow_try
from . import sale_make_invoice_advance
from . import oms_pack_wizard
from . import oms_pack_wizard_hand
