from . import test_edifact
