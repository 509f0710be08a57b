"""FaceMesh on FFHQ crops: 468 points, and what the head and the features do, in natural units.

The numbers mean what they mean in the product: the yaw is the sine that `bridge-server/faces` reads
from the line between the cheeks in depth, as an angle.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..networks.tfjs_graph import TfjsGraph

SIDE = 192
# A first look at the middle of the FFHQ crop, then at the mesh's own box and 0.4 of it more.
FIRST = (0.5, 0.54, 0.69)
MARGIN = 1.4

LEFT_EYE = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246]
RIGHT_EYE = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466]
LEFT_CHEEK, RIGHT_CHEEK = 234, 454
FOREHEAD, CHIN = 10, 152
MOUTH_LEFT, MOUTH_RIGHT, LIP_UP, LIP_DOWN = 61, 291, 13, 14


class FaceMesh(nn.Module):
    """Pictures [N, 3, S, S] in 0..1 → points [N, 468, 3] in fractions of the side, flag [N]."""

    def __init__(self, human_models: Path) -> None:
        super().__init__()
        self.network = TfjsGraph(human_models / "facemesh.json", ["Identity_2", "Identity_1"])

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        boxes = pictures.new_tensor(FIRST).expand(len(pictures), 3)
        points, _ = self.read(pictures, boxes)
        low, high = points[..., :2].amin(dim=1), points[..., :2].amax(dim=1)
        side = MARGIN * (high - low).amax(dim=1, keepdim=True)
        return self.read(pictures, torch.cat([(low + high) / 2, side], dim=1))

    def read(self, pictures: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
        mesh, flag = self.network(crop(pictures, boxes, SIDE))
        points = mesh.view(-1, 468, 3) / SIDE
        corner = torch.cat([boxes[:, :2] - boxes[:, 2:] / 2, boxes.new_zeros(len(boxes), 1)], dim=1)
        return points * boxes[:, None, 2:] + corner[:, None], flag.flatten()


def crop(pictures: Tensor, boxes: Tensor, side: int) -> Tensor:
    """Squares (centre x, y and side as fractions) of pictures [N, C, S, S] → [N, C, side, side]."""
    steps = (torch.arange(side, device=pictures.device) + 0.5) / side - 0.5
    x, y = (boxes[:, axis, None] + boxes[:, 2:] * steps for axis in (0, 1))
    shape = (-1, side, side)
    grid = torch.stack([x[:, None].expand(shape), y[:, :, None].expand(shape)], dim=3)
    return F.grid_sample(pictures, 2 * grid - 1, padding_mode="border", align_corners=False)


def eye_centres(points: Tensor) -> tuple[Tensor, Tensor]:
    return points[:, LEFT_EYE].mean(dim=1), points[:, RIGHT_EYE].mean(dim=1)


def slope_in_depth(points: Tensor, a: int, b: int) -> Tensor:
    """How far the line from a to b points away from the viewer, degrees."""
    line = points[:, b] - points[:, a]
    return torch.rad2deg(torch.asin((line[:, 2] / line.norm(dim=1)).clamp(-1, 1)))


def measure_pose(points: Tensor) -> dict[str, Tensor]:
    """Degrees: yaw > 0 looks to the viewer's right, pitch > 0 looks down."""
    return {
        "yaw": slope_in_depth(points, LEFT_CHEEK, RIGHT_CHEEK),
        "pitch": slope_in_depth(points, FOREHEAD, CHIN),
    }


def measure_features(points: Tensor) -> dict[str, Tensor]:
    """Per cent of the distance between the eyes, foreshortening undone by depth."""
    left, right = eye_centres(points)
    unit = (right - left).norm(dim=1)

    def span(a: int, b: int) -> Tensor:
        return 100 * (points[:, a] - points[:, b]).norm(dim=1) / unit

    lips = points[:, [LIP_UP, LIP_DOWN], 1].mean(dim=1)
    corners = points[:, [MOUTH_LEFT, MOUTH_RIGHT], 1].mean(dim=1)
    lift = 100 * (lips - corners) / unit
    return {
        # Corners up and apart.
        "smile": lift + span(MOUTH_LEFT, MOUTH_RIGHT),
        "mouth": span(LIP_UP, LIP_DOWN),
        "eyes": (span(145, 159) + span(374, 386)) / 2,
    }
