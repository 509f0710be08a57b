"""One run of one operation: read, send, wait, write. Nothing changes before every result is there."""

from __future__ import annotations

from typing import NamedTuple, Optional, Protocol

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp  # noqa: E402

from psp_client.bridge import Bridge  # noqa: E402
from psp_client.messages import Patch, Progress, Region, by_face, new_name  # noqa: E402
from psp_client.cancel_on_exit import JobGuard  # noqa: E402
from psp_client.capture import capture  # noqa: E402
from psp_client.errors import NOT_THIS_PICTURE, PspError  # noqa: E402
from psp_client.geometry import Bounds, Json, transform_face  # noqa: E402
from psp_client.job import PREVIEW_SIDE, Order, check_size, group_name, run_job  # noqa: E402

from .layers import Commit, Target, commit_crop, commit_enlarged, commit_in_place  # noqa: E402
from .pixels import read_preview, read_region, read_selection  # noqa: E402


class Report(Protocol):
    """How a run tells what it does."""

    def on_layer(self, index: int, count: int) -> None: ...

    def on_progress(self, progress: Progress) -> None: ...


class Outcome(NamedTuple):
    """The new layers, images that had to be made for them, a sentence per layer left out, and the lowest
    likeness of a face to the one before, 0..1."""

    layers: list[Gimp.Layer]
    images: list[Gimp.Image]
    left_out: list[str]
    likeness: Optional[float]


def targets_of(image: Gimp.Image, drawables: list[Gimp.Drawable]) -> list[Target]:
    """The layers to work on; a selected mask stands for its layer. Raises PspError BAD_INPUT."""
    if image.get_base_type() == Gimp.ImageBaseType.INDEXED:
        raise PspError(
            'BAD_INPUT',
            'An indexed image has too few colours for a new layer. Choose Image > Mode > RGB first.',
        )
    if image.get_floating_sel() is not None:
        raise PspError('BAD_INPUT', 'There is a floating selection. Anchor it first (Ctrl+H).')
    layers: list[Gimp.Layer] = []
    for drawable in drawables:
        layer = Gimp.Layer.from_mask(drawable) if drawable.is_layer_mask() else drawable
        if not layer.is_layer():
            raise PspError('BAD_INPUT', f'"{drawable.get_name()}" is no layer. Select a layer.')
        if layer not in layers:
            layers.append(layer)
    if not layers:
        raise PspError('BAD_INPUT', 'No layer is selected. Select the layer that shows the face.')
    return [Target.of(layer) for layer in layers]


def work(
    bridge: Bridge, guard: JobGuard, order: Order, image: Gimp.Image, targets: list[Target],
    report: Report,
) -> Outcome:
    """Raises PspError, and then nothing was changed."""
    commits: list[Commit] = []
    refused: list[PspError] = []
    for index, target in enumerate(targets):
        report.on_layer(index, len(targets))
        try:
            patches = _run_on(bridge, guard, order, image, target, report)
        except PspError as error:
            if error.code not in NOT_THIS_PICTURE:
                raise
            refused.append(error)
            continue
        commits.append(Commit(target, group_name(order, target.layer.get_name()), patches))
    if not commits:
        raise refused[0]
    return _commit(image, order, commits, [error.message for error in refused])


def _run_on(
    bridge: Bridge, guard: JobGuard, order: Order, image: Gimp.Image, target: Target, report: Report
) -> list[Patch]:
    regions = _capture(bridge, order, image, target)
    job = new_name()
    guard.begin(job)
    patches = run_job(bridge, job, order, regions, report.on_progress)
    guard.end(job)
    return patches


def _capture(bridge: Bridge, order: Order, image: Gimp.Image, target: Target) -> list[Region]:
    def find_faces() -> list[Json]:
        preview, scale = read_preview(target.layer, PREVIEW_SIDE)
        at = target.bounds
        found = bridge.find_faces(preview, scale)
        return [transform_face(face, scale, at.left, at.top) for face in found]

    def read(bounds: Bounds, face: Optional[Json], number: Optional[int]) -> Region:
        return _region(bridge, order, image, target, bounds, face, number)

    name = target.layer.get_name()
    selection = order.parameters.get('selection')
    return capture(
        order.operation, selection, order.faces, target.bounds, name, find_faces, read
    )


def _region(
    bridge: Bridge, order: Order, image: Gimp.Image, target: Target, bounds: Bounds,
    face: Optional[Json], number: Optional[int],
) -> Region:
    check_size(bounds, bridge.limits['regionPixels'])
    hole = read_selection(image, bounds) if order.operation.reads_selection else None
    return Region(bounds.to_json(), read_region(target.layer, bounds), face, number, hole)


def _commit(image: Gimp.Image, order: Order, commits: list[Commit], left_out: list[str]) -> Outcome:
    abouts = [patch.about for commit in commits for patch in commit.patches]
    space = abouts[0]['space']
    known = [about['identity'] for about in abouts if about['identity'] is not None]
    likeness = min(known, default=None)
    if space['kind'] == 'document':
        return Outcome(commit_in_place(image, order, commits), [], left_out, likeness)
    images: list[Gimp.Image] = []
    layers: list[Gimp.Layer] = []
    for commit in commits:
        made = (
            [commit_enlarged(image, order, space['factor'], commit)]
            if space['kind'] == 'enlarged'
            else [commit_crop(image, order, patches) for patches in by_face(commit.patches)]
        )
        for new, inside in made:
            images.append(new)
            layers += inside
    return Outcome(layers, images, left_out, likeness)
