"""Studies with one fault each: broken references, and values that no run can use."""

import re
from pathlib import Path

import pytest
import yaml

import studies
from losslandscape import faults, models, sources
from studies import refused

CONFIGS = Path(__file__).parents[1] / "config"
SCHEMA = studies.schema()


def test_a_sound_study_is_not_refused():
    assert refused({}) == []


def test_a_fault_of_form_is_told_alone():
    said = refused({"recipes.sgd.epochs": 2.0, "planes.fine.refines": "coarser"})

    assert len(said) == 1
    assert said[0].startswith("recipes.sgd.epochs: 2.0 is not of type 'integer'")


VALUES = """
figures: {surface: {rows: [{lines: {plane: line, runs: [digits/deep/sgd-seed0]}}]}}
    figures.surface: 'surface' is the name of a rule already
figures.shown.paper: train
    figures.shown: 'train' is the name of a rule already
models.deep.resnet.depth: 21
    models.deep.resnet.depth: needs 6n + 2 layers, not 21
models.deep: {preresnet: {depth: 21}}
    models.deep.preresnet.depth: needs 9n + 2 layers, not 21
models.deep: {wideresnet: {depth: 20}}
    models.deep.wideresnet.depth: needs 6n + 4 layers, not 20
models.deep.resnet.width: 0.03
    models.deep.resnet.width: 0.03 leaves layers empty; needs over 0.03125
models.deep: {vgg: {plan: vgg9, width: 0.0078125}}
    models.deep.vgg.width: 0.0078125 leaves layers empty; needs over 0.0078125
models.deep: {convnet: {width: 0.0005}}
    models.deep.convnet.width: 0.0005 leaves layers empty; needs over 0.0005
planes.line.x.from: 1
    planes.line.x: from 1 must be less than to 1
planes.fine.y.to: -1.5
    planes.fine.y: from -1 must be less than to -1.5
recipes.sgd.schedule: {step: {at: [2]}}
    recipes.sgd.schedule.step.at: [2] must increase and stay below the 2 epochs
recipes.sgd.schedule: {step: {at: [1, 1]}}
    recipes.sgd.schedule.step.at: [1, 1] must increase and stay below the 2 epochs
recipes.sgd.keep: {every: 3}
    recipes.sgd.keep: 3 is more than the 2 epochs
recipes.sgd.keep: {at: [1, 4]}
    recipes.sgd.keep: 4 is more than the 2 epochs
recipes.sgd.keep: {members: {}}
    recipes.sgd.keep: only a cyclical schedule has members, not 'constant'
recipes.sgd.schedule: {triangle: {cycle: 3, factor: 0.1}}
    recipes.sgd.schedule.triangle.cycle: 3 is more than the 2 epochs
recipes.sgd.schedule: {cosine_cycles: {cycles: 3}}
    recipes.sgd.schedule.cosine_cycles.cycles: 3 is more than the 2 epochs
labels: {shallow: Shallow}
    labels.shallow: nothing that is shown has this name
labels: {digits/deep/sgd-seed1: Not drawn}
    labels.digits/deep/sgd-seed1: nothing that is shown has this name
datasets.digits.mean: [0.3, 0.3]
    datasets.digits.mean: needs one value a channel, 1, not 2
datasets.digits.source: {cifar10: {}}
    datasets.digits.mean: needs one value a channel, 3, not 1
datasets.digits: {source: {cifar100: {}}, mean: [0, 0, 0], std: [1, 1]}
    datasets.digits.std: needs one value a channel, 3, not 2
recipes.sgd.images: {train: 1438, test: 360}
    recipes.sgd.images.train: 1438, but digits has 1437 images
recipes.sgd.images: {train: 1437, test: 361}
    recipes.sgd.images.test: 361, but digits has 360 images
planes.line.images: {train: 1, test: 361}
    planes.line.images.test: 361, but digits has 360 images
planes.coarse.images: {train: 1438, test: all}
    planes.coarse.images.train: 1438, but digits has 1437 images
"""


@pytest.mark.parametrize(("change", "said"), studies.cases(VALUES))
def test_a_wrong_value_is_told_with_its_place(change, said):
    assert said in refused(change)
    assert {sentence.partition(".")[0] for sentence in refused(change)} == {
        said.partition(".")[0]
    }


SOUND = """
models.deep: {wideresnet: {}}
    all that is left out
models.deep: {vgg: {plan: vgg9, width: 0.008}}
    one channel
{recipes.sgd.epochs: 4, recipes.sgd.schedule: {step: {at: [1, 3]}}}
    drops before the end
recipes.sgd.images: {train: 1437, test: 360, seed: 5000}
    all images, by number
planes.between.images: {train: 5000, test: 5000}
    nothing draws it
datasets.digits: {source: {npz: {path: a.npz}}, mean: [0, 0], std: [1, 1]}
    a file may hold anything
labels: {deep: Deep, sgd: SGD, digits/deep/sgd-seed0: "One"}
    a model, a recipe, a run that is drawn
"""


@pytest.mark.parametrize(("change", "why"), studies.cases(SOUND))
def test_what_could_be_trained_is_not_refused(change, why):
    assert refused(change) == [], why


