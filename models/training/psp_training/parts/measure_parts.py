"""How far the networks agree with what was labelled by hand and never learned, part by part.

    python -m psp_training.parts.measure_parts WHEEL HUMAN WEIGHTS

WEIGHTS holds feature-parts.pt and parts.pt. Prints a table: the classifier on the generator's
features, and the photographs' network, which is given the picture alone.
"""

import argparse
from pathlib import Path

import torch

from ..networks.mobile_stylegan import read_wheel
from .agreement import Agreement, table
from .export_parts import load_parts_net
from .labelled import HELD, labelled_faces
from .pairs import load_feature_parts
from .parts_network import labels_of


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "human", "weights"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    of_features = load_feature_parts(given.weights / "feature-parts.pt")
    of_pictures = load_parts_net(given.weights / "parts.pt")
    by_features, by_picture = Agreement(), Agreement()
    for face in labelled_faces(read_wheel(given.wheel), given.human, HELD):
        by_features.add(of_features(face.maps).argmax(dim=1)[0].numpy(), face.labels)
        picture = torch.from_numpy(face.picture).permute(2, 0, 1)[None].float() / 255
        by_picture.add(labels_of(of_pictures(picture))[0].numpy(), face.labels)
    print(table({"features": by_features.scores(), "picture": by_picture.scores()}))


if __name__ == "__main__":
    main()
