"""The page of claims: words, signs and pictures for each verdict."""

import re
from html.parser import HTMLParser

import pytest

from losslandscape import claims_page, claims_picture, verdicts

RULE = {"of": "every", "below": 1, "least": 2}


def claim(**changes) -> dict:
    return {"rule": RULE, "mark": 0.4, "slide": None} | changes


def row(**changes) -> dict:
    usual = {
        "claim": "L2a",
        "paper": "li2018",
        "sentence": "A & B",
        "quantity": "norm < of weights",
        "unit": "ratio",
        "value": 0.5,
        "low": 0.2,
        "high": 0.8,
        "n": 3,
        "interval": "range of 3 samples",
        "paper_value": "0.41",
        "tag": "P-fig",
        "rule": "Holds if",
        "verdict": verdicts.HOLDS,
        "reason": "It does.",
        "evidence": "a/history.csv ; b/line.h5",
    }
    return usual | changes


class Read(HTMLParser):
    """What a browser would read: open tags, links and places that they lead to."""

    def __init__(self, page: str):
        super().__init__()
        self.open, self.links, self.places = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.links += [told["href"]] if "href" in told else []
        self.places += [told["id"]] if "id" in told else []
        if tag not in ("meta", "rect", "path", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def page(*rows: dict) -> str:
    return claims_page.page("mine", ["digits"], [claim()] * len(rows), rows)


def test_a_page_is_whole_and_its_links_lead_somewhere():
    read = Read(page(row(), row(claim="L3a", verdict=verdicts.OPEN)))

    assert read.open == []
    assert read.places == ["L2a", "L3a"]
    inner = {link for link in read.links if link.startswith("#")}
    assert inner == {"#L2a", "#L3a"}
    assert {"a/history.csv", "b/line.h5", "claims.csv", "index.html"} <= set(read.links)


def test_a_page_needs_nothing_else_and_says_whose_verdicts_these_are():
    text = page(row())

    assert not re.search(r"<script|<link|src=|@import|https?://", text)
    assert "the study mine says" in text
    assert "(digits)" in text


@pytest.mark.parametrize(
    ("verdict", "name", "sign"),
    [
        (verdicts.HOLDS, "holds", "✓"),
        (verdicts.FAILS, "fails", "✗"),
        (verdicts.OPEN, "open", "–"),
    ],
)
def test_a_verdict_is_a_word_a_sign_and_a_colour(verdict, name, sign):
    text = page(row(verdict=verdict))

    told = f'<p class="verdict"><span aria-hidden="true">{sign}</span> {verdict}</p>'
    assert told in text
    assert f'<article id="L2a" class="{name}">' in text
    assert f'<li class="{name}"><b>1</b>' in text


def test_words_are_escaped():
    text = page(row())

    assert "A &amp; B" in text
    assert "norm &lt; of weights" in text


def test_a_claim_without_a_value_has_no_picture_and_no_files():
    bare = row(value=None, low=None, high=None, n=0, evidence="", interval="")

    text = page(bare)

    assert "<svg" not in text
    assert "Measured" not in text
    assert " files</summary>" not in text


def places(picture: str, name: str) -> list[float]:
    """The numbers in a part of a picture."""
    (part,) = re.findall(rf'<\w+ class="{name}"([^>]*)/>', picture)
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", part)]


def test_a_picture_is_to_scale():
    picture = claims_picture.picture(RULE, 0.4, row())

    # From 0.2 to 1, with a tenth on either side, over 312 units from 14 on.
    def at(value: float) -> float:
        return 14 + 312 * (value - 0.12) / 0.96

    assert places(picture, "value")[0] == pytest.approx(at(0.5), abs=0.1)
    assert places(picture, "interval")[0] == pytest.approx(at(0.2), abs=0.1)
    assert places(picture, "mark")[0] == pytest.approx(at(0.4), abs=0.1)
    assert places(picture, "bound")[0] == pytest.approx(at(1), abs=0.1)
    left, _, wide, _ = places(picture, "asked")
    assert (left, wide) == (14, pytest.approx(at(1) - 14, abs=0.2))


def test_a_picture_says_what_it_shows():
    picture = claims_picture.picture(RULE, 0.4, row())

    assert (
        'aria-label="Measured 0.5 [0.2, 0.8]; claimed below 1; in the paper 0.4"'
        in picture
    )


def test_one_sample_is_a_dot_alone():
    picture = claims_picture.picture(RULE, None, row(low=None, high=None, n=1))

    assert 'class="interval"' not in picture
    assert 'class="mark"' not in picture
    assert 'class="value"' in picture


def test_what_is_not_finite_is_not_drawn():
    assert claims_picture.picture(RULE, 0.4, row(value=float("inf"))) == ""
