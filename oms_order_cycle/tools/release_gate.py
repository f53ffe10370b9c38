"""Which stages of a workflow keep orders from the warehouse until they are left."""

#: The milestones that an order reaches in the warehouse or after it.
AFTER_RELEASE = ("picked", "packed", "loaded", "shipped", "delivered")


def count_gate(stages, approvals_gate):
    """How many stages, from the first on, an order must have left to be released.

    :param stages: ``(kind, milestone)`` of each stage, in their order
    :param bool approvals_gate: whether an approval before the first stage in the
        warehouse holds the release though no stage ends with it
    :return: 0 when nothing but holds stands between confirmation and warehouse
    """
    approvals = 0
    for position, (kind, milestone) in enumerate(stages):
        if kind == "milestone" and milestone == "released":
            return position
    for position, (kind, milestone) in enumerate(stages):
        if kind == "milestone" and milestone in AFTER_RELEASE:
            break
        if kind == "approval":
            approvals = position + 1
    return approvals if approvals_gate else 0
