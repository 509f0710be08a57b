"""Labels by hand, pairs and the networks that learn from them, on made-up pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from psp_training.networks.efficientnet import EfficientNetLite
from psp_training.onnx_file import write_onnx
from psp_training.parts import augment_pairs, covered, earrings, hand_labels
from psp_training.parts.agreement import Agreement, table
from psp_training.parts.augment_pairs import UNKNOWN, augmented, mirrored
from psp_training.parts.classes import COUNT, MIRRORED, NAMES
from psp_training.parts.faces import CHANNELS
from psp_training.parts.feature_parts import FeatureParts
from psp_training.parts.hand_labels import painted, read_outlines, snapped
from psp_training.parts.labelled import (
    EYES,
    FOLDER,
    HELD,
    Labelled,
    eyes_and_lids,
    labelled_numbers,
)
from psp_training.parts.parts_network import PartShares, begin_parts_net, labels_of
from psp_training.parts.train_classifier import PIXELS, sampled
from psp_training.parts.train_classifier import train as train_classifier
from psp_training.parts.train_parts import entropy, shares_of
from psp_training.parts.train_parts import train as train_parts

BACKGROUND, SKIN, EYE, HAIR, HAT, NECK = (
    NAMES.index(name) for name in ("background", "skin", "left eye", "hair", "hat", "neck")
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


def test_a_pair_of_hoops_hangs_from_the_ears_and_is_thin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earrings, "WORN", 1.0)
    monkeypatch.setattr(earrings, "HOOPS", 1.0)
    pictures, labels = torch.zeros(8, 3, 256, 256), torch.zeros(8, 256, 256, dtype=torch.uint8)
    left, right = (NAMES.index(name) for name in ("left ear", "right ear"))
    labels[:, 100:140, 40:60], labels[:7, 100:140, 200:220] = left, right
    x, y = earrings.earringed(pictures, labels, np.random.default_rng(2))
    worn = y == earrings.EARRING
    assert (x.abs().sum(dim=1)[worn] > 0).float().mean() > 0.95
    # From the lobes down, beside the ears that there are, and nowhere else.
    sides = worn[:, 135:, :128], worn[:7, 135:, 128:]
    assert all(side.any(dim=2).any(dim=1).all() for side in sides)
    assert not worn[:, :130].any() and not worn[7, :, 128:].any()


def test_a_hoop_is_as_thick_as_its_wire_all_around() -> None:
    cover, _ = earrings.ring(256, (100, 80), (10, 20), 2)
    assert cover[76:86, 100].sum() == pytest.approx(2, abs=0.2)
    assert cover[99, 80:100].sum() == pytest.approx(2, abs=0.2)
    assert cover[99, 100] == 0 and cover[70, 100] == 0


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


def test_what_is_thinner_than_the_cells_it_lies_in_can_be_learned() -> None:
    labels = torch.full((1, 256, 256), SKIN, dtype=torch.uint8)
    labels[:, 129:131] = EYE
    logits = torch.zeros(1, COUNT, 128, 128, requires_grad=True)
    optimizer = torch.optim.Adam([logits], 0.3)
    for _ in range(40):
        optimizer.zero_grad()
        entropy(logits.softmax(dim=1), labels).backward()
        optimizer.step()
    found = labels_of(logits.detach())[0]
    assert (found[129:131] == EYE).all()
    assert (found[:128] == SKIN).all() and (found[132:] == SKIN).all()


def test_a_pixel_of_unknown_part_teaches_nothing() -> None:
    labels = torch.full((1, 256, 256), UNKNOWN, dtype=torch.uint8)
    labels[:, :128] = SKIN
    logits = torch.zeros(1, COUNT, 128, 128, requires_grad=True)
    entropy(logits.softmax(dim=1), labels).backward()
    assert logits.grad is not None
    assert (logits.grad[:, :, 70:] == 0).all() and (logits.grad[:, SKIN, :60] < 0).all()


def test_a_dyed_scarf_keeps_its_folds_and_nothing_else_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(augment_pairs, "DYED", 1)
    monkeypatch.setattr(augment_pairs, "DARK", 1)
    labels = torch.full((8, 256, 256), SKIN, dtype=torch.uint8)
    labels[:, :100] = HAT
    folds = torch.linspace(-0.5, 0.5, 256).expand(8, 3, 256, 256)
    x = augment_pairs.dyed(folds, labels, np.random.default_rng(1))
    assert torch.allclose(x[:, :, 102:], folds[:, :, 102:])
    light = x[:, :, :98].mean(dim=(1, 2))
    assert (light.mean(dim=1) < -0.6).all()
    assert (light.diff(dim=1) >= 0).all() and (light[:, -1] > light[:, 0] + 0.05).all()


def test_made_up_eyes_are_told_with_their_lids_alone() -> None:
    for number in labelled_numbers(EYES):
        assert number not in HELD
        labels = eyes_and_lids(number)
        assert set(np.unique(labels)) == {SKIN, EYE, EYE + 1, UNKNOWN}
        known = labels != UNKNOWN
        assert known.sum() < 0.03 * labels.size
        eyes = labels >= EYE
        assert known[hand_labels.widened(eyes & known, 4)].all()


def test_the_classifier_leaves_out_what_is_unknown() -> None:
    face = made_up(disc_labels())
    labels = face.labels.copy()
    labels[:, :64] = UNKNOWN
    rng = np.random.default_rng(0)
    rows, parts, weight = sampled(FeatureParts(), replace(face, labels=labels), rng)
    assert len(rows) == len(parts) == len(weight) == PIXELS
    assert parts.max() < COUNT and float(weight.mean()) == pytest.approx(1, abs=0.1)


def test_a_covered_head_is_what_its_outlines_say_and_else_what_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(covered, "FOLDER", tmp_path)
    picture = np.zeros((256, 256, 3), np.uint8)
    picture[:, 128:] = 255
    Image.fromarray(picture).save(tmp_path / "one.webp", lossless=True)
    outlines = ["hat 0,0 256,0 256,100 0,100", "face 0,50 256,50 256,80 0,80"]
    (tmp_path / "one.txt").write_text("\n".join([*outlines, "unknown 0,90 9,90 9,100 0,100"]))
    (name,) = covered.covered_names()
    x, y = covered.covered_pairs(tmp_path, [name], SkinOrHair())
    assert x.shape == (1, 3, 256, 256) and y.shape == (1, 256, 256)
    # Hair that the network finds, on the left, is not believed.
    rows = [(20, HAT, HAT), (65, UNKNOWN, SKIN), (97, UNKNOWN, HAT), (200, UNKNOWN, SKIN)]
    for row, left, right in rows:
        assert (y[0, row, 5], y[0, row, 250]) == (left, right)


class SkinOrHair(torch.nn.Module):
    """Dark is hair, light is skin."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        light = torch.nn.functional.avg_pool2d(image.mean(dim=1), 2)
        logits = torch.zeros(len(image), COUNT, 128, 128)
        logits[:, SKIN], logits[:, HAIR] = 20 * light, 20 * (1 - light)
        return logits


def test_the_outlines_of_covered_heads_can_all_be_read() -> None:
    names = covered.covered_names()
    assert set(covered.HELD) < set(names)
    for name in names:
        found = np.full((256, 256), SKIN, np.uint8)
        labels = covered.outlined(covered.FOLDER / f"{name}.txt", found)
        assert (labels == HAT).mean() > 0.05


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
