"""How far faces made of label maps agree with them, by the parts that their features tell.

    python -m psp_training.parts.pairs WHEEL FEATURE_PARTS PAIRS --faces 2000 --maps MAPS
    for map in MAPS/*.png; do
      npx psp-layers apply $map --operation labels-to-face --model starter --variants 1 \\
        --output ${map%.png}-face.png --save-latents
    done
    python -m psp_training.parts.measure_labels WHEEL FEATURE_PARTS MAPS

Prints the agreement part by part over all maps, and the mean over parts of every map.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..networks.mobile_stylegan import read_wheel
from .agreement import Agreement, table
from .faces import feature_maps
from .pairs import load_feature_parts

LATENTS = "-face-latents-1.npy"


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "feature_parts", "maps"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    generator, network = read_wheel(given.wheel), load_feature_parts(given.feature_parts)
    total, means = Agreement(), []
    for path in sorted(given.maps.glob("*-face-latents-1.npy")):
        wanted = np.asarray(
            Image.open(given.maps / path.name.replace("-face-latents-1.npy", ".png"))
        )
        codes = torch.from_numpy(np.load(path))[None].float()
        found = network(feature_maps(generator, codes)).argmax(dim=1)[0].numpy()
        of_map = Agreement()
        for agreement in (total, of_map):
            agreement.add(found, wanted)
        means.append(of_map.mean())
        print(f"{path.name}: {of_map.mean():.3f}")
    print(table({"label maps": total.scores()}))
    print(f"mean over parts of a map: {np.mean(means):.3f} over {len(means)} maps")


if __name__ == "__main__":
    main()
