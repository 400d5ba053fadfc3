from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.stacking import Window
from training.screens.window_questions import decided

JSON = '{"columns": ["Day"], "rows": [["Mon"]]}'
QUESTIONS = (
    Question("title", "Title?", "Shop"), Question("json", "As JSON?", JSON), Question("count", "How many rows?", "1"),
    Question("buttons", "Which buttons are there?", "Buy"), Question("buttons", "What can I click?", "Buy"),
    Question("text", "Copy the code.", "```\nSoap\n```"), Question("describe", "What is shown?", "A browser."),
)  # fmt: skip


def kinds(kind: str, bottom: int) -> list[str]:
    """Of the questions about a window that ends there; rows of text are 10 px high."""
    rows = ("Shop", "Soap", "Day", "Mon", "Buy")
    glyphs = [Glyph(char, (x * 8.0, y * 10.0, x * 8.0 + 8, y * 10.0 + 9))
              for y, row in enumerate(rows) for x, char in enumerate(row)]  # fmt: skip
    screen = Screen(Sketch(60, 60, (0, 0, 0)).image, tuple(glyphs), QUESTIONS, kind, kind)
    return [one.kind for one in decided(Window(screen, "Shop", (0, 0, 60, bottom), glyphs), QUESTIONS)]


def test_what_is_below_a_pages_edge_is_not_asked() -> None:
    assert kinds("browser", 60) == ["title", "json", "count", "buttons", "", "text", "describe"]
    assert kinds("browser", 45) == ["title", "json", "count", "", "", "text", "describe"]
    assert kinds("browser", 35) == ["title", "", "", "", "", "text", "describe"]
    assert kinds("browser", 15) == ["title", "", "", "", "", "", ""]


def test_other_windows_are_asked_about_as_before() -> None:
    assert kinds("dialog", 15) == [one.kind for one in QUESTIONS]
