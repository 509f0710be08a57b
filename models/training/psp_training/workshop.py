"""What every stage of training uses: the kit's networks on the device, and ways to call them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .judge import Judge
from .kit import Kit
from .networks.efficientnet import load_backbone
from .networks.mobile_stylegan import LEVELS, SIDE
from .networks.picture_head import LEVELS as HEAD_LEVELS
from .networks.picture_head import SIDE as SMALL_SIDE
from .networks.picture_head import PictureHead
from .pictures.drawn import draw_codes
from .running.precision import half

HELD_DRAWN, HELD_PHOTOGRAPHS, CHECK_BATCH = 64, 32, 32

Network = TypeVar("Network", bound=nn.Module)


class Workshop:
    def __init__(self, kit: Kit, device: torch.device, log: Path, compiles: bool) -> None:
        self.device, self.log, self.compiles = device, log, compiles
        self.generator = self.placed(kit.generator)
        self.judge = self.placed(Judge(load_backbone(kit.backbone), kit.identity))
        self.judge.learn_centre(torch.cat([kit.photographs, kit.portraits[:1000]]))
        self.photographs = kit.photographs[:-HELD_PHOTOGRAPHS].to(device)
        self.portraits = kit.portraits.to(device)
        self.held_photographs = signed(kit.photographs[-HELD_PHOTOGRAPHS:].to(device))
        torch.manual_seed(1)
        self.held_codes = draw_codes(self.generator, HELD_DRAWN)
        # Codes → features and picture, see below; compiled once for all stages.
        self.upper = self.compiled(self.draw_upper)

    def half(self) -> torch.autocast:
        return half(self.device)

    def placed(self, network: Network) -> Network:
        """On the device, channels last in memory, which convolutions of accelerators want."""
        # The types of `Module.to` leave the memory's format out.
        to: Callable[..., Network] = network.to
        return to(self.device, memory_format=torch.channels_last)

    def compiled(self, function: Callable) -> Callable:
        return torch.compile(function, dynamic=False) if self.compiles else function

    def draw_upper(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """128² features, and the full picture averaged down to 256²."""
        synthesis = self.generator.synthesis
        features = synthesis.features(codes, HEAD_LEVELS)
        picture = synthesis.paint(synthesis.grow(features, codes, HEAD_LEVELS, LEVELS), codes)
        return features, F.avg_pool2d(picture, SIDE // SMALL_SIDE)

    @torch.no_grad()
    def draw(self, codes: Tensor) -> Tensor:
        """The full picture averaged down, [N, 3, 256, 256] in [−1, 1]."""
        with self.half():
            return self.upper(codes)[1].float().clamp(-1, 1)

    def preview(self, head: PictureHead) -> Callable[[Tensor], Tensor]:
        """Codes → 256² pictures by a frozen head, with gradients."""
        head = self.placed(head).requires_grad_(False)
        synthesis = self.generator.synthesis
        return self.compiled(lambda codes: head(synthesis.features(codes, HEAD_LEVELS), codes))

    @torch.no_grad()
    def compare(self, codes: Tensor, targets: Tensor) -> dict[str, float]:
        """Mean squared error at 256² and likeness of full pictures to [N, 3, 256, 256]."""
        errors, likeness = [], []
        for part, target in zip(codes.split(CHECK_BATCH), targets.split(CHECK_BATCH), strict=True):
            picture = self.draw(part)
            errors.append((picture - target).square().mean(dim=(1, 2, 3)))
            likeness.append(self.judge.cosine(picture, target))
        return {"l2": torch.cat(errors).mean().item(), "id": torch.cat(likeness).mean().item()}


def signed(pictures: Tensor) -> Tensor:
    """uint8 → [−1, 1]"""
    return pictures.float() / 127.5 - 1
