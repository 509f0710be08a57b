"""An empty layer with an empty transparency mask, which Krita's Python cannot make by itself.

Krita 5.1 gives a mask no pixels until someone has painted on it, so the two are opened from a file: a .kra is
a zip of maindoc.xml and one file of tiles per layer.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from krita import Document, Krita, Node

# The profile of this name comes with every Krita.
SRGB = 'sRGB-elle-V2-srgbtrc.icc'

_DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DOC PUBLIC '-//KDE//DTD krita 2.0//EN' 'http://www.calligra.org/DTD/krita-2.0.dtd'>
<DOC xmlns="http://www.calligra.org/DTD/krita" syntaxVersion="2.0" editor="Krita">
 <IMAGE mime="application/x-kra" name="empty" width="1" height="1" colorspacename="RGBA"
  profile="{SRGB}" x-res="72" y-res="72" description="">
  <layers>
   <layer nodetype="paintlayer" name="layer" filename="layer" colorspacename="RGBA" visible="1"
    opacity="255" compositeop="normal" x="0" y="0" channelflags="">
    <masks>
     <mask nodetype="transparencymask" name="mask" filename="mask" visible="1" x="0" y="0" active="1"/>
    </masks>
   </layer>
  </layers>
 </IMAGE>
</DOC>
"""


def _no_tiles(pixel_bytes: int) -> str:
    return f'VERSION 2\nTILEWIDTH 64\nTILEHEIGHT 64\nPIXELSIZE {pixel_bytes}\nDATA 0\n'


class Template:
    """Gives copies away until it is closed."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / 'empty.kra'
            with zipfile.ZipFile(file, 'w') as kra:
                kra.writestr('mimetype', 'application/x-kra')
                kra.writestr('maindoc.xml', _DOCUMENT)
                for name, size in [('layer', 4), ('mask.pixelselection', 1)]:
                    kra.writestr(f'empty/layers/{name}', _no_tiles(size))
                    kra.writestr(f'empty/layers/{name}.defaultpixel', bytes(size))
            self._document = _open_quietly(file)

    def layer(self) -> Node:
        """8-bit sRGB, in no document yet; its mask is its only child and hides everything."""
        return self._document.topLevelNodes()[0].duplicate()

    def close(self) -> None:
        self._document.close()

    def __enter__(self) -> Template:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _open_quietly(file: Path) -> Document:
    """Krita would show a window about what the file does not hold."""
    krita = Krita.instance()
    before = krita.batchmode()
    krita.setBatchmode(True)
    try:
        return krita.openDocument(str(file))
    finally:
        krita.setBatchmode(before)
