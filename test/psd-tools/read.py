"""Tells what psd-tools sees in a document, as JSON on standard output.

usage: python read.py FILE...
"""

import hashlib
import json
import sys

from psd_tools import PSDImage


def digest(array):
    return None if array is None else hashlib.sha256(array.tobytes()).hexdigest()


def describe(layer):
    """One layer and what is in it; pixels as floats 0..1 in a digest and a few samples."""
    told = {
        "name": layer.name,
        "kind": layer.kind,
        "visible": layer.visible,
        "opacity": layer.opacity,
        "blend_mode": layer.blend_mode.name.lower(),
        "clipping": bool(layer.clipping),
        "bounds": [layer.left, layer.top, layer.right, layer.bottom],
        "mask": None,
    }
    if layer.mask:
        mask = layer.numpy("mask", real_mask=False)
        told["mask"] = {
            "bounds": list(layer.mask.bbox),
            "default": layer.mask.background_color,
            "values": [] if mask is None else [round(float(v) * 255) for v in mask.ravel()],
        }
    if layer.is_group():
        told["layers"] = [describe(child) for child in layer]
    else:
        pixels = layer.numpy()
        told["digest"] = digest(pixels)
        told["pixels"] = [] if pixels is None else [float(v) for v in pixels.ravel()[:400]]
        told["channels"] = 0 if pixels is None else pixels.shape[2]
    return told


def main(paths):
    documents = []
    for path in paths:
        document = PSDImage.open(path)
        preview = document.numpy()
        documents.append(
            {
                "layers": [describe(layer) for layer in document],
                "preview": [float(v) for v in preview.ravel()],
            }
        )
    json.dump(documents, sys.stdout)


main(sys.argv[1:])
