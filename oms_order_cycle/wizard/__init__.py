from . import cycle
from . import hold
from . import freight
from . import pack
