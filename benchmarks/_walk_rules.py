"""Ways to walk a pick list that warehouses use: rules of thumb to compare ours with.

A list is ``[(aisle, position)]`` within the blocks of a layout, the depot at the front.
Sources: Hall (1993); several blocks: Roodbergen & De Koster (2001).
"""

from itertools import pairwise


def name_order(layout, picks):
    """As Odoo lists them: by the names of bays, aisle by aisle."""
    return layout.measure(sorted(picks))


def serpentine(picks):
    """One fixed number for each bay: up in even aisles, down in odd ones."""
    return sorted(picks, key=lambda pick: (pick[0], pick[1] * (-1) ** pick[0]))


def s_shape(layout, picks):
    """Through every aisle that holds a pick."""

    def serve(way, places, near, far, side):
        aisles = list(places)
        for aisle in aisles:
            way.append((aisle, side))
            if aisle == aisles[-1] and side == near:
                way += [(aisle, places[aisle][-1]), (aisle, near)]
            else:
                side = near + far - side
                way.append((aisle, side))
        if side != near:
            way.append((aisles[-1], near))

    return _walk_blocks(layout, picks, serve)


def largest_gap(layout, picks):
    """In and back from both ends, all but the largest gap."""

    def serve(way, places, near, far, side):
        aisles = list(places)
        if len(aisles) == 1:
            [aisle] = aisles
            ends = [(aisle, near), (aisle, places[aisle][-1])]
            way += [*ends, ends[0]] if side == near else [(aisle, far), (aisle, near)]
            return
        inner = aisles[1:-1] if side == near else aisles[:-1]
        if side == near:
            way += [(aisles[0], near), (aisles[0], far)]
        for aisle in inner:
            _front, back = _split(places[aisle], near, far)
            if back:
                way += [(aisle, far), (aisle, back[0]), (aisle, far)]
        way += [(aisles[-1], far), (aisles[-1], near)]
        for aisle in reversed(inner):
            front, _back = _split(places[aisle], near, far)
            if front:
                way += [(aisle, near), (aisle, front[-1]), (aisle, near)]

    return _walk_blocks(layout, picks, serve)


def combined(layout, picks):
    """Each aisle through or in and back, whichever is shorter for the whole; one block.

    :return: None where there are several blocks
    """
    if len(layout.blocks) > 1:
        return None
    [(near, far)] = layout.blocks
    places = _group(picks, near, far)
    depot, pitch = layout.depot[0], layout.pitch
    first, last = min(places), max(places)
    front, back = abs(depot - first) * pitch, float("inf")
    before = first
    for aisle, inside in places.items():
        front += (aisle - before) * pitch
        back += (aisle - before) * pitch
        front, back = (
            min(front + 2 * (inside[-1] - near), back + far - near),
            min(back + 2 * (far - inside[0]), front + far - near),
        )
        before = aisle
    return front + abs(depot - last) * pitch


def _group(picks, near, far):
    """``{aisle: positions}`` of one block, both in their order."""
    places = {}
    for aisle, position in sorted(picks):
        if near < position < far:
            places.setdefault(aisle, []).append(position)
    return places


def _split(positions, near, far):
    """What is fetched from the near end and from the far end."""
    edges = [near, *positions, far]
    gaps = [after - before for before, after in pairwise(edges)]
    index = gaps.index(max(gaps))
    return positions[:index], positions[index:]


def _walk_blocks(layout, picks, serve):
    """Up the leftmost aisle to the farthest block, and back block by block."""
    left = min(picks)[0]
    way, todo = [layout.depot, (left, layout.blocks[0][0])], set(picks)
    farthest = max(end for end in layout.blocks if _group(picks, *end))
    if farthest != layout.blocks[0]:
        way.append((left, farthest[0]))
        todo -= {pick for pick in picks if pick[0] == left and pick[1] < farthest[0]}
    for near, far in reversed(layout.blocks[: layout.blocks.index(farthest) + 1]):
        places = _group(todo, near, far)
        if not places:
            way.append((way[-1][0], near))
            continue
        here, side = way[-1][0], near if far == farthest[1] else far
        if side == far and abs(here - max(places)) < abs(here - min(places)):
            places = dict(reversed(places.items()))
        serve(way, places, near, far, side)
    return _measure(layout, [*way, layout.depot], picks)


def _measure(layout, way, picks):
    """Length of a walk from corner to corner, which must come by every pick."""
    left = set(picks)
    for (aisle, start), (_aisle, end) in pairwise(way):
        low, high = sorted((start, end))
        left -= {p for p in left if p[0] == aisle == _aisle and low <= p[1] <= high}
    assert not left, left
    return sum(layout.distance(here, there) for here, there in pairwise(way))
