"""A language model of letters."""

from data import LETTERS
from torch import Tensor, nn


class Reader(nn.Module):
    """A recurrent net that reads letter by letter and guesses the next one."""

    def __init__(self, width: int = 64) -> None:
        """Make one of that many memory cells."""
        super().__init__()
        self.meaning = nn.Embedding(len(LETTERS), width)
        self.memory = nn.GRU(width, width, batch_first=True)
        self.out = nn.Linear(width, len(LETTERS))

    def forward(self, letters: Tensor) -> Tensor:
        """Scores (n, length, letters) of the letter after each of (n, length)."""
        read, _ = self.memory(self.meaning(letters))
        return self.out(read)
