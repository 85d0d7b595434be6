"""Files for which a measure of a claim has a given value, by a closed form."""

import numpy as np

AXIS = np.linspace(-1, 1, 41)
FINE = np.linspace(0, 1, 101)
RADII = np.hypot(*np.meshgrid(AXIS, AXIS))
EPOCHS = np.arange(21.0)


def history(**columns) -> dict:
    """The history of a run that was trained well."""
    length = len(next(iter(columns.values())))
    usual = {"epoch": np.arange(float(length)), "train_loss": np.full(length, 0.01)}
    return {"history": usual | {k: np.array(v, float) for k, v in columns.items()}}


def surface(losses, x=AXIS, y=AXIS) -> dict:
    return {"surface": {"x": x, "y": y, "train_loss": losses}}


def line(t, losses) -> dict:
    return {"line": {"t": t, "train_loss": losses}}


def profile(**measures) -> dict:
    """A curve, nought where nothing is said; t and the length from 0 to 1."""
    points = max(map(np.size, measures.values()))
    errors = ("train_error", "test_error", "pair_error", "disagreement")
    losses = ("regularised_loss", "train_loss", "test_loss", "scaled_test_loss")
    t = np.linspace(0, 1, points)
    usual = dict.fromkeys((*errors, *losses), np.zeros(points))
    ends = {"t": t, "length": t, "distance": 1.0, "marks": np.array([0.0, 1.0])}
    votes = {"ensemble_error": 0.0, "ensemble_error_scaled": 0.0}
    return {
        "profile": usual | ends | votes | {k: np.array(v) for k, v in measures.items()}
    }


def ensemble(seeds, **columns) -> dict:
    """An ensemble with members of seeds; each seed takes a budget."""
    seeds = np.array(seeds)
    usual = dict.fromkeys(
        ("error", "own_error", "ensemble_error", "step", "disagreement"),
        np.ones(len(seeds)),
    )
    spent = {"seed": seeds, "spent": seeds + 1.0, "cost": np.ones(len(seeds))}
    return {"ensemble": usual | spent | {k: np.array(v) for k, v in columns.items()}}


def last(value, column):
    return history(**{column: [7.0, value]})


def first(value, column):
    return history(**{column: [value, 7.0], "train_loss": [value, 0.01]})


def steadiness(value):
    up, down = (1 + value) / 2, (1 - value) / 2
    return history(weight_norm=[1, 1 + up, 1 + up - down])


def early_norm(value):
    return history(epoch=[0, 1, 2, 10], weight_norm=[2, 2 * value, 9, 0.1])


def decayed_norm(value):
    return history(lr=[np.nan, 1, 1, 0.1, 0.1], weight_norm=[9, 8, 2, 1, 2 * value])


def radius(value, level):
    return surface(level * RADII / value)


def width(value, level):
    return line(AXIS, level * abs(AXIS) / value)


def sides(value, level):
    t = np.linspace(-0.5, 1.5, 201)
    near, far = 0.2 * np.sqrt(value), 0.2 / np.sqrt(value)
    return line(t, level * np.minimum(abs(t) / near, abs(t - 1) / far))


def spread(value, level):
    # Two widths, 1 ± value / √2, whose sample deviation is the value.
    widths = 1 + value / np.sqrt(2) * np.array([[1], [-1]])
    t = np.linspace(-3, 3, 601)
    losses = level * abs(t) / widths
    return {"repeats": {"t": t, "train_loss": losses, "seeds": np.arange(2)}}


def convexity(value):
    """Convex in the first columns, concave in the others."""
    inner = 20
    bent = np.where(np.arange(inner) < round(value * inner), 1.0, -1.0)
    row = np.concatenate([[0, 0], np.cumsum(np.cumsum(bent))])
    row[1:] += np.arange(len(row) - 1) * 0.0
    axis = np.linspace(-1, 1, inner + 2)
    return surface(np.tile(row, (inner + 2, 1)), axis, axis)


def convex_level(value):
    """A bowl, with an island in a corner that is just above the level."""
    losses = 40 * RADII**2
    losses[2, 2] = value + 0.01
    return surface(losses)


def curvature(ratios):
    ratios = np.asarray(ratios, float)
    return {
        "curvature": {
            "lambda_min": -ratios,
            "lambda_max": np.ones_like(ratios),
            "converged": np.ones_like(ratios, bool),
            "x": np.linspace(-1, 1, ratios.shape[1]),
            "y": np.linspace(-1, 1, ratios.shape[0]),
        }
    }


def central_ratio(value):
    ratios = np.full((9, 9), 0.9)
    ratios[3:6, 3:6] = value
    return curvature(ratios)


def share_above(value, ratio):
    many = np.arange(100) < round(100 * value)
    return curvature(np.where(many, ratio, ratio / 2).reshape(10, 10))


def share_below(value, ratio):
    return share_above(1 - value, ratio)


def witnessed(value):
    """A saddle, convex nowhere; the map's smallest eigenvalues are negative in part."""
    axis = np.linspace(-1, 1, 12)
    x, y = np.meshgrid(axis, axis)
    signs = np.ones((12, 12))
    signs[1:-1, 1:-1] = np.where(np.arange(100) < round(100 * value), 1, -1).reshape(
        10, 10
    )
    return surface(x * y, axis, axis) | curvature(0.1 * signs)


