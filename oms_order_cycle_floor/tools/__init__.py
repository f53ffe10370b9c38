from . import warehouse_map
