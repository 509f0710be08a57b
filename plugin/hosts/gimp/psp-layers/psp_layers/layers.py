"""Writes results as layers with real masks: prepared first, then inserted in one undo step."""

from __future__ import annotations

from typing import NamedTuple

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp  # noqa: E402

from psp_client.messages import Patch  # noqa: E402
from psp_client.errors import PspError  # noqa: E402
from psp_client.geometry import Bounds  # noqa: E402
from psp_client.job import Order, is_shown, layer_names  # noqa: E402
from psp_client.made_with import made_with  # noqa: E402

from .metadata import note_layers  # noqa: E402
from .pixels import COVERAGE_FORMAT, RGBA_FORMATS, layer_bounds, write  # noqa: E402


class Target(NamedTuple):
    """A layer to work on, and where it was when it was read."""

    layer: Gimp.Layer
    bounds: Bounds

    @classmethod
    def of(cls, layer: Gimp.Layer) -> Target:
        return cls(layer, layer_bounds(layer))

    def shift(self) -> tuple[int, int]:
        """How far the layer was moved since. Raises DOCUMENT_CHANGED when it is gone or another."""
        if self.layer.is_valid() and self.layer.get_image() is not None:
            now = layer_bounds(self.layer)
            if (now.width, now.height) == (self.bounds.width, self.bounds.height):
                return now.left - self.bounds.left, now.top - self.bounds.top
        raise PspError(
            'DOCUMENT_CHANGED',
            'The layer was deleted or resized while the bridge worked on it. Nothing was changed: '
            'run the filter again.',
        )


class Commit(NamedTuple):
    """The results of one layer, bottom to top; several go into a group of that name."""

    target: Target
    group_name: str
    patches: list[Patch]


def commit_in_place(image: Gimp.Image, order: Order, commits: list[Commit]) -> list[Gimp.Layer]:
    """Every result directly above its source, as one undo step. Selection and selected layers stay."""
    shifts = [commit.target.shift() for commit in commits]
    prepared = [
        _prepare_all(image, commit.patches, *shift)
        for commit, shift in zip(commits, shifts)
    ]
    selected = image.get_selected_layers()
    image.undo_group_start()
    try:
        for commit, layers in zip(commits, prepared):
            _insert(image, commit.target.layer, commit.group_name, layers)
            _note(image, order, commit.patches, layers)
        image.set_selected_layers(selected)
    finally:
        image.undo_group_end()
    return [layer for layers in prepared for layer in layers]


def commit_enlarged(
    image: Gimp.Image, order: Order, factor: int, commit: Commit
) -> tuple[Gimp.Image, list[Gimp.Layer]]:
    """Into an enlarged copy of the whole image, above the source's copy."""
    dx, dy = commit.target.shift()
    path = _path_of(image, commit.target.layer)
    copy = image.duplicate()
    copy.undo_disable()
    Gimp.context_push()
    Gimp.context_set_interpolation(Gimp.InterpolationType.CUBIC)
    copy.scale(image.get_width() * factor, image.get_height() * factor)
    Gimp.context_pop()
    layers = _prepare_all(copy, commit.patches, dx * factor, dy * factor)
    _insert(copy, _layer_at(copy, path), commit.group_name, layers)
    _note(copy, order, commit.patches, layers)
    copy.undo_enable()
    return copy, layers


def commit_crop(
    image: Gimp.Image, order: Order, patches: list[Patch]
) -> tuple[Gimp.Image, list[Gimp.Layer]]:
    """Into a new image of the same kind that is as large as the patches and holds nothing else."""
    first = patches[0].pixels
    new = Gimp.Image.new_with_precision(
        first.width, first.height, image.get_base_type(), image.get_precision()
    )
    new.set_color_profile(image.get_effective_color_profile())
    new.undo_disable()
    layers = _prepare_all(new, patches, 0, 0)
    for layer in layers:
        new.insert_layer(layer, None, 0)
    _note(new, order, patches, layers)
    new.undo_enable()
    return new, layers


def _prepare_all(image: Gimp.Image, patches: list[Patch], dx: int, dy: int) -> list[Gimp.Layer]:
    return [_prepare(image, patch, name, dx, dy) for patch, name in zip(patches, layer_names(patches))]


def _prepare(image: Gimp.Image, patch: Patch, name: str, dx: int, dy: int) -> Gimp.Layer:
    """A filled layer with its mask that belongs to the image but is not in it yet."""
    gray = image.get_base_type() == Gimp.ImageBaseType.GRAY
    pixels = patch.pixels
    layer = Gimp.Layer.new(
        image,
        name,
        pixels.width,
        pixels.height,
        Gimp.ImageType.GRAYA_IMAGE if gray else Gimp.ImageType.RGBA_IMAGE,
        100.0,
        image.get_default_new_layer_mode(),
    )
    bounds = Bounds.from_json(patch.about['bounds'])
    layer.set_offsets(bounds.left + dx, bounds.top + dy)
    write(layer, RGBA_FORMATS[pixels.depth], pixels.data)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    write(mask, COVERAGE_FORMAT, patch.mask)
    layer.add_mask(mask)
    layer.set_visible(is_shown(patch))
    return layer


def _insert(image: Gimp.Image, source: Gimp.Layer, group_name: str, layers: list[Gimp.Layer]) -> None:
    parent, position = source.get_parent(), image.get_item_position(source)
    if len(layers) > 1:
        group = Gimp.GroupLayer.new(image, group_name)
        image.insert_layer(group, parent, position)
        parent, position = group, 0
    for layer in layers:
        image.insert_layer(layer, parent, position)


def _note(image: Gimp.Image, order: Order, patches: list[Patch], layers: list[Gimp.Layer]) -> None:
    if order.is_noted:
        pairs = zip(patches, layers)
        note_layers(image, [made_with(order, patch, layer.get_name()) for patch, layer in pairs])


def _path_of(image: Gimp.Image, layer: Gimp.Layer) -> list[int]:
    """Positions from the top of the image down to the layer."""
    path: list[int] = []
    item = layer
    while item is not None:
        path.insert(0, image.get_item_position(item))
        item = item.get_parent()
    return path


def _layer_at(image: Gimp.Image, path: list[int]) -> Gimp.Layer:
    layers = image.get_layers()
    for position in path[:-1]:
        layers = layers[position].get_children()
    return layers[path[-1]]
