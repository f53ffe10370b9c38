"""How far customers are from warehouses."""

from math import asin, cos, radians, sin, sqrt

_EARTH = 6371.0  # km
#: How far apart addresses count that only their words are known of: more than within
#: what they have in common.
_OTHER_COUNTRY, _SAME_COUNTRY, _SAME_STATE = 1000.0, 600.0, 300.0
_SAME_DIGIT = 100.0


def measure_distances(address, warehouses):
    """How far each warehouse is from an address.

    In kilometres where all coordinates are known; else by what the addresses have in
    common: country, state, and the first digits of the postal code.

    :param address: ``res.partner``
    :param warehouses: ``stock.warehouse``
    :return: ``{warehouse: distance}``, to be compared with each other only; None of
        those without an address, when others have one
    """
    if _is_located(address) and all(
        _is_located(warehouse.partner_id) for warehouse in warehouses
    ):
        return {
            warehouse: _measure(address, warehouse.partner_id)
            for warehouse in warehouses
        }
    return {
        warehouse: _compare(address, warehouse.partner_id) for warehouse in warehouses
    }


def _is_located(partner):
    return bool(partner.partner_latitude or partner.partner_longitude)


def _measure(one, other):
    """By the great circle."""
    latitudes = radians(one.partner_latitude), radians(other.partner_latitude)
    width = radians(other.partner_longitude - one.partner_longitude)
    height = latitudes[1] - latitudes[0]
    chord = (
        sin(height / 2) ** 2
        + cos(latitudes[0]) * cos(latitudes[1]) * sin(width / 2) ** 2
    )
    return 2 * _EARTH * asin(sqrt(min(chord, 1.0)))


def _compare(one, other):
    if not other.country_id:
        return None
    if one.country_id != other.country_id:
        return _OTHER_COUNTRY
    common = 0
    for left, right in zip(
        (one.zip or "").upper(), (other.zip or "").upper(), strict=False
    ):
        if left != right:
            break
        common += 1
    distance = _SAME_COUNTRY - _SAME_DIGIT * min(common, 5)
    if one.state_id and one.state_id == other.state_id:
        distance = min(distance, _SAME_STATE)
    return distance
