"""The phases of the business: what stages of all workflows have in common.

A stage belongs to the phase in which people work towards its milestone.
"""

#: Keys begin with their number, so that they sort in the order of the work.
PHASES = (
    "1_taken",
    "2_release",
    "3_pick",
    "4_pack",
    "5_ship",
    "6_way",
    "7_invoice",
    "8_collect",
)

_PHASE_OF = {
    "confirmed": "1_taken",
    "released": "2_release",
    "picked": "3_pick",
    "packed": "4_pack",
    "loaded": "5_ship",
    "shipped": "5_ship",
    "delivered": "6_way",
    "invoiced": "7_invoice",
    "paid": "8_collect",
}


def find_phases(milestones):
    """The phase of each stage of a workflow.

    A stage that ends otherwise (an approval, a condition) stands in the way of the
    milestone that comes next, or after the last belongs to that.

    :param milestones: of the stages in their order, None where a stage has none
    :rtype: list[str]
    """
    phases = []
    following = None
    for milestone in reversed(milestones):
        following = _PHASE_OF.get(milestone, following)
        phases.append(following)
    phases.reverse()
    before = PHASES[0]
    for position, phase in enumerate(phases):
        before = phases[position] = phase or before
    return phases
