"""A made-up study in a folder, and its page: every number in it is known."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from losslandscape import (
    albums,
    claims,
    claims_page,
    evidence,
    gallery,
    provenance,
    steps,
    store,
)

SHORT, BARE = "digits/deep/sgd-seed0", "digits/bare/sgd-seed0"
OTHER, PAIR = "digits/deep/sgd-seed1", "digits/deep/sgd-seed0--sgd-seed1"
TRIANGLE = {"triangle": {"to": [OTHER, f"{PAIR}/bezier"]}}
CONFIG = {
    "study": "made_up",
    "datasets": {"digits": {}},
    "models": {
        "deep": {"resnet": {"depth": 8, "shortcuts": True}},
        "bare": {"resnet": {"depth": 8, "shortcuts": False}},
    },
    "recipes": {"sgd": {}},
    "planes": {
        "plane": {"directions": {"random": {}}, "x": {}, "y": {}},
        "arch": {"directions": TRIANGLE, "x": {}, "y": {}},
    },
    "curves": {
        "segment": {"shape": {"segment": {}}},
        "bezier": {"shape": {"bezier": {"recipe": "sgd"}}},
    },
    "ensembles": {},
    "labels": {"deep": "ResNet-20", "bare": "ResNet-20-noshort", "bezier": "Bezier"},
    "figures": {
        "li2018_figure5": {
            "paper": "li2018",
            "caption": "Depth & <width>.",
            "rows": [
                {"contours": {"plane": "plane", "label": "model", "runs": [SHORT]}},
                {"contours": {"plane": "plane", "label": "model", "runs": [BARE]}},
            ],
        },
        "mine": {
            "caption": "From one to another.",
            "rows": [
                {
                    "profiles": {
                        "curves": ["segment", "bezier"],
                        "pairs": [PAIR],
                        "label": "model",
                    }
                },
                {"planes": {"plane": "arch", "label": "plane", "runs": [SHORT]}},
            ],
        },
    },
    "tables": {
        "errors": {"paper": "li2018", "caption": "Errors </script>.", "shows": {}}
    },
    "claims": {name: {"cases": [[SHORT, BARE]]} for name in ("L1", "L2")},
}
OF = {"ResNet-20": 7.37, "ResNet-56": 13.31, "ResNet-110": 5.79}
OURS = {"ResNet-56": ["ResNet-20-noshort"]}
PAPERS = {
    "li2018": {"title": "Li et al."},
    "li2018_figure5": {
        "place": "Figure 5",
        "shows": "Contours by depth.",
        "numbers": [{"what": "test_error", "tag": "P", "of": OF} | {"ours": OURS}],
    },
}
CLAIMS = {
    name: {
        **{"paper": "li2018", "sentence": f"Claim {name}.", "unit": "ratio"},
        **{"quantity": "test error without shortcuts, over that with them"},
        **{"how": {"ratio": {"last": {"column": "test_error"}}}},
        **{
            "paper_value": "0.25",
            "tag": tag,
            "rule": {"of": "every", to: 1, "least": 1},
        },
    }
    for name, tag, to in (("L1", "D", "above"), ("L2", "NF", "below"))
}
X, Y = np.linspace(-1, 1, 9), np.linspace(-1, 1, 7)
T = np.linspace(0, 1, 11)
NORMS = 40.0, 10.0
PLACES = [[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]]


def losses(rough: float) -> np.ndarray:
    """A bowl (7, 9), rows y, with ripples; where it is rough it has an infinite place
    and a steep one.
    """
    x, y = np.meshgrid(X, Y)
    found = 0.05 + 8 * x**2 + 4 * y**2 + rough * (1 + np.sin(7 * x) * np.cos(5 * y))
    if rough:
        found[0, 0] = np.inf
        found[0, 1] = 202_000.0
    return found


def along(height: float) -> np.ndarray:
    """A wall of some height between two solutions."""
    return 0.1 + height * T * (1 - T)


def surface(rough: float) -> dict:
    found = losses(rough)
    errors = 90 * (1 - np.exp(-found))
    both = {"train_loss": found, "test_loss": 2 * found}
    return both | {"x": X, "y": Y, "train_error": errors, "test_error": errors}


def profile(height: float) -> dict:
    values = along(height)
    return {
        **{"t": T, "marks": np.array([0.0, 1.0]), "length": 50 * T},
        **{"distance": np.array(50.0), "regularised_loss": values},
        **{"test_error": 10 * values, "train_error": values},
    }


class Study:
    """A folder as a workflow leaves it, with receipts, and what is on its page."""

    def __init__(self, folder: Path):
        """Make it in `folder`: artifacts, receipts and index.html."""
        self.results = folder / "results"
        self.album = albums.album(CONFIG, PAPERS)
        self._data(folder / "resources")
        self._runs()
        self._measures()
        self._figures()
        self.claims = self._claims()
        self.page = self._page(folder / "resources")

    def path(self, name: str) -> Path:
        path = self.results / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def receipt(self, rule: str, *outputs: Path, inputs: list[Path], **more) -> None:
        """Leave a receipt beside the first of some outputs."""
        digests = {str(path): {"sha256": "ab" * 32, "bytes": 1} for path in outputs}
        facts = {
            "rule": rule,
            "wildcards": {"seed": "0"},
            "params": {"code": "c0de"},
            "inputs": {str(path): {} for path in inputs},
            "outputs": digests,
            "device": {"name": "cpu"},
            "code": {"commit": "0123456789abcdef", "clean": True},
            "threads": 2,
            "start": "2026-01-01T10:00:00.000+00:00",
            "end": "2026-01-01T10:01:30.000+00:00",
            "host": {"name": "node7", "peak_memory_mb": 123},
        }
        path = outputs[0].with_suffix(".receipt.json")
        path.write_text(json.dumps(facts | more))

    def _data(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.data = folder / "digits.h5"
        self.data.touch()
        self.receipt("dataset", self.data, inputs=[])

    def _runs(self) -> None:
        for run, error in ((SHORT, 0.555555), (BARE, 41.94), (OTHER, 2.5)):
            weights = self.path(f"{run}/weights.safetensors")
            history = weights.with_name("history.csv")
            ended = {"test_loss": 0.5, "train_loss": 0.25, "train_error": 1.0}
            store.save_table(history, [{"epoch": 3, "test_error": error} | ended])
            dataset, model, trained = run.split("/")
            named = {"dataset": dataset, "model": model, "recipe": "sgd"}
            recipe = {"epochs": 3, "batch_size": 8, "weight_decay": 5e-4}
            recipe |= {"optimiser": {"sgd": {"learning_rate": 0.05}}}
            self.receipt(
                *("train", weights, history),
                inputs=[self.data],
                wildcards=named | {"seed": trained[-1]},
                params={"code": "c0de", "recipe": recipe},
            )

    def _measures(self) -> None:
        for run, rough in ((SHORT, 0.0), (BARE, 3.0)):
            self._measure(f"{run}/plane/surface.h5", surface(rough), "surface", run)
        for curve, height in (("segment", 20.0), ("bezier", 0.2)):
            self._measure(f"{PAIR}/{curve}/profile.h5", profile(height), "along", SHORT)
        arch = surface(0.0) | {"regularised_loss": losses(0.0)}
        self._measure(f"{SHORT}/arch/surface.h5", arch, "surface", SHORT)
        distances = [[0, 40, 25], [40, 0, 25], [25, 25, 0]]
        told = {"norms": NORMS, "places": PLACES, "distances": distances}
        directions = self.path(f"{SHORT}/arch/directions.json")
        store.save_summary(directions, told)
        self.receipt("directions", directions, inputs=[self._weights(SHORT)])

    def _weights(self, run: str) -> Path:
        return self.path(f"{run}/weights.safetensors")

    def _measure(self, name: str, arrays: dict, rule: str, run: str) -> None:
        path = self.path(name)
        store.save(path, arrays)
        for ending in (".csv", ".vts") if rule == "surface" else ():
            path.with_suffix(ending).touch()
        self.receipt(rule, path, inputs=[self.data, self._weights(run)])

    def _figures(self) -> None:
        for figure in self.album["figures"]:
            drawn = [
                self.path(path)
                for panel in figure["panels"]
                for _, path in panel["files"]
            ]
            png = self.path(f"figures/{figure['name']}.png")
            Image.new("RGB", (1400, 700), "white").save(png)
            png.with_suffix(".pdf").touch()
            self.receipt("figure", png, png.with_suffix(".pdf"), inputs=drawn)
        table = self.path("tables/errors.csv")
        rows = [{"label": "ResNet-20", "test_error": 0.555555, "cells": 270608}]
        store.save_table(table, rows)
        summary = {"columns": {"test_error": "In %."}}
        store.save_summary(table.with_suffix(".json"), summary)
        table.with_suffix(".tex").touch()
        self.receipt("table", table, inputs=[self.path(f"{SHORT}/history.csv")])

    def _claims(self) -> list[dict]:
        asked = evidence.gathered(CONFIG, CLAIMS)
        files = {name: self.path(name) for name in evidence.files(asked)}
        held = {name: store.read(path) for name, path in files.items()}
        rows = claims.rows(asked, held)
        table = self.path("claims.csv")
        store.save_table(table, rows)
        page = claims_page.page("made_up", ["digits"], asked, rows)
        table.with_suffix(".html").write_text(page)
        self.receipt("claims", table, inputs=list(files.values()))
        return rows

    def _page(self, resources: Path) -> Path:
        home = self.results
        shown = [home / path for path in albums.files(self.album)]
        pictures = sorted((home / "figures").glob("*.png"))
        tables = [home / "tables/errors.csv"]
        receipts = provenance.receipts(home, resources)
        traced = [*pictures, *tables, *shown, *gallery.evidence(home / "claims.csv")]
        told = steps.told(receipts, map(str, traced), str(home))
        self.content = gallery.content(
            self.album,
            loaded={str(path.relative_to(home)): store.read(path) for path in shown},
            pictures=list(map(gallery.picture, pictures)),
            tables=[gallery.table(tables[0], tables[0].with_suffix(".json"))],
        )
        runs = steps.runs(told["jobs"], lambda path: store.load_table(path))
        page, judged = home / "index.html", gallery.rows(home / "claims.csv")
        page.write_text(gallery.page(self.content, told, runs, judged))
        return page
