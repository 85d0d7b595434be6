"""Panels of made-up arrays, in the form that pages take."""

import numpy as np

from losslandscape import joined, style

# A name that is hard to lay out.
LONG = "a net with a name that is much too long for its column"


def shown(label: str, *errors: float | None, **files: list) -> dict:
    known = [error for error in errors if error is not None]
    return {"label": label, "names": [label], "test_errors": known, "files": files}


def panel(
    label: str = "ResNet-56", error: float | None = 5.89, span: float = 1
) -> dict:
    axis = np.linspace(-1, 1, 9)
    x, y = np.meshgrid(axis, axis)
    measures = dict.fromkeys(style.NAMES, 0.05 + 8 * x**2 + 4 * y**2 + 40 * (x > 0.9))
    surface = {"x": axis, "y": axis * span, **measures}
    return shown(label, error, surface=[surface])


def line(label: str = "VGG-9") -> dict:
    t = np.linspace(-1, 1, 9)
    measured = {"t": t, **dict.fromkeys(style.NAMES, 4 * t**2)}
    return shown(label, 7.37, line=[measured])


def volume(label: str = "ResNet-20", layer: int = 2) -> dict:
    """Five layers of a volume, one of which is shown."""
    axis = np.linspace(-1, 1, 5)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    measures = dict.fromkeys(style.NAMES, 0.1 + 4 * (x - z) ** 2 + 2 * y**2)
    held = {"x": axis, "y": 2 * axis, "z": axis / 2, **measures}
    return shown(label, 5.89, volume=[held]) | {"layer": layer}


def entry(kind: str, *panels: dict, title: str = "", **options) -> dict:
    return {"kind": kind, "options": options, "title": title, "panels": panels}


def row(kind: str, *panels: dict, **options) -> list[dict]:
    return [entry(kind, *panels, **options)]


def norm(label: str = "WD 0") -> dict:
    history = {
        "epoch": np.arange(4.0),
        "weight_norm": np.array([30.0, 33.0, 36.0, 37.0]),
        "lr": np.array([np.nan, 0.1, 0.1, 0.01]),
        "train_error": np.array([90.0, 40.0, 20.0, 0.5]),
        "test_error": np.array([90.0, 45.0, 30.0, 8.0]),
    }
    return shown(label, history=[history, history]) | {"names": ["small", "large"]}


def histogram(label: str = "WD 0") -> dict:
    weights = np.random.default_rng(0).normal(0, 0.1, 1000)
    return shown(label, weights=[weights, weights / 2]) | {"names": ["small", "large"]}


def rescaled(label: str = "VGG-9") -> dict:
    factors, t = np.array([0.5, 1.0, 2.0]), np.linspace(-1, 1, 9)
    curves = {
        "plain_train_loss": (t / factors[:, None]) ** 2,
        "normalised_train_loss": np.tile(t**2, (3, 1)),
    }
    bent = {"lambda_max": factors**-2.0, "converged": np.array([1.0, 1.0, 0.0])}
    told = {"factors": factors, "t": t, "difference": 1e-15 * factors}
    return shown(label, 6.0, rescaling=[told | bent | curves])


def table() -> dict:
    columns = {
        "label": np.array(["ResNet-20", "ResNet-56", "ResNet-110"]),
        "test_error": np.array([7.4, 5.9, 5.8]),
        "radius": np.array([0.2, 0.3, 0.25]),
        "cut": np.array(["False", "False", "True"]),
    }
    return shown("", table=[columns])


def roads(label: str = "ResNet-164") -> dict:
    """A bad road and a good one, with all that is measured along them."""
    t = np.linspace(0, 1, 31)
    errors = 24 + 70 * np.exp(-(((t - 0.5) / 0.2) ** 2)), 24 + np.sin(np.pi * t)
    measures = *joined.NAMES, "scaled_test_loss"
    held = [
        {"t": t, "marks": np.array([0.0, 0.5, 1.0])}
        | {"length": (1 + scale) * t, "distance": np.array(1.0)}
        | {"ensemble_error": np.array(21.0), "ensemble_error_scaled": np.array(20.7)}
        | {"voters": np.array(50)}
        | dict.fromkeys(measures, error)
        for scale, error in zip((0.2, 0.3), errors, strict=True)
    ]
    return shown(label, profile=held) | {"names": ["Segment", "Polychain"]}


def thin(label: str = "3conv3fc") -> dict:
    return roads(label) | {"names": ["0.3", "0.5"]}


def triangle(label: str = "three optima", height: float = 60.0) -> dict:
    """A plane of two valleys and places for a bend or a third optimum."""
    axis = np.linspace(-0.3, 1.3, 17)
    x, y = np.meshgrid(axis, axis)
    loss = 0.06 + 9 * np.minimum(x**2 + y**2, (x - 1) ** 2 + y**2)
    surface = {"x": axis, "y": axis, "regularised_loss": loss, "test_error": 20 + loss}
    directions = {"places": [[0, 0], [1, 0], [0.5, 1]], "norms": [78.0, height]}
    return shown(label, surface=[surface], directions=[directions])


