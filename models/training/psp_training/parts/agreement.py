"""Intersection over union of two sets of label maps, part by part."""

from collections.abc import Iterable

import numpy as np

from .classes import COUNT, NAMES, PAIRS


class Agreement:
    """Counts pixels over any number of maps."""

    def __init__(self) -> None:
        self.both = np.zeros(COUNT)
        self.ours, self.theirs = np.zeros(COUNT), np.zeros(COUNT)
        # Pixels of a pair in both and in either.
        self.pairs = {name: np.zeros(2) for name in PAIRS}

    def add(self, ours: np.ndarray, theirs: np.ndarray) -> None:
        """Label maps of the same shape, whole numbers."""
        ours, theirs = (labels.astype(np.int64).ravel() for labels in (ours, theirs))
        self.ours += np.bincount(ours, minlength=COUNT)
        self.theirs += np.bincount(theirs, minlength=COUNT)
        self.both += np.bincount(ours[ours == theirs], minlength=COUNT)
        for name, parts in PAIRS.items():
            numbers = [NAMES.index(part) for part in parts]
            a, b = np.isin(ours, numbers), np.isin(theirs, numbers)
            self.pairs[name] += (a & b).sum(), (a | b).sum()

    def of_parts(self) -> dict[str, float]:
        """Of every part that `theirs` shows; where it shows none there is nothing to agree on."""
        union = self.ours + self.theirs - self.both
        return {
            name: float(self.both[part] / union[part])
            for part, name in enumerate(NAMES)
            if self.theirs[part] > 0
        }

    def of_pairs(self) -> dict[str, float]:
        """Of eyes, brows, ears and lips, each as one part."""
        return {name: float(both / union) for name, (both, union) in self.pairs.items() if union}

    def scores(self) -> dict[str, float]:
        """Of parts and pairs."""
        return self.of_parts() | self.of_pairs()

    def mean(self) -> float:
        return float(np.mean(list(self.of_parts().values())))


def table(columns: dict[str, dict[str, float]], names: Iterable[str] = (*NAMES, *PAIRS)) -> str:
    """A Markdown table, one row a part."""
    lines = [f"| part | {' | '.join(columns)} |", f"| --- | {' | '.join('---' for _ in columns)} |"]
    for name in names:
        cells = (f"{c[name]:.2f}" if name in c else "–" for c in columns.values())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
