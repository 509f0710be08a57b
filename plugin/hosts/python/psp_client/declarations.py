"""What operations.json declares: the operations, and the parameters that make their controls.

The file is written from the bridge's own declarations and the panel's translations of them (`npm run
write:generated`), so that every host and the command line offer the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .errors import PspError

Json = dict[str, Any]

_FILE = Path(__file__).resolve().parent / 'operations.json'


class Operation:
    """One declared operation; what it shows is in the language that was asked for."""

    def __init__(self, declared: Json, translation: Json):
        self.id: str = declared['id']
        # What its layers are called, whatever the language.
        self.name: str = declared['label']
        own = translation.get('operations', {}).get(self.id, {})
        self.label: str = own.get('label', declared['label'])
        self.summary: str = own.get('summary', declared['summary'])
        self.input: str = declared['input']
        self.composition: str = declared['composition']
        self.draws_variants: bool = declared['variants']
        self.needs_hole: bool = declared['mask'] == 'required'
        self.model_hint: str = declared['modelHint']
        # As protocol/parameter.ts declares them: kind, name, label, hint, default and the kind's own.
        self.parameters: list[Json] = [_translated(p, translation) for p in declared['parameters']]

    @property
    def finds_faces(self) -> bool:
        return self.input in ('face', 'face-or-layer')

    @property
    def reads_selection(self) -> bool:
        return self.needs_hole or any(each['name'] == 'selection' for each in self.parameters)

    @property
    def can_be_previewed(self) -> bool:
        return self.composition == 'change' and not self.draws_variants

    def models(self, installed: list[Json]) -> list[Json]:
        """Those that serve it, the best first. Raises MODEL_MISSING with the file to import."""
        models = [model for model in installed if self.id in model['operations']]
        if models:
            return models
        raise PspError(
            'MODEL_MISSING',
            f'No installed model serves "{self.label}". Import {self.model_hint} with '
            '`psp-layers models import`.',
        )


def is_share(parameter: Json) -> bool:
    """Whether a number is a share of something, which people read as per cent."""
    return parameter['step'] < 1 and max(abs(parameter['min']), abs(parameter['max'])) <= 1


def load_operations(language: str = 'en') -> list[Operation]:
    declared = _declared()
    translation = declared['translations'].get(language, {})
    return [Operation(operation, translation) for operation in declared['operations']]


def load_parts(language: str = 'en') -> list[tuple[str, str]]:
    """The parts of a face that can be asked for, as the wire has them and as people read them."""
    declared = _declared()
    words = declared['translations'].get(language, {}).get('parts', {})
    return [(part['value'], words.get(part['value'], part['label'])) for part in declared['parts']]


def is_another_person(likeness: float) -> bool:
    """Whether the face-recognition network takes a face of that likeness, 0..1, for somebody else."""
    return bool(likeness < _declared()['samePerson'])


def plug_in_version() -> str:
    return _declared()['version']


def _translated(parameter: Json, translation: Json) -> Json:
    own = translation.get('parameters', {}).get(parameter['name'], {})
    shown = {**parameter, **{key: own[key] for key in ('label', 'hint') if key in own}}
    if 'choices' in parameter:
        words = translation.get('choices', {}).get(parameter['name'], {})
        shown['choices'] = [
            {**choice, 'label': words.get(choice['value'], choice['label'])} for choice in parameter['choices']
        ]
    return shown


def _declared() -> Json:
    return json.loads(_FILE.read_text(encoding='utf-8'))
