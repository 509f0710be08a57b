"""Generators of the tests: the architecture with weights that keep the size of what goes through."""

import torch

from psp_training.networks.mobile_stylegan import Affine, Generator, Separable


@torch.no_grad()
def random_generator() -> Generator:
    generator = Generator()
    synthesis = generator.synthesis
    for module in synthesis.modules():
        if isinstance(module, Affine):
            module.weight.normal_(std=0.01)
            module.bias.fill_(1)
        elif isinstance(module, Separable):
            module.depthwise.normal_(std=0.3)
            module.pointwise.normal_(std=(1.5 / module.pointwise.shape[1]) ** 0.5)
            module.noise.normal_(std=0.1)
    synthesis.start.normal_()
    synthesis.first.normal_(std=0.02)
    synthesis.to_rgb.normal_(std=0.1)
    generator.mean.normal_(std=0.1)
    generator.deviation.uniform_(0.2, 0.5)
    return generator.eval()
