from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheet import TARGETS, Settings, build_orders
from test_values import CELLS

COLUMNS = [
    "external_ref",
    "customer.ref",
    "requested_date",
    "lines.product",
    "lines.qty",
    "lines.price",
    "ship_to.zip",
]
MAPPING = dict(enumerate(COLUMNS))
ANY_A = {"customer_code": "A", "barcode": "A", "code": "A"}
ANY_B = {"customer_code": "B", "barcode": "B", "code": "B"}


def build(*rows, mapping=MAPPING, **options):
    numbered = enumerate((list(row) for row in rows), start=2)
    return build_orders(numbered, mapping, Settings(), **options)


def faults(orders):
    return [(fault.row, fault.column, fault.code) for o in orders for fault in o.faults]


def test_rows_become_orders():
    orders = build(
        ["PO-1", "C1", "2026-12-04", "A", "2", "9.50", 1234],
        [None, None, None, "B", 3, None, None],
        ["PO-2", "C2", None, "A", 1.0, None, None],
    )
    assert [order.payload for order in orders] == [
        {
            "external_ref": "PO-1",
            "customer": {"ref": "C1"},
            "requested_date": "2026-12-04",
            "ship_to": {"zip": "1234"},
            "lines": [
                {"product": ANY_A, "qty": "2", "price": "9.5"},
                {"product": ANY_B, "qty": "3"},
            ],
        },
        {
            "external_ref": "PO-2",
            "customer": {"ref": "C2"},
            "lines": [{"product": ANY_A, "qty": "1"}],
        },
    ]
    assert faults(orders) == []
    assert [order.rows for order in orders] == [[2, 3], [4]]


def test_product_by_several_keys():
    [order] = build(
        ["PO", "C", "400", "K1"],
        mapping={
            0: "external_ref",
            1: "lines.product.code",
            2: "lines.product.barcode",
            3: "lines.product.customer_code",
        },
    )
    assert order.payload["lines"][0]["product"] == {
        "code": "C",
        "barcode": "400",
        "customer_code": "K1",
    }
    assert faults([order]) == [(2, None, "qty_missing")]


def test_an_order_goes_on_further_down():
    orders = build(
        ["PO-1", "C1", None, "A", 1],
        ["PO-2", "C1", None, "A", 1],
        ["PO-1", None, None, "B", 1],
        [None, None, None, "C", 1],
    )
    assert [order.rows for order in orders] == [[2, 4, 5], [3]]


def test_what_differs_inside_an_order_is_a_fault_at_the_cell():
    orders = build(
        ["PO-1", "C1", "2026-12-04", "A", 1],
        ["PO-1", "c1", "2026-12-05", "B", 1],
        ["PO-1", "C2", None, "C", 1],
    )
    assert faults(orders) == [(3, 2, "differs_in_order"), (4, 1, "differs_in_order")]
    assert orders[0].faults[0].values == {
        "value": "2026-12-05",
        "first": "2026-12-04",
        "first_row": 2,
    }


def test_reference_of_two_customers():
    rows = (["1", "C1", None, "A", 1], [1, "C2", None, "A", 1], [1, None, None, "B", 1])
    assert faults(build(*rows)) == [(3, 1, "differs_in_order")]
    orders = build(*rows, is_key_with_customer=True)
    assert faults(orders) == []
    assert [order.rows for order in orders] == [[2], [3, 4]]


def test_without_a_column_of_references():
    mapping = {0: "lines.product", 1: "lines.qty"}
    [order] = build(["A", 1], ["B", 2], mapping=mapping, default_ref="May")
    assert order.payload["external_ref"] == "May"
    assert len(order.payload["lines"]) == 2
    mapping[2] = "customer.ref"
    orders = build(
        ["A", 1, "C1"], ["B", 2], ["A", 3, "C2"], mapping=mapping, default_ref="May"
    )
    assert [order.payload["external_ref"] for order in orders] == ["May-C1", "May-C2"]
    assert [order.rows for order in orders] == [[2, 3], [4]]


def test_no_reference_in_the_first_row():
    orders = build([None, "C1", None, "A", 1], ["PO-1", "C1", None, "B", 1])
    assert faults(orders) == [(2, 0, "order_ref_missing")]
    assert "external_ref" not in orders[0].payload


def test_what_is_missing():
    orders = build(
        ["PO-1", "C1", None, "A", None],
        ["PO-1", None, None, None, 5],
        ["PO-2", "C1"],
    )
    assert faults(orders) == [
        (2, 4, "qty_missing"),
        (3, 3, "product_missing"),
        (4, None, "no_lines"),
    ]


def test_header_row_without_a_line_and_blank_rows():
    [order] = build(
        ["PO-1", "C1", None, None, None],
        [None] * 7,
        [None, None, None, "A", 1],
    )
    assert faults([order]) == []
    assert (order.rows, order.line_rows) == ([2, 4], [4])


def test_unreadable_values_are_left_out_and_all_named():
    [order] = build(["PO-1", "C1", "soon", "5.4E+12", "two", "cheap"])
    assert faults([order]) == [
        (2, 2, "date_unreadable"),
        (2, 3, "code_exponent"),
        (2, 4, "number_unreadable"),
        (2, 5, "number_unreadable"),
    ]
    assert order.payload == {
        "external_ref": "PO-1",
        "customer": {"ref": "C1"},
        "lines": [{}],
    }


def test_faults_find_their_cell():
    [order] = build(
        ["PO-1", "C1", None, "A", 1, None, 1234], [None, None, None, "B", 1, "9"]
    )
    assert order.locate("lines[1].product") == (3, 3)
    assert order.locate("lines[1].product.code") == (3, 3)
    assert order.locate("lines[1].price") == (3, 5)
    assert order.locate("lines[0].price") == (2, None)
    assert order.locate("lines[1]") == (3, None)
    assert order.locate("customer") == (2, 1)
    assert order.locate("customer.ref") == (2, 1)
    assert order.locate("ship_to") == (2, 6)
    assert order.locate("external_ref") == (2, 0)
    assert order.locate("currency") == (2, None)
    assert order.locate("lines[9].product") == (2, None)
    assert order.locate("lines[x]") == (2, None)
    assert order.locate("") == (2, None)


# a busy machine is no fault of the data
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.lists(st.none() | CELLS, max_size=6), max_size=8),
    st.dictionaries(st.integers(0, 5), st.sampled_from(sorted(TARGETS)), max_size=6),
    st.booleans(),
)
def test_any_rows(rows, mapping, is_key_with_customer):
    orders = build(
        *rows,
        mapping=mapping,
        is_key_with_customer=is_key_with_customer,
        default_ref="X",
    )
    seen = [number for order in orders for number in order.rows]
    assert len(seen) == len(set(seen)), "a row belongs to one order"
    for order in orders:
        assert len(order.payload["lines"]) == len(order.line_rows)
        assert order.faults or order.payload["lines"]
        for fault in order.faults:
            assert fault.row in order.rows
