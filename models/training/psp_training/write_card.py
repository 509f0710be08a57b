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
    ("frontalize: mean abs. yaw left", "frontalize", "yaw"),
    ("frontalize: faces found", "frontalize", "found"),
    ("frontalize, turned heads: identity", "frontalize", "identity_turned"),
    ("frontalize, turned heads: mean abs. yaw left", "frontalize", "yaw_turned"),
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
    """Puts into every set's frontalize entries what the mesh reads of the results, and under
    `before` the same of the pictures and of their reconstructions."""
    for name, measured in figures.items():
        turned = measured["turned"]
        folders = ("picture", "reconstruct")
        measured["before"] = {f: yaw_figures(yaws, f"{name}/{f}/", turned) for f in folders}
        for method, entry in measured.get("frontalize", {}).items():
            if method == "mean-face":
                entry["yaw"] = mean_abs([yaws["mean-face"]])
                entry["yaw_turned"] = entry["yaw"] if turned else None
            else:
                entry.update(yaw_figures(yaws, f"{name}/frontalize-{method}/", turned))


def yaw_figures(yaws: Yaws, folder: str, turned: list[str]) -> dict:
    """Mean |yaw| of the faces found and their number, of a whole folder and of its turned heads."""
    everyone = [yaw for name, yaw in yaws.items() if name.startswith(folder)]
    some = [yaws[folder + name] for name in turned]
    return {
        "yaw": mean_abs(everyone),
        "found": sum(yaw is not None for yaw in everyone),
        "yaw_turned": mean_abs(some),
        "found_turned": sum(yaw is not None for yaw in some),
    }


def mean_abs(yaws: list[float | None]) -> float | None:
    found = [abs(yaw) for yaw in yaws if yaw is not None]
    return round(sum(found) / len(found), 4) if found else None


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
        parts.append(f"**{measured['pictures']} {SETS[name]}.** {before_text(measured)}")
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


def before_text(measured: dict) -> str:
    """What frontalization starts from."""
    picture, reconstruct = measured["before"]["picture"], measured["before"]["reconstruct"]
    text = (
        f"The mesh reads a mean absolute yaw of {number(picture['yaw'])} in the pictures and of "
        f"{number(reconstruct['yaw'])} in their reconstructions"
    )
    if not measured["turned"]:
        return f"{text}; none is strongly turned."
    return (
        f"{text}; of {number(picture['yaw_turned'])} and {number(reconstruct['yaw_turned'])} in "
        f"the {len(measured['turned'])} that are strongly turned."
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
