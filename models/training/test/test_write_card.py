"""The card's tables from measured files."""

import json
from pathlib import Path

import pytest

from psp_training.write_card import BEGIN, END, replaced, table, write_card

FIGURES = {
    "val": {
        "pictures": 3,
        "turned": ["a", "b"],
        "reconstruct": {"starter": {"l2": 0.04}, "mean-face": {"l2": 0.2}},
        "frontalize": {
            "starter": {"identity": 0.5, "identity_turned": 0.4},
            "mean-face": {"identity": 0.0, "identity_turned": 0.0},
        },
        "super-resolve-8": {"starter": {"identity": 0.6}, "bicubic": {"identity": 0.7}},
    },
    "photos": {"pictures": 1, "turned": [], "reconstruct": {"starter": {"l2": 0.05}}},
}
YAWS = {
    "mean-face": 0.01,
    "drawn/0000": 0.1,
    "drawn/0001": None,
    "val/picture/a": 0.5,
    "val/picture/b": -0.3,
    "val/picture/c": 0.1,
    "val/reconstruct/a": 0.2,
    "val/reconstruct/b": None,
    "val/frontalize-starter/a": -0.1,
    "val/frontalize-starter/b": None,
    "val/frontalize-starter/c": 0.04,
}
RUNTIME = {"device": "CPU, 2 threads", "runs": 5, "runtimes": {}}


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    runtime = {**RUNTIME, "runtimes": {"frontalize": {"network": 20.4, "whole": 99.6}}}
    earlier = {**RUNTIME, "runtimes": {"reconstruct": {"network": 10.0, "whole": 80.0}}}
    files = {"figures": FIGURES, "yaw": YAWS, "runtime": runtime, "runtime-earlier": earlier}
    for name, value in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value))
    return tmp_path


def test_the_tables_stand_between_the_marks_and_nothing_else_changes(measured: Path) -> None:
    card = measured / "card" / "README.md"
    card.parent.mkdir()
    card.write_text(f"# Card\n\n{BEGIN}\nold\n{END}\n\nRest.\n")
    write_card(measured, card)
    once = card.read_text()
    write_card(measured, card)
    assert card.read_text() == once
    assert once.startswith(f"# Card\n\n{BEGIN}\n\n**3 held-out portraits.** The mesh")
    assert once.endswith(f"\n\n{END}\n\nRest.\n")
    cells = [[cell.strip() for cell in line.split("|")] for line in once.splitlines()]
    assert ["", "", "this starter", "mean face", "bicubic", ""] in cells
    assert ["", "super-resolve × 8: identity", "0.600", "–", "0.700", ""] in cells
    assert ["", "frontalize, turned heads: mean abs. yaw left", "0.100", "0.010", "–", ""] in cells
    assert ["", "frontalize: mean abs. yaw left", "0.070", "0.010", "–", ""] in cells
    assert ["", "frontalize: faces found", "2", "–", "–", ""] in cells
    assert ["", "ms", "this starter", "earlier starter", ""] in cells
    assert ["", "frontalize", "20 / 100", "–", ""] in cells
    assert "of 0.300 in the pictures and of 0.200 in their reconstructions" in once
    assert "of 0.400 and 0.200 in the 2 that are strongly turned" in once
    assert "In 1 of 2 faces drawn" in once
    whole = json.loads((card.parent / "figures.json").read_text())
    assert whole["val"]["frontalize"]["starter"]["yaw_turned"] == 0.1
    assert whole["drawn"] == {"pictures": 2, "found": 1}


def test_a_card_without_its_marks_is_refused() -> None:
    for card in ("", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"):
        with pytest.raises(ValueError, match="the card needs one"):
            replaced(card, "text")


def test_columns_are_in_line() -> None:
    expected = "| a     |  b× |\n| ----- | --: |\n| lines |   1 |"
    assert table(["a", "b×"], [["lines", "1"]]) == expected
