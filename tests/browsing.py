"""A real browser without a window, and what a reader does with a page in it."""

import io
import shutil
from collections.abc import Callable

import numpy as np
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
IS_HERE = bool(CHROMIUM and DRIVER)

OPTIONS = (
    *("--headless=new", "--no-sandbox", "--use-angle=swiftshader"),
    *("--enable-unsafe-swiftshader", "--hide-scrollbars", "--window-size=900,1200"),
    "--force-prefers-reduced-motion",
)


def started() -> webdriver.Chrome:
    """A browser without a window, which keeps all that the console says."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in OPTIONS:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options, webdriver.ChromeService(DRIVER))


def until(browser, holds: Callable[[], bool]) -> None:
    WebDriverWait(browser, 60, 0.05).until(lambda _: holds())


def canvas(page, side: str):
    return page.find_element(By.CSS_SELECTOR, f"#{side} canvas")


def pixels(page, side: str) -> np.ndarray:
    picture = canvas(page, side).screenshot_as_png
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), int)


def camera(page, side: str) -> str:
    return canvas(page, side).get_attribute("data-camera")


def text(page, selector: str) -> str:
    return page.find_element(By.CSS_SELECTOR, selector).text


def drag(page, side: str, right: int, down: int) -> None:
    begun = ActionChains(page, duration=50).move_to_element(canvas(page, side))
    begun.click_and_hold().move_by_offset(right, down).release().perform()


def changes(page, act: Callable[[], None], side: str = "left") -> bool:
    """Whether what an act leaves of a landscape is another picture."""
    before = pixels(page, side)
    act()
    until(page, lambda: (pixels(page, side) != before).mean() > 0.01)
    return True
