"""A whole pSp: encoder, decoder and average latent, and its checkpoint in the official layout."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .decoder import Decoder
from .encoder import Encoder

Checkpoint = dict[str, Any]

# What the pictures of the README's recipe ask for; it travels in the checkpoint's options.
LICENCE = "CC-BY-4.0"
ATTRIBUTION = (
    "Trained on portraits by artflow.ai (CC BY 4.0; what artflow's own generator was trained on is "
    "unknown) and on faker-js/assets-person-portrait (CC0)"
)


class Psp(nn.Module):
    """image [N, C, 256, 256] → latents [N, n_styles, D] → image [N, 3, S, S]."""

    latent_avg: Tensor

    def __init__(self, encoder: Encoder, decoder: Decoder, latent_avg: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.register_buffer("latent_avg", latent_avg)

    def encode(self, image: Tensor) -> Tensor:
        return self.encoder(image) + self.latent_avg

    def forward(self, image: Tensor) -> Tensor:
        return self.decoder(self.encode(image))


def checkpoint_of(psp: Psp, operation: str) -> Checkpoint:
    """What torch.save writes: the official layout plus operation, licence and
    attribution among the options."""
    state = {
        key: value.detach().clone().contiguous()
        for key, value in psp.state_dict().items()
        if key != "latent_avg"
    }
    opts = {
        "dataset_type": "ffhq_frontalize" if operation == "frontalize" else "ffhq_encode",
        "encoder_type": "GradualStyleEncoder",
        "input_nc": 3,
        "label_nc": 0,
        "output_size": 2 << (psp.decoder.n_styles // 2),
        "start_from_latent_avg": True,
        "learn_in_w": False,
        "operation": operation,
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
    }
    return {"state_dict": state, "opts": opts, "latent_avg": psp.latent_avg.clone()}


def psp_of(checkpoint: Checkpoint) -> Psp:
    """Rebuild the networks from tensor shapes alone, in inference mode."""
    state: dict[str, Tensor] = checkpoint["state_dict"]
    latent_avg: Tensor = checkpoint["latent_avg"]
    style = latent_avg.shape[1]
    encoder = encoder_like(state, len(latent_avg), style)
    levels = count(state, "decoder.to_rgbs.{}.bias")
    widths = [state["decoder.input.input"].shape[1]]
    for level in range(levels):
        widths.append(state[f"decoder.convs.{2 * level}.conv.weight"].shape[1])
    psp = Psp(encoder, Decoder(style, widths), latent_avg.clone())
    psp.load_state_dict({**state, "latent_avg": latent_avg})
    return psp.eval()


def encoder_like(state: dict[str, Tensor], n_styles: int, style: int) -> Encoder:
    """An encoder of the same shape; the first unit and every change of width begin a stage."""
    widths: list[int] = []
    units: list[int] = []
    reduced: list[int] = []
    for index in range(count(state, "encoder.body.{}.res_layer.1.weight")):
        width = state[f"encoder.body.{index}.res_layer.1.weight"].shape[0]
        if not widths or widths[-1] != width:
            widths.append(width)
            units.append(0)
            reduced.append(state[f"encoder.body.{index}.res_layer.5.fc1.weight"].shape[0])
        units[-1] += 1
    inputs = state["encoder.input_layer.0.weight"].shape[1]
    return Encoder(n_styles, style, widths, units, inputs, reduced)


def count(state: dict[str, Tensor], key: str) -> int:
    index = 0
    while key.format(index) in state:
        index += 1
    return index


def load(path: Path) -> Psp:
    return psp_of(torch.load(path, map_location="cpu", weights_only=True))
