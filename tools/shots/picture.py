"""What a picture for the documentation shows, and how to get there."""

from dataclasses import dataclass, field


@dataclass
class Picture:
    """What to show: a path (or a function of the session that finds it)."""

    path: object
    wait: str
    login: str = "manager"
    width: int = 1280
    height: int = 800
    scale: float = 1
    grey: bool = False
    # as a visitor who is not logged in
    public: bool = False
    clip: str | None = None
    # before the picture: clicks ("selector", "text") or functions of browser, session
    steps: list = field(default_factory=list)
