from xml.etree import ElementTree

from walk.picture import Picture


def test_picture_is_well_formed():
    places = {(2, 1, 1), (2, 1, 3), (3, 2, 1)}
    picture = Picture(places, [3, 1], {2: "<A> & B"})
    root = ElementTree.fromstring(picture.draw([(2, 1, 1), (3, 2, 1), (2, 1, 3)]))
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}rect")) == 2 * len(places)
    assert [text.text for text in root.findall(f"{name}text")] == ["<A> & B", "3"]
    assert len(root.findall(f"{name}circle")) == 3
    for rect in root.findall(f"{name}rect"):
        assert 0 <= float(rect.get("x")) <= picture.width
        assert 0 <= float(rect.get("y")) <= picture.height


def test_walk_changes_aisles_in_cross_aisles():
    picture = Picture({(1, 1, 1), (2, 1, 1)}, [1])
    root = ElementTree.fromstring(picture.draw([(1, 1, 1), (2, 1, 1)]))
    line = root.find("{http://www.w3.org/2000/svg}polyline").get("points").split()
    points = [tuple(map(float, point.split(","))) for point in line]
    for here, there in zip(points, points[1:], strict=False):
        assert here[0] == there[0] or here[1] == there[1]


def test_nothing_to_draw():
    ElementTree.fromstring(Picture([], []).draw())