def reduced_curvature(value):
    return line(AXIS, value * 6 * AXIS**2 / 2) | {"spectrum": {"trace": np.array(6.0)}}


def explained(value):
    return {"path": {"explained": np.array([0.75, 0.25]) * value}}


def descent(value, when):
    """Steps at one angle to the slope of a plane; before and after, straight up."""
    turn = {"early": EPOCHS <= 2, "later": (EPOCHS > 2) & (EPOCHS <= 12)}[when][1:]
    down, aside = np.array([[-1, -1], [1, -1]]) / np.sqrt(2)
    along, across = np.where(turn, [[value], [np.sqrt(1 - value**2)]], [[-1], [0]])
    steps = 0.02 * (np.outer(along, down) + np.outer(across, aside))
    places = np.concatenate([[[0.0, 0.0]], np.cumsum(steps, axis=0)])
    path = {"x": places[:, 0] / 2, "y": places[:, 1] / 3, "norms": np.array([2.0, 3.0])}
    rates = np.where(EPOCHS <= 12, 1.0, 0.1)
    slope = 2 * AXIS + 3 * AXIS[:, None]
    return {"path": path | {"epoch": EPOCHS, "lr": rates}} | surface(slope)


def swing(value):
    errors = [90, 9 + value, 9, 11 + value, 11]
    return history(lr=[np.nan, 0.2, 0.1, 0.2, 0.1], test_error=errors)


def rise(value, measure):
    return profile(**{measure: [4.0, 5 + value, 5.0]})


def peak(value, measure):
    return profile(**{measure: [4.0, value, 5.0]})


def swell(value, measure):
    return profile(**{measure: [1.0, 2 * value, 2.0]})


def below_ends(value, measure):
    inner = np.where(np.arange(20) < round(20 * value), 0.5, 1.5)
    return profile(**{measure: [2.0, *inner, 1.0]})


def two_means(value):
    # Over t 3/4, over a length whose middle is late by 2v that less v.
    return profile(regularised_loss=[0, 1, 1], length=[0, 0.5 + 2 * value, 1])


def length_ratio(value):
    return profile(length=[0, 1, 2 * value], distance=2.0)


def lasting_gain(value):
    """Two nets err less from a value on; before it in one place."""
    gains = FINE.round(6) >= round(value, 6)
    gains[1] = value > 0.03
    return profile(pair_error=np.where(gains, 4.0, 5.0))


def as_good(value, points):
    """Two nets err as little from a value on; before it in one place."""
    good = FINE.round(6) >= round(value, 6)
    good[1] = value > 0.03
    errors = np.where(good, 4.0 + points, 4.1 + points)
    return profile(pair_error=[*errors[:-1], 4.0])


def vote(value):
    return profile(pair_error=[6.0, 5.0, 4.0], ensemble_error=4 + value)


def scaling(value):
    return profile(
        test_error=[1.0, 1.0], ensemble_error=5.0, ensemble_error_scaled=5 + value
    )


def levelling(value):
    return profile(test_loss=[3.0, 5, 3], scaled_test_loss=[1.0, 1 + 2 * value, 1])


def drift(value):
    late = np.where(FINE < 0.5, value, 50)
    return profile(test_error=5 + late * (FINE > 0.4))


def half_gain(value):
    return profile(pair_error=np.where(FINE < 0.4, 5.0, 5 - value - 9 * (FINE >= 0.5)))


def halfway(value, measure):
    return profile(**{measure: [1.0, 2 + value, 3.0]})


def unequal(value):
    return {
        "directions": {"distances": [[0, 3, 3 * value], [3, 0, 3.0], [3 * value, 3, 0]]}
    }


def isolation(value):
    losses = np.full((5, 5), 2 * value)
    losses[[0, 0, 4], [0, 4, 2]] = [1, 2, 1]
    axis = np.linspace(0, 1, 5)
    found = {"x": axis, "y": axis, "regularised_loss": losses}
    places = [[0, 0], [1, 0], [0.5, 1]]
    return {"surface": found, "directions": {"places": places}}


def errors(value, budgets=(1, 2, 3)):
    return ensemble([0, 1, 2], own_error=[value] * 3, ensemble_error=[value] * 3)


def own(value):
    return ensemble([0, 0, 1, 1], own_error=[9, value, 9, value])


def gain(value):
    return ensemble([0, 0], error=[9, 8], own_error=[9, 9 - value])


def members(value, column):
    return ensemble([0, 0, 1, 1], **{column: [value - 1, value + 1] * 2})


def disagreement(value):
    return ensemble([0, 0, 1, 1], disagreement=[np.nan, value, 99, value])


def steps(value):
    return ensemble([0, 0, 0], step=[np.nan, value - 0.1, value + 0.1])


def barrier_left(value):
    return [rise(20, "test_error"), rise(20 * value, "test_error")]


def apart(value):
    distances = [[0, 1, 1], [1, 0, 8 * value], [1, 8 * value, 0]]
    return [{"directions": {"distances": distances}}, profile(t=[0, 1], distance=8.0)]


def against(value):
    nets = ensemble([0, 1], ensemble_error=[9, 4])
    return [profile(t=[0, 1], ensemble_error=4 + value), nets]
