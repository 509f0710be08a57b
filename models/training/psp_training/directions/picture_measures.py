"""Colours, light and hair, measured in the picture itself where the mesh says what is what.

Pictures [N, 3, S, S] in 0..1 (sRGB), points [N, 468, 3] in fractions of the side. Lightness, a and
b are CIELAB's, so that steps look alike everywhere; regions are read at fixed places of the mesh.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

LEFT_CHEEK = [50, 101, 118, 117, 123, 147, 187, 205]
RIGHT_CHEEK = [280, 330, 347, 346, 352, 376, 411, 425]
BROW_MIDDLE = [9, 107, 336, 151, 108, 337]
MOUSTACHE = [164, 167, 393, 165, 391, 92, 322]
CHIN = [199, 200, 208, 428, 175, 171, 396, 140, 369]
JAW = [136, 150, 149, 365, 379, 378, 169, 394, 170, 395]
LIPS = [0, 37, 267, 17, 84, 314, 40, 270, 91, 321]
NOSE_BRIDGE = [6, 197, 195, 122, 351]
LIDS = [223, 224, 225, 443, 444, 445]
LEFT_SIDE, RIGHT_SIDE = [234, 127, 93, 132, 50, 123], [454, 356, 323, 361, 280, 352]
FACE_TOP = [10, 338, 109, 297, 67, 332, 103]
TOP, BOTTOM = 10, 152


def to_lab(rgb: Tensor) -> Tensor:
    """sRGB [N, 3, H, W] in 0..1 → CIELAB (D65), L in 0..100."""
    linear = torch.where(rgb > 0.04045, ((rgb + 0.055) / 1.055).clamp(min=0) ** 2.4, rgb / 12.92)
    matrix = rgb.new_tensor(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    white = rgb.new_tensor([0.9505, 1.0, 1.089])[:, None, None]
    xyz = torch.einsum("ij,njhw->nihw", matrix, linear) / white
    f = torch.where(xyz > 0.008856, xyz.clamp(min=1e-6) ** (1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = f.unbind(dim=1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def sample(maps: Tensor, places: Tensor) -> Tensor:
    """Values [N, C, P] of maps [N, C, S, S] at places [N, P, 2] in fractions of the side."""
    return F.grid_sample(
        maps, 2 * places[:, :, None] - 1, padding_mode="border", align_corners=False
    )[..., 0]


def measure_picture(pictures: Tensor, points: Tensor) -> dict[str, Tensor]:
    lab = to_lab(F.avg_pool2d(pictures, 3, stride=1, padding=1, count_include_pad=False))
    places = points[..., :2]

    def mean(numbers: list[int]) -> Tensor:
        return sample(lab, places[:, numbers]).mean(dim=2)

    cheeks = mean(LEFT_CHEEK + RIGHT_CHEEK)
    skin = (cheeks + mean(BROW_MIDDLE)) / 2
    left, right = mean(LEFT_SIDE)[:, 0], mean(RIGHT_SIDE)[:, 0]
    face_lights = sample(lab[:, :1], places)[:, 0]
    lips = mean(LIPS)
    beard = (mean(MOUSTACHE) + mean(CHIN) + mean(JAW))[:, 0] / 3
    hair = sample(lab, above_face(places))
    hair_colour = hair.sort(dim=2).values[..., hair.shape[2] // 2]
    return {
        # Chin, jaw and moustache darker than the cheeks.
        "beard": cheeks[:, 0] - beard,
        "hair_light": hair_colour[:, 0],
        "hair_warm": hair_colour[:, 2],
        "skin_light": skin[:, 0],
        "skin_red": skin[:, 1],
        "skin_yellow": skin[:, 2],
        "light_side": left - right,
        "light_hard": face_lights.std(dim=1),
        "lips": lips[:, 1] - skin[:, 1],
        "lids": skin[:, 0] - mean(LIDS)[:, 0],
        "glasses": glasses(lab, places),
        "background": corners(lab)[:, 0],
    }


def above_face(places: Tensor) -> Tensor:
    """Hair: from the top of the mesh a twelfth to a fifth of the face's height further up."""
    up = places[:, TOP] - places[:, BOTTOM]
    steps = [0.1, 0.14, 0.18, 0.22]
    return torch.cat([places[:, FACE_TOP] + step * up[:, None] for step in steps], dim=1)


def glasses(lab: Tensor, places: Tensor) -> Tensor:
    """Edges on the bridge of the nose and under the eyes, where bare skin has none."""
    light = lab[:, :1]
    across = F.pad((light[:, :, 2:] - light[:, :, :-2]).abs(), (0, 0, 1, 1))
    rows = [6, 168, 8, 122, 351, 196, 419, 111, 117, 119, 340, 346, 348]
    around = F.max_pool2d(across, 5, stride=1, padding=2)
    return sample(around, places[:, rows])[:, 0].mean(dim=1)


def corners(lab: Tensor) -> Tensor:
    side = lab.shape[-1] // 8
    both = torch.cat([lab[..., :side, :side], lab[..., :side, -side:]], dim=3)
    return both.flatten(2).mean(dim=2)
