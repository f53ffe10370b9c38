"""The nine milestones of an order, and the fields that keep when they were reached.

They are closed: a stage of a workflow may end with any of them, a companion may tell
when one is reached (see ``FactsQuery``), but no addon adds another.
"""

#: Milestones of the goods, in the order in which an order reaches them; each implies
#: those before.
GOODS_MILESTONES = ("released", "picked", "packed", "loaded", "shipped", "delivered")
#: Milestones that only concern what is invoiced.
CASH_MILESTONES = ("invoiced", "paid")
#: All milestones in the order in which an order normally reaches them.
MILESTONES = ("confirmed", *GOODS_MILESTONES, *CASH_MILESTONES)
#: When each was reached, on ``sale.order``.
FACT_FIELDS = tuple(f"oms_{milestone}_at" for milestone in MILESTONES)
#: Milestones of goods that go out: what comes back is not picked, packed or loaded.
OUTGOING_MILESTONES = ("picked", "packed", "loaded")


def applies_to(milestone, goods, has_cash):
    """Whether a confirmed order can reach a milestone at all.

    :param str goods: what it has of goods, see ``oms_goods`` of ``sale.order``
    :param bool has_cash: whether there is anything to invoice
    """
    if milestone == "confirmed":
        return True
    if milestone in CASH_MILESTONES:
        return has_cash
    if milestone in OUTGOING_MILESTONES:
        return goods == "wanted"
    return goods in ("wanted", "back")
