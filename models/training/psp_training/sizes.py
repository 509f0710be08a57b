"""How large the networks are."""

from .networks.backbone import Shape

# Of the generator, by the side of its pictures: channels at 4², 8², …, and the length D of a style.
DECODER_WIDTHS = {
    64: [128, 128, 96, 64, 32],
    128: [256, 256, 256, 256, 128, 64],
    256: [256, 256, 256, 256, 128, 64, 32],
}
STYLE = {64: 48, 128: 256, 256: 256}

# Of an encoder: channels and units of the four stages, and channels within the coarse, middle and
# fine heads. Layout is told by few pixels and much knowledge, so width goes to the deep layers.
ENCODER_WIDTHS, ENCODER_UNITS = [16, 24, 40, 80], [1, 1, 2, 3]
ENCODER_HIDDEN = [128, 80, 24]


def encoder_shape(
    n_styles: int, style: int, units: list[int] | None = None, inputs: int = 3
) -> Shape:
    """Of an encoder with no start that would tell it."""
    units = units or ENCODER_UNITS
    return Shape(n_styles, style, ENCODER_WIDTHS, units, inputs, hidden=ENCODER_HIDDEN)
