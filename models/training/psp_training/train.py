"""Trains the starter's networks from a kit, in as many minutes as given.

    python -m psp_training.train KIT OUT --minutes 9 [--stages head photograph sketch] [--compile]

Writes OUT/STAGE.pt (float16, each under 16 MB) and OUT/log.jsonl. Started again it goes on from
the files it finds. On an accelerator nine minutes do; on two processor cores give it hours.
"""

import argparse
from pathlib import Path

import torch

from .kit import Kit, load_kit, save_half
from .networks.efficientnet import load_backbone
from .networks.picture_head import PictureHead
from .networks.pyramid_encoder import PyramidEncoder
from .pictures.drawn import Pool
from .tasks import TASKS, Task
from .train_encoder import train_encoder
from .train_head import train_head
from .workshop import Network, Workshop

# Shares of the time.
SHARES = {"head": 0.15, "photograph": 0.6, "sketch": 0.25}
# 256² drawings kept on an accelerator, 220 KB each, and on a processor.
POOL, SMALL_POOL = 60_000, 4_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kit", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--stages", nargs="+", choices=SHARES, default=list(SHARES))
    parser.add_argument("--compile", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kit = load_kit(given.kit)
    shop = Workshop(kit, device, given.out / "log.jsonl", given.compile)
    whole = sum(SHARES[stage] for stage in given.stages)
    seconds = {stage: given.minutes * 60 * SHARES[stage] / whole for stage in given.stages}

    head = started(PictureHead(), given.out / "head.pt")
    if "head" in given.stages:
        head = train_head(shop, head, seconds["head"])
        save_half(given.out / "head.pt", head)
    preview = shop.preview(head)
    pool = Pool(shop.generator, shop.draw, POOL if device.type == "cuda" else SMALL_POOL)
    for name in TASKS:
        if name not in given.stages:
            continue
        task = TASKS[name](device)
        encoder = begin_encoder(kit, shop, task, given.out, name)
        encoder = train_encoder(shop, task, encoder, preview, pool, seconds[name], name)
        save_half(given.out / f"{name}.pt", encoder)


def started(network: Network, path: Path) -> Network:
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
    return network


def begin_encoder(kit: Kit, shop: Workshop, task: Task, out: Path, name: str) -> PyramidEncoder:
    """Where an earlier run left it, else ImageNet's backbone and heads that know nothing."""
    encoder = PyramidEncoder(task.channels, task.width)
    encoder.backbone = load_backbone(kit.backbone, task.channels)
    encoder.mean.copy_(shop.generator.mean)
    encoder.deviation.copy_(shop.generator.deviation)
    return started(encoder, out / f"{name}.pt")


if __name__ == "__main__":
    main()
