import pytest
from sheet import (
    TARGETS,
    check_mapping,
    column_label,
    guess_columns,
    guess_header,
    normalize_label,
)


def guess(labels, *rows, **options):
    found = guess_columns(labels, list(rows), **options)
    return {labels[index]: (one.target, one.level) for index, one in found.items()}


def targets(labels, *rows, **options):
    return {label: one[0] for label, one in guess(labels, *rows, **options).items()}


def test_labels_are_compared_without_case_accents_and_signs():
    assert normalize_label(" Straße_Nr.: ") == "strasse nr"
    assert normalize_label("Quantité (pcs)") == "quantite pcs"
    assert normalize_label("Order #") == "order no"
    assert normalize_label(None) == ""


def test_every_word_is_as_it_is_compared_and_means_one_thing():
    words = [word for target in TARGETS.values() for word in target.words]
    assert [word for word in words if normalize_label(word) != word] == []
    assert {word for word in words if words.count(word) > 1} == set()


@pytest.mark.parametrize(
    "labels",
    [
        ["PO Number", "Line", "Item No.", "Qty", "Unit", "Unit Price", "Delivery Date"],
        [
            "Bestelnummer",
            "Regel",
            "Artikelnr.",
            "Aantal",
            "Eenheid",
            "Prijs",
            "Leverdatum",
        ],
        [
            "Bestell-Nr.",
            "Pos.",
            "Artikel-Nr.",
            "Menge",
            "Einheit",
            "Preis",
            "Lieferdatum",
        ],
        [
            "N° commande",
            "Ligne",
            "Code article",
            "Qté",
            "Unité",
            "Prix",
            "Date livraison",
        ],
    ],
)
def test_four_languages(labels):
    assert list(targets(labels).values()) == [
        "external_ref",
        "lines.ref",
        "lines.product",
        "lines.qty",
        "lines.uom",
        "lines.price",
        "requested_date",
    ]


def test_levels_of_certainty():
    assert guess(
        ["Purchase order", "Our preferred SKU", "Quantitty", "X"],
        ["A", "B", "1", "4006381333931"],
    ) == {
        "Purchase order": ("external_ref", "exact"),
        "Our preferred SKU": ("lines.product.code", "likely"),
        "Quantitty": ("lines.qty", "likely"),
    }
    assert guess(["Ref", "X", "Y"], ["A", "4006381333931", "04.12.2026"]) == {
        "X": ("lines.product.barcode", "values"),
        "Y": ("requested_date", "values"),
    }


def test_what_was_mapped_before_comes_first():
    remembered = {"x": "lines.qty", "qty": "lines.price", "date": False}
    assert guess(["Qty", "X", "Date"], remembered=remembered) == {
        "Qty": ("lines.price", "remembered"),
        "X": ("lines.qty", "remembered"),
    }
    # what is no target any more is not remembered
    assert guess(["X"], remembered={"x": "lines.gone"}) == {}


def test_each_target_once():
    assert targets(["Quantity", "Qty"]) == {"Quantity": "lines.qty"}
    assert targets(["Qty packed", "Qty"]) == {"Qty": "lines.qty"}


def test_what_the_caller_knows_of_the_values():
    assert guess(["?", "Qty"], known={0: "lines.product"}) == {
        "?": ("lines.product", "values"),
        "Qty": ("lines.qty", "exact"),
    }


def test_labels_of_the_caller():
    words = {"customer reference": "customer.ref"}
    assert guess(["Customer Reference"], words=words) == {
        "Customer Reference": ("customer.ref", "exact")
    }


def test_reason_column_is_left_out():
    assert targets(["Qty", "Reason"], ["1", "2026-12-04"]) == {"Qty": "lines.qty"}


def test_header():
    assert guess_header([["A", "B"], ["1", "2"]]) == 0
    assert (
        guess_header(
            [
                ["Orders of shop 12", None, None],
                [None, None, None],
                ["Printed", {"date": "2026-11-27"}, None],
                ["Order", "Article", "Qty"],
                ["PO-1", "A-1", "4"],
                ["PO-1", "Cup", "4"],
            ]
        )
        == 3
    )
    assert guess_header([["PO-1", "A-1", "4"], ["Name", "Thing", "Howmany"]]) == 1
    assert guess_header([]) == 0


def test_label_of_a_column():
    assert column_label(" Order \n No ", 0) == "Order No"
    assert [column_label(None, i) for i in (0, 25, 26, 702)] == ["A", "Z", "AA", "AAA"]
    assert column_label({"date": "2026-12-04"}, 0) == "2026-12-04"


def test_mapping_is_checked():
    full = {
        0: "external_ref",
        1: "customer.ref",
        2: "lines.product.barcode",
        3: "lines.qty",
    }
    assert check_mapping(full) == []
    assert check_mapping({**full, 4: "lines.qty"}) == [("twice", "lines.qty")]
    assert check_mapping({}) == [
        ("missing", "lines.product"),
        ("missing", "lines.qty"),
        ("missing", "external_ref"),
        ("missing", "customer.ref"),
    ]
    assert [key for _c, key in check_mapping({}, has_ref=True, has_customer=True)] == [
        "lines.product",
        "lines.qty",
    ]
