"""The templates of translations have the terms that the addons have."""

import pot


def test_templates_are_current():
    assert pot.differences() == {}, "run ./oms pot"
