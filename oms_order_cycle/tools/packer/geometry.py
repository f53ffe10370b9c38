"""Where things lie in a box, as JSON that is kept with plans."""

from decimal import Decimal

from ...packing import Box, Carton, Placement


def pack_geometry(box):
    """A packed box as JSON: the sizes and places that a picture needs."""
    carton = box.carton
    return {
        "inner": list(map(_as_json, carton.inner)),
        "outer": [str(side) for side in carton.outer],
        "cut": carton.cut,
        "margin": carton.margin,
        "placements": [
            [placement.key, *map(_as_json, placement[1:])]
            for placement in box.placements
        ],
    }


def unpack_geometry(geometry, name):
    """The box of ``pack_geometry``, its carton called ``name``."""
    return Box(
        carton=Carton(
            key=name,
            inner=tuple(map(_from_json, geometry["inner"])),
            outer=outer_of(geometry),
            cut=geometry.get("cut"),
            margin=geometry.get("margin") or 0,
        ),
        placements=tuple(
            Placement(row[0], *map(_from_json, row[1:]))
            for row in geometry["placements"]
        ),
        gross=0,
        price=0,
    )


def _as_json(mm):
    """Whole mm as they are, tenths as a number with a point."""
    return float(mm) if isinstance(mm, Decimal) else mm


def _from_json(mm):
    return Decimal(str(mm)) if isinstance(mm, float) else mm


def outer_of(geometry):
    """The three outer sides in exact mm."""
    return tuple(Decimal(side) for side in geometry["outer"])


def keys_in_order(geometries):
    """Keys of what lies in boxes, in the order in which they come up."""
    return list(
        dict.fromkeys(
            placement[0]
            for geometry in geometries
            if geometry
            for placement in geometry["placements"]
        )
    )
