import json
from pathlib import Path

from training.plot import draw, read_logs


def log(path: Path, *records: tuple[int, float, float]) -> Path:
    lines = [json.dumps({"step": step, "elapsed_s": spent_s, "exact": exact}) for step, spent_s, exact in records]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_run_that_starts_again_goes_on_where_the_last_ended(tmp_path: Path) -> None:
    first = log(tmp_path / "1.jsonl", (10, 5.0, 0.1), (20, 11.0, 0.2))
    resumed = log(tmp_path / "2.jsonl", (30, 17.0, 0.3))
    again = log(tmp_path / "3.jsonl", (1, 0.5, 0.4), (15, 8.0, 0.5))
    found = [(record["step"], record["elapsed_s"]) for record in read_logs([first, resumed, again])]
    assert found == [(10, 5.0), (20, 11.0), (30, 17.0), (31, 17.5), (45, 25.0)]


def test_curves_rise_from_left_to_right(tmp_path: Path) -> None:
    image = draw(read_logs([log(tmp_path / "1.jsonl", (0, 0.0, 0.0), (10, 600.0, 1.0))]))
    blue = [(x, y) for x in range(image.width) for y in range(520, 780) if image.getpixel((x, y)) == (138, 180, 232)]
    assert min(blue)[0] == 48
    left, right = min(blue), max(blue)  # the legend is left of the end
    assert left[1] > right[1]
