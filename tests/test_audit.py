"""What is said of artifacts, on the receipts of three made-up jobs."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from losslandscape import audit


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def job(name: str, *inputs: str, **params) -> dict:
    """A planned job that makes one file of its own name."""
    return {
        "rule": name,
        "wildcards": {},
        "params": {"code": "1", **params},
        "inputs": list(inputs),
        "outputs": [f"results/{name}"],
        "receipt": f"results/{name}.receipt.json",
    }


# The weights lead to a surface, this to a figure, which is listed first.
JOBS = [
    job("figure", "results/surface"),
    job("surface", "results/weights", plane={"batchnorm": "frozen"}),
    job("weights", "mine.npz", recipe={"epochs": 2}),
]


def fact(text: str) -> dict:
    return {"sha256": sha256(text), "bytes": len(text)}


@pytest.fixture(autouse=True)
def _study(tmp_path, monkeypatch):
    """The study of JOBS as it is when all were made; every file holds its own path."""
    monkeypatch.chdir(tmp_path)
    Path("results").mkdir()
    Path("mine.npz").write_text("mine.npz")
    for each in JOBS:
        told = each | {key: {p: fact(p) for p in each[key]} for key in FILES}
        for path in each["outputs"]:
            Path(path).write_text(path)
        Path(each["receipt"]).write_text(json.dumps(told))


FILES = ("inputs", "outputs")


def rewrite(name: str, **changes) -> None:
    """Change the receipt of an artifact."""
    path = Path(f"results/{name}.receipt.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def found(jobs=JOBS) -> dict[str, tuple[str, str]]:
    """The verdict and the reason of each artifact, but of those that are unchanged."""
    findings = audit.findings(jobs, "results")
    return {
        f.artifact: (f.verdict, f.why) for f in findings if f.verdict != "unchanged"
    }


def test_a_study_as_it_was_made_is_unchanged_from_the_data_to_the_figure():
    findings = audit.findings(JOBS, "results")

    assert [(f.artifact, f.verdict, f.why) for f in findings] == [
        (f"results/{name}", "unchanged", "")
        for name in ("weights", "surface", "figure")
    ]
    assert not any(f.is_off for f in findings)


def test_an_edited_file_is_named_and_nothing_else():
    Path("results/weights").write_text("results/weightz")

    (artifact, (verdict, why)) = found().popitem()

    assert (artifact, verdict) == ("results/weights", "changed by hand")
    assert sha256("results/weightz")[:12] in why
    assert len(found()) == 1


def test_a_file_with_the_bytes_of_another_says_of_which():
    Path("results/surface").write_text("results/weights")

    assert found() == {
        "results/surface": ("changed by hand", "holds the bytes of results/weights")
    }


def test_a_file_that_comes_with_another_receipt_is_foreign_and_stains_what_follows():
    shutil.copy("results/weights", "results/surface")
    shutil.copy("results/weights.receipt.json", "results/surface.receipt.json")

    assert found() == {
        "results/surface": ("foreign", "its receipt is that of results/weights"),
        "results/figure": ("stale", "made from another results/surface"),
    }


def test_a_file_and_its_receipt_forged_alike_are_found_by_what_was_made_from_them():
    Path("results/weights").write_text("forged")
    rewrite("weights", outputs={"results/weights": fact("forged")})

    assert found() == {
        "results/surface": ("stale", "made from another results/weights"),
        "results/figure": ("made from stale", "from results/surface"),
    }


def test_data_of_the_user_that_are_others_now_are_found():
    Path("mine.npz").write_text("others")

    assert found()["results/weights"] == ("stale", "made from another mine.npz")


def test_missing_files_are_told_apart():
    Path("results/weights").unlink()
    for ending in ("", ".receipt.json"):
        Path(f"results/figure{ending}").unlink()

    assert found() == {
        "results/weights": ("missing", "its receipt is there"),
        "results/figure": ("missing", "not made yet, or deleted with its receipt"),
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"params": {"code": "2", "recipe": {"epochs": 2}}},
            "the step's code has changed",
        ),
        (
            {"params": {"code": "1", "recipe": {"epochs": 3}}},
            "recipe.epochs was 2, is 3",
        ),
        ({"inputs": []}, "made from mine.npz, no longer so"),
        ({"inputs": ["mine.npz", "b"]}, "made without b"),
        ({"rule": "trajectory"}, "made by rule weights, now trajectory"),
        ({"wildcards": {"seed": "1"}}, "made as nothing special, now as seed 1"),
    ],
)
def test_another_recipe_is_stale_with_all_that_follows(change, why):
    jobs = [*JOBS[:2], JOBS[2] | change]

    assert found(jobs) == {
        "results/weights": ("stale", why),
        "results/surface": ("made from stale", "from results/weights"),
        "results/figure": ("made from stale", "from results/surface"),
    }


def test_what_nobody_told_of_is_foreign_but_not_what_jobs_keep():
    Path("results/notes.txt").touch()
    Path("results/surface.receipt.json").unlink()
    Path("results/.resume-weights-1234").mkdir()
    Path("results/.resume-weights-1234/2").touch()
    Path("results/.part-figure").touch()

    assert found() == {
        "results/notes.txt": ("foreign", "no receipt tells of it"),
        "results/surface": (
            "foreign",
            "no receipt tells of it: there is no whole results/surface.receipt.json",
        ),
    }


def test_half_a_receipt_is_named():
    path = Path("results/surface.receipt.json")
    path.write_text(path.read_text()[:40])

    assert found()[str(path)][0] == "changed by hand"
    assert found()["results/surface"][0] == "foreign"


def test_what_the_study_no_longer_asks_for_is_told_and_not_off():
    findings = audit.findings(JOBS[1:], "results")

    assert [f.verdict for f in findings] == [*["unchanged"] * 2, "no longer asked for"]
    assert not any(f.is_off for f in findings)
    Path("results/figure").write_text("edited")
    assert found(JOBS[1:])["results/figure"][0] == "changed by hand"


def test_a_receipt_that_was_put_elsewhere_is_foreign():
    Path("results/aside").mkdir()
    shutil.copy("results/surface.receipt.json", "results/aside/copy.receipt.json")

    assert found() == {
        "results/aside/copy.receipt.json": (
            "foreign",
            "a receipt of results/surface, which is elsewhere",
        )
    }


def test_what_its_rule_leaves_without_a_receipt_is_told_as_such():
    Path("results/index.html").touch()
    page, table = (
        {**job(path), "outputs": [path], "receipt": path}
        for path in ("results/index.html", "results/none.csv")
    )

    assert found([*JOBS, page, table]) == {
        "results/index.html": ("without receipt", "its rule leaves none"),
        "results/none.csv": ("missing", "not made yet, or deleted with its receipt"),
    }


def test_a_summary_counts_and_a_table_lines_up():
    Path("results/weights").write_text("")
    findings = audit.findings(JOBS, "results")

    head, first, *_ = audit.table(findings)

    assert audit.summary(findings) == "3 artifacts: 2 unchanged, 1 changed by hand"
    assert head.index("artifact") == first.index("results/weights")
    assert head.index("why") == first.index("0 bytes of sha256")
