"""Weight rules of common carriers, as data for ``billing``.

Looked up in November 2026 in copies of public pages; the source says which kind, the
confidence how sure it is. Surcharge *amounts* are not here: they change several times
a year. Contracts decide: a company overrides what it has negotiated.
"""

from __future__ import annotations

from datetime import date

from .billing import Rule, Trigger

ROUNDING_CHANGE = date(2025, 8, 18)  # UPS and FedEx: any fraction of an inch goes up
BEFORE_CHANGE = date(2025, 8, 17)
USPS_CHANGE = date(2026, 7, 12)
BEFORE_USPS_CHANGE = date(2026, 7, 11)


def _parcel_triggers(cube_from: date, ahs_least: int | None) -> tuple[Trigger, ...]:
    """UPS and FedEx in the United States: equal limits, in force a fortnight apart."""
    ahs = {"min_billable": ahs_least, "confidence": "A"}
    large = {
        "code": "LARGE", "min_billable": 90, "excludes": ("AHS_DIM", "AHS_WGT"),
        "confidence": "A",
    }  # fmt: skip
    return (
        Trigger("AHS_WGT", weight_gt=50, excludes=("AHS_DIM",), confidence="A"),
        Trigger("AHS_DIM", longest_gt=48, second_gt=30, length_girth_gt=105, **ahs),
        Trigger("AHS_DIM", volume_gt=10368, date_from=cube_from, **ahs),
        Trigger(longest_gt=96, length_girth_gt=130, **large),
        Trigger(volume_gt=17280, weight_gt=110, date_from=cube_from, **large),
        Trigger(
            "MAX", longest_gt=108, length_girth_gt=165, weight_gt=150,
            min_billable=90, excludes=("LARGE", "AHS_DIM", "AHS_WGT"), confidence="A",
        ),
    )  # fmt: skip


UPS_TRIGGERS = _parcel_triggers(date(2026, 1, 26), None)
FEDEX_TRIGGERS = _parcel_triggers(date(2026, 1, 12), 40)
USPS_TRIGGERS = (
    Trigger("LENGTH_22", longest_gt=22, confidence="A"),
    Trigger("LENGTH_30", longest_gt=30, excludes=("LENGTH_22",), confidence="A"),
    Trigger("VOLUME", volume_gt=3456, confidence="A"),
    Trigger("OVERSIZED", length_girth_gt=108, confidence="A"),
    Trigger("MAX", length_girth_gt=130, weight_gt=70, excludes=("OVERSIZED",),
            confidence="A"),
)  # fmt: skip
DPD_TRIGGERS = (
    Trigger("NON_CONVEYABLE", longest_gt=120, second_gt=60, volume_gt=150000,
            confidence="A"),
    Trigger("MAX", longest_gt=175, length_girth_gt=300, weight_gt="31.5",
            excludes=("NON_CONVEYABLE",), confidence="A"),
)  # fmt: skip
GLS_TRIGGERS = (
    Trigger("MAX", longest_gt=200, second_gt=80, length_girth_gt=300, weight_gt=40,
            confidence="A"),
)  # fmt: skip

_US_PARCEL = {"units": "in_lb", "divisor": 139, "confidence": "A"}
_USPS = {
    "code": "usps", "units": "in_lb", "vol_threshold": 1728, "triggers": USPS_TRIGGERS,
}  # fmt: skip
# lb per cubic foot from -> class, NMFC Docket 2025-1
_DENSITY_CLASSES = (
    (0, "400"), (1, "300"), (2, "250"), (4, "175"), (6, "125"), (8, "100"),
    (10, "92.5"), (12, "85"), (15, "70"), ("22.5", "65"), (30, "60"), (35, "55"),
    (50, "50"),
)  # fmt: skip
_HALF_KILO = {"weight_step": "0.5", "actual_step": "0.5"}

RULES: tuple[Rule, ...] = (
    Rule("ups_us", **_US_PARCEL, dim_round="half_up", triggers=UPS_TRIGGERS,
         date_to=BEFORE_CHANGE, source="ups.com dimensional weight pages"),
    Rule("ups_us", **_US_PARCEL, triggers=UPS_TRIGGERS, date_from=ROUNDING_CHANGE,
         source="trade press on the rounding change of 2025-08-18"),
    Rule("fedex_us", **_US_PARCEL, dim_round="half_up", triggers=FEDEX_TRIGGERS,
         date_from=date(2017, 1, 2), date_to=BEFORE_CHANGE, source="FedEx text"),
    Rule("fedex_us", **_US_PARCEL, triggers=FEDEX_TRIGGERS, date_from=ROUNDING_CHANGE,
         source="trade press on the rounding change of 2025-08-18"),
    Rule(**_USPS, divisor=166, dim_round="half_up", date_from=date(2019, 6, 23),
         date_to=BEFORE_USPS_CHANGE, source="DMM; divisor A, rounding B"),
    Rule(**_USPS, divisor=139, date_from=USPS_CHANGE,
         source="notice of 2026-05-11, secondary sources"),
    Rule("dhl_express", "cm_kg", divisor=5000, **_HALF_KILO,
         source="DHL Express pages; divisor A, rounding B, sides C"),
    Rule("iata_air", "cm_kg", divisor=6000, dim_round="half_up", **_HALF_KILO,
         scope="shipment", source="freight forwarders; weight step C"),
    Rule("iata_air_in", "in_kg", divisor=366, dim_round="half_up", **_HALF_KILO,
         scope="shipment", confidence="A", source="freight forwarders"),
    Rule("road_eu", "m_kg", kg_per_m3=333, kg_per_ldm=1850, ldm_over=2,
         dim_round="none", scope="shipment", confidence="A",
         source="convention of European forwarders; the contract decides"),
    Rule("road_nordic", "m_kg", kg_per_m3=333, kg_per_ldm=2000, ldm_over=2,
         dim_round="none", scope="shipment", confidence="A",
         source="convention of Scandinavian forwarders"),
    Rule("dpd_classic", "cm_kg", triggers=DPD_TRIGGERS, confidence="A",
         weight_step=0, actual_step=0, source="DPD pages of DE, CH, SI, CZ"),
    Rule("dpd_ee", "cm_kg", divisor=4000, triggers=DPD_TRIGGERS, confidence="A",
         weight_step=0, actual_step=0, source="DPD Estonia"),
    Rule("gls", "cm_kg", triggers=GLS_TRIGGERS, weight_step=0, actual_step=0,
         confidence="A", source="GLS pages of DE, SK, PL, RO: no divisor found"),
    Rule("ltl_us", "in_lb", dim_round="half_up", density_classes=_DENSITY_CLASSES,
         date_from=date(2025, 7, 19), confidence="A", source="NMFTA help pages"),
)  # fmt: skip
