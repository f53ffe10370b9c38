from xml.etree import ElementTree

from odoo.tests import BaseCase, tagged

from odoo.addons.oms_order_cycle.tools.workflow_svg import render, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"


@tagged("post_install", "-at_install")
class TestWorkflowSvg(BaseCase):
    """The picture of a workflow: pure Python, no database needed."""

    def draw(self, count, **data):
        stages = [
            {"name": f"Stage {number}", "kind": "milestone", "exit": "Shipped"}
            for number in range(1, count + 1)
        ]
        return ElementTree.fromstring(render({"stages": stages, **data}))

    def texts(self, picture):
        return [element.text for element in picture.iter(f"{SVG}text")]

    def test_no_room_at_all(self):
        """A letter to a line, and an end."""
        self.assertEqual(wrap("ab", -5, most=4), ["a", "b"])

    def test_every_number_of_stages_fits_the_picture(self):
        for count in range(13):
            with self.subTest(stages=count):
                picture = self.draw(count)
                width, height = map(float, picture.get("viewBox").split()[2:])
                for box in picture.iter(f"{SVG}rect"):
                    right = float(box.get("x", 0)) + float(box.get("width"))
                    bottom = float(box.get("y", 0)) + float(box.get("height"))
                    self.assertLessEqual(right, width)
                    self.assertLessEqual(bottom, height)
                for number in range(1, count + 1):
                    self.assertIn(f"Stage {number}", self.texts(picture))

    def test_says_all_it_is_told(self):
        picture = render(
            {
                "stages": [
                    {
                        "name": "Check",
                        "kind": "approval",
                        "exit": "Approved by Credit",
                        "allowed": "4 hours",
                        "group": "Credit",
                        "customer": "In review",
                        "actions": 2,
                    }
                ],
                "holds": [{"name": "Overdue", "blocks": ["Release", "Shipping"]}],
                "closed": "Finished",
            }
        )
        texts = " ".join(self.texts(ElementTree.fromstring(picture)))
        for words in (
            "Check",
            "until Approved by Credit",
            "4 hours",
            "Customer sees: In review",
            "Actions on entry: 2",
            "Checked: Overdue (Release, Shipping)",
            "Finished",
            "approval",
        ):
            self.assertIn(words, texts)

    def test_names_are_text_never_markup(self):
        name = '<script>alert("x")</script> & Co'
        picture = render({"stages": [{"name": name, "exit": name, "group": name}]})
        self.assertNotIn("<script>", picture)
        parsed = ElementTree.fromstring(picture)
        self.assertFalse(list(parsed.iter("script")))

    def test_kinds_differ_without_colours(self):
        frames = set()
        for kind in ("milestone", "approval", "domain"):
            picture = ElementTree.fromstring(
                render({"stages": [{"name": "One", "kind": kind, "exit": "?"}]})
            )
            frames.update(
                box.get("stroke-dasharray")
                for box in picture.iter(f"{SVG}rect")
                if box.get("rx") == "6" and box.get("fill") == "none"
            )
        self.assertEqual(len(frames), 3)

    def test_long_words_are_cut(self):
        lines = wrap("Donaudampfschifffahrtsgesellschaftskapitän " * 3, 120, most=3)
        self.assertEqual(len(lines), 3)
        self.assertTrue(lines[-1].endswith("…"))
        self.assertTrue(all(text_width(line) <= 120 for line in lines))

    def test_the_gate_is_drawn_once_and_in_its_place(self):
        for gate in range(7):
            with self.subTest(gate=gate):
                picture = self.draw(6, gate=gate)
                bars = [
                    element
                    for element in picture.iter(f"{SVG}g")
                    if element.get("class") == "o_oms_gate"
                ]
                # behind the last stage nothing comes that could wait
                self.assertEqual(len(bars), 1 if 0 < gate < 6 else 0)

    def test_approvals_say_whether_anything_waits(self):
        stages = [
            {"name": "One", "kind": "approval", "gate": True},
            {"name": "Two", "kind": "approval", "idle": True},
        ]
        words = self.texts(ElementTree.fromstring(render({"stages": stages})))
        self.assertIn("Nothing waits for it", words)
        self.assertIn("Nothing reaches the warehouse", " ".join(words))
