"""Spectra: what was measured is drawn, and what was not is seen not to be."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import LineCollection

import seen
from losslandscape import page, spectra


def spectrum(**changed: float | np.ndarray) -> dict[str, np.ndarray]:
    measured = {
        "nodes": [[-2.0, 0.0, 30.0], [-1.0, 0.01, 12.0]],
        "weights": [[0.1, 0.88, 0.02], [0.05, 0.94, 0.01]],
        "trace": 123.4,
        "trace_error": 5.6,
        "lambda_min": -2.5,
        "lambda_max": 31.0,
        "converged": True,
        "dimension": 500,
    }
    return {name: np.asarray(each) for name, each in (measured | changed).items()}


def test_the_drawn_density_is_that_of_all_eigenvalues(ax):
    spectra.spectrum(ax, spectrum(dimension=1e9))

    points, heights = ax.lines[0].get_data()
    assert np.trapezoid(heights, points) == pytest.approx(1, rel=1e-3)
    negative = points < -0.5
    share = np.trapezoid(heights[negative], points[negative])
    assert share == pytest.approx((0.1 + 0.05) / 2, rel=1e-2)


def test_the_density_peaks_at_the_eigenvalues(ax):
    spectra.spectrum(ax, spectrum())

    points, heights = ax.lines[0].get_data()
    for node in (-2, 0, 12, 30):
        near = abs(np.arcsinh(points) - np.arcsinh(node)) < 0.1
        assert points[near][heights[near].argmax()] == pytest.approx(
            node, rel=0.02, abs=0.02
        )


def test_a_lone_eigenvalue_at_the_end_is_seen(ax):
    one = spectrum(nodes=[[0.0, 31.0]], weights=[[0.998, 0.002]])

    spectra.spectrum(ax, one)

    points, heights = ax.lines[0].get_data()
    bottom, _ = ax.get_ylim()
    assert heights[abs(points - 31).argmin()] == pytest.approx(10 * bottom, rel=0.05)


def test_both_ends_are_marked_and_written_with_the_trace(ax):
    spectra.spectrum(ax, spectrum())

    (ends,) = seen.found(ax, LineCollection)
    assert [segment[0, 0] for segment in ends.get_segments()] == [-2.5, 31]
    assert seen.written(ax) == [
        "trace = 123.4 ± 5.6",
        r"$\lambda_{\max}$ = 31",
        r"$\lambda_{\min}$ = −2.5",
    ]


def test_a_spectrum_is_on_logarithmic_axes_that_hold_zero(ax):
    spectra.spectrum(ax, spectrum())

    assert ax.get_yscale() == "log"
    assert ax.get_xscale() == "asinh"
    low, high = ax.get_xlim()
    assert low < -2.5
    assert high > 31
    assert {0, 1, 10} <= set(ax.get_xticks())


def test_a_smaller_end_far_below_the_larger_is_still_apart_from_zero(ax):
    nodes = [[-0.05, 0.0, 100.0]]
    weights = [[0.1, 0.89, 0.01]]

    spectra.spectrum(
        ax, spectrum(nodes=nodes, weights=weights, lambda_min=-0.1, lambda_max=100.0)
    )

    ax.figure.canvas.draw()
    end, zero, right = (ax.transData.transform((x, 1))[0] for x in (-0.1, 0, 100))
    assert zero - end > 0.08 * (right - zero)


def test_nodes_beyond_the_ends_that_were_found_are_seen(ax):
    spectra.spectrum(ax, spectrum(lambda_min=-0.001, lambda_max=20.0))

    low, high = ax.get_xlim()
    assert low < -2
    assert high > 30


def test_powers_of_ten_have_room_for_their_names(ax):
    spectra.spectrum(ax, spectrum(lambda_min=-9.0, lambda_max=10.0))

    ax.figure.canvas.draw()
    low, high = ax.get_xlim()
    ticks = zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
    seen = [label for tick, label in sorted(ticks) if low < tick < high]
    boxes = [label.get_window_extent() for label in seen]
    names = [label.get_text() for label in seen]
    assert names == ["−10", "−1", "0", "1", "10"]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_a_spectrum_without_negative_eigenvalues_still_holds_zero(ax):
    spectra.spectrum(
        ax, spectrum(nodes=[[1.0, 30.0]], weights=[[0.9, 0.1]], lambda_min=1)
    )

    assert ax.get_xlim()[0] < 0


def test_ends_that_did_not_converge_are_said_to_be_such(ax):
    spectra.spectrum(ax, spectrum(converged=False))

    assert seen.written(ax)[-1] == "not converged"


def test_a_spectrum_that_is_not_finite_is_hatched(ax):
    spectra.spectrum(ax, spectrum(lambda_max=np.nan))

    assert seen.written(ax) == ["not finite"]
    assert ax.patch.get_hatch()


@pytest.mark.parametrize(
    ("trace", "error", "words"),
    [
        (123.4, 5.6, "123.4 ± 5.6"),
        (-0.5, 0.0123, "−0.500 ± 0.012"),
        (98765.0, 1234.0, "(9.88 ± 0.12)·10$^{4}$"),
        (2.0, 30.0, "2 ± 30"),
        (0.0, 0.5, "0.00 ± 0.50"),
        (7.0, 0.0, "7"),
    ],
)
def test_a_trace_is_written_as_exactly_as_it_is_known(ax, trace, error, words):
    spectra.spectrum(ax, spectrum(trace=trace, trace_error=error))

    assert seen.written(ax)[0] == f"trace = {words}"


def rows() -> list[list[dict]]:
    """A row of the spectra of three nets."""
    wide = spectrum(lambda_max=4.2e7, trace=-1.23e7, trace_error=4.5e6)
    panel = {"label": "ResNet-56-noshort", "names": [], "test_errors": [13.31]}
    panels = [panel | {"files": {"spectrum": [wide]}}] * 3
    return [[{"kind": "densities", "options": {}, "title": "", "panels": panels}]]


def test_nothing_leaves_the_page():
    picture = page.figure(rows())

    assert seen.stays_on_the_page(picture)


def test_the_same_spectra_are_the_same_bytes(tmp_path):
    assert seen.is_repeatable(lambda: page.figure(rows()), tmp_path)
