"""A filter-normalised surface of any net, in ten lines: ten_lines.png."""

import matplotlib.pyplot as plt

import trained  # yours: a net, and a function that gives its loss
from losslandscape import around, draw

x, y, losses = around.plane(trained.net, trained.loss, seed=0, points=31)
draw.contours(plt.figure(figsize=(4, 4)).gca(), x, y, losses)
plt.title(f"loss at the centre: {losses[15, 15]:.3f}")
plt.savefig("ten_lines.png", dpi=150)
