"""Measure the checkpoints on held-out portraits and on photographs; draw the card's pictures.

    python -m psp_training.evaluate VAL IDENTITY CHECKPOINTS OUT --photos PHOTOS --earlier FOLDER

Writes OUT/figures.json (means), OUT/pictures.tsv (every picture), the card's .webp pictures, and
below OUT/faces what the product's own face mesh is to look at.
"""

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .card.card_pictures import draw_all, draw_operations, draw_samples, draw_styles
from .card.figures import Record, Truth, averaged, joined
from .card.tasks import EVERY_OPERATION, TASKS, inputs_of
from .measure_generator import draw
from .networks.identity import IdentityNet, load_identity
from .networks.psp import Psp, load
from .pictures.data import Portraits
from .pictures.preview import grid
from .running.parallel import Team, run

BATCH = 16
TURNED = 0.35
# Every figure of a picture: (task, method) → figure → [N].
Figures = dict[tuple[str, str], dict[str, Tensor]]


@dataclass(frozen=True)
class Methods:
    """Networks by method, then by operation. `starter` is the one that the card is about."""

    networks: dict[str, dict[str, Psp]]

    @property
    def starter(self) -> dict[str, Psp]:
        return self.networks["starter"]

    @property
    def base(self) -> Psp:
        return self.starter["reconstruct"]

    @property
    def side(self) -> int:
        return self.base.decoder.side


def load_all(folder: Path) -> dict[str, Psp]:
    """The checkpoints of a folder by operation; those that are not there are named and left out."""
    networks: dict[str, Psp] = {}
    for operation in EVERY_OPERATION:
        path = folder / f"{operation}.pt"
        if path.exists():
            networks[operation] = loaded(path)
        else:
            print(f"left out: {operation} (no {path})")
    return networks


def loaded(path: Path) -> Psp:
    psp = load(path)
    psp.encoder.notice_lean()
    return psp


@torch.no_grad()
def measure(
    team: Team, methods: Methods, data: Portraits, identity: IdentityNet, faces: Path
) -> Figures:
    """Every task for every method on every picture; what the mesh is to read is saved."""
    part = np.array_split(np.arange(len(data)), team.size)[team.rank]
    records: dict[tuple[str, str], Record] = {}
    mean_face = methods.base.decoder(methods.base.latent_avg[None])
    for start in range(0, len(part), BATCH):
        indices = part[start : start + BATCH]
        images = data.batch(indices)
        truth = Truth(identity, images)
        names = names_of(data, indices)
        save_pictures(faces / "picture", names, averaged(images, methods.side))
        for task in TASKS:
            if task.operation not in methods.starter:
                continue
            inputs, masks = inputs_of(task, images, indices)
            results = {
                method: networks[task.operation](inputs)
                for method, networks in methods.networks.items()
                if task.operation in networks
            }
            if task.operation == "frontalize":
                for method, result in results.items():
                    save_pictures(faces / f"frontalize-{method}", names, result)
            if task.operation == "reconstruct":
                save_pictures(faces / "reconstruct", names, results["starter"])
            results["mean-face"] = mean_face
            if task.operation == "super-resolve":
                results["bicubic"] = averaged(inputs, methods.side)
            for method, result in results.items():
                records.setdefault((task.name, method), Record()).add(result, truth, masks)
    parts = team.collect(records)
    return {key: joined([part[key] for part in parts]).per_picture() for key in records}


def summary(figures: Figures, data: Portraits) -> dict:
    """Means over the set; what concerns frontalization also over the turned heads."""
    turned = np.abs(data.yaw) > TURNED
    means: dict = {
        "pictures": len(data),
        "turned": names_of(data, np.flatnonzero(turned)),
    }
    for (task, method), values in figures.items():
        entry = {name: round(float(value.nanmean()), 4) for name, value in values.items()}
        if task == "frontalize" and turned.any():
            of_turned = values["identity"][torch.from_numpy(turned)]
            entry["identity_turned"] = round(float(of_turned.mean()), 4)
        means.setdefault(task, {})[method] = entry
    return means


def write_pictures(path: Path, sets: dict[str, tuple[Portraits, Figures]]) -> None:
    """One line per figure of a picture."""
    with path.open("w", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(("set", "task", "method", "picture", "figure", "value"))
        for name, (data, figures) in sets.items():
            pictures = names_of(data, np.arange(len(data)))
            for (task, method), values in figures.items():
                for figure, value in values.items():
                    for picture, number in zip(pictures, value.tolist(), strict=True):
                        table.writerow((name, task, method, picture, figure, f"{number:.5g}"))


def names_of(data: Portraits, indices: np.ndarray) -> list[str]:
    return [data.meta[i].get("name", f"{i:04d}") for i in indices]


def save_pictures(folder: Path, names: list[str], pictures: Tensor) -> None:
    """[N, 3, S, S] in about [−1, 1] as FOLDER/NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in zip(names, pictures, strict=True):
        grid([picture[None]], picture.shape[-1]).save(folder / f"{name}.png")


@torch.no_grad()
def draw_card(methods: Methods, sets: dict[str, Portraits], out: Path, samples: int) -> None:
    """The card's pictures, and as many faces drawn from z for the mesh to look at."""
    draw_operations(methods.starter, sets["val"], out / "operations.webp")
    draw_samples(methods.base, sets["val"], out / "samples.webp")
    draw_styles(methods.base, sets["val"], out / "styles.webp")
    if "photos" in sets:
        draw_all(methods.starter, sets["photos"], out / "photos.webp")
    drawn = draw(methods.base.decoder, samples)
    save_pictures(out / "faces" / "drawn", [f"{i:04d}" for i in range(samples)], drawn)
    save_pictures(out / "faces", ["mean-face"], methods.base.decoder(methods.base.latent_avg[None]))


def evaluate(team: Team, arguments: argparse.Namespace) -> None:
    """Write the card's pictures, the faces and the figures."""
    networks = {"starter": load_all(arguments.checkpoints)}
    if arguments.earlier:
        networks["earlier"] = load_all(arguments.earlier)
    if arguments.w_encoder:
        networks["w-encoder"] = {"reconstruct": loaded(arguments.w_encoder)}
    methods = Methods(networks)
    sets = {"val": Portraits(arguments.val).first(arguments.count)}
    if arguments.photos:
        sets["photos"] = Portraits(arguments.photos).first(arguments.count)
    identity = load_identity(arguments.identity)
    out: Path = arguments.out
    if team.leads:
        draw_card(methods, sets, out, arguments.samples)
    measured = {
        name: (data, measure(team, methods, data, identity, out / "faces" / name))
        for name, data in sets.items()
    }
    if team.leads:
        write_pictures(out / "pictures.tsv", measured)
        figures = {name: summary(values, data) for name, (data, values) in measured.items()}
        text = json.dumps(figures, indent=2)
        (out / "figures.json").write_text(text + "\n")
        print(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("val", type=Path, help="held-out folder written by prepare")
    parser.add_argument("identity", type=Path)
    parser.add_argument("checkpoints", type=Path, help="folder with an OPERATION.pt for each")
    parser.add_argument("out", type=Path)
    parser.add_argument("--photos", type=Path, help="aligned photographs, written by prepare")
    parser.add_argument("--earlier", type=Path, help="an earlier starter's checkpoints")
    parser.add_argument("--w-encoder", type=Path, help="a reconstruct checkpoint with one w")
    parser.add_argument("--count", type=int, default=None, help="measure on only the first so many")
    parser.add_argument("--samples", type=int, default=200, help="faces to draw from z")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    run(evaluate, arguments, arguments.processes)


if __name__ == "__main__":
    main()
