import pytest
from walk.names import (
    PatternFault,
    Place,
    guess_pattern,
    natural_key,
    number,
    read_places,
)


def test_natural_order():
    names = ["A-10", "A-2", "a-1", "B-1", "A-02"]
    assert sorted(names, key=natural_key) == ["a-1", "A-2", "A-02", "A-10", "B-1"]


def test_aisle_bay_and_level():
    names = ["A-01-1", "A-2-1", "A-10-1", "B-1-1", "B-1-2", "Office"]
    places = read_places(names, "{aisle}-{bay}-{level}")
    assert places == {
        "A-01-1": Place(1, 1, 1, 1),
        "A-2-1": Place(1, 1, 2, 1),
        "A-10-1": Place(1, 1, 3, 1),
        "B-1-1": Place(2, 1, 1, 1),
        "B-1-2": Place(2, 1, 1, 2),
    }


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{aisle}{bay}", "A03"),
        ("{aisle}{bay}", "12C"),
        ("{aisle}{bay}{level}", "A03b"),
        ("{aisle}/{bay}/{level}", "R12/7/c"),
        ("{any}.{aisle}.{bay}", "hall (2).A.3"),
        ("Row {aisle} Bay {bay}", "row é BAY 9"),
        ("[{aisle}]{bay}", "[A]3"),
    ],
)
def test_pattern_fits(pattern, name):
    assert list(read_places([name], pattern)) == [name]


@pytest.mark.parametrize("name", ["A", "A-", "-1", "A-1-2", "A_1", "", "A-1 "])
def test_name_does_not_fit(name):
    assert read_places([name], "{aisle}-{bay}") == {}


@pytest.mark.parametrize(
    ("pattern", "code", "part"),
    [
        ("", "missing", "aisle"),
        ("{aisle}", "missing", "bay"),
        ("{bay}", "missing", "aisle"),
        ("{aisle}{bay}{shelf}", "unknown", "shelf"),
        ("{aisle}{bay}{aisle}", "repeated", "aisle"),
        ("{any}{any}{any}{aisle}-{bay}", "repeated", "any"),
    ],
)
def test_pattern_that_says_nothing(pattern, code, part):
    with pytest.raises(PatternFault) as caught:
        read_places(["A-1"], pattern)
    assert (caught.value.code, caught.value.part) == (code, part)


def test_bays_that_face_each_other():
    names = [f"A-{bay}" for bay in range(1, 7)]
    places = read_places(names, "{aisle}-{bay}", facing=True)
    assert [places[name].position for name in names] == [1, 1, 2, 2, 3, 3]


def test_blocks_by_name():
    """Bays are counted anew in each block."""
    names = ["A-1-1", "A-1-2", "A-2-3", "A-2-4"]
    places = read_places(names, "{aisle}-{block}-{bay}")
    assert [places[name][1:3] for name in names] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_blocks_by_position():
    names = [f"A-{bay}" for bay in range(1, 6)]
    places = read_places(names, "{aisle}-{bay}", bays_of_blocks=[2, 2])
    found = [places[name][1:3] for name in names]
    assert found == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3)]


def test_numbers_go_up_one_aisle_and_down_the_next():
    names = ["A-1", "A-2", "B-1", "B-2", "C-1"]
    numbers = number(read_places(names, "{aisle}-{bay}"), first=10)
    assert sorted(numbers, key=numbers.get) == ["A-1", "A-2", "B-2", "B-1", "C-1"]
    assert min(numbers.values()) == 10


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["A-01-1", "A-02-1", "Office"], "{aisle}-{bay}-{level}"),
        (["A-01", "B-02"], "{aisle}-{bay}"),
        (["A/1/2"], "{aisle}/{bay}/{level}"),
        (["A03", "B04"], "{aisle}{bay}"),
        (["A03-1"], "{aisle}{bay}-{level}"),
        (["Office!"], None),
        ([], None),
    ],
)
def test_pattern_is_guessed(names, pattern):
    assert guess_pattern(names) == pattern
