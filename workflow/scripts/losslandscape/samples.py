"""What the cases of a claim give: samples, which of them are independent, what is lost.

Samples are independent if no net is behind both, at any remove.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from scipy.sparse import csgraph

from losslandscape import quantities

# Training loss above which a net was never trained; chance is 2.3 for ten classes.
TRAINED = 0.5
DIGITS = 9  # of samples, after the point


class Samples(NamedTuple):
    """Samples (n,), or pairs (n, 2), that are defined, and the unit (n,) of each."""

    values: ndarray
    units: ndarray  # numbers; samples that share nets have the same one
    lost: str  # what was left out

    @property
    def independent(self) -> int:
        """How many samples are independent."""
        return len(np.unique(self.units))


def of_claim(claim: Mapping, held: Mapping) -> Samples:
    """The samples of a claim of `evidence.gathered`; `held` is what its files hold."""
    known = [_trained(case, claim["how"], held) for case in claim["cases"]]
    cases = [case for case, _ in known if case["paths"]]
    drawn = [_of_case(claim["how"], case, held) for case in cases]
    pairs = zip(drawn, cases, strict=True)
    units = iter(together([nets for one in pairs for nets in _behind(claim, *one)]))
    parts = [_defined(found, [next(units) for _ in found[0]]) for found in drawn]
    lost = _left_out(
        untrained=sum(count for _, count in known),
        undefined=sum(count for *_, count in parts),
    )
    if not parts:
        return Samples(np.array([]), np.array([]), lost)
    values, numbers = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    # A tie is a tie, whatever the last digits of two equal means are.
    return Samples(values.round(DIGITS) + 0.0, numbers, lost)


def pooled(found: Samples, rule: Mapping) -> ndarray:
    """What the interval of a rule is of.

    Of `every` sample all of them; for what needs independence the mean of each unit.
    """
    if rule["of"] == "every":
        return found.values
    means = [
        found.values[found.units == unit].mean(axis=0)
        for unit in dict.fromkeys(found.units.tolist())
    ]
    return np.array(means).round(DIGITS) + 0.0


def together(sets: Sequence[set]) -> list[int]:
    """A number for each set, the same for those that share a member, at any remove."""
    if not sets:
        return []
    shared = np.array([[bool(one & other) for one in sets] for other in sets])
    _, numbers = csgraph.connected_components(shared, directed=False)
    return numbers.tolist()


def draws(case: Sequence[Mapping]) -> list[list[dict]]:
    """A case once for each draw of its directions; itself, if there is but one."""
    counts = {
        len(file["seeds"])
        for files in case
        for role, file in files.items()
        if role != "repeats" and "seeds" in file
    }
    if not counts:
        return [list(case)]
    return [[_drawn(files, draw) for files in case] for draw in range(min(counts))]


def _drawn(files: Mapping, draw: int) -> dict:
    return {
        role: {
            name: values if name in ("t", "x", "y") else values[draw]
            for name, values in file.items()
        }
        if "seeds" in file
        else file
        for role, file in files.items()
    }


def _of_case(how: Mapping, case: Mapping, held: Mapping) -> ndarray:
    """The samples (draws, n), or pairs (draws, n, 2), of a case."""
    paths = case["paths"]
    loaded = [{role: held[path] for role, path in part.items()} for part in paths]
    return np.array([quantities.samples(how, one) for one in draws(loaded)])


def _defined(found: ndarray, units: Sequence[int]) -> tuple[ndarray, ndarray, int]:
    """The samples of all draws that are defined, their units, and how many are not."""
    is_known = ~np.isnan(found)
    is_known = is_known.all(axis=2) if found.ndim == 3 else is_known
    numbers = np.broadcast_to(units, is_known.shape)
    return found[is_known], numbers[is_known], int((~is_known).sum())


def _behind(claim: Mapping, found: ndarray, case: Mapping) -> list[set]:
    """The nets behind each sample of a draw.

    Of pairs that are correlated those of a path; else all of the case, once for each
    sample, since samples are of seeds, or once for all, if these share nets.
    """
    nets = case["nets"]
    if "correlation" in claim["how"]:
        return [set(own) for own in nets]
    is_shared = quantities.are_shared(claim["how"])
    return [
        {(net, 0 if is_shared else place) for own in nets for net in own}
        for place in range(found.shape[1])
    ]


def _trained(case: Mapping, how: Mapping, held: Mapping) -> tuple[dict, int]:
    """A case without what rests on nets that were never trained, and how many do.

    Of what is correlated each path is a net; else one such net spoils the case.
    """
    known = [_are_trained(histories, held) for histories in case["trained"]]
    if "correlation" not in how:
        known = [all(known)] * len(known)
    kept = {
        key: [each for each, is_known in zip(case[key], known, strict=True) if is_known]
        for key in ("paths", "nets")
    }
    lost = known.count(False)
    return kept, lost if "correlation" in how else min(lost, 1)


def _are_trained(histories: Sequence[str], held: Mapping) -> bool:
    # A loss that is not a number is not below anything.
    return all(held[path]["train_loss"][-1] <= TRAINED for path in histories)


def _left_out(untrained: int, undefined: int) -> str:
    told = [
        f"{untrained} with a net that was never trained" if untrained else "",
        f"{undefined} undefined" if undefined else "",
    ]
    return ", ".join(filter(None, told))
