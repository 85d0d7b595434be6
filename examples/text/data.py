"""Shakespeare's sonnets 18, 29, 73 and 116 to learn from, and 130 to be tested on."""

from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

TEXT = (Path(__file__).parent / "sonnets.txt").read_text()
LETTERS = sorted(set(TEXT.lower()))


class Sonnets(Dataset):
    """Pieces of text as numbers of letters, and the letter that follows each."""

    def __init__(self, train: bool, length: int = 32, step: int = 4) -> None:
        """Pieces of so many letters, which begin every so many letters."""
        *first, last = TEXT.lower().split("\n\n")
        text = "\n\n".join(first) if train else last
        self.numbers = torch.tensor([LETTERS.index(letter) for letter in text])
        self.starts = range(0, len(text) - length, step)
        self.length = length

    def __len__(self) -> int:
        """How many pieces there are."""
        return len(self.starts)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """A piece, and the same piece one letter on."""
        start = self.starts[index]
        piece = self.numbers[start : start + self.length + 1]
        return piece[:-1], piece[1:]
