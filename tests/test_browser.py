"""The page in a real browser: it opens, turns, tells values, and obeys the keyboard."""

import os

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import asked
import browsing
import exhibition
from browsing import IS_HERE, camera, canvas, changes, drag, pixels, text, until

# Whoever runs the project's own checks must have them.
pytestmark = pytest.mark.skipif(
    not IS_HERE and not os.environ.get("CI"), reason="no chromium and chromedriver"
)


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> exhibition.Study:
    return exhibition.Study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def browser():
    assert IS_HERE, "chromium and chromedriver are needed where CI is set"
    running = browsing.started()
    yield running
    running.quit()


@pytest.fixture(scope="module")
def opened(browser, study):
    """The page, and all that the console said when it was opened."""
    browser.get(study.page.as_uri())
    until(browser, lambda: browser.execute_script(asked.READY))
    browser.said = browser.get_log("browser")
    return browser


@pytest.fixture
def page(opened):
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    opened.execute_script(asked.RESET)
    return opened


def test_it_loads_without_a_word_in_the_console(page):
    assert page.said == []


def test_it_asks_the_network_for_nothing(page):
    asked = "return performance.getEntriesByType('resource').map((one) => one.name)"
    outside = [name for name in page.execute_script(asked) if "data:" not in name[:5]]

    assert outside == []


def test_both_landscapes_are_drawn_and_are_different(page):
    left, right = pixels(page, "left"), pixels(page, "right")

    for picture in (left, right):
        colours = np.unique(picture.reshape(-1, 3) // 16, axis=0)
        assert len(colours) > 40
    assert (left != right).mean() > 0.05


def test_a_drag_turns_both_of_two_linked_views(page):
    before = camera(page, "left")

    assert changes(page, lambda: drag(page, "left", 80, 20), "right")

    assert camera(page, "left") == camera(page, "right") != before


def test_views_that_are_not_linked_turn_alone(page):
    page.find_element(By.ID, "linked").click()

    assert changes(page, lambda: drag(page, "left", 80, 20))

    assert camera(page, "left") != camera(page, "right")


@pytest.mark.parametrize("key", [Keys.ARROW_LEFT, Keys.ARROW_UP, "+", "-"])
def test_keys_turn_and_zoom_and_home_goes_back(page, key):
    before = camera(page, "left")

    assert changes(page, lambda: canvas(page, "left").send_keys(key, key))

    assert camera(page, "left") == camera(page, "right") != before
    canvas(page, "left").send_keys(Keys.HOME)
    until(page, lambda: camera(page, "left") == before)


@pytest.mark.parametrize("box", ["log", "smooth"])
def test_a_box_changes_the_landscape(page, box):
    assert changes(page, page.find_element(By.ID, box).click)


def test_what_is_cut_off_is_said_and_drawn(page):
    assert changes(
        page, lambda: Select(page.find_element(By.ID, "cut")).select_by_value("5")
    )

    above = int((exhibition.losses(0.0) > 5).sum())
    assert f"{above} above 5, drawn flat" in text(page, "#right .about")
    assert "1 not finite" in text(page, "#left .about")


def test_pointing_tells_the_values_of_the_file_at_that_place(page):
    for _ in range(12):  # to look from above, where no place hides another
        canvas(page, "right").send_keys(Keys.ARROW_UP)
    ActionChains(page).move_to_element(canvas(page, "right")).perform()
    until(page, lambda: "x = " in text(page, "#right .readout"))
    # The middle of the picture is the middle of the plane, seen from above.
    loss = exhibition.losses(0.0)[3, 4]

    assert text(page, "#right .readout").startswith(
        f"x = 0, y = 0: Training loss {loss:g} · "
    )
    assert "x = 0, y = 0" in text(page, "#left .readout")


def test_a_walk_by_keys_tells_the_values_there(page):
    page.execute_script("document.querySelector('#left canvas').focus()")
    step = ActionChains(page).key_down(Keys.SHIFT)
    # As far to the right and to the top as there is, then one back.
    step.send_keys(*[Keys.ARROW_RIGHT] * 9, *[Keys.ARROW_UP] * 9, Keys.ARROW_LEFT)
    step.key_up(Keys.SHIFT).perform()
    loss = exhibition.losses(3.0)[6, 7]

    until(page, lambda: "x = 0.75, y = 1" in text(page, "#left .readout"))
    assert f"Training loss {loss:.4g} · " in text(page, "#left .readout")


def test_an_infinite_loss_is_told_as_such(page):
    page.execute_script("document.querySelector('#left canvas').focus()")
    step = ActionChains(page).key_down(Keys.SHIFT)
    step.send_keys(*[Keys.ARROW_LEFT] * 9, *[Keys.ARROW_DOWN] * 9)
    step.key_up(Keys.SHIFT).perform()

    until(page, lambda: "Training loss infinite" in text(page, "#left .readout"))


def test_the_slider_moves_the_markers_and_tells_the_values_at_t(page):
    slider = page.find_element(By.ID, "t")
    dots = "#now .dot, #there .dot"

    def places() -> list:
        found = page.find_elements(By.CSS_SELECTOR, dots)
        return [(dot.get_attribute("cx"), dot.get_attribute("cy")) for dot in found]

    slider.send_keys(Keys.HOME)
    before = places()
    slider.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 7)
    rows = [row.text for row in page.find_elements(By.CSS_SELECTOR, "#values tbody tr")]

    assert len(before) == len(places()) == 4
    assert all(one != other for one, other in zip(before, places(), strict=True))
    assert rows == [
        f"segment 0.7 {exhibition.along(20.0)[7]:.4g}",
        f"Bezier 0.7 {exhibition.along(0.2)[7]:.4g}",
    ]


