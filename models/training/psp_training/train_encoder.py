"""An encoder against the frozen generator (pSp, section 3): latents first, then pictures too.

Drawn pictures have known codes; half of them are shifted and lit anew first, which their codes do
not follow, so that the picture then says more than they do. Real pictures have no codes at all.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from .judge import Terms, weighed
from .networks.pyramid_encoder import PyramidEncoder
from .pictures.augment import mirrored, recoloured, shifted
from .pictures.drawn import Pool
from .running.descent import Descent, Report
from .tasks import Task
from .workshop import CHECK_BATCH, Workshop, signed

BACKBONE_RATE, HEAD_RATE = 3e-4, 1e-3
# Share of the time in which only the latents' loss is used: it costs no drawing.
LATENTS_ONLY = 0.2
LATENT_BATCH, PICTURE_BATCH, NEW = 96, 64, 32
# How much the codes of a changed picture still count.
CHANGED, CHANGED_LATENT = 0.5, 0.2


def train_encoder(
    shop: Workshop,
    task: Task,
    encoder: PyramidEncoder,
    preview: Callable[[Tensor], Tensor],
    pool: Pool,
    seconds: float,
    name: str,
) -> PyramidEncoder:
    """The encoder with averaged weights."""
    encoder = shop.placed(encoder).train()
    descent = Descent(encoder, rates(encoder), seconds)
    report = Report(shop.log, name, seconds / 8)
    rng = np.random.default_rng(0)
    while descent.share < 1:
        pool.add(NEW)
        if descent.share < LATENTS_ONLY:
            pictures, codes = pool.take(LATENT_BATCH)
            inputs = task.spoil(pictures, rng)
            with shop.half():
                offsets = encoder.offsets(inputs)
            wanted = (codes - encoder.mean) / encoder.deviation
            terms = {"latent": (offsets - wanted).square().mean()}
            loss = terms["latent"]
        else:
            terms = picture_terms(shop, task, encoder, preview, pool, rng)
            loss = weighed(terms, task.weights)
        descent.step(loss)
        report.add(terms)
        if report.due():
            write(report, shop, task, descent, pool)
    write(report, shop, task, descent, pool)
    return descent.average


def rates(encoder: PyramidEncoder) -> list[dict]:
    backbone = list(encoder.backbone.parameters())
    known = {id(parameter) for parameter in backbone}
    rest = [parameter for parameter in encoder.parameters() if id(parameter) not in known]
    return [{"params": backbone, "lr": BACKBONE_RATE}, {"params": rest, "lr": HEAD_RATE}]


def picture_terms(
    shop: Workshop,
    task: Task,
    encoder: PyramidEncoder,
    preview: Callable[[Tensor], Tensor],
    pool: Pool,
    rng: np.random.Generator,
) -> Terms:
    real_count = max(1, round(task.real * PICTURE_BATCH))
    drawn, codes = pool.take(PICTURE_BATCH - real_count)
    changed = round(CHANGED * len(drawn))
    drawn[:changed] = recoloured(shifted(drawn[:changed], rng), rng)
    real, _ = mirrored(take_real(shop, real_count), rng)
    pictures = torch.cat([drawn, recoloured(shifted(real, rng), rng)])
    inputs = task.spoil(pictures, rng)
    with shop.half():
        offsets = encoder.offsets(inputs)
        faces = preview(encoder.mean + encoder.deviation * offsets)
        terms = shop.judge(faces, pictures)
    wanted = (codes - encoder.mean) / encoder.deviation
    errors = (offsets[: len(codes)] - wanted).square().mean(dim=(1, 2))
    latent = (errors[changed:].sum() + CHANGED_LATENT * errors[:changed].sum()) / len(errors)
    return terms | {"latent": latent, "norm": offsets.square().mean()}


def take_real(shop: Workshop, count: int) -> Tensor:
    """Half photographs, half portraits, in [−1, 1]."""
    parts = []
    for pictures, part in ((shop.photographs, count // 2), (shop.portraits, count - count // 2)):
        parts.append(pictures[torch.randint(0, len(pictures), (part,), device=shop.device)])
    return signed(torch.cat(parts))


def write(report: Report, shop: Workshop, task: Task, descent: Descent[PyramidEncoder], pool: Pool) -> None:
    facts = {"steps": descent.steps, "drawn": pool.drawn} | check(shop, task, descent.average)
    report.write(**facts)


@torch.no_grad()
def check(shop: Workshop, task: Task, encoder: PyramidEncoder) -> dict[str, float]:
    """On held-out codes and photographs, unspoilt, by the full decoder."""
    drawn = torch.cat([shop.draw(part) for part in shop.held_codes.split(CHECK_BATCH)])
    with shop.half():
        ours = shop.compare(encoder(task.plain(drawn)), drawn)
        real = shop.compare(encoder(task.plain(shop.held_photographs)), shop.held_photographs)
    return {f"drawn_{k}": v for k, v in ours.items()} | {f"photo_{k}": v for k, v in real.items()}
