"""What cases give: which samples are independent, and what is left out."""

import numpy as np
import pytest

import judging
import plants
from losslandscape import claims, samples, verdicts

PAIR, OTHER = ["seed0", "seed1"], ["seed2", "seed3"]
MEAN = {"of": "mean", "above": 0, "least": 2}
ERROR = {"each": {"last": {"column": "test_error"}}}


def drawn(how: dict, *cases: tuple[list, list]) -> samples.Samples:
    """The samples of cases, each the files of its paths and the nets behind each."""
    found = [
        {"paths": [{"file": (k, n)} for n in range(len(paths))], "nets": nets}
        | {"trained": [[] for _ in paths]}
        for k, (paths, nets) in enumerate(cases)
    ]
    held = {
        (k, n): one for k, (paths, _) in enumerate(cases) for n, one in enumerate(paths)
    }
    for case in found:
        case["paths"] = [
            {role: (*path["file"], role) for role in held[path["file"]]}
            for path in case["paths"]
        ]
    held |= {
        (*place, role): file for place in [*held] for role, file in held[place].items()
    }
    return samples.of_claim({"how": how, "cases": found}, held)


def curves(how: dict, *behind: list[str]) -> samples.Samples:
    """The samples of curves between nets, 0, 1, 2, … by what is measured."""
    made = [plants.last(float(k), "test_error") for k in range(len(behind))]
    return drawn(
        how, *(([one], [nets]) for one, nets in zip(made, behind, strict=True))
    )


def test_curves_of_one_pair_are_one_independent_sample():
    found = curves(ERROR, PAIR, PAIR, PAIR, OTHER)

    assert found.values.tolist() == [0, 1, 2, 3]
    assert found.independent == 2


def test_cases_with_a_net_in_common_at_any_remove_are_one_independent_sample():
    found = curves(ERROR, ["a", "b"], ["c", "d"], ["b", "c"], ["e"])

    assert found.independent == 2


def test_curves_of_one_pair_do_not_decide_by_themselves(tmp_path):
    how = judging.CATALOGUE["G9b"]["how"]
    against = [case for _ in range(3) for case in judging.cases(how, 0.0)]
    nets = [[PAIR, PAIR]] * 3

    row = judging.judged(tmp_path, "G9b", against, nets=nets)
    other = judging.judged(tmp_path, "G9b", against, nets=[*nets[:2], [OTHER, OTHER]])

    assert (row["n"], row["verdict"]) == (3, verdicts.OPEN)
    assert row["interval"] == "range of 3 samples, 1 independent"
    assert other["verdict"] == verdicts.HOLDS


def test_a_mean_is_of_one_value_for_each_independent_sample():
    found = curves(ERROR, PAIR, PAIR, OTHER)

    assert samples.pooled(found, MEAN).tolist() == [0.5, 2]
    assert samples.pooled(found, MEAN | {"of": "every"}).tolist() == [0, 1, 2]


def test_seeds_of_an_ensemble_are_independent():
    two = plants.own(4)

    found = drawn({"each": {"own": {}}}, ([two], [["seed0", "seed1"]]))

    assert (found.values.tolist(), found.independent) == ([4, 4], 2)


def test_the_same_seeds_in_two_cases_are_counted_once():
    two = plants.own(4)

    found = drawn({"each": {"own": {}}}, ([two], [PAIR]), ([two], [PAIR]))

    assert (len(found.values), found.independent) == (4, 2)


def test_ratios_and_lines_that_have_a_net_in_common_are_one_independent_sample():
    rising = [plants.last(error, "test_error") for error in (1.0, 2.0, 6.0)]
    chain = plants.profile(test_error=[1.0, 1, 3, 1, 1], marks=[0.0, 0.5, 1.0])

    growth = drawn(
        {"growth": ERROR["each"]}, (rising, [["narrow"], ["wide"], ["wider"]])
    )
    lines = drawn(
        {"each": {"halfway": {"measure": "test_error"}}}, ([chain], [["run"]])
    )

    assert (growth.values.tolist(), growth.independent) == ([2, 3], 1)
    assert (len(lines.values), lines.independent) == (2, 1)


