"""What is timed in PyTorch answers as the product's files do, so that both do the same work."""

from pathlib import Path

import onnxruntime
import torch
from torch import Tensor, nn

from psp_training import time_networks
from psp_training.export import export_encoder, export_generator
from psp_training.fit.by_autograd import by_autograd
from psp_training.fit.export_fit import example_inputs, export_fit
from psp_training.networks.identity import load_identity
from psp_training.networks.mobile_stylegan import N_STYLES, D
from psp_training.networks.picture_head import PictureHead
from psp_training.networks.pyramid_encoder import PyramidEncoder

from .generators import random_generator


def run(path: Path, value: Tensor) -> Tensor:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (answer,) = session.run(None, {session.get_inputs()[0].name: value.numpy()})
    return torch.from_numpy(answer)


def apart(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).norm() / theirs.norm())


@torch.no_grad()
def test_encoder_is_the_files(tmp_path: Path) -> None:
    encoder = PyramidEncoder(4, width=8).eval()
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.get_buffer("running_mean").normal_(std=0.1)
            module.get_buffer("running_var").uniform_(0.5, 1.5)
    export_encoder(encoder, tmp_path / "encoder.onnx")
    image = torch.rand(1, 4, 256, 256)
    loaded = time_networks.load_encoder(tmp_path / "encoder.onnx")
    assert apart(loaded(image), run(tmp_path / "encoder.onnx", image)) < 1e-3


@torch.no_grad()
def test_decoder_is_the_files(tmp_path: Path) -> None:
    export_generator(random_generator(), tmp_path)
    codes = torch.randn(1, N_STYLES, D)
    loaded = time_networks.load_decoder(tmp_path / "decoder.onnx")
    assert apart(loaded(codes), run(tmp_path / "decoder.onnx", codes)) < 1e-3


def test_fit_step_is_the_graphs(tmp_path: Path, identity_folder: Path) -> None:
    path = tmp_path / "fit.onnx"
    graph = export_fit(random_generator(), PictureHead(), load_identity(identity_folder), path)
    given = list(example_inputs())
    given[0], given[1] = torch.randn(1, N_STYLES, D) * 0.3, torch.rand(1, 3, 256, 256) * 2 - 1
    given[4] = given[1]
    loaded = time_networks.load_fit(path, identity_folder)
    wanted = graph(*given)[1]
    assert apart(by_autograd(loaded, tuple(given))["gradient"], wanted) < 1e-2
