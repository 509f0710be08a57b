import io
import json
import tarfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from psp_training.pictures.data import Portraits, augment
from psp_training.pictures.degrade import (
    SHRINK_FACTORS,
    bicubic_matrix,
    holes,
    photographed,
    shrunk,
    with_hole,
)
from psp_training.prepare import prepare


def write_archive(path: Path) -> None:
    with tarfile.open(path, "w") as archive:

        def add(name: str, data: bytes) -> None:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))

        for shade in (10, 200):
            stream = io.BytesIO()
            Image.new("RGB", (256, 256), (shade, 0, 0)).save(stream, "PNG")
            add(f"{shade}.png", stream.getvalue())
        add("meta.jsonl", b'{"id": "10", "yaw": 0.5}\n{"id": "200", "yaw": -0.25}\n')


def test_prepare_keeps_pictures_and_meta_together(tmp_path: Path) -> None:
    write_archive(tmp_path / "train-9.tar")
    assert prepare(tmp_path / "out", [tmp_path / "train-9.tar"]) == 2
    data = Portraits(tmp_path / "out")
    assert data.yaw.tolist() == [0.5, -0.25]
    assert [m["archive"] for m in data.meta] == ["train-9", "train-9"]
    expected = torch.tensor([10, 200]) / 127.5 - 1
    torch.testing.assert_close(data.batch(np.array([0, 1]))[:, 0, 0, 0], expected)


def test_favoured_archives_are_drawn_oftener(portraits: Path) -> None:
    meta = json.loads((portraits / "meta.json").read_text())
    meta[0]["archive"] = "photos"
    (portraits / "meta.json").write_text(json.dumps(meta))
    shares = Portraits(portraits, favour=8).shares
    assert np.isclose(shares[0] / shares[1], 8)


def test_augmentation_keeps_shape_and_range_and_tells_what_it_mirrored(portraits: Path) -> None:
    images = Portraits(portraits).batch(np.arange(8))
    out, flipped = augment(images, np.random.default_rng(0))
    assert out.shape == images.shape and flipped.shape == (8,)
    assert float(out.abs().max()) <= 1
    assert 0 < int(flipped.sum()) < 8


def test_photographed_leaves_the_picture_recognisable(portraits: Path) -> None:
    images = Portraits(portraits).batch(np.arange(12))
    out = photographed(images, np.random.default_rng(0))
    assert 0 < float((out - images).abs().mean()) < 0.1


def test_bicubic_rows_sum_to_one_and_keep_a_constant() -> None:
    for factor in SHRINK_FACTORS:
        rows = bicubic_matrix(256, 256 // factor).sum(dim=1)
        torch.testing.assert_close(rows, torch.ones(256 // factor))


def test_bicubic_upsampling_has_the_keys_weights() -> None:
    # a = -0.5: half-way between samples the weights are -1/16, 9/16, 9/16, -1/16; at a quarter:
    row = bicubic_matrix(8, 16)[8]
    expected = torch.tensor([-0.0234375, 0.2265625, 0.8671875, -0.0703125])
    torch.testing.assert_close(row[2:6], expected)


def test_shrinking_by_one_is_the_identity() -> None:
    images = torch.rand(1, 3, 256, 256)
    assert torch.equal(shrunk(images, 1), images)
    assert shrunk(images, 32).shape == images.shape


def test_holes_are_grey_and_leave_the_rest() -> None:
    images = torch.rand(16, 3, 256, 256) * 0.5 + 0.5
    masks = holes(16, 256, np.random.default_rng(0))
    out = with_hole(images, masks)
    inside = (masks > 0.5).expand_as(images)
    assert float(out[inside].abs().max()) == 0
    assert torch.equal(out[~inside], images[~inside])
    shares = masks.mean(dim=(1, 2, 3))
    assert float(shares.min()) > 0 and float(shares.max()) < 0.8
