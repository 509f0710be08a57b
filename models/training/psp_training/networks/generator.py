"""A trained generator on its own: decoder, mean w and the discriminator it was trained against.

The file has rosinality's layout: `g_ema` and `d` state dicts, `latent_avg` [D], and what the
pictures of the training ask for under `opts`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .decoder import Decoder
from .discriminator import Discriminator
from .psp import ATTRIBUTION, LICENCE, count

State = dict[str, Tensor]


@dataclass(frozen=True)
class Generator:
    decoder: Decoder
    # The mean of w over many z, [D].
    latent_avg: Tensor
    discriminator: Discriminator

    def save(self, path: Path) -> None:
        opts = {"output_size": self.decoder.side, "licence": LICENCE, "attribution": ATTRIBUTION}
        parts = {"g_ema": self.decoder.state_dict(), "d": self.discriminator.state_dict()}
        torch.save({**parts, "latent_avg": self.latent_avg, "opts": opts}, path)


def load_generator(path: Path) -> Generator:
    return generator_of(torch.load(path, map_location="cpu", weights_only=True))


def generator_of(saved: dict[str, Any]) -> Generator:
    """Rebuild both networks from tensor shapes alone, in inference mode."""
    decoder = decoder_like(saved["g_ema"])
    decoder.load_state_dict(saved["g_ema"])
    discriminator = Discriminator(decoder_widths(saved["g_ema"]))
    discriminator.load_state_dict(saved["d"])
    return Generator(decoder.eval(), saved["latent_avg"], discriminator.eval())


def decoder_like(state: State) -> Decoder:
    """A decoder of the shape that a state dict has."""
    return Decoder(state["style.1.weight"].shape[0], decoder_widths(state))


def decoder_widths(state: State) -> list[int]:
    """Channels at 4², 8² and so on."""
    levels = count(state, "to_rgbs.{}.bias")
    convs = [state[f"convs.{2 * level}.conv.weight"].shape[1] for level in range(levels)]
    return [state["input.input"].shape[1], *convs]


def grow(state: State, decoder: Decoder) -> None:
    """Start a larger decoder from a smaller one's weights: its first picture is the smaller one's,
    enlarged, because the new layers' share of the picture starts at zero."""
    own = decoder.state_dict()
    shared = {key: value for key, value in state.items() if key in own}
    torch.nn.init.zeros_(decoder.to_rgbs[-1].conv.weight)
    decoder.load_state_dict(shared, strict=False)


@torch.no_grad()
def mean_w(decoder: Decoder, draws: int = 10_000, seed: int = 0) -> Tensor:
    """[D]"""
    style = decoder.style[1].weight.shape[0]
    z = torch.randn(draws, style, generator=torch.Generator().manual_seed(seed))
    return decoder.map(z.to(decoder.style[1].weight.device)).mean(dim=0).cpu()
