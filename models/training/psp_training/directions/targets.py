"""The sliders that are looked for: what each moves, and what may come with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """A slider. `unit` None: from −1 to 1, the ends being where the usable range ends."""

    name: str
    label: str
    attribute: str
    hint: str
    unit: str | None = None
    # −1 where the slider runs against the measure.
    sign: int = 1
    # How much of the person must be left (cosine of embeddings) at the ends of the range.
    keeps: float = 0.6
    # The range's end is at most this much of the measure, either way.
    at_most: float = float("inf")
    # How much of the range found by measures also holds up to the eye, on strips of drawn faces.
    reach: float = 1
    # What follows from it, weighed less than other drags: 0 is free, 1 a drag like any other.
    follows: Mapping[str, float] = field(default_factory=dict)


LIGHT = {"light_side": 0.3, "light_hard": 0.5}

TARGETS = [
    Target(
        "head",
        "Head left, right",
        "yaw",
        "Turns the head: below 0 to the left of the picture, above 0 to the right.",
        unit="degrees",
        keeps=0.4,
        at_most=25,
        follows={"light_side": 0.2, "background": 0.5, "glasses": 0.3},
    ),
    Target(
        "nod",
        "Head down, up",
        "pitch",
        "Tilts the head: below 0 down, above 0 up.",
        unit="degrees",
        sign=-1,
        keeps=0.4,
        at_most=25,
        reach=0.65,
        follows={"eyes": 0.3, **LIGHT},
    ),
    Target(
        "smile",
        "Smile",
        "smile",
        "Below 0 less of a smile, above 0 more.",
        reach=0.75,
        follows={"happy": 0, "mouth": 0.3, "eyes": 0.5, "lips": 0.5},
    ),
    Target(
        "mouth",
        "Mouth",
        "mouth",
        "Below 0 closed, above 0 open.",
        reach=0.6,
        follows={"beard": 0.5},
    ),
    Target("eyes", "Eyes", "eyes", "Below 0 narrower, above 0 wider open.", follows={"lids": 0.3}),
    Target(
        "age",
        "Age",
        "age",
        "Years younger or older, as a network that guesses ages counts them.",
        unit="years",
        at_most=30,
        follows={"hair_light": 0.3, "hair_warm": 0.3, "light_hard": 0.5, "eyes": 0.5},
    ),
    Target(
        "beard",
        "Beard",
        "beard",
        "Below 0 shaved, above 0 a fuller beard.",
        reach=0.8,
        follows={"male": 0.5, "lips": 0.5, "light_hard": 0.3},
    ),
    Target(
        "hairColour",
        "Hair colour",
        "hair_light",
        "Below 0 darker, above 0 lighter hair.",
        reach=0.9,
        follows={"hair_warm": 0.2},
    ),
    Target(
        "lightSide",
        "Light from the side",
        "light_side",
        "Below 0 from the right, above 0 from the left.",
        follows={"light_hard": 0.4, "background": 0.5},
    ),
    Target(
        "hardLight",
        "Hard light",
        "light_hard",
        "Below 0 softer, above 0 harder light.",
        reach=0.75,
        follows={"background": 0.5, "lids": 0.5, "beard": 0.5},
    ),
    Target(
        "lips",
        "Lip colour",
        "lips",
        "Below 0 paler, above 0 redder lips.",
        reach=0.7,
        follows={"lids": 0.5, "male": 0.7},
    ),
    Target(
        "glasses", "Glasses", "glasses", "Below 0 taken off, above 0 put on.", follows={"lids": 0.5}
    ),
]
