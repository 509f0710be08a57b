"""What a run's figures were on average since they were last asked for."""


class Means:
    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {}

    def add(self, figures: dict[str, float]) -> None:
        """One step's; not every figure need be there in every step."""
        for name, value in figures.items():
            self.values.setdefault(name, []).append(value)

    def take(self) -> dict[str, float]:
        """The means, each over the steps that it was there in; forgets them."""
        means = {name: sum(values) / len(values) for name, values in self.values.items()}
        self.values = {}
        return means

    def line(self) -> str:
        """The same in one line, to be read by people."""
        return " ".join(f"{name} {value:.4f}" for name, value in self.take().items())
