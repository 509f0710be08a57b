"""Select a part of a face: a procedure that replaces, adds to or cuts the image's selection."""

from __future__ import annotations

from typing import Optional

import gi

gi.require_version('Gegl', '0.4')
gi.require_version('Gimp', '3.0')
from gi.repository import Gegl, Gimp  # noqa: E402

from psp_client.bridge import Bridge  # noqa: E402
from psp_client.declarations import load_parts  # noqa: E402
from psp_client.errors import PspError  # noqa: E402
from psp_client.faces import FaceChoice  # noqa: E402
from psp_client.geometry import Bounds, transform_face  # noqa: E402
from psp_client.job import PREVIEW_SIDE, check_size  # noqa: E402
from psp_client.messages import Pixels, new_name  # noqa: E402
from psp_client.parts import Area, find_part, join_areas, pieces_of  # noqa: E402

from .arguments import FACE_NUMBER, FACES, Choice, Own, said  # noqa: E402
from .editor import WORDS, connect_here  # noqa: E402
from .layers import Target  # noqa: E402
from .pixels import COVERAGE_FORMAT, read_preview, read_region, write  # noqa: E402
from .procedures import add_argument, image_procedure  # noqa: E402
from .reply import reply  # noqa: E402
from .work import targets_of  # noqa: E402

NAME = 'psp-layers-select-part'
_PART = Choice('part', 'Part', 'What of the chosen faces is selected.', 'eyes', load_parts(WORDS.language))
_MODE = Choice(
    'mode', 'Selection', 'What becomes of what is selected already.', 'replace',
    [('replace', 'New selection'), ('add', 'Add to the selection'), ('subtract', 'Take away from the selection')],
)
_OPERATIONS = {
    'replace': Gimp.ChannelOps.REPLACE, 'add': Gimp.ChannelOps.ADD, 'subtract': Gimp.ChannelOps.SUBTRACT,
}


def create_selecting_procedure(plug_in: Gimp.PlugIn) -> Gimp.Procedure:
    procedure = image_procedure(plug_in, NAME, WORDS.say('Select a part of a face'), _run, None)
    procedure.set_documentation(
        WORDS.say('Selects eyes, brows, mouth, face, skin, hair or glasses of the faces in the selected layers.'),
        'The faces are sent to the pSp Layers bridge on this machine. Undo brings the selection back.',
        None,
    )
    arguments: list[Own] = [_PART, FACES, FACE_NUMBER, _MODE]
    for argument in arguments:
        add_argument(procedure, said(WORDS, argument))
    return procedure


def _run(
    procedure: Gimp.Procedure, run_mode: Gimp.RunMode, image: Gimp.Image, drawables: list[Gimp.Drawable],
    config: Gimp.ProcedureConfig, _: None,
) -> Gimp.ValueArray:
    def work() -> Optional[Gimp.ValueArray]:
        targets = targets_of(image, drawables)
        if run_mode == Gimp.RunMode.INTERACTIVE and not _ask(procedure, config):
            return None
        _select(image, targets, config)
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)

    return reply(procedure, work)


def _ask(procedure: Gimp.Procedure, config: Gimp.ProcedureConfig) -> bool:
    # Gtk needs a screen, which a batch has not.
    gi.require_version('GimpUi', '3.0')
    from gi.repository import GimpUi

    GimpUi.init('psp-layers')
    dialog = GimpUi.ProcedureDialog.new(procedure, config, WORDS.say('Select a part of a face'))
    dialog.fill(None)
    answer = dialog.run()
    dialog.destroy()
    return answer


def _select(image: Gimp.Image, targets: list[Target], config: Gimp.ProcedureConfig) -> None:
    part, faces = config.get_property(_PART.name), config.get_property(FACES.name)
    choice = config.get_property(FACE_NUMBER.name) if faces == 'number' else faces
    Gimp.progress_init(WORDS.say('Looking for faces'))
    bridge = connect_here(new_name())
    try:
        areas = [area for target in targets for area in _areas(bridge, target, choice, part)]
    finally:
        bridge.close()
        Gimp.progress_end()
    if not areas:
        name = dict(_PART.choices)[part]
        raise PspError('BAD_INPUT', WORDS.say('Not found here: {part}. The selection is as it was.', part=name))
    _put(image, areas, _OPERATIONS[config.get_property(_MODE.name)])


def _areas(bridge: Bridge, target: Target, choice: FaceChoice, part: str) -> list[Area]:
    preview, scale = read_preview(target.layer, PREVIEW_SIDE)
    at = target.bounds
    faces = [transform_face(face, scale, at.left, at.top) for face in bridge.find_faces(preview, scale)]

    def read(bounds: Bounds) -> Pixels:
        check_size(bounds, bridge.limits['regionPixels'])
        return read_region(target.layer, bounds)

    return find_part(bridge, pieces_of(faces, choice, at, target.layer.get_name(), read), part)


def _put(image: Gimp.Image, areas: list[Area], operation: Gimp.ChannelOps) -> None:
    """As one undo step. Selected layers stay: a channel that is added takes their place for a while."""
    canvas = Bounds(0, 0, image.get_width(), image.get_height())
    selected = image.get_selected_layers()
    channel = Gimp.Channel.new(image, 'part', canvas.width, canvas.height, 100.0, Gegl.Color.new('black'))
    image.undo_group_start()
    try:
        image.insert_channel(channel, None, 0)
        write(channel, COVERAGE_FORMAT, join_areas(areas, canvas))
        image.select_item(operation, channel)
        image.remove_channel(channel)
        image.set_selected_layers(selected)
    finally:
        image.undo_group_end()
