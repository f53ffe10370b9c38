from . import oms_carton_study
from . import oms_carton_study_ask
from . import oms_carton_study_choice
from . import oms_carton_study_carton
from . import oms_carton_study_run
