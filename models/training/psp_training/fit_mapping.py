"""Stage 2: finish the generator. Average latent, and a mapping network that draws faces.

    python -m psp_training.fit_mapping DATA AUTOENCODER.pt OUT.pt

The mapping network learns the distribution of encoded faces, each reduced to one w (the mean of
its styles): sliced Wasserstein distance (Bonneel et al. 2015) between drawn and encoded w.
OUT.pt is the `reconstruct` checkpoint; the later stages start from it.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .encoders.codes import codes_of, recentre
from .networks.decoder import Decoder
from .networks.psp import Psp, checkpoint_of
from .pictures.data import Portraits
from .train_autoencoder import Autoencoder

# Drawn over encoded spread. A mean of styles varies less than the styles do: drawn faces are made
# as varied again (of 0.85, 1.1 and 1.35 the last had the least Fréchet distances).
SPREAD = 1.35
# The mapping network's weights are of size 1/lr_mul = 100, hence the large rate.
MAPPING_RATE = 3.0


def sliced_wasserstein(ours: Tensor, theirs: Tensor, slices: int = 128) -> Tensor:
    """Mean squared difference of sorted projections on random directions; [N, D] both."""
    directions = torch.nn.functional.normalize(torch.randn(ours.shape[1], slices), dim=0)
    a = (ours @ directions).sort(dim=0).values
    b = (theirs @ directions).sort(dim=0).values
    return (a - b).square().mean()


def fit(decoder: Decoder, wanted: Tensor, steps: int, batch: int = 1024) -> float:
    """Train the mapping network towards samples [N, D]; returns the last distance over variance."""
    mapping = decoder.style
    optimizer = torch.optim.Adam(mapping.parameters(), lr=MAPPING_RATE, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, MAPPING_RATE, total_steps=steps)
    distance = 0.0
    for _ in range(steps):
        drawn = mapping(torch.randn(batch, wanted.shape[1]))
        some = wanted[torch.randint(len(wanted), (batch,))]
        loss = sliced_wasserstein(drawn, some) / some.var()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        distance = float(loss.detach())
    return distance


def finished(autoencoder: Path, data: Portraits, count: int, steps: int, seed: int) -> Psp:
    """The trained autoencoder as a pSp, with latent_avg and mapping network."""
    torch.manual_seed(seed)
    model = Autoencoder()
    model.load_state_dict(torch.load(autoencoder, weights_only=True)["average"])
    model.eval()
    zero = torch.zeros(model.decoder.n_styles, model.encoder.styles[0].linear.weight.shape[0])
    psp = Psp(model.encoder, model.decoder, zero)
    indices = data.draw(count, np.random.default_rng(seed))
    codes = codes_of(psp, data, indices)
    average = codes.mean(dim=0)
    recentre(psp.encoder, average)
    psp.latent_avg.copy_(average)
    single = codes.mean(dim=1)
    middle = single.mean(dim=0)
    distance = fit(psp.decoder, middle + SPREAD * (single - middle), steps)
    print(f"codes {codes.std():.3f}, single w {single.std():.3f}, distance {distance:.4f}")
    return psp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("autoencoder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=6000, help="pictures to encode")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--favour", type=float, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    data = Portraits(arguments.data, favour=arguments.favour)
    psp = finished(arguments.autoencoder, data, arguments.count, arguments.steps, arguments.seed)
    torch.save(checkpoint_of(psp, "reconstruct"), arguments.out)


if __name__ == "__main__":
    main()
