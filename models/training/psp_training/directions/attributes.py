"""Everything that is measured on a face, each number with its unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..networks.identity import load_identity
from ..networks.tfjs_graph import TfjsGraph
from .face_mesh import FaceMesh, crop, measure_features, measure_pose
from .picture_measures import measure_picture

# Name → unit. Lightness and colours are CIELAB's.
UNITS = {
    "yaw": "°",
    "pitch": "°",
    "smile": "% of eye distance",
    "mouth": "% of eye distance",
    "eyes": "% of eye distance",
    "age": "years",
    "male": "logit",
    "happy": "%",
    "beard": "L*",
    "hair_light": "L*",
    "hair_warm": "b*",
    "skin_light": "L*",
    "skin_red": "a*",
    "skin_yellow": "b*",
    "light_side": "L*",
    "light_hard": "L*",
    "lips": "a*",
    "lids": "L*",
    "glasses": "L*",
    "background": "L*",
}
NAMES = list(UNITS)

GREY = (0.2989, 0.587, 0.114)
HAPPY = 3


@dataclass(frozen=True)
class Reading:
    """values [N, len(NAMES)], mesh flag [N], identity embeddings [N, 128]."""

    values: Tensor
    flag: Tensor
    embedding: Tensor


class Attributes(nn.Module):
    """Pictures [N, 3, 256, 256] in 0..1, FFHQ crops → what is measured on them."""

    years: Tensor

    def __init__(self, human_models: Path, face_api_model: Path) -> None:
        super().__init__()
        self.mesh = FaceMesh(human_models)
        # MobileNet that tells age (a hundred classes, one a year) and sex.
        outputs = ["age_pred/Softmax", "gender_pred/BiasAdd"]
        self.person = TfjsGraph(human_models / "faceres.json", outputs)
        self.emotion = TfjsGraph(human_models / "emotion.json", ["Identity"])
        self.identity = load_identity(face_api_model)
        self.register_buffer("years", torch.arange(100.0), persistent=False)
        self.requires_grad_(False)

    def forward(self, pictures: Tensor) -> Reading:
        points, flag = self.mesh(pictures)
        face = face_boxes(points)
        age, male = self.person(255 * crop(pictures, face, 224))
        grey = crop(pictures, face, 64) * pictures.new_tensor(GREY)[:, None, None]
        (feelings,) = self.emotion(2 * grey.sum(dim=1, keepdim=True) - 1)
        measured = {
            **measure_pose(points),
            **measure_features(points),
            "age": age @ self.years,
            "male": male[:, 0],
            "happy": 100 * feelings[:, HAPPY],
            **measure_picture(pictures, points),
        }
        values = torch.stack([measured[name] for name in NAMES], dim=1)
        return Reading(values, flag, self.identity(2 * pictures - 1))


def face_boxes(points: Tensor) -> Tensor:
    low, high = points[..., :2].amin(dim=1), points[..., :2].amax(dim=1)
    return torch.cat([(low + high) / 2, 1.35 * (high - low).amax(dim=1, keepdim=True)], dim=1)


@torch.no_grad()
def measure(attributes: Attributes, pictures: Tensor, batch: int = 16) -> Reading:
    """Of pictures [N, 256, 256, 3] in 0..255, any number of them."""
    device = attributes.years.device
    readings: list[Reading] = []
    for part in pictures.split(batch):
        image = part.to(device).permute(0, 3, 1, 2).float() / 255
        readings.append(attributes(image))
    return join(readings)


def join(readings: Sequence[Reading]) -> Reading:
    return Reading(
        torch.cat([reading.values.cpu() for reading in readings]),
        torch.cat([reading.flag.cpu() for reading in readings]),
        torch.cat([reading.embedding.cpu() for reading in readings]),
    )


def likeness(a: Tensor, b: Tensor, mean: Tensor) -> Tensor:
    """Cosine of embeddings [N, 128] with their average over many faces taken away, [N]."""
    return F.cosine_similarity(a - mean, b - mean, dim=1)
