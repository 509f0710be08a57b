"""How layers were made, as a document's XMP (ISO 16684-1) says it: enough to tell a made face from a
photograph, and to make it again. The properties are those of our PSDs (psd/write/madeWith.ts).
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterable

from .job import Order
from .messages import Patch

Json = dict[str, Any]
# The texts of one layer's note, by the names of their fields, in order.
Made = dict[str, str]

NAMESPACE = 'urn:psp-layers:made:1.0/'
# IPTC's word for a picture of which parts were made by a trained model.
SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'

_EMPTY_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="" xmlns:pspLayers="{NAMESPACE}" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
    f'<Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>'
    '<pspLayers:made><rdf:Seq></rdf:Seq></pspLayers:made></rdf:Description></rdf:RDF></x:xmpmeta>\n'
    '<?xpacket end="w"?>'
)
_END_OF_LIST = '</rdf:Seq></pspLayers:made>'


def made_with(order: Order, patch: Patch, layer_name: str) -> Made:
    """Of a new layer, which is one variant of its own seed."""
    about = patch.about
    settings = {
        name: _whole(value) for name, value in order.parameters.items() if name not in ('variants', 'seed')
    }
    return {
        'layer': layer_name,
        'operation': order.operation.id,
        'model': about['model'],
        **({} if about['seed'] is None else {'seed': str(about['seed'])}),
        'settings': json.dumps(settings, ensure_ascii=False, separators=(',', ':')),
    }


def note_made_layers(packet: str, layers: Iterable[Made]) -> str:
    """A packet of this function's own, or '' for none, with the layers behind those that it tells of."""
    entries = ''.join(_entry(layer) for layer in layers)
    return (packet or _EMPTY_PACKET).replace(_END_OF_LIST, entries + _END_OF_LIST)


def escaped(text: str) -> str:
    """For XML, in ASCII."""
    plain = re.sub('[\x00-\x1f]', ' ', text)
    return ''.join(c if ord(c) < 127 and c not in '<>&"\'' else f'&#{ord(c)};' for c in plain)


def _entry(layer: Made) -> str:
    fields = (f'<pspLayers:{name}>{escaped(value)}</pspLayers:{name}>' for name, value in layer.items())
    return f'<rdf:li rdf:parseType="Resource">{"".join(fields)}</rdf:li>'


def _whole(value: Any) -> Any:
    """1.0 as 1, as the panel writes it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