def test_a_net_of_a_users_own_is_looked_for_in_their_file(tmp_path):
    file = tmp_path / "nets.py"
    model = {"own": {"file": str(file), "name": "Net"}}
    missing = refused({"models.deep": model})
    file.write_text("class Net:\n    pass\n")

    assert missing[0].startswith(f"models.deep.own: there is no file {file}")
    assert refused({"models.deep": model}) == []
    assert refused({"models.deep": {"own": model["own"] | {"name": "Nat"}}}) == [
        f"models.deep.own: {file} has no 'Nat'; it has Net"
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"width": 3}, []), ({}, []), ({"widht": 3}, ["unexpected"]), ({3: 3}, ["3 is"])],
)
def test_options_that_a_users_net_does_not_take_are_told(tmp_path, options, said):
    file = tmp_path / "nets.py"
    file.write_text("def net(width=8):\n    pass\n")
    own = {"file": str(file), "name": "net", "options": options}

    told = refused({"models.deep": {"own": own}})

    assert len(told) == len(said)
    for sentence, part in zip(told, said, strict=True):
        assert sentence.startswith("models.deep.own")
        assert part in sentence


def test_images_are_missed_by_the_runs_that_directions_lead_to():
    said = refused(
        {
            "planes.between.directions.difference.to": ["digits/deep/adam-seed1"],
            "figures.shown.rows.0.lines": {
                "plane": "between",
                "runs": ["digits/deep/sgd-seed0"],
            },
            "figures.shown.rows.1.surfaces.runs": ["digits/deep/sgd-seed0"],
            "recipes.adam.images": {"train": 2000, "test": "all"},
        }
    )

    assert said == ["recipes.adam.images.train: 2000, but digits has 1437 images"]


def can_be_built(model: dict) -> bool:
    """Whether the library builds the net, no layer without a weight."""
    try:
        net = models.build(model, channels=1, size=8, classes=2)
    except ValueError:
        return False
    return all(tensor.numel() for tensor in net.parameters())


@pytest.mark.parametrize(
    ("family", "shallowest", "rest"),
    [("resnet", 8, {}), ("preresnet", 11, {}), ("wideresnet", 10, {"width": 1})],
)
def test_the_depths_of_a_family_are_those_that_can_be_built(family, shallowest, rest):
    for depth in range(shallowest, shallowest + 13):
        model = {family: {"depth": depth} | rest}

        assert (refused({"models.deep": model}) == []) == can_be_built(model), model


@pytest.mark.filterwarnings("ignore:Initializing zero-element")
@pytest.mark.parametrize(
    ("family", "rest", "least"),
    [
        ("resnet", {"depth": 8}, 1 / 32),
        ("vgg", {"plan": "vgg9"}, 1 / 128),
        ("convnet", {}, 1 / 2000),
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.99, 1, 1.01, 2])
def test_the_widths_of_a_family_are_those_that_can_be_built(family, rest, least, share):
    model = {family: rest | {"width": least * share}}

    assert (refused({"models.deep": model}) == []) == can_be_built(model)


def test_the_digits_are_as_many_as_scikit_learn_has():
    digits = sources.digits()

    assert faults.SOURCES["digits"] == {
        "channels": digits.train_images.shape[-1],
        "train": len(digits.train_labels),
        "test": len(digits.test_labels),
    }


@pytest.mark.parametrize("name", ["smoke", "demo", "cifar10", "paper"])
def test_a_shipped_study_has_no_fault(name):
    config = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text())

    faults.check(config, SCHEMA)


def test_the_names_of_rules_are_those_of_the_workflow():
    files = [
        CONFIGS.parent / "workflow" / "Snakefile",
        *(CONFIGS.parent / "workflow" / "rules").glob("*"),
    ]
    written = "".join(path.read_text() for path in files)

    names = re.findall(r"^(?:rule|use rule \w+ as) (\w+)\b", written, re.MULTILINE)
    assert set(names) == faults.RULES


class Strict(yaml.SafeLoader):
    """A reader that does not let the second of two equal keys win in silence."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value if key.value != "<<"]
        assert len(keys) == len(set(keys)), keys
        return super().construct_mapping(node, deep)


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda p: p.stem)
def test_no_shipped_config_says_a_thing_twice(path):
    assert yaml.load(path.read_text(), Strict)["study"] == path.stem


def test_axes_that_are_the_same_with_their_defaults_are_told():
    axes = [{"random": {}}, {"gradient": {}}, {"random": {"seed": 0}}]
    study = studies.tiny({"planes.coarse.directions": {"axes": axes}})

    with pytest.raises(ValueError, match="The config is not a study") as refused:
        faults.complete(study, SCHEMA)

    assert str(refused.value).splitlines()[1:] == [
        "  planes.coarse.directions: 'random' {'seed': 0, 'normalise': 'filter', "
        "'ignore': 'biasbn', 'of': 'weights'} stands twice: give one another seed"
    ]


def test_axes_that_differ_are_not_the_same():
    axes = [{"random": {}}, {"random": {"seed": 1}}]
    study = studies.tiny({"planes.coarse.directions": {"axes": axes}})

    faults.complete(study, SCHEMA)

    assert (
        study["planes"]["coarse"]["directions"]["axes"][1]["random"]["of"] == "weights"
    )
