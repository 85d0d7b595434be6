"""What an edit of code, config or looks makes Snakemake do again, and what not."""

import pytest

MEASURED = {"line", "shard", "surface", "volume", "repeats"}
SLOPED = {"slopes", "directions", "shard", "volume"}
WAYS = {"path", "visit"}
BENT = {"curvature_shard", "curvature", "spectrum", "rescaling"}
JOINED = {"along", "chain"}
SHOWN = {"table", "figure", "claims", "gallery"}
LIBRARY = "workflow/scripts/losslandscape"


def test_a_second_run_does_nothing(smoke):
    told = smoke.snakemake()

    assert "Nothing to be done" in told.stdout + told.stderr


def test_a_colour_redraws_figures_only(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")

    clone.edit(f"{LIBRARY}/style.py", '"viridis"', '"cividis"')

    assert clone.planned() == {"figure", "gallery"}


def test_the_looks_of_the_page_remake_the_page_only(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")

    clone.edit("workflow/report/gallery/page.css", "#0b5394", "#0b5395")

    assert clone.planned() == {"gallery"}


def test_a_label_redraws_figures_only(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")

    clone.edit("config/smoke.yaml", "resnet8: ResNet-8", "resnet8: Eight layers")

    assert clone.planned() == SHOWN - {"claims"}


@pytest.mark.parametrize(
    ("module", "rules"),
    [
        ("surface", {*MEASURED, *WAYS, "rescaling", *JOINED, *SHOWN}),
        ("directions", {"directions", *MEASURED, *BENT, *WAYS, *SHOWN} - {"spectrum"}),
        (
            "train",
            {
                *("train", "trajectory", "curve", "ensemble", "directions", *WAYS),
                *("given", "slopes", *MEASURED, *BENT, *JOINED, *SHOWN),
            },
        ),
        ("hessian", {*BENT, *SLOPED, *SHOWN}),
        ("slopes", {*SLOPED, "figure", "gallery"}),
        ("votes", {*JOINED, *SHOWN}),
        ("voting", {"ensemble", *SHOWN}),
        (
            "connecting",
            {"curve", "along", "directions", "shard", "surface", *SHOWN},
        ),
        ("flatness", SHOWN),
        ("densenet", set()),
        ("page", {"figure", "gallery"}),
        ("steps", {"gallery"}),
        ("receipt", set()),
    ],
)
def test_an_edit_of_the_library_reruns_its_dependents(smoke, tmp_path, module, rules):
    clone = smoke.copy(tmp_path / "clone")

    with (clone.folder / LIBRARY / f"{module}.py").open("a") as file:
        file.write("\n\nADDED = 1\n")

    assert clone.planned() == rules


def test_a_comment_or_a_touch_reruns_nothing(smoke, tmp_path):
    clone = smoke.copy(tmp_path / "clone")

    with (clone.folder / LIBRARY / "train.py").open("a") as file:
        file.write("\n# A remark.\n")
    (clone.folder / "workflow/scripts/shard.py").touch()

    assert clone.planned() == set()