def cycling(label: str = "PreResNet-164") -> dict:
    rates = np.array([np.nan, 0.01, 0.03, 0.05, 0.03, 0.01])
    history = {"epoch": 125.0 + np.arange(6), "lr": rates}
    history |= {"test_error": 20 + 200 * rates, "distance": np.arange(6.0)}
    history["test_error"][0] = 25.0
    return shown(label, past=[history])


def spending(label: str = "PreResNet-164") -> dict:
    method = {
        "spent": np.array([0.5, 1.0, 1.5, 2.0]),
        "error": np.array([25.0, 23.0, 24.0, 22.5]),
        "ensemble_error": np.array([25.0, 21.0, 20.0, 19.5]),
    }
    later = method | {"spent": method["spent"] - 0.1}
    one = {"spent": np.array([1.0]), "error": np.array([21.5])}
    return shown(label, ensemble=[method, later], single=[one]) | {
        "names": ["FGE", "SSE"]
    }


def every_kind() -> list[list[dict]]:
    return [
        row("lines", line(), line()),
        row("contours", panel(), panel(span=2)),
        row("filled", panel(), measure="test_error"),
        row("surfaces", panel(), clamp=10, log=True, points=30),
        [entry("volumes", volume(), count=5), entry("slices", volume(), volume())],
        [
            entry("lines", line()),
            entry("norms", norm(), title="Norms"),
            entry("histograms", histogram(), range=0.2, bins=99),
        ],
        [entry("rescalings", rescaled(), normalised=True), entry("training", norm())],
        [entry("sharpness", rescaled()), entry("scatter", table(), x="radius")],
        *every_road(),
    ]


def every_road() -> list[list[dict]]:
    """Kinds of pictures of solutions that are joined."""
    return [
        [
            entry("profiles", roads(), measure="test_error", log=True, votes=True),
            entry("profiles", roads(), measure="test_loss", scaled=True),
            entry("widths", thin(), title="Widths"),
        ],
        [
            entry("planes", triangle()),
            entry("planes", triangle(LONG, 30.0) | {"curve": "bezier"}, cap=3),
            entry("planes", triangle(LONG, 90.0) | {"curve": "polychain"}, start=-3.9),
        ],
        row("planes", *[triangle()] * 3, measure="test_error"),
        [entry("cycles", cycling(), value="lr"), entry("budgets", spending())],
        [entry("cycles", cycling(), value=v) for v in ("test_error", "distance")],
    ]


def axes_named(panel: dict, count: int) -> dict:
    """A panel whose axes were chosen by name."""
    names = ["eigenvector, 12th smallest λ", "to SGD, seed 1", "gradient ⊥"]
    return panel | {"axes": names[:count]}


def every_axis() -> list[list[dict]]:
    """Kinds of pictures of planes whose axes have names."""
    flat = [axes_named(panel(), 2), axes_named(panel(LONG), 2)]
    return [
        row("contours", *flat),
        row("filled", *flat, title="Filled"),
        row("surfaces", *flat, clamp=10, log=True),
        row("lines", axes_named(line(), 1), axes_named(line(LONG), 1)),
        row("slices", *[axes_named(volume(LONG, layer), 3) for layer in (0, 2)]),
        row("volumes", axes_named(volume(), 3), axes_named(volume(LONG), 3), count=3),
    ]


# Figures that are hard to lay out.
CASES = {
    **{
        f"columns of {count}": [
            row("lines", *[line(LONG)] * count, title="Lines"),
            row("contours", *[panel(span=k + 1) for k in range(count)]),
            row("filled", *[panel()] * count),
            row("surfaces", *[panel(LONG)] * count, clamp=10, log=True),
        ]
        for count in (1, 3, 5)
    },
    "figure 2": [
        [
            entry("lines", line(LONG)),
            entry("norms", norm(LONG)),
            entry("histograms", histogram(), range=0.2, bins=9, title="Histograms"),
        ]
    ]
    * 2,
    "scale": [
        row(
            "rescalings",
            rescaled(),
            rescaled(),
            normalised=False,
            title="Plain",
        ),
        row("sharpness", rescaled(), rescaled()),
    ],
    "side by side": [
        [
            entry("filled", panel(), panel()),
            entry("lines", line(), line()),
        ],
        [
            entry("histograms", histogram(), range=0.2, bins=9),
            entry("lines", line()),
        ],
        [
            entry("norms", norm()),
            entry("scatter", table(), x="radius"),
        ],
    ],
    "roads": every_road(),
    **{f"roads, row {k}": [each] for k, each in enumerate(every_road())},
    "volumes": [
        row("slices", *[volume(LONG, layer) for layer in range(5)]),
        row("volumes", volume(LONG), volume(), count=3, title="Layers"),
    ],
    "axes": every_axis(),
    **{f"axes, row {k}": [each] for k, each in enumerate(every_axis())},
    "alone": [row("scatter", table(), x="radius")],
}
