"""Whether an answer is one: reckoned again, with nothing of what found it."""

from .choose import SAME


def find_faults(orders, free, choices):
    """What is wrong with the choices of a batch.

    :param orders: :class:`~.problem.Order`
    :param free: ``{(product, warehouse): quantity}`` before
    :param choices: ``{order key: Choice}``
    :return: list of ``(code, order key or pair)``; empty if all is well
    """
    faults, used = [], {}
    for order in orders:
        choice = choices[order.key]
        lines = {line.key: line for line in order.lines}
        allowed = {source.key for source in order.sources}
        totals = dict.fromkeys(lines, 0)
        worth, places = {}, {}
        for part in choice.parts:
            line = lines[part.line]
            totals[part.line] += part.parts
            places.setdefault(part.line, set()).add(part.source)
            there = part.parts - part.short
            if part.parts <= 0 or part.short < 0 or there < 0:
                faults.append(("no_quantity", order.key))
            if part.source not in allowed:
                faults.append(("not_allowed", order.key))
            if there:
                worth[part.source] = worth.get(part.source, 0) + there * line.value
            for product, quantity in line.needs:
                pair = product, part.source
                used[pair] = used.get(pair, 0) + quantity * there
        if allowed and any(totals[key] != line.parts for key, line in lines.items()):
            faults.append(("not_all", order.key))
        if len(set(worth) | order.used) > max(order.most, len(order.used), 1):
            faults.append(("too_many_splits", order.key))
        if (
            len(worth) > 1
            and not order.used
            and min(worth.values()) < order.least_value - 2 * SAME
        ):
            faults.append(("split_too_small", order.key))
        if any(
            not lines[key].splittable and len(found) > 1
            for key, found in places.items()
        ):
            faults.append(("line_split", order.key))
    faults += [
        ("more_than_there_is", pair)
        for pair, quantity in used.items()
        if quantity > max(free.get(pair, 0), 0) * (1 + SAME) + SAME
    ]
    return faults