def test_the_point_on_the_map_is_that_of_the_curve(page):
    slider = page.find_element(By.ID, "t")
    slider.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 5)

    on_curve = page.find_elements(By.CSS_SELECTOR, "#there .dot")[1]
    across, up = (float(on_curve.get_attribute(name)) for name in ("cx", "cy"))

    # At 0.5 a Bezier curve is a quarter of each end and half of the bend: (20, 5), in a
    # window from -40 to 40 and from -10 to 10, of 420 pixels a side.
    assert (across, up) == pytest.approx((420 * 0.75, 420 * 0.25))


def test_a_trace_opens_with_a_row_for_each_step(page):
    trace = page.find_element(By.CSS_SELECTOR, "#li2018_figure5 details.trace")
    trace.find_element(By.TAG_NAME, "summary").click()
    until(page, lambda: trace.find_elements(By.CSS_SELECTOR, "tbody tr"))

    rows = [row.text for row in trace.find_elements(By.CSS_SELECTOR, "tbody tr")]

    assert [row.split()[0] for row in rows] == [
        *("dataset", "train", "surface", "train", "surface", "figure")
    ]
    assert "0123456789" in rows[1]
    assert "cpu of node7 90 s" in rows[1]


def test_a_landscape_can_be_had_for_other_programs(page):
    links = page.find_elements(By.CSS_SELECTOR, "#right .exports a")
    found = [link.get_attribute("href").partition("results/")[2] for link in links]

    stem = f"{exhibition.SHORT}/plane/surface"
    assert found == [f"{stem}.{end}" for end in ("h5", "csv", "vts", "receipt.json")]


def test_claims_and_their_evidence_are_folded_until_they_are_asked_for(page):
    (claims,) = page.find_elements(By.CSS_SELECTOR, "details.claims")
    claim = page.find_element(By.ID, "claim-L1")
    evidence = claim.find_element(By.CSS_SELECTOR, ".files")

    assert not claim.is_displayed()
    claims.find_element(By.CSS_SELECTOR, "summary").click()
    assert claim.is_displayed()
    assert not evidence.is_displayed()


def test_a_claim_is_traced_to_the_jobs_behind_its_evidence(page):
    page.find_element(By.CSS_SELECTOR, "button[data-verdict='holds']").click()
    trace = page.find_element(By.CSS_SELECTOR, "#claim-L1 details.trace")
    trace.find_element(By.TAG_NAME, "summary").click()
    until(page, lambda: trace.find_elements(By.CSS_SELECTOR, "tbody tr"))

    rows = [row.text for row in trace.find_elements(By.CSS_SELECTOR, "tbody tr")]

    assert [row.split()[0] for row in rows] == ["dataset", "train", "train", "claims"]


def test_claims_are_sifted_by_verdict(page):
    page.find_element(By.CSS_SELECTOR, "button[data-verdict='holds']").click()

    assert page.execute_script(asked.SHOWN_CLAIMS) == ["claim-L1"]
    assert page.find_element(By.ID, "claim-L1").is_displayed()


def test_every_picture_is_whole(page):
    assert page.execute_script(asked.WHOLE) == [1000, 1000]


def narrow(page, width: int) -> None:
    size = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def test_heights_are_whole_and_buttons_in_one_row_on_a_phone(page):
    narrow(page, 390)
    until(page, lambda: page.execute_script(asked.STAGE) < 390)

    assert "2e5" in page.execute_script(asked.WRITTEN)
    assert page.execute_script(asked.CLIPPED) <= 0
    assert page.execute_script(asked.ROWS) == 1


@pytest.mark.parametrize("width", [360, 768])
def test_nothing_is_wider_than_a_narrow_screen(page, width):
    narrow(page, width)
    for details in page.find_elements(By.TAG_NAME, "details"):
        page.execute_script("arguments[0].open = true", details)

    assert page.execute_script(asked.OVERFLOW) <= 0


def test_keys_alone_reach_every_control(page):
    page.execute_script(asked.LISTEN)
    page.execute_script(asked.FIRST + ".focus()")
    ActionChains(page).send_keys(*[Keys.TAB] * 60).perform()
    reached = page.execute_script("return window.reached")

    assert page.execute_script(f"return {asked.FIRST}.className") == "skip"
    assert {*("pair", "measure", "cut", "log", "smooth", "linked")} <= set(reached)
    assert {"surface", "CANVAS", "left", "reset"} <= set(reached)
    assert {"group", "along", "along-log", "map", "t"} <= set(reached)


def test_without_webgl_the_figure_is_shown_instead(page, study):
    source = "HTMLCanvasElement.prototype.getContext = () => null"
    told = page.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument",
        {"source": f"if (location.hash === '#none') {source}"},
    )
    page.get("about:blank")
    page.get(f"{study.page.as_uri()}#none")
    note = page.find_element(By.CLASS_NAME, "nowebgl")

    assert note.is_displayed()
    assert note.find_elements(By.TAG_NAME, "img")
    page.execute_cdp_cmd(
        "Page.removeScriptToEvaluateOnNewDocument", {"identifier": told["identifier"]}
    )
