"""Teaches the picture head what the generator's upper levels draw."""

import torch

from .judge import WEIGHTS, weighed
from .networks.picture_head import PictureHead
from .pictures.drawn import draw_codes
from .running.descent import Descent, Report
from .workshop import CHECK_BATCH, Workshop

RATE, BATCH = 2e-3, 32
# The picture itself matters most: the head stands for the decoder.
HEAD_WEIGHTS = WEIGHTS | {"l2": 10.0}


def train_head(shop: Workshop, head: PictureHead, seconds: float) -> PictureHead:
    """The head with averaged weights."""
    head = shop.placed(head)
    descent = Descent(head, [{"params": head.parameters(), "lr": RATE}], seconds)
    report = Report(shop.log, "head", seconds / 4)
    while descent.share < 1:
        codes = draw_codes(shop.generator, BATCH)
        with shop.half():
            with torch.no_grad():
                features, target = shop.upper(codes)
            terms = shop.judge(head(features, codes), target)
        descent.step(weighed(terms, HEAD_WEIGHTS))
        report.add(terms)
        if report.due():
            report.write(steps=descent.steps, **check(shop, descent.average))
    report.write(steps=descent.steps, **check(shop, descent.average))
    return descent.average


@torch.no_grad()
def check(shop: Workshop, head: PictureHead) -> dict[str, float]:
    """Mean squared error and likeness to the decoder's pictures, on held-out codes."""
    errors, likeness = [], []
    for codes in shop.held_codes.split(CHECK_BATCH):
        with shop.half():
            features, target = shop.upper(codes)
            picture = head(features, codes).float()
        errors.append((picture - target).square().mean())
        likeness.append(shop.judge.cosine(picture, target).mean())
    return {"error": torch.stack(errors).mean().item(), "id": torch.stack(likeness).mean().item()}
