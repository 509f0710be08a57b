"""All that training needs, in one folder of under 60 MB that can be carried to another machine.

    python -m psp_training.kit KIT --wheel random_face-….whl --backbone efficientnet-lite0-….pth \\
        --identity package/model --photos photos.tar --portraits train-0.tar [--count 2000]

KIT/generator.pt and backbone.pt (float16), identity/ (as published), portraits.zip (WebP, 256²).
"""

import argparse
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .networks.efficientnet import load_backbone
from .networks.identity import IdentityNet, load_identity
from .networks.mobile_stylegan import Generator, read_wheel
from .pictures.archives import decode, read_archive

PHOTOGRAPHS, PORTRAITS = "photographs", "portraits"


@dataclass(frozen=True)
class Kit:
    generator: Generator
    # ImageNet's weights, for encoders to start from and for the perceptual distance.
    backbone: Path
    identity: IdentityNet
    # uint8 [N, 3, 256, 256], RGB.
    photographs: Tensor
    portraits: Tensor


def load_kit(folder: Path) -> Kit:
    generator = Generator()
    generator.load_state_dict(torch.load(folder / "generator.pt", weights_only=True))
    pictures = read_pictures(folder / "portraits.zip")
    identity = load_identity(folder / "identity")
    return Kit(generator.eval(), folder / "backbone.pt", identity, *pictures)


def read_pictures(path: Path) -> tuple[Tensor, Tensor]:
    """Photographs and portraits of a kit."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        data = [archive.read(name) for name in names]
    with ThreadPoolExecutor() as pool:
        pictures = torch.from_numpy(np.stack(list(pool.map(decode, data)))).permute(0, 3, 1, 2)
    of_people = torch.tensor([name.startswith(PHOTOGRAPHS) for name in names])
    return pictures[of_people].contiguous(), pictures[~of_people].contiguous()


def save_half(path: Path, network: nn.Module) -> None:
    """The state in float16: half the bytes, and what packages store too."""
    state = {
        name: (value.half() if value.is_floating_point() else value).cpu()
        for name, value in network.state_dict().items()
    }
    # Written beside and renamed: a run that is cut off keeps the earlier file.
    draft = path.with_suffix(".tmp")
    torch.save(state, draft)
    draft.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kit", type=Path)
    for name in ("wheel", "backbone", "identity", "photos", "portraits"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000, help="portraits to take")
    given = parser.parse_args()
    given.kit.mkdir(parents=True, exist_ok=True)
    save_half(given.kit / "generator.pt", read_wheel(given.wheel))
    save_half(given.kit / "backbone.pt", load_backbone(given.backbone))
    shutil.copytree(
        given.identity,
        given.kit / "identity",
        ignore=lambda _, names: [n for n in names if not n.startswith("face_recognition")],
        dirs_exist_ok=True,
    )
    write_pictures(given.kit / "portraits.zip", given.photos, given.portraits, given.count)


def write_pictures(path: Path, photos: Path, portraits: Path, count: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for kind, source, limit in ((PHOTOGRAPHS, photos, None), (PORTRAITS, portraits, count)):
            for name, data in islice(read_archive(source), limit):
                archive.writestr(f"{kind}/{name}", data)


if __name__ == "__main__":
    main()
