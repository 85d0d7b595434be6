"""What the columns of tables say: a sentence or two for each, with its unit."""

from losslandscape import phrases, wording

SHARES = (0.1, 0.3, 0.5)  # ratios by which points of a map are counted

# Columns of the ends of a spectrum, by their names in `spectrum.h5`.
ENDS = {
    "lambda_max": "lambda_max",
    "lambda_max_error": "residual_max",
    "lambda_min": "lambda_min",
    "lambda_min_error": "residual_min",
}

DEVIATION = "Its sample standard deviation over the runs; empty for a single run."
NOT_KNOWN = "empty where none is known."
CONVERGED = "of the grid points whose eigenvalues converged"
RESIDUAL = "Its residual: an eigenvalue is no farther from it, but for rounding."
RATIO = "|smallest / largest eigenvalue|"

ENDS_OF_CURVES = "of the grid points of t; on the row of the ends, of those two alone."
CURVES = {
    "loss": "training loss with its L2 term",
    "train_error": "training error, in %",
    "test_error": "test error, in %",
}

MEANINGS = {
    "label": "What figures call it.",
    "group": "Dataset, model and recipe: all but the seeds of its runs.",
    "run": "Dataset, model, recipe and seed; of a pair both, or a name of an ensemble.",
    "runs": "Number of runs that the row is of, which differ by their seed alone.",
    "diverged": "How many of these ended with a loss or an error that is not finite.",
    "epochs": "Epochs trained; of runs that differ, since some diverged, the fewest.",
    "train_loss": "Training loss, mean cross-entropy, where training ended.",
    "train_loss_sd": DEVIATION,
    "train_error": "Training error where training ended, in %.",
    "train_error_sd": DEVIATION,
    "test_error": "Test error where training ended, in %.",
    "test_error_sd": DEVIATION,
    "paper_train_loss": f"The training loss in the paper; {NOT_KNOWN}",
    "paper_train_error": f"The training error in the paper, in %; {NOT_KNOWN}",
    "paper_test_error": f"The test error in the paper, in %; {NOT_KNOWN}",
    "tag": (
        "How far the paper's numbers are to be trusted: P, printed there; P2, by "
        "a third party's extraction; P-fig, measured in a figure; R, in official code."
    ),
    "source": "Where the paper's numbers stand.",
    "loss": "Training loss at the centre, on the images of the line or plane.",
    "radius": (
        "Size of the region around the centre where the training loss is below the "
        "level, in multiples of the directions: radius of the circle of equal area, or "
        "half the length on a line. 0 where the centre is not below the level. One "
        "that is smaller than `step` rests on interpolation."
    ),
    "cut": (
        "Whether that region reaches the end of what was measured, so that its size is "
        "a lower bound."
    ),
    "left": "How far that region reaches towards negative coordinates.",
    "right": "How far that region reaches towards positive coordinates.",
    "area": "Share of the measured plane below the level, in whichever region.",
    "regions": "Number of separate regions of the measured plane below the level.",
    "step": "Distance between neighbouring grid points; of two axes, the larger one.",
    "minima": "Number of inner grid points lower than each of their neighbours.",
    "convexity": (
        "Share of inner grid points where the training loss on the line or plane is "
        "convex: its Hessian of finite differences is positive semi-definite."
    ),
    "sharpness": (
        "100 (highest loss − loss) / (1 + loss), of the training losses at grid points "
        "within the disc around the centre (Keskar et al., 2017); nan if the grid has "
        "none there but the centre."
    ),
    "not_finite": "Number of grid points whose loss or eigenvalues are not finite.",
    "cells": "Number of grid points.",
    "not_converged": (
        "Number of grid points whose eigenvalues are finite but did not converge; they "
        "enter no ratio and no share."
    ),
    "centre_ratio": (
        f"{RATIO} at the grid point nearest to the centre; nan if it did not converge."
    ),
    "centre_ratio_error": (
        "Residual of the smallest eigenvalue there, over the largest: an eigenvalue is "
        "no farther than that from the smallest that was found."
    ),
    "median_ratio_inner": (
        f"Median {RATIO} {CONVERGED}, in the central third of both axes."
    ),
    "median_ratio": f"Median {RATIO} {CONVERGED}.",
    **{
        f"share_ratio_{ratio}": f"Share {CONVERGED}, with {RATIO} of {ratio} or more."
        for ratio in SHARES
    },
    "negative_share": f"Share {CONVERGED}, with a smallest eigenvalue below zero.",
    "products": "Products of the Hessian with a vector that the map took.",
    "lambda_max": (
        "Largest eigenvalue of the Hessian where training ended; nan if the ends of "
        "the spectrum did not converge."
    ),
    "lambda_max_error": RESIDUAL,
    "lambda_min": (
        "Smallest eigenvalue of the Hessian where training ended; nan if the ends of "
        "the spectrum did not converge."
    ),
    "lambda_min_error": RESIDUAL,
    "trace": "Trace of the Hessian where training ended, estimated by random vectors.",
    "trace_error": "Standard error of the trace.",
    "dimension": "Number of weights that the Hessian is of.",
    "curve": "The curve, or `Single` for its two ends.",
    "length_ratio": "Length of the curve over the distance of its ends.",
    **{
        f"{name}_{which}": f"{said} {what}{where}"
        for name, what in CURVES.items()
        for which, said, where in (
            ("min", "Least", ", " + ENDS_OF_CURVES),
            ("int", "Mean", " over the length of the curve (eq. 1)."),
            ("mean", "Mean", " over t, uniform (eq. 2)."),
            ("max", "Largest", ", " + ENDS_OF_CURVES),
        )
    },
    "ensemble_error": (
        "Test error, in %, of nets equally spaced on the curve, by their mean softmax."
    ),
    "ensemble_error_scaled": (
        "The same with temperatures inversely proportional to the loss, its L2 term "
        "included."
    ),
    "ends_distance": "Euclidean distance of the ends.",
    "ends_disagreement": "Share of test images, in %, on which the ends disagree.",
    "members": "Number of nets that vote.",
    "cost": "Epochs of the runs of one seed, to their ends, as a share of the budget.",
    "error_1": (
        "Test error, in %, of the members of one budget; the mean over the seeds."
    ),
    "error_1_sd": DEVIATION,
    **{
        f"error_{k}": f"Test error, in %, of all members of {k} budgets together."
        for k in range(2, 10)
    },
    "member_error": "Test error, in %, of a single member, on average.",
    "distance": "Euclidean distance of successive members of a run, on average.",
    "disagreement": (
        "Share of test images, in %, on which successive members of one budget, or of "
        "all budgets if each has one, differ in class, on average."
    ),
}

# Columns in %, by their names or how these begin.
PERCENT = (
    *("train_error", "test_error", "member_error", "ensemble_error", "error_"),
    *("disagreement", "ends_disagreement"),
)


def unit(column: str, words: wording.Words = wording.CLASSIFICATION) -> str | None:
    """The unit of a column, if it has one; of errors that of the task's measure."""
    is_measured = column.removeprefix("paper_").startswith(PERCENT)
    return words.unit or None if is_measured else None


def meaning(column: str, words: wording.Words = wording.CLASSIFICATION) -> str:
    """What a column says; a number of the paper is what ours of that name is."""
    if column in MEANINGS:
        return phrases.said(MEANINGS[column], words)
    ours = MEANINGS[column.removeprefix("paper_")]
    return f"In the paper, and empty where none is known: {ours}"
