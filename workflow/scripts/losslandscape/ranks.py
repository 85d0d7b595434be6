"""Whether two measures put runs in the same order."""

from typing import Any

import numpy as np
from numpy import ndarray

ORDERS = 50_000  # more than eight runs have


def correlation(values: ndarray, others: ndarray) -> dict[str, Any]:
    """Spearman's rank correlation: {rho, n, p}; rho and p are None where undefined.

    Over the n pairs without nan. p is two-sided, over all orders of up to eight pairs
    and over random ones of more: what SciPy gives for few is too small (0 for three in
    order, where it is 1/3).
    """
    from scipy import stats  # seconds to import, for one figure of many

    is_known = ~(np.isnan(values) | np.isnan(others))
    pairs = [stats.rankdata(one[is_known]) for one in (values, others)]
    count = int(np.count_nonzero(is_known))
    if count < 3 or min(np.ptp(one) for one in pairs) == 0:
        return {"rho": None, "n": count, "p": None}
    first, second = (stats.zscore(one) for one in pairs)
    tested = stats.permutation_test(
        (first,),
        lambda ranks, axis=-1: np.mean(ranks * second, axis=axis),
        permutation_type="pairings",
        n_resamples=ORDERS,
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    return {"rho": float(tested.statistic), "n": count, "p": float(tested.pvalue)}
