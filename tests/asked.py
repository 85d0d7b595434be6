"""What tests ask of the page in a browser, and how it is put back."""

READY = """
const drawn = document.querySelector("#right canvas").dataset.camera;
return document.documentElement.dataset.ready === "yes" && Boolean(drawn);
"""
# As it was when it was opened, but for the probe and the slider.
RESET = """
for (const box of document.querySelectorAll("#landscapes input"))
  if (box.checked !== box.defaultChecked) box.click();
const cut = document.getElementById("cut");
cut.value = "highest";
cut.dispatchEvent(new Event("change"));
document.querySelectorAll("[data-turn=reset], [data-verdict='']").forEach(
  (button) => button.click());
document.querySelectorAll("details").forEach((one) => { one.open = false; });
document.activeElement.blur();
window.scrollTo(0, 0);
"""
OVERFLOW = "return document.documentElement.scrollWidth - window.innerWidth"
SHOWN_CLAIMS = """
const claims = [...document.querySelectorAll(".claim")];
return claims.filter((claim) => !claim.hidden).map((claim) => claim.id);
"""
# The width that a landscape was last written for, and what is written on it.
STAGE = "return document.querySelector('#left .overlay').viewBox.baseVal.width"
WRITTEN = """
const texts = [...document.querySelectorAll("#left .overlay text")];
return texts.map((text) => text.textContent);
"""
# How far the letters in a landscape stand out of its left side, in pixels.
CLIPPED = """
const texts = [...document.querySelectorAll("#left .overlay text")];
const side = document.querySelector("#left .stage").getBoundingClientRect().left;
return Math.max(...texts.map((text) => side - text.getBoundingClientRect().left));
"""
# The rows that the buttons below a landscape stand in.
ROWS = """
const buttons = [...document.querySelectorAll("#left .buttons button")];
return new Set(buttons.map((button) => button.offsetTop)).size;
"""
WHOLE = """
return Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode().then(() => image.naturalWidth);
}));
"""
LISTEN = """
window.reached = [];
document.addEventListener("focusin", ({ target }) => window.reached.push(
  target.id || target.className || target.dataset.turn || target.tagName));
"""

FIRST = "document.querySelector('a, button, input, select, [tabindex]')"
