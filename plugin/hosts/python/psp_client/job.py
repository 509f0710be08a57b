"""An order and the job that fulfils it, as every host runs it."""

from __future__ import annotations

from typing import NamedTuple, Optional

from .bridge import Bridge
from .messages import OnProgress, Patch, Region
from .declarations import Operation
from .errors import PspError
from .faces import FaceChoice
from .geometry import Bounds, Json

# Faces are found in a preview of this size, as in every host.
PREVIEW_SIDE = 1024


class Order(NamedTuple):
    """What was asked for, whatever the layer; `faces` may also be 'layer': look for none."""

    operation: Operation
    parameters: Json
    faces: FaceChoice
    model: Optional[str]
    interactive: bool
    # Whether the document tells how its layers were made.
    is_noted: bool = True


def run_job(bridge: Bridge, job: str, order: Order, regions: list[Region], on_progress: OnProgress) -> list[Patch]:
    """The layers, bottom to top. Raises PspError."""
    priority = 'interactive' if order.interactive else 'batch'
    bridge.run(job, order.operation.id, order.model, order.parameters, priority, regions)
    bridge.wait(job, on_progress)
    patches = bridge.fetch(job)
    bridge.forget(job)
    if not patches:
        raise PspError('INTERNAL', 'The bridge answered without a layer. Run it again.')
    return patches


def check_size(bounds: Bounds, limit: int) -> None:
    """`limit` in pixels, as the bridge said it. Raises TOO_LARGE."""
    if bounds.width * bounds.height > limit:
        raise PspError(
            'TOO_LARGE',
            f'{bounds.width} x {bounds.height} pixels are more than the bridge takes at once '
            f'({limit // 1_000_000} megapixels). Scale the layer down.',
        )


def group_name(order: Order, layer_name: str) -> str:
    return f'{order.operation.name} · {layer_name}'


def layer_names(patches: list[Patch]) -> list[str]:
    """What tells layers apart comes first where there are several: lists of layers are narrow. Their
    group is named after the operation; a single layer keeps the whole of the bridge's name."""
    if len(patches) == 1:
        return [patches[0].about['name']]
    return [' · '.join(_apart(patch.about)) for patch in patches]


def is_shown(patch: Patch) -> bool:
    """Of several variants of one face only the first: the others would hide it."""
    return patch.about['variant'] == 1


def _apart(about: Json) -> list[str]:
    parts = [] if about['seed'] is None else [f'seed {about["seed"]}']
    if about['faceNumber'] is not None:
        parts.append(f'face {about["faceNumber"]}')
    return [*parts, about['model']]
