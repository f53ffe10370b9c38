"""Pictures: well formed, complete, painted and packed in an order that works."""

from itertools import combinations
from xml.etree import ElementTree

from packing import Item, Placement, pack
from packing.drawing import back_to_front, draw, draw_captioned, draw_steps, steps
from samples import SET, order, tariff

SVG = "{http://www.w3.org/2000/svg}"


def boxes():
    for seed in range(6):
        yield from pack(order(seed), SET, tariff).boxes


def texts(svg):
    return [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_unit_has_three_faces():
    for box in boxes():
        polygons = ElementTree.fromstring(draw(box)).iter(f"{SVG}polygon")
        assert len(list(polygons)) == 3 + 3 * len(box.placements)


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


def test_a_cut_carton_says_so():
    from samples import carton

    tall = carton(300, 200, 400, cut_heights=(100, 200))
    (box,) = pack([Item("a", 200, 150, 90, 500)], [tall], tariff).boxes
    assert box.carton.cut == 100
    assert any("cut down to 100 mm" in text for text in texts(draw(box)))
