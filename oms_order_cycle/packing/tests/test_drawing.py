"""Pictures: well formed, complete, painted and packed in an order that works."""

from itertools import combinations, product
from time import process_time
from xml.etree import ElementTree

from packing import Box, Carton, Item, Placement, pack
from packing.picture.drawing import (
    back_to_front,
    draw,
    draw_captioned,
    draw_steps,
    spread,
    steps,
)
from samples import SET, order, tariff

SVG = "{http://www.w3.org/2000/svg}"


def boxes():
    for seed in range(6):
        yield from pack(order(seed), SET, tariff).boxes


def texts(svg):
    return [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def cube(side, gap=0, kinds=1):
    """A carton full of small cubes, side by side or apart."""
    size, pitch = 20, 20 + gap
    units = [
        Placement((x * y + z) % kinds, x * pitch, y * pitch, z * pitch, *[size] * 3)
        for z in range(side)
        for y in range(side)
        for x in range(side)
    ]
    inner = (side * pitch,) * 3
    return Box(Carton("Cube", inner, inner), tuple(units), 0, 0)


def polygons(svg):
    return len(list(ElementTree.fromstring(svg).iter(f"{SVG}polygon")))


def covered(face, others):
    """Whether points all over a face are touched by others, slowly."""
    low, high, axis = face
    spots = [
        [a + (b - a) * (2 * n + 1) / 50 for n in range(25)] if n_axis != axis else [a]
        for n_axis, (a, b) in enumerate(zip(low, high, strict=True))
    ]
    return all(
        any(
            o[1 + axis] == spot[axis]
            and all(
                o[1 + n] <= spot[n] <= o[1 + n] + o[4 + n]
                for n in range(3)
                if n != axis
            )
            for o in others
        )
        for spot in product(*spots)
    )


def test_the_faces_that_can_be_seen_are_painted():
    for box in boxes():
        faces = 0
        for p in box.placements:
            far = [p[1 + n] + p[4 + n] for n in range(3)]
            for axis in range(3):
                near = [far[n] if n == axis else p[1 + n] for n in range(3)]
                faces += not covered((near, far, axis), box.placements)
        assert polygons(draw(box)) == 3 + faces


def test_what_is_buried_is_not_painted():
    assert polygons(draw(cube(4))) == 3 + 3 * 16
    assert polygons(draw(cube(4, gap=1))) == 3 + 3 * 64
    half = draw(cube(4, kinds=1), step=2)
    # the two lower layers: a top, two sides; the new ones are outlined as well
    assert polygons(half) == 3 + 16 + 2 * 8 + 3 * 16


def test_some_steps_look_as_among_all():
    box = cube(3, kinds=4)
    every = draw_steps(box)
    assert draw_steps(box, numbers=[2, 5]) == [every[1], every[4]]
    assert draw(box, step=5) == every[4]
    assert len(draw_captioned(box, most=4)) == 4
    assert draw_captioned(box, most=4)[-1] == draw_captioned(box)[-1]
    assert spread(7, 10) == list(range(1, 8))
    assert spread(40, 4) == [10, 20, 30, 40]


def test_thousands_of_units_take_no_time():
    start = process_time()
    draw(cube(20, kinds=3))
    draw_steps(cube(10, kinds=3))
    draw(cube(12, gap=1, kinds=3))
    assert process_time() - start < 4


def test_steps_hold_every_unit_once_and_never_go_under_another():
    for box in boxes():
        placed = []
        for step in steps(box):
            for new in step.placements:
                for old in placed:
                    apart = (
                        new.x + new.length <= old.x or old.x + old.length <= new.x
                        or new.y + new.width <= old.y or old.y + old.width <= new.y
                    )  # fmt: skip
                    assert apart or old.z + old.height <= new.z
            placed += step.placements
        assert sorted(placed) == sorted(box.placements)
        assert steps(box)[-1].left == 0


def test_steps_name_the_product_and_what_is_left():
    (box,) = pack([Item("a", 100, 100, 100, 500, 5)], SET, tariff).boxes
    pictures = draw_steps(box, {"a": "Mug <blue> & more"})
    assert len(pictures) == len(steps(box))
    assert any("Mug <blue> & more" in text for text in texts(pictures[0]))
    assert "the last" in texts(pictures[-1])


def test_pages_set_the_words_themselves():
    (box,) = pack([Item("a", 100, 100, 100, 500, 5)], SET, tariff).boxes
    name = "A mug with a name that is too long to be put into a picture"
    rows = draw_captioned(box, {"a": name})
    assert len(rows) == len(steps(box))
    for picture, put, _left in rows:
        assert name in put
        assert not any("Step" in text for text in texts(picture))
    assert rows[-1][2] == "the last"


def test_the_nearer_is_painted_later():
    far, near = Placement("far", 0, 0, 0, 10, 10, 10), Placement("n", 10, 0, 0, 9, 9, 9)
    assert [p.key for p in back_to_front([near, far])] == ["far", "n"]
    for box in boxes():
        order = back_to_front(box.placements)
        assert sorted(order) == sorted(box.placements)
        for first, second in combinations(order, 2):
            on_top = second.z + second.height <= first.z
            inside = (
                second.x >= first.x
                and second.y >= first.y
                and second.x + second.length <= first.x + first.length
                and second.y + second.width <= first.y + first.width
            )
            assert not (on_top and inside)


def behind(one, other):
    """Whether a unit is seen where another is, and ends before it begins."""
    sights = [
        (
            (p.x - p.y - p.width, p.x + p.length - p.y),
            (p.x - p.z - p.height, p.x + p.length - p.z),
            (p.y - p.z - p.height, p.y + p.width - p.z),
        )
        for p in (one, other)
    ]
    if any(a >= d or c >= b for (a, b), (c, d) in zip(*sights, strict=True)):
        return False
    return any(one[n] + one[n + 3] <= other[n] for n in (1, 2, 3))


def test_no_unit_is_painted_over_a_nearer_one():
    for box in [*boxes(), cube(5), cube(5, gap=3, kinds=2)]:
        for first, second in combinations(back_to_front(box.placements), 2):
            assert not behind(second, first)


def test_three_in_a_circle():
    """Each is behind the next: all are painted all the same."""
    units = [
        Placement("a", 0, 10, 0, 30, 10, 10),
        Placement("b", 20, 0, 10, 10, 30, 10),
        Placement("c", 10, 20, 0, 10, 10, 30),
    ]
    assert sorted(back_to_front(units)) == sorted(units)


def test_a_cut_carton_says_so():
    from samples import carton

    tall = carton(300, 200, 400, cut_heights=(100, 200))
    (box,) = pack([Item("a", 200, 150, 90, 500)], [tall], tariff).boxes
    assert box.carton.cut == 100
    assert any("cut down to 100 mm" in text for text in texts(draw(box)))


def test_a_product_has_one_number_in_all_boxes():
    (box,) = pack([Item("b", 100, 100, 100, 500, 2)], SET, tariff).boxes
    assert any(text.startswith("2  b") for text in texts(draw(box, order=["a", "b"])))
    assert any(text.startswith("1  b") for text in texts(draw(box)))


def test_a_long_name_keeps_its_end():
    (box,) = pack([Item("a", 100, 100, 100, 500, 2)], SET, tariff).boxes
    name = "Nitrile gloves L, powder free, blue, box of 100 (Case of 10)"
    assert any("(Case of 10) x 2" in text for text in texts(draw(box, {"a": name})))
