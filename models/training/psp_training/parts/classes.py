"""The 19 parts of a face, in the order and the published colours of CelebAMask-HQ.

Left and right are as the viewer sees them.
"""

PARTS = {
    "background": (0, 0, 0),
    "skin": (204, 0, 0),
    "nose": (76, 153, 0),
    "glasses": (204, 204, 0),
    "left eye": (51, 51, 255),
    "right eye": (204, 0, 204),
    "left brow": (0, 255, 255),
    "right brow": (255, 204, 204),
    "left ear": (102, 51, 0),
    "right ear": (255, 0, 0),
    "mouth": (102, 204, 0),
    "upper lip": (255, 255, 0),
    "lower lip": (0, 0, 153),
    "hair": (0, 0, 204),
    "hat": (255, 51, 153),
    "earring": (0, 204, 204),
    "necklace": (0, 51, 0),
    "neck": (255, 153, 51),
    "clothing": (0, 204, 0),
}
NAMES = tuple(PARTS)
COUNT = len(NAMES)
# Parts that are one thing to the eye.
PAIRS = {
    "eyes": ("left eye", "right eye"),
    "brows": ("left brow", "right brow"),
    "ears": ("left ear", "right ear"),
    "lips": ("upper lip", "lower lip"),
}
# What a part is called in the mirror image.
MIRRORED = [
    NAMES.index(name.replace("left", "right") if "left" in name else name.replace("right", "left"))
    for name in NAMES
]
