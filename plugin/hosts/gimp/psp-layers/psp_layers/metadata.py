"""An image's metadata tells how its new layers were made: GIMP keeps it in XCF files and exports it as XMP."""

from __future__ import annotations

import re

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp  # noqa: E402

from psp_client.made_with import NAMESPACE, SOURCE_TYPE, Made, escaped  # noqa: E402

_SOURCE_TYPE_TAG = 'Xmp.iptcExt.DigitalSourceType'
_END = '</metadata>'


def note_layers(image: Gimp.Image, layers: list[Made]) -> None:
    """A step of the image's history of its own: call it in a group of steps."""
    # What GIMP's own format says needs none of the bindings of GExiv2, which not every system has.
    metadata = image.get_metadata() or Gimp.Metadata.new()
    image.set_metadata(Gimp.Metadata.deserialize(_with_layers(metadata.serialize(), layers)))


def _with_layers(text: str, layers: list[Made]) -> str:
    earlier = [int(number) for number in re.findall(r'"Xmp\.pspLayers\.made\[(\d+)\]', text)]
    tags = [_tag(_SOURCE_TYPE_TAG, SOURCE_TYPE)]
    for number, layer in enumerate(layers, max(earlier, default=0) + 1):
        tags += [
            _tag(f'Xmp.pspLayers.made[{number}]/pspLayers:{name}', value) for name, value in layer.items()
        ]
    # A property may be said once: what the photograph was is not what it is now.
    others = re.sub(rf'<tag name="{_SOURCE_TYPE_TAG}"[^>]*>[^<]*</tag>', '', text)
    space = f'<namespace prefix="pspLayers" url="{NAMESPACE}"></namespace>'
    return others.replace(_END, f'{space}{"".join(tags)}{_END}')


def _tag(name: str, value: str) -> str:
    return f'<tag name="{name}">{escaped(value)}</tag>'
