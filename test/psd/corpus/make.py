"""Writes the corpus's documents that psd-tools and ImageMagick make.

usage: python make.py FOLDER   (needs psd-tools from test/psd/requirements.txt and ImageMagick 6 or 7)
"""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Compression, Tag
from psd_tools.psd.layer_and_mask import LayerInfo, LayerInfoBlock
from psd_tools.psd.tagged_blocks import TaggedBlock

WIDTH, HEIGHT = 48, 40


def picture(width, height, channels, seed):
    """A slope with some noise, 0..1: neither flat nor incompressible."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).random((height, width, channels)) / 8
    slope = np.stack([(x * (c + 1) + y * seed) % 64 / 64 for c in range(channels)], axis=2)
    return np.clip(slope * 0.8 + noise, 0, 1).astype(np.float32)


def rgba(width, height, seed):
    pixels = picture(width, height, 4, seed)
    return Image.fromarray((pixels * 255).astype(np.uint8), "RGBA")


def psd_tools_document(path, mode, depth, compression):
    document = PSDImage.new(mode, (WIDTH, HEIGHT), depth=depth)
    document.create_pixel_layer(rgba(WIDTH, HEIGHT, 1), name="Flaeche", compression=compression)
    group = document.create_group(name="Gruppe Ü")
    inner = document.create_pixel_layer(
        rgba(20, 16, 2).convert("RGB"), name="inner", top=4, left=6, compression=compression
    )
    group.append(inner)
    inner.create_mask(Image.fromarray((picture(20, 16, 1, 5)[:, :, 0] * 255).astype(np.uint8)))
    beyond = document.create_pixel_layer(
        rgba(30, 30, 3), name="beyond", top=-10, left=35, compression=compression
    )
    beyond.visible = False
    if depth > 8 and compression is not Compression.RAW:
        move_to_block(document, depth)
    with open(path, "wb") as file:
        document.save(file)


def move_to_block(document, depth):
    """Puts the layer list where Photoshop has it in deeper documents: in Lr16 or Lr32."""
    section = document._record.layer_and_mask_information
    key = Tag.LAYER_16 if depth == 16 else Tag.LAYER_32
    info = section.layer_info
    block = LayerInfoBlock(info.layer_count, info.layer_records, info.channel_image_data)
    section.tagged_blocks[key] = TaggedBlock(key=key, data=block)
    section.layer_info = LayerInfo()


def image_magick(folder, name, *options):
    tool = shutil.which("magick") or "convert"
    layers = ["-size", f"{WIDTH}x{HEIGHT}", "gradient:#204080-#e0b090"]
    layers += ["(", "-size", "20x16", "radial-gradient:#ffffff80-#000000ff", "-alpha", "set"]
    layers += ["-set", "label", "radial", "-page", "+6+4", ")"]
    layers += ["(", "-size", "12x10", "xc:#30c060", "-set", "label", "flat", "-page", "+40+33", ")"]
    # The first image is the flattened preview, then every image is a layer.
    subprocess.run([tool, *layers[:3], *layers, *options, str(folder / name)], check=True)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {"raw": Compression.RAW, "rle": Compression.RLE, "zip": Compression.ZIP}
    kinds["zip-prediction"] = Compression.ZIP_WITH_PREDICTION
    for name, compression in kinds.items():
        for depth in (8, 16, 32):
            psd_tools_document(folder / f"psd-tools-rgb{depth}-{name}.psd", "RGB", depth, compression)
    psd_tools_document(folder / "psd-tools-grey8.psd", "L", 8, Compression.RLE)
    psd_tools_document(folder / "psd-tools-grey16.psd", "L", 16, Compression.ZIP_WITH_PREDICTION)
    psd_tools_document(folder / "psd-tools-cmyk8.psd", "CMYK", 8, Compression.RLE)
    image_magick(folder, "magick-rgb8.psd", "-depth", "8")
    image_magick(folder, "magick-rgb16-zip.psb", "-depth", "16", "-compress", "zip")
    image_magick(folder, "magick-rgb8-rle.psb", "-depth", "8", "-compress", "rle")
    image_magick(folder, "magick-grey8.psd", "-colorspace", "gray", "-depth", "8")
    image_magick(folder, "magick-flat16.psd", "-flatten", "-depth", "16")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
