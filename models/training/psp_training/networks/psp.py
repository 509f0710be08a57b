"""A whole pSp: encoder, decoder and average latent, and its checkpoint in the official layout."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .backbone import Shape
from .decoder import Decoder
from .encoder import COARSE_END, MIDDLE_END, AnyEncoder, Encoder, SingleStyleEncoder

Checkpoint = dict[str, Any]

# What the pictures of the README's recipe ask for; it travels in the checkpoint's options.
LICENCE = "CC-BY-4.0"
ATTRIBUTION = (
    "Trained on portraits by artflow.ai (CC BY 4.0; what artflow's own generator was trained on is "
    "unknown) and on faker-js/assets-person-portrait (CC0)"
)
SINGLE_STYLE = "BackboneEncoderUsingLastLayerIntoW"
# The official name of an operation's data; inpainting was never released and has none.
DATASET_TYPES = {
    "frontalize": "ffhq_frontalize",
    "super-resolve": "celebs_super_resolution",
    "sketch-to-face": "celebs_sketch_to_face",
}


class Psp(nn.Module):
    """image [N, C, 256, 256] → latents [N, n_styles, D] → image [N, 3, S, S]."""

    latent_avg: Tensor

    def __init__(self, encoder: AnyEncoder, decoder: Decoder, latent_avg: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.register_buffer("latent_avg", latent_avg)

    def encode(self, image: Tensor) -> Tensor:
        return self.encoder(image) + self.latent_avg

    def forward(self, image: Tensor) -> Tensor:
        return self.decoder(self.encode(image))


def checkpoint_of(psp: Psp, operation: str) -> Checkpoint:
    """What torch.save writes: the official layout plus operation, licence and attribution among
    the options. As there, an encoder into W keeps its latent_avg as one row, [D]."""
    state = {
        key: value.detach().clone().contiguous()
        for key, value in psp.state_dict().items()
        if key != "latent_avg"
    }
    single = isinstance(psp.encoder, SingleStyleEncoder)
    channels = psp.encoder.shape.inputs
    opts = {
        "dataset_type": DATASET_TYPES.get(operation, "ffhq_encode"),
        "encoder_type": SINGLE_STYLE if single else "GradualStyleEncoder",
        "input_nc": channels,
        "label_nc": 0 if channels == 3 else channels,
        "output_size": psp.decoder.side,
        "start_from_latent_avg": True,
        "learn_in_w": single,
        "operation": operation,
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
    }
    average = psp.latent_avg[0] if single else psp.latent_avg
    return {"state_dict": state, "opts": opts, "latent_avg": average.clone()}


def psp_of(checkpoint: Checkpoint) -> Psp:
    """Rebuild the networks from tensor shapes alone, in inference mode."""
    state: dict[str, Tensor] = checkpoint["state_dict"]
    latent_avg: Tensor = checkpoint["latent_avg"]
    style = latent_avg.shape[-1]
    levels = count(state, "decoder.to_rgbs.{}.bias")
    widths = [state["decoder.input.input"].shape[1]]
    for level in range(levels):
        widths.append(state[f"decoder.convs.{2 * level}.conv.weight"].shape[1])
    decoder = Decoder(style, widths)
    encoder = encoder_like(state, decoder.n_styles, style)
    latent_avg = latent_avg.reshape(-1, style).expand(decoder.n_styles, -1).clone()
    psp = Psp(encoder, decoder, latent_avg)
    psp.load_state_dict({**state, "latent_avg": latent_avg})
    return psp.eval()


def encoder_like(state: dict[str, Tensor], n_styles: int, style: int) -> AnyEncoder:
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
    shape = Shape(n_styles, style, widths, units, inputs, reduced)
    if "encoder.linear.weight" in state:
        return SingleStyleEncoder(shape)
    firsts = (0, COARSE_END, MIDDLE_END)
    hidden = [state[f"encoder.styles.{head}.convs.0.weight"].shape[0] for head in firsts]
    return Encoder(replace(shape, hidden=hidden))


def count(state: dict[str, Tensor], key: str) -> int:
    index = 0
    while key.format(index) in state:
        index += 1
    return index


def load(path: Path) -> Psp:
    return psp_of(torch.load(path, map_location="cpu", weights_only=True))
