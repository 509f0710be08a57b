"""The course of a run: a file with one JSON object a line, which the card's curve is drawn from."""

import json
from pathlib import Path

from .schedule import Clock


class Course:
    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, pictures: int, clock: Clock, figures: dict[str, float]) -> None:
        """Add a line, and print it."""
        course = {"pictures": pictures, "seconds": round(clock.spent_s)}
        line = json.dumps(course | {name: round(value, 4) for name, value in figures.items()})
        with self.path.open("a") as file:
            file.write(line + "\n")
        print(line, flush=True)
