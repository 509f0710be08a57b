"""Write the measured tables into the model card, so that no number is copied by hand.

    python -m psp_training.write_card OUT models/starter/README.md

OUT is evaluate's folder with yaw.json and runtime.json (npm run measure:starter) beside its
figures.json; runtime-earlier.json and runtime-w-encoder.json where those were measured too. The
tables replace what stands between the card's two marks; figures.json beside the card gets
everything they are made of.
"""

import argparse
import json
from pathlib import Path

import numpy as np

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
METHODS = {
    "starter": "this starter",
    "earlier": "earlier starter",
    "w-encoder": "W encoder",
    "mean-face": "mean face",
    "bicubic": "bicubic",
}
SETS = {"val": "held-out portraits", "photos": "photographs"}
# Label, task and figure, in the card's order.
ROWS = (
    ("reconstruct: L2", "reconstruct", "l2"),
    ("reconstruct: perceptual", "reconstruct", "perceptual"),
    ("reconstruct: identity", "reconstruct", "identity"),
    ("frontalize: identity", "frontalize", "identity"),
    ("frontalize, turned heads: identity", "frontalize", "identity_turned"),
    ("frontalize, turned heads: mean abs. yaw left", "frontalize", "yaw"),
    ("frontalize, turned heads: faces found", "frontalize", "found"),
    *(
        (f"super-resolve × {factor}: {figure}", f"super-resolve-{factor}", figure.lower())
        for factor in (4, 8, 16)
        for figure in ("identity", "L2")
    ),
    ("inpaint: L2 inside the hole", "inpaint", "l2_inside"),
    ("inpaint: L2 outside the hole", "inpaint", "l2_outside"),
    ("inpaint: identity", "inpaint", "identity"),
    ("sketch to face: L2", "sketch-to-face", "l2"),
    ("sketch to face: perceptual", "sketch-to-face", "perceptual"),
    ("sketch to face: identity", "sketch-to-face", "identity"),
)

Yaws = dict[str, float | None]


def add_yaws(figures: dict, yaws: Yaws) -> None:
    """Puts into every set's frontalize entries the mean |yaw| that the mesh reads of the turned
    heads' results, and in how many it finds a face; `turned_yaw` holds the same of the pictures
    and of their reconstructions."""
    for name, measured in figures.items():
        turned = measured["turned"]
        if not turned:
            continue
        before = {"picture": "picture", "reconstruct": "reconstruct-starter"}
        measured["turned_yaw"] = {
            key: of_turned(yaws, f"{name}/{folder}", turned) for key, folder in before.items()
        }
        for method, entry in measured.get("frontalize", {}).items():
            if method == "mean-face":
                entry["yaw"] = of_turned(yaws, ".", ["mean-face"])["yaw"]
            else:
                entry.update(of_turned(yaws, f"{name}/frontalize-{method}", turned))


def of_turned(yaws: Yaws, folder: str, names: list[str]) -> dict:
    read = [yaws[name if folder == "." else f"{folder}/{name}"] for name in names]
    found = [abs(yaw) for yaw in read if yaw is not None]
    mean = round(float(np.mean(found)), 3) if found else None
    return {"yaw": mean, "found": len(found)}


def measures_table(measured: dict) -> str:
    """Rows of measures, one column per method that was measured."""
    present = {m for task in measured.values() if isinstance(task, dict) for m in task}
    columns = [method for method in METHODS if method in present]
    lines = []
    for label, task, figure in ROWS:
        entries = measured.get(task, {})
        if any(entries.get(method, {}).get(figure) is not None for method in columns):
            cells = [number(entries.get(method, {}).get(figure)) for method in columns]
            lines.append([label, *cells])
    return table(["", *(METHODS[method] for method in columns)], lines)


def runtimes_table(runtimes: dict[str, dict]) -> str:
    """Milliseconds of every operation, networks alone / the whole operation, per method."""
    operations = dict.fromkeys(op for measured in runtimes.values() for op in measured["runtimes"])
    lines = []
    for operation in operations:
        found = [measured["runtimes"].get(operation) for measured in runtimes.values()]
        cells = [f"{t['network']:.0f} / {t['whole']:.0f}" if t else "–" for t in found]
        lines.append([operation, *cells])
    return table(["ms", *(METHODS[method] for method in runtimes)], lines)


def number(value: float | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def table(head: list[str], lines: list[list[str]]) -> str:
    """A Markdown table with its columns in line; all but the first are set to the right."""
    widths = [max(3, *(len(line[i]) for line in [head, *lines])) for i in range(len(head))]
    rule = ["-" * width if i == 0 else "-" * (width - 1) + ":" for i, width in enumerate(widths)]

    def row(cells: list[str]) -> str:
        padded = [
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    return "\n".join(map(row, [head, rule, *lines]))


def text_of(figures: dict, drawn: dict, runtimes: dict[str, dict]) -> str:
    parts = []
    for name, measured in figures.items():
        count, turned = measured["pictures"], len(measured["turned"])
        parts.append(f"**{count} {SETS[name]}**{turned_text(measured, turned)}")
        parts.append(measures_table(measured))
    parts.append(
        f"In {drawn['found']} of {drawn['pictures']} faces drawn from z the face mesh finds a face "
        "with both eyes in place."
    )
    if runtimes:
        first = next(iter(runtimes.values()))
        parts.append(
            f"Runtime in the bridge ({first['device']}), networks / whole operation, median of "
            f"{first['runs']} runs on one photograph of 512²:"
        )
        parts.append(runtimes_table(runtimes))
    return "\n\n".join(parts)


def turned_text(measured: dict, turned: int) -> str:
    if not turned:
        return ", none of them much turned."
    before = measured["turned_yaw"]
    return (
        f", {turned} of them turned. The mesh reads a mean absolute yaw of "
        f"{number(before['picture']['yaw'])} in the turned pictures and of "
        f"{number(before['reconstruct']['yaw'])} in their reconstructions."
    )


def replaced(card: str, text: str) -> str:
    """The card with the text between its marks.

    ValueError when it does not have exactly one of each, in order.
    """
    if card.count(BEGIN) != 1 or card.count(END) != 1 or card.index(BEGIN) > card.index(END):
        raise ValueError(f"the card needs one {BEGIN} and, after it, one {END}")
    head, rest = card.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}"


def write_card(out: Path, card: Path) -> None:
    figures: dict = json.loads((out / "figures.json").read_text())
    yaws: Yaws = json.loads((out / "yaw.json").read_text())
    paths = {"starter": "runtime", "earlier": "runtime-earlier", "w-encoder": "runtime-w-encoder"}
    runtimes = {
        method: json.loads((out / f"{name}.json").read_text())
        for method, name in paths.items()
        if (out / f"{name}.json").exists()
    }
    add_yaws(figures, yaws)
    read = [yaw for name, yaw in yaws.items() if name.startswith("drawn/")]
    drawn = {"pictures": len(read), "found": sum(yaw is not None for yaw in read)}
    card.write_text(replaced(card.read_text(), text_of(figures, drawn, runtimes)))
    for measured in figures.values():
        measured["turned"] = len(measured["turned"])
    whole = {**figures, "drawn": drawn, "runtime_ms": runtimes}
    (card.parent / "figures.json").write_text(json.dumps(whole, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the folder that evaluate wrote")
    parser.add_argument("card", type=Path)
    arguments = parser.parse_args()
    write_card(arguments.out, arguments.card)


if __name__ == "__main__":
    main()
