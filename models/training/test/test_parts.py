"""Labels by hand, pairs and the networks that learn from them, on made-up pictures."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from psp_training.networks.efficientnet import EfficientNetLite
from psp_training.onnx_file import write_onnx
from psp_training.parts import augment_pairs
from psp_training.parts.agreement import Agreement, table
from psp_training.parts.augment_pairs import UNKNOWN, augmented, mirrored
from psp_training.parts.classes import COUNT, MIRRORED, NAMES
from psp_training.parts.faces import CHANNELS
from psp_training.parts.hand_labels import painted, read_outlines, snapped
from psp_training.parts.labelled import FOLDER, HELD, Labelled, labelled_numbers
from psp_training.parts.parts_network import PartShares, begin_parts_net, labels_of
from psp_training.parts.train_classifier import train as train_classifier
from psp_training.parts.train_parts import shares_of
from psp_training.parts.train_parts import train as train_parts

BACKGROUND, SKIN, HAIR, HAT, NECK = (
    NAMES.index(name) for name in ("background", "skin", "hair", "hat", "neck")
)


@pytest.fixture
def mesh() -> np.ndarray:
    return np.random.default_rng(0).uniform(80, 176, (468, 2))


def disc_labels() -> np.ndarray:
    rows, columns = np.mgrid[0:256, 0:256]
    labels = np.zeros((256, 256), np.uint8)
    labels[(rows - 128) ** 2 + (columns - 128) ** 2 < 80**2] = SKIN
    labels[:70] = HAIR
    return labels


def made_up(labels: np.ndarray) -> Labelled:
    """Features two thirds of whose channels are labels and noise, the others noise alone."""
    maps = []
    for channels, side in zip(CHANNELS, (32, 64, 128, 256), strict=True):
        x = torch.randn(1, channels, side, side)
        step = 256 // side
        small = torch.from_numpy(labels[step // 2 :: step, step // 2 :: step].copy()).float()
        x[0, 0::3] += (small == SKIN) * 4
        x[0, 1::3] += (small == HAIR) * 4
        maps.append(x)
    return Labelled(0, np.zeros((256, 256, 3), np.uint8), labels, maps)


def test_every_hand_label_can_be_read(mesh: np.ndarray) -> None:
    numbers = labelled_numbers()
    assert len(numbers) >= 24
    assert set(HELD) < set(numbers)
    for number in numbers:
        labels = painted(read_outlines(FOLDER / f"{number:03}.txt", mesh))
        assert labels.max() < COUNT
        assert (labels == SKIN).mean() > 0.08


def test_an_unknown_part_is_told_by_file_and_line(tmp_path: Path, mesh: np.ndarray) -> None:
    path = tmp_path / "001.txt"
    path.write_text("mesh nose\ntail 1,2 3,4 5,6\n")
    with pytest.raises(ValueError, match=r"001\.txt, line 2: no part is called 'tail'"):
        read_outlines(path, mesh)


def test_rough_edges_follow_the_features() -> None:
    truth = disc_labels()
    rough = np.roll(truth, 3, axis=1)
    maps = [x[0] for x in made_up(truth).maps]
    assert (snapped(rough, maps) != truth).mean() < (rough != truth).mean() / 3


def test_the_mirror_image_swaps_left_and_right() -> None:
    left, right = NAMES.index("left eye"), NAMES.index("right eye")
    assert MIRRORED[left] == right and MIRRORED[SKIN] == SKIN
    labels = torch.zeros(40, 8, 8, dtype=torch.uint8)
    labels[:, 2, 1] = left
    pictures = torch.zeros(40, 3, 8, 8)
    pictures[:, :, 2, 1] = 1
    x, y = mirrored(pictures, labels, np.random.default_rng(0))
    flipped = x[:, 0, 2, 6] == 1
    assert 0 < flipped.sum() < 40
    assert (y[flipped, 2, 6] == right).all() and (y[~flipped, 2, 1] == left).all()


def test_pairs_are_moved_together() -> None:
    labels = torch.from_numpy(disc_labels())[None].repeat(4, 1, 1)
    pictures = (labels == SKIN)[:, None].repeat(1, 3, 1, 1) * 255
    x, y = augmented(pictures.to(torch.uint8), labels, np.random.default_rng(3))
    assert x.shape == (4, 3, 256, 256) and x.min() >= 0 and x.max() <= 1
    for picture, parts in zip(x, y, strict=True):
        skin = picture.mean(dim=0)[parts == SKIN].mean()
        assert skin > picture.mean(dim=0)[parts == BACKGROUND].mean()


def test_a_scarf_lies_over_the_hair_and_is_a_hat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augment_pairs, "SCARVED", 1)
    labels = torch.from_numpy(disc_labels())[None].repeat(8, 1, 1)
    labels[:, 200:, :] = NECK
    pictures = torch.zeros(8, 3, 256, 256)
    x, y = augment_pairs.scarved(pictures, labels, np.random.default_rng(1))
    assert (y[labels == HAIR] == HAT).all()
    cloth = y == HAT
    assert (x.abs().sum(dim=1)[~cloth] == 0).all() and (y[~cloth] == labels[~cloth]).all()
    # A wide one hides a hem of the skin, a wrapped one the neck; neither goes on below the brows.
    reached = cloth[:, 70:180].any(dim=1).any(dim=1)
    assert 0 < reached.sum() < 8 and not cloth[:, 80:180].any()
    assert 0 < cloth[:, 220:].any(dim=1).any(dim=1).sum() < 8


def test_targets_are_shares_of_each_cell_and_lie_where_the_picture_does() -> None:
    labels = torch.zeros(1, 256, 256, dtype=torch.uint8)
    labels[:, :, 101:] = SKIN
    labels[:, :2, :2] = UNKNOWN
    shares = shares_of(labels)
    assert shares.shape == (1, COUNT, 128, 128)
    assert shares[0, SKIN, 64, 49:52].tolist() == [0, 0.5, 1]
    assert shares[0, :, 0, 0].sum() == 0
    read = labels_of(shares.clamp(1e-6).log())
    assert (read[0, 128] == labels[0, 128]).all()


def test_agreement_counts_what_both_say() -> None:
    ours, theirs = np.array([SKIN, SKIN, HAIR, 0]), np.array([SKIN, HAIR, HAIR, 0])
    agreement = Agreement()
    agreement.add(ours, theirs)
    assert agreement.of_parts() == {"background": 1, "skin": 0.5, "hair": 0.5}
    assert agreement.mean() == pytest.approx(2 / 3)
    assert "| hair | 0.50 |" in table({"ours": agreement.scores()})


def test_a_pair_agrees_where_its_halves_are_mixed_up() -> None:
    upper, lower = NAMES.index("upper lip"), NAMES.index("lower lip")
    agreement = Agreement()
    agreement.add(np.array([upper, upper, SKIN]), np.array([upper, lower, lower]))
    assert agreement.of_parts()["lower lip"] == 0
    assert agreement.of_pairs() == {"lips": pytest.approx(2 / 3)}


def test_the_classifier_learns_from_features() -> None:
    face = made_up(disc_labels())
    network = train_classifier([face], steps=60)
    with torch.no_grad():
        found = network(face.maps).argmax(dim=1)[0].numpy()
    assert (found == face.labels).mean() > 0.9


def test_the_photographs_network_trains_and_is_exported(tmp_path: Path) -> None:
    backbone = tmp_path / "backbone.pt"
    torch.save(EfficientNetLite().state_dict(), backbone)
    network = begin_parts_net(backbone)
    labels = torch.from_numpy(disc_labels())[None].repeat(16, 1, 1)
    pictures = torch.randint(0, 255, (16, 3, 256, 256), dtype=torch.uint8)
    train_parts(network, pictures, labels, 0.1, tmp_path / "parts.pt")
    assert (tmp_path / "parts.pt").exists()
    shares = PartShares(network.eval())
    image = torch.rand(2, 3, 256, 256)
    write_onnx(shares, [image[:1]], tmp_path / "parts.onnx", ["image"], ["parts"])
    assert (tmp_path / "parts.onnx").stat().st_size < 5e6
    session = onnxruntime.InferenceSession(tmp_path / "parts.onnx")
    (answer,) = session.run(None, {"image": image.numpy()})
    with torch.no_grad():
        expected = shares(image).numpy()
    assert answer.shape == (2, COUNT, 128, 128)
    assert np.abs(answer - expected).max() < 1e-3
