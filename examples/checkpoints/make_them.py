"""Two checkpoints as other people's training leaves them, in elsewhere/."""

from pathlib import Path

import torch
from nets import Net
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.nn.functional import cross_entropy

FOLDER = Path(__file__).parent / "elsewhere"
# Learnt from are the images that `digits: {}` learns from.
digits = load_digits(return_X_y=True)
images, _, labels, _ = train_test_split(
    *digits, test_size=360, stratify=digits[1], random_state=0
)
images, labels = torch.from_numpy(images), torch.from_numpy(labels)
# Scaled as `mean` and `std` in config.yaml say.
images = (images.float() / 16 - 0.3054) / 0.3761


def trained(seed: int) -> dict[str, torch.Tensor]:
    """The weights of a net after training, by their names in it."""
    torch.manual_seed(seed)
    net = Net()
    optimiser = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for _ in range(30):
        for batch in torch.randperm(len(images)).split(64):
            optimiser.zero_grad()
            cross_entropy(net(images[batch]), labels[batch]).backward()
            optimiser.step()
    return net.state_dict()


FOLDER.mkdir(exist_ok=True)
# As torch.nn.DataParallel names them, and as a LightningModule with a `model` does.
parallel = {f"module.{name}": tensor for name, tensor in trained(seed=0).items()}
lightning = {f"model.{name}": tensor for name, tensor in trained(seed=1).items()}
torch.save(parallel, FOLDER / "parallel.pt")
torch.save({"epoch": 30, "state_dict": lightning}, FOLDER / "lightning.ckpt")
