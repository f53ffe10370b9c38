from . import test_carton_study
from . import test_carton_study_tour
