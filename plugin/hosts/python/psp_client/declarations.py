"""What operations.json declares: the operations, and the parameters that make their controls.

The file is written from the bridge's own declarations (`npm run write:generated`), so that every host
and the command line offer the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .errors import PspError

Json = dict[str, Any]

_FILE = Path(__file__).resolve().parent / 'operations.json'


class Operation:
    """One declared operation."""

    def __init__(self, declared: Json):
        self.id: str = declared['id']
        self.label: str = declared['label']
        self.summary: str = declared['summary']
        self.input: str = declared['input']
        self.needs_hole: bool = declared['mask'] == 'required'
        self.model_hint: str = declared['modelHint']
        # As protocol/parameter.ts declares them: kind, name, label, hint, default and the kind's own.
        self.parameters: list[Json] = declared['parameters']

    @property
    def finds_faces(self) -> bool:
        return self.input in ('face', 'face-or-layer')

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


def load_operations() -> list[Operation]:
    return [Operation(operation) for operation in _declared()['operations']]


def plug_in_version() -> str:
    return _declared()['version']


def _declared() -> Json:
    return json.loads(_FILE.read_text(encoding='utf-8'))
