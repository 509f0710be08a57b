"""What the encoders' inputs may have gone through: camera faults, shrinking and holes.

All functions take and return RGB [N, 3, 256, 256] in [−1, 1].
"""

import io

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional as F

SHRINK_FACTORS = (1, 2, 4, 8, 16, 32)
HOLE_FILL = 0.0


def photographed(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Blur, grain and JPEG, each on some of the pictures."""
    out = images.clone()
    for index in range(len(images)):
        if rng.random() < 0.3:
            side = int(rng.integers(48, 200))
            out[index] = resized(out[index : index + 1], side)[0]
        if rng.random() < 0.3:
            strength = float(rng.uniform(0.01, 0.1))
            out[index] += strength * torch.randn(out[index].shape)
        if rng.random() < 0.12:
            out[index] = jpeg(out[index], int(rng.integers(35, 95)))
    return out.clamp_(-1, 1)


def resized(images: Tensor, side: int) -> Tensor:
    """Down to `side` and back, bilinear with antialiasing."""
    small = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=images.shape[2:], mode="bilinear")


def jpeg(image: Tensor, quality: int) -> Tensor:
    pixels = ((image.permute(1, 2, 0) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels.numpy()).save(stream, "JPEG", quality=quality)
    decoded = torch.from_numpy(np.array(Image.open(stream)))
    return decoded.permute(2, 0, 1).float() / 127.5 - 1


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
    down = bicubic_matrix(side, side // factor)
    both = bicubic_matrix(side // factor, side) @ down
    out = both @ images @ both.T
    return out.clamp(-1, 1).contiguous(memory_format=torch.channels_last)


def shrunk_at_random(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Every picture by its own factor (pSp, section 4.4)."""
    factors = rng.choice(SHRINK_FACTORS, len(images))
    parts = [shrunk(images[i : i + 1], int(factor)) for i, factor in enumerate(factors)]
    return torch.cat(parts).contiguous(memory_format=torch.channels_last)


def with_hole(images: Tensor, mask: Tensor) -> Tensor:
    """Hole pixels (mask 1, [N, 1, 256, 256]) become mid grey: 0 in [−1, 1]."""
    return torch.where(mask > 0.5, torch.full((), HOLE_FILL), images)


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
        box = [(0, 0, cut, side), (cut, 0, side, side), (0, 0, side, cut), (0, cut, side, side)]
        draw.rectangle(box[edge], fill=255)
    return np.asarray(picture)
