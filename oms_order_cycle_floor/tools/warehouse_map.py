"""Where bays are, in the unit in which a warehouse is measured."""

import re

from ..walk import Layout

#: what is more is a slip of the pen
MOST_BAYS = 10000
MOST_BLOCKS = 50


class WarehouseMap:
    """From numbers of aisles, blocks and bays to distances.

    :param warehouse: ``stock.warehouse``, or what has the fields of its layout
    :param bays_of_blocks: how many bays an aisle has in each block, from the front
    """

    def __init__(self, warehouse, bays_of_blocks):
        self.bay_width = warehouse.oms_bay_width
        self.cross_width = warehouse.oms_cross_aisle_width
        self.pitch = warehouse.oms_aisle_pitch
        self.depot = max(warehouse.oms_depot_aisle, 1) - 1, warehouse.oms_depot_distance
        self.starts = [0]
        for bays in bays_of_blocks or [1]:
            length = self.cross_width + max(bays, 1) * self.bay_width
            self.starts.append(self.starts[-1] + length)

    def locate(self, aisle, block, position):
        """The point of a bay; all counted from 1."""
        start = self.starts[min(max(block, 1), len(self.starts) - 1) - 1]
        along = self.cross_width / 2 + (position - 0.5) * self.bay_width
        return aisle - 1, start + along

    def make_layout(self, points):
        """A layout that has these points."""
        aisles = max([self.depot[0], *(aisle for aisle, _along in points)]) + 1
        blocks = list(zip(self.starts, self.starts[1:], strict=False))
        return Layout(aisles, blocks, self.pitch, self.depot)


def read_bays(text):
    """Bays of each block, as people type them: ``23, 23``.

    :raises ValueError: other than whole numbers of at least 1, with commas between
    """
    words = [word for word in re.split(r"[\s,;+]+", text or "") if word]
    bays = [int(word) for word in words]
    if len(bays) > MOST_BLOCKS or not all(1 <= count <= MOST_BAYS for count in bays):
        raise ValueError(text)
    return bays


def write_bays(bays_of_blocks):
    """The text that ``read_bays`` reads."""
    return ", ".join(map(str, bays_of_blocks))
