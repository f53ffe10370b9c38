"""Names of what is derived from the documents of an order."""

from .milestones import FACT_FIELDS

#: Stored results of the cycle; what the journal compares.
CYCLE_FIELDS = (*FACT_FIELDS, "oms_stage_id", "oms_cycle_state")
#: All that is derived together.
DERIVED_FIELDS = (
    *CYCLE_FIELDS,
    "oms_goods",
    "oms_stage_since",
    "oms_stage_deadline",
    "oms_revision",
)
