import torch

from psp_training.encoders.codes import read_yaw, recentre, yaw_direction, yaw_reader
from psp_training.encoders.frontal import turned
from psp_training.networks.backbone import Shape
from psp_training.networks.encoder import Encoder


def test_direction_of_yaw_is_recovered_and_taken_away() -> None:
    yaw = torch.rand(400) * 2 - 1
    direction = torch.randn(2, 12, 6)
    person = 0.1 * torch.randn(400, 12, 6)
    curve = direction[0] * yaw[:, None, None] + direction[1] * yaw.square()[:, None, None]
    mirrored = person - direction[0] * yaw[:, None, None]
    mirrored = mirrored + direction[1] * yaw.square()[:, None, None]
    measured = yaw_direction(person + curve, yaw)
    assert float((measured - direction).abs().max()) < 0.1
    result = turned(person + curve, mirrored, yaw, direction)
    torch.testing.assert_close(result, person, atol=1e-4, rtol=1e-3)


def test_yaw_is_read_from_codes() -> None:
    yaw = torch.rand(300) * 2 - 1
    codes = 0.05 * torch.randn(300, 4, 3) + yaw[:, None, None]
    reader = yaw_reader(codes[:200], yaw[:200])
    assert float((read_yaw(reader, codes[200:]) - yaw[200:]).abs().mean()) < 0.05


@torch.no_grad()
def test_recentring_moves_the_average_out_of_the_encoder() -> None:
    encoder = Encoder(Shape(10, 6, [8, 9, 10, 11], [1, 1, 1, 1])).eval()
    image = torch.randn(1, 3, 256, 256)
    before = encoder(image)
    average = torch.randn(10, 6)
    recentre(encoder, average)
    torch.testing.assert_close(encoder(image) + average, before, atol=1e-5, rtol=1e-4)
