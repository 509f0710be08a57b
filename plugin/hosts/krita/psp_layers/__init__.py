"""pSp Layers in Krita 5: Settings > Dockers > pSp Layers."""

import sys
from pathlib import Path

# The client of the bridge lies inside of this folder where the plug-in is installed.
sys.path.append(str(Path(__file__).resolve().parent))

from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita  # noqa: E402

from .docker import PspDocker  # noqa: E402

Krita.instance().addDockWidgetFactory(
    DockWidgetFactory('pspLayers', DockWidgetFactoryBase.DockRight, PspDocker)
)
