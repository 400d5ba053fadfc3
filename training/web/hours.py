"""The weather of the next hours: many small values beside each other."""

from __future__ import annotations

from training.web.board import Board


def hours(board: Board) -> str:
    """A strip or a table of hours with temperature, rain and wind, below the days."""
    rng = board.rng
    first, step, count = rng.randint(0, 14), rng.choice((1, 1, 2, 3)), rng.randint(4, 10)
    times = [f"{(first + step * n) % 24:02}:00" for n in range(count)]
    times = list(dict.fromkeys(times))
    warm = rng.randint(-8, 30)
    values = {
        "hw": [f"{(warm := warm + rng.randint(-2, 3))}°" for _ in times],
        "hr": [f"{rng.randint(0, 20) / 10:.1f} mm" if rng.random() < 0.6 else "0 mm" for _ in times],
        "hv": [f"{rng.randint(2, 70)} km/h" for _ in times],
    }
    asked = {
        "hw": "How warm will it be at {t}?|What is the temperature at {t}?|Which temperature is expected for {t}?|How many degrees are there at {t}?",
        "hr": "How much rain is expected at {t}?|How much will it rain at {t}?|How much rain falls at {t}?",
        "hv": "How strong is the wind at {t}?|How fast is the wind at {t}?|What is the wind speed at {t}?",
    }
    shown = ["hw", *rng.sample(("hr", "hv"), rng.randint(1, 2))]
    for key in shown:
        for n in rng.sample(range(len(times)), min(4, len(times))):
            board.ask("value", values[key][n], asked[key], (f"ho{n}", f"{key}{n}"), t=times[n])
    every = [f"ho{n}" for n in range(len(times))]
    board.ask(
        "value", times[0], "What is the first hour of the forecast?|With which hour does the forecast begin?", every
    )
    board.ask("value", times[-1], "What is the last hour of the forecast?|Until which hour does it go?", every)
    if "hv" in shown:
        speeds = [int(one.split()[0]) for one in values["hv"]]
        if speeds.count(max(speeds)) == 1:
            board.ask("highest", times[speeds.index(max(speeds))], "At which hour is the wind strongest?|At what time is it most windy?", [*every, *(f"hv{n}" for n in range(len(times)))])  # fmt: skip
    columns = [
        [board.put(times[n], f"ho{n}"), *(board.put(values[key][n], f"{key}{n}") for key in shown)]
        for n in range(len(times))
    ]
    if board.chance(0.6):
        inside = "".join(
            f"<div class='grow small' style='text-align:center'>{'<br>'.join(one)}</div>" for one in columns
        )
        return f"<div class='row panel' style='margin-top:10px'>{inside}</div>"
    return (
        "<table class='small'>"
        + "".join(f"<tr>{''.join(f'<td>{part}</td>' for part in one)}</tr>" for one in columns)
        + "</table>"
    )
