"""The files that the product gets, in ONNX Runtime, against the networks that they were made of."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from psp_training.export import export_encoder, export_generator, load_encoder
from psp_training.networks.mobile_stylegan import N_STYLES, D
from psp_training.networks.pyramid_encoder import PyramidEncoder
from psp_training.networks.quick_synthesis import QuickSynthesis
from psp_training.onnx_file import round_weights

from .generators import random_generator

# Float32 in another order.
TOLERANCE = 1e-4


def run(path: Path, value: Tensor) -> Tensor:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (answer,) = session.run(None, {session.get_inputs()[0].name: value.numpy()})
    return torch.from_numpy(answer)


def rounded(module: nn.Module) -> nn.Module:
    module = deepcopy(module)
    round_weights(module)
    return module


@torch.no_grad()
def test_generator_files_answer_as_the_networks(tmp_path: Path) -> None:
    generator = random_generator()
    export_generator(generator, tmp_path)
    z, codes = torch.randn(2, D), torch.randn(2, N_STYLES, D)
    wanted = rounded(generator.mapping)(z)
    torch.testing.assert_close(run(tmp_path / "mapping.onnx", z), wanted, rtol=0, atol=TOLERANCE)

    wanted = generator.synthesis(codes)
    quick = QuickSynthesis(generator.synthesis)
    scale = wanted.abs().max()
    torch.testing.assert_close(quick(codes) / scale, wanted / scale, rtol=0, atol=TOLERANCE)
    answer = run(tmp_path / "decoder.onnx", codes)
    torch.testing.assert_close(
        answer / scale, rounded(quick)(codes) / scale, rtol=0, atol=TOLERANCE
    )


@torch.no_grad()
@pytest.mark.parametrize("channels", [4, 1])
def test_encoder_files_answer_as_the_networks(tmp_path: Path, channels: int) -> None:
    encoder = PyramidEncoder(channels, width=8).eval()
    encoder.deviation.fill_(0.3)
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.get_buffer("running_mean").normal_(std=0.1)
            module.get_buffer("running_var").uniform_(0.5, 1.5)
    torch.save(encoder.state_dict(), tmp_path / "encoder.pt")
    loaded = load_encoder(tmp_path / "encoder.pt")
    export_encoder(loaded, tmp_path / "encoder.onnx")
    image = torch.rand(2, channels, 256, 256)
    answer = run(tmp_path / "encoder.onnx", image)
    assert answer.shape == (2, N_STYLES, D)
    apart = (answer - encoder(image)).norm() / encoder(image).norm()
    assert apart < 1e-3


def test_weights_take_sixteen_bits(tmp_path: Path) -> None:
    export_generator(random_generator(), tmp_path)
    graph = onnx.load(tmp_path / "decoder.onnx").graph
    large = [tensor for tensor in graph.initializer if np.prod(tensor.dims) > 4096]
    assert {tensor.data_type for tensor in large} == {onnx.TensorProto.UINT16}
    assert (tmp_path / "decoder.onnx").stat().st_size < 17e6
