"""Which of the faces found a run works on, as capture/chooseFaces.ts has it."""

from __future__ import annotations

from typing import Union

from .declarations import Operation
from .errors import PspError
from .geometry import Json, is_turned_far

FaceChoice = Union[str, int]

_REFUSALS = {
    'too-small': ('FACE_TOO_SMALL', 'is too small to work on. Use a larger version of the picture.'),
    'turned-away': ('FACE_TURNED_AWAY', 'is turned too far away. Choose a face that shows both eyes.'),
    'unclear': ('NO_FACE', 'cannot be made out surely. Choose another.'),
}


# A newer bridge may know more reasons.
_UNKNOWN_REFUSAL = ('NO_FACE', 'cannot be worked on. Choose another.')


def choose_faces(faces: list[Json], choice: FaceChoice, layer_name: str) -> list[tuple[int, Json]]:
    """`faces`: largest first; `choice`: 'all', 'largest' or a number from 1. Faces that cannot be
    worked on are left out unless none remains. Raises PspError."""
    if not faces:
        raise PspError(
            'NO_FACE',
            f'No face was found in the layer "{layer_name}". Select a layer that shows a face.',
        )
    numbered = list(enumerate(faces, 1))
    if isinstance(choice, int):
        if choice > len(faces):
            raise PspError(
                'BAD_INPUT',
                f'The layer "{layer_name}" has {len(faces)} faces; face {choice} does not exist. '
                'Choose another.',
            )
        return [_checked(*numbered[choice - 1])]
    usable = [(number, face) for number, face in numbered if face['refusal'] is None]
    if not usable:
        return [_checked(*numbered[0])]
    return usable[:1] if choice == 'largest' else usable


def turned_far(operation: Operation, faces: list[Json], choice: FaceChoice) -> bool:
    """Whether what is drawn of a chosen face may look like somebody else, as plugin/panel/turnedFar.ts has it."""
    # A hole and detail are drawn within the head as it is.
    if operation.input != 'face' or operation.composition in ('fill', 'band'):
        return False
    try:
        return any(is_turned_far(face) for _, face in choose_faces(faces, choice, ''))
    except PspError:
        return False


def _checked(number: int, face: Json) -> tuple[int, Json]:
    if face['refusal'] is not None:
        code, why = _REFUSALS.get(face['refusal'], _UNKNOWN_REFUSAL)
        raise PspError(code, f'Face {number} {why}')
    return number, face
