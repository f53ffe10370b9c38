from . import test_bay_numbering
from . import test_bay_numbering_tour
from . import test_walk