def test_lines_of_one_run_have_no_interval_of_the_mean(tmp_path):
    chain = plants.profile(
        test_error=[3.0, 1, 3, 0.9, 3], marks=[0.0, 0.5, 1.0], t=[0, 0.25, 0.5, 0.75, 1]
    )

    row = judging.judged(tmp_path, "G18b", [[chain]])

    assert (row["n"], row["low"], row["verdict"]) == (1, None, verdicts.OPEN)
    assert row["value"] == pytest.approx(-2.05)
    assert row["interval"].endswith("of 2 values: a mean of those that share nets")


def test_directions_of_nets_that_are_correlated_count_as_one_of_each():
    radii = np.array([[0.3, 0.5], [0.4, 0.6]])
    surfaces = [
        {
            "surface": plants.surface(0)["surface"]
            | {"train_loss": 0.1 * plants.RADII / row[:, None, None], "seeds": [0, 1]}
        }
        | plants.last(error, "test_error")
        for row, error in zip(radii, (9.0, 7.0), strict=True)
    ]

    found = drawn(judging.CATALOGUE["L5"]["how"], (surfaces, [["one"], ["other"]]))

    pairs = samples.pooled(found, {"of": "correlation"})
    assert (len(found.values), found.independent) == (4, 2)
    assert pairs == pytest.approx(np.array([[0.4, 9], [0.5, 7]]), rel=6e-3)


def test_sets_are_together_that_share_a_member():
    assert samples.together([{1}, {2, 3}, {4, 1}, {3, 5}, set()]) == [0, 1, 0, 1, 2]
    assert samples.together([]) == []


def test_one_untrained_net_of_many_leaves_the_others():
    how = judging.CATALOGUE["L5"]["how"]
    (case,) = judging.correlated(how, [9, 8, 7, 6, 5, 4, 30])
    paths = [{role: f"{n}{role}" for role in files} for n, files in enumerate(case)]
    held = {
        f"{n}{role}": f for n, files in enumerate(case) for role, f in files.items()
    }
    held["6history"]["train_loss"][-1] = np.inf
    claim = dict.fromkeys(("mark", "untrained", "unmeasured", "slide", "note"))
    claim |= {"claim": "L5"} | judging.CATALOGUE["L5"]
    claim["cases"] = [
        {
            "paths": paths,
            "nets": [[path["history"]] for path in paths],
            "trained": [[path["history"]] for path in paths],
        }
    ]

    (row,) = claims.rows([claim], held)

    assert (row["n"], row["value"]) == (6, pytest.approx(-1))
    assert row["verdict"] == verdicts.HOLDS
    assert "1 with a net that was never trained" in row["reason"]


def test_directions_widen_the_interval_but_are_one_independent_sample(tmp_path):
    t = plants.AXIS
    one = abs(t) / np.array([[0.5], [0.6], [0.4]])
    other = abs(t) / np.array([[0.25], [0.36], [0.28]])
    drawn = [
        {"line": {"t": t, "train_loss": losses, "seeds": np.arange(3)}}
        for losses in (one, other)
    ]

    row = judging.judged(tmp_path, "L4a", [drawn])

    assert (row["n"], row["verdict"]) == (3, verdicts.OPEN)
    assert [row["low"], row["value"], row["high"]] == pytest.approx([0.5, 0.6, 0.7])
    assert row["interval"] == "range of 3 samples, 1 independent"


def test_budgets_of_the_same_nets_are_one_independent_sample(tmp_path):
    found = judging.cases(judging.CATALOGUE["G14"]["how"], 0.5)

    row = judging.judged(tmp_path, "G14", found)

    assert (row["n"], row["verdict"]) == (3, verdicts.OPEN)
    assert "One independent sample" in row["reason"]


def test_a_tie_up_to_rounding_is_a_tie(tmp_path):
    found = [
        [plants.last(1.1, "test_error"), plants.last(1.1 + 1e-15, "test_error")]
    ] * 2

    assert judging.judged(tmp_path, "L4b", found)["verdict"] == verdicts.FAILS


def test_samples_that_are_not_defined_are_left_out_and_told(tmp_path):
    found = [
        case
        for v in (0.7, 0.9)
        for case in judging.cases({"ratio": {"width": {"level": 1}}}, v)
    ]
    cut = [plants.width(0.5, 1), plants.width(2.0, 1)]

    row = judging.judged(tmp_path, "L4a", [*found, cut])

    assert (row["n"], row["verdict"]) == (2, verdicts.HOLDS)
    assert row["reason"].endswith("Left out: 1 undefined.")
