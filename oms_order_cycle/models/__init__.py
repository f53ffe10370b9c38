from . import outbox
from . import cycle
from . import hold
from . import freight
from . import pack
from . import oms_carton_study
from . import oms_carton_study_choice
from . import oms_carton_study_run
