"""What the encoders' inputs may have gone through: camera faults, shrinking and holes.

All functions take and return RGB [N, 3, 256, 256] in [−1, 1].
"""

from functools import lru_cache

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional as F

SHRINK_FACTORS = (1, 2, 4, 8, 16, 32)
HOLE_FILL = 0.0


def photographed(images: Tensor, rng: np.random.Generator) -> Tensor:
    """What cameras and the web do: blur, sharpening, grain and JPEG, each to some pictures."""
    out = images.clone()
    for index in range(len(out)):
        part = out[index : index + 1]
        if rng.random() < 0.3:
            part.copy_(resized(part, int(rng.integers(40, 200))))
        elif rng.random() < 0.15:
            soft = F.avg_pool2d(part, 3, 1, 1, count_include_pad=False)
            part.add_(part - soft, alpha=float(rng.uniform(0.3, 1.5)))
        if rng.random() < 0.3:
            part.add_(grain(part, rng))
    chosen = np.flatnonzero(rng.random(len(out)) < 0.2)
    if len(chosen):
        place = torch.from_numpy(chosen).to(out.device)
        out[place] = jpeg(out[place], rng.integers(15, 95, len(chosen)))
    return out.clamp_(-1, 1)


def grain(image: Tensor, rng: np.random.Generator) -> Tensor:
    """Noise [1, 3, S, S], more or less coloured, of single or of double pixels (as after a camera's
    own noise removal)."""
    coarse = rng.random() < 0.3
    side = image.shape[-1] // 2 if coarse else image.shape[-1]
    strength, coloured = float(rng.uniform(0.01, 0.1)), float(rng.random())
    grey = torch.randn(1, 1, side, side, device=image.device)
    noise = torch.randn(1, 3, side, side, device=image.device).mul_(coloured).add_(grey)
    noise.mul_(strength / (1 + coloured**2) ** 0.5)
    return F.interpolate(noise, scale_factor=2.0) if coarse else noise


def resized(images: Tensor, side: int) -> Tensor:
    """Down to `side` and back, bilinear with antialiasing."""
    small = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=images.shape[2:], mode="bilinear")


def jpeg(images: Tensor, qualities: np.ndarray) -> Tensor:
    """What a JPEG of each picture's own quality (1 … 100) keeps of [N, 3, S, S], S a multiple of 8:
    the quantised cosine transform of 8×8 blocks of luma and chroma (ITU T.81, annexes A and K; the
    tables are scaled by quality as the Independent JPEG Group does), without chroma subsampling."""
    count, _, side, _ = images.shape
    cosine = cosine_basis().to(images.device)
    colour = YCC.to(images.device)
    percent = np.where(qualities < 50, 5000 / qualities, 200 - 2.0 * qualities)
    scale = torch.from_numpy(percent).float().to(images.device).view(-1, 1, 1, 1, 1, 1)
    tables = torch.stack([LUMA_TABLE, CHROMA_TABLE, CHROMA_TABLE]).to(images.device)
    steps = (tables.view(1, 3, 1, 1, 8, 8) * scale / 100).round().clamp(1, 255)
    planes = torch.einsum("cd,ndhw->nchw", colour, images * 127.5)
    blocks = planes.reshape(count, 3, side // 8, 8, side // 8, 8).transpose(3, 4)
    waves = ((cosine @ blocks @ cosine.T) / steps).round() * steps
    blocks = (cosine.T @ waves @ cosine).transpose(3, 4)
    planes = blocks.reshape(count, 3, side, side)
    return torch.einsum("cd,ndhw->nchw", torch.linalg.inv(colour), planes) / 127.5


def cosine_basis() -> Tensor:
    """The orthonormal discrete cosine transform of eight samples, [8, 8]."""
    frequency, place = torch.arange(8.0)[:, None], torch.arange(8.0)
    basis = torch.cos(torch.pi * (place + 0.5) * frequency / 8) / 2
    basis[0] /= 2**0.5
    return basis


YCC = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
LUMA_TABLE = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
CHROMA_TABLE = torch.full((8, 8), 99)
CHROMA_TABLE[:4, :4] = torch.tensor(
    [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]
)


@lru_cache(maxsize=32)
def bicubic_matrix(inputs: int, outputs: int) -> Tensor:
    """Rows of resampling weights [outputs, inputs]: cubic kernel with a = −0.5 (Keys), widened
    when shrinking so that it averages, edges renormalised."""
    ratio = inputs / outputs
    reach = max(1.0, ratio)
    centres = (torch.arange(outputs) + 0.5) * ratio
    x = ((torch.arange(inputs) + 0.5)[None, :] - centres[:, None]).abs() / reach
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    weights = torch.where(x < 1, near, torch.where(x < 2, far, torch.zeros(())))
    return weights / weights.sum(dim=1, keepdim=True)


def shrunk(images: Tensor, factor: int) -> Tensor:
    """Smaller by `factor` and back to the full side, both bicubic; factor 1 is the identity."""
    if factor == 1:
        return images
    side = images.shape[-1]
    down = bicubic_matrix(side, side // factor).to(images.device)
    up = bicubic_matrix(side // factor, side).to(images.device)
    out = up @ (down @ images @ down.T) @ up.T
    return out.clamp(-1, 1).contiguous(memory_format=torch.channels_last)


def shrunk_at_random(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Every picture by its own factor (pSp, section 4.4)."""
    factors = rng.choice(SHRINK_FACTORS, len(images))
    out = images.clone()
    for factor in set(factors.tolist()) - {1}:
        chosen = torch.from_numpy(np.flatnonzero(factors == factor)).to(images.device)
        out[chosen] = shrunk(images[chosen], factor)
    return out.contiguous(memory_format=torch.channels_last)


def with_hole(images: Tensor, mask: Tensor) -> Tensor:
    """Hole pixels (mask 1, [N, 1, 256, 256]) become mid grey: 0 in [−1, 1]."""
    return images.masked_fill(mask.to(images.device) > 0.5, HOLE_FILL)


def holes(count: int, side: int, rng: np.random.Generator) -> Tensor:
    """Random masks [count, 1, side, side], 1 inside the hole."""
    masks = np.stack([hole(side, rng) for _ in range(count)])
    return torch.from_numpy(masks.astype(np.float32) / 255)[:, None]


def hole(side: int, rng: np.random.Generator) -> np.ndarray:
    """One mask, uint8: brush strokes, rectangles or half of the face."""
    picture = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(picture)
    kind = rng.random()
    if kind < 0.5:
        for _ in range(int(rng.integers(1, 5))):
            points = [tuple(rng.uniform(0.1, 0.9, 2) * side)]
            for _ in range(int(rng.integers(1, 6))):
                step = rng.normal(0, 0.16, 2) * side
                points.append((points[-1][0] + step[0], points[-1][1] + step[1]))
            width = int(rng.uniform(0.05, 0.16) * side)
            draw.line(points, fill=255, width=width, joint="curve")
            for x, y in points:
                radius = width / 2
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    elif kind < 0.8:
        for _ in range(int(rng.integers(1, 3))):
            centre = rng.uniform(0.2, 0.8, 2) * side
            half = rng.uniform(0.06, 0.24, 2) * side
            box = (*(centre - half), *(centre + half))
            (draw.rectangle if rng.random() < 0.6 else draw.ellipse)(box, fill=255)
    else:
        cut = float(rng.uniform(0.35, 0.65)) * side
        edge = int(rng.integers(0, 4))
        halves = [(0, 0, cut, side), (cut, 0, side, side), (0, 0, side, cut), (0, cut, side, side)]
        draw.rectangle(halves[edge], fill=255)
    return np.asarray(picture)
