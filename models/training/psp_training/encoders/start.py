"""Where the training of an encoder starts: from nothing, or from an encoder of another training.

Every change here is exact: whatever the old encoder said of a picture, the new one says too.
"""

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from ..networks.encoder import AnyEncoder, Encoder, SingleStyleEncoder
from ..networks.generator import Generator
from ..networks.psp import Psp, count, encoder_like, psp_of
from ..sizes import encoder_shape
from .codes import recentre

SPREAD_DRAWS = 1000
ENCODERS = {"gradual": Encoder, "w": SingleStyleEncoder}


def read_start(path: Path, generator: Generator) -> tuple[Psp, bool]:
    """The encoder of a pSp checkpoint or of train_autoencoder's state, its codes unchanged but
    counted from the generator's mean w. Also tells whether it was trained to reconstruct with a
    frozen generator, and so can teach the other operations."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    if "state_dict" in saved:
        old = psp_of(saved)
        encoder, average = old.encoder, old.latent_avg
        teaches = saved["opts"].get("operation") == "reconstruct" and isinstance(encoder, Encoder)
    else:
        encoder, teaches = autoencoder_encoder(saved["average"]), False
        average = torch.zeros(encoder.shape.n_styles, encoder.shape.style)
    latent_avg = repeated(generator)
    if average.shape != latent_avg.shape:
        found, wanted = list(average.shape), list(latent_avg.shape)
        raise ValueError(f"{path} gives latents {found}, the generator takes {wanted}")
    recentre(encoder, latent_avg - average)
    encoder.notice_lean()
    return Psp(encoder, generator.decoder, latent_avg).eval().requires_grad_(False), teaches


def autoencoder_encoder(state: dict[str, Tensor]) -> AnyEncoder:
    style = state["encoder.styles.0.linear.weight"].shape[0]
    encoder = encoder_like(state, count(state, "encoder.styles.{}.linear.weight"), style)
    own = {key: state[f"encoder.{key}"] for key in encoder.state_dict()}
    encoder.load_state_dict(own)
    return encoder.eval()


def repeated(generator: Generator) -> Tensor:
    """The mean w for every style, [n_styles, D]."""
    return generator.latent_avg.expand(generator.decoder.n_styles, -1).clone()


@torch.no_grad()
def from_nothing(
    kind: str, generator: Generator, units: list[int] | None, inputs: int
) -> AnyEncoder:
    """Random weights; the first codes vary about as much as the generator's own w."""
    style = generator.latent_avg.shape[0]
    shape = encoder_shape(generator.decoder.n_styles, style, units, inputs)
    encoder = ENCODERS[kind](shape)
    encoder.make_lean()
    spread = generator.decoder.map(torch.randn(SPREAD_DRAWS, style)).std(dim=0).mean()
    for layer in encoder.last_layers():
        layer.weight *= spread
    return encoder


@torch.no_grad()
def deepened(encoder: AnyEncoder, units: list[int]) -> AnyEncoder:
    """More units at the ends of the stages. What they add to their input starts at zero, because
    their last normalisation does."""
    before = encoder.shape.units
    if any(new < old for new, old in zip(units, before, strict=True)):
        raise ValueError(f"units {units} are fewer than the start's {before}")
    grown = type(encoder)(replace(encoder.shape, units=units))
    places: list[int] = []
    for stage, (new, old) in enumerate(zip(units, before, strict=True)):
        first = sum(units[:stage])
        places += range(first, first + old)
        for added in range(first + old, first + new):
            torch.nn.init.zeros_(grown.body[added].res_layer[4].weight)
    for old, new in zip(encoder.body, places, strict=True):
        grown.body[new].load_state_dict(old.state_dict())
    own = encoder.state_dict()
    others = {key: value for key, value in own.items() if not key.startswith("body.")}
    grown.load_state_dict(others, strict=False)
    return grown


@torch.no_grad()
def for_sketches(encoder: AnyEncoder) -> AnyEncoder:
    """One grey channel g in 0..1 in place of three of 2g − 1: W∗(2g − 1) = 2·W∗g − ΣW, and the
    constant goes into the normalisation that follows. (Not at the border, where g is padded with
    black.)"""
    grey = type(encoder)(replace(encoder.shape, inputs=1))
    state = encoder.state_dict()
    summed = state["input_layer.0.weight"].sum(dim=1, keepdim=True)
    state["input_layer.0.weight"] = 2 * summed
    moved = state["input_layer.1.running_mean"] + summed.sum(dim=(1, 2, 3))
    state["input_layer.1.running_mean"] = moved
    grey.load_state_dict(state)
    return grey


@torch.no_grad()
def single_style(encoder: AnyEncoder) -> SingleStyleEncoder:
    """The backbone alone with the ablation's one linear layer, which is still random."""
    single = SingleStyleEncoder(encoder.shape)
    single.input_layer.load_state_dict(encoder.input_layer.state_dict())
    single.body.load_state_dict(encoder.body.state_dict())
    return single


def adapted(psp: Psp, kind: str, units: list[int] | None, inputs: int) -> AnyEncoder:
    """A start's encoder as an operation needs it, ready to be trained."""
    encoder: AnyEncoder = psp.encoder
    if inputs != encoder.shape.inputs:
        encoder = for_sketches(encoder)
    if kind == "w" and isinstance(encoder, Encoder):
        encoder = single_style(encoder)
    if not isinstance(encoder, ENCODERS[kind]):
        raise ValueError("an encoder into W cannot start one into W+")
    encoder = deepened(encoder, units or encoder.shape.units)
    encoder.notice_lean()
    return encoder
