"""The page of a study: whole in one file, true to the files that it stands on."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from PIL import Image

import exhibition
from losslandscape import gallery, tags

ROOT = Path(__file__).parents[1]
PAPERS = yaml.safe_load((ROOT / "workflow/report/papers.yaml").read_text())


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> exhibition.Study:
    return exhibition.Study(tmp_path_factory.mktemp("study"))


class Found(HTMLParser):
    """The addresses and anchors of a page, and its text."""

    def __init__(self, page: str):
        super().__init__()
        self.addresses, self.anchors, self.words = [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.anchors |= {told["id"]} if "id" in told else set()
        self.addresses += [told[name] for name in ("href", "src") if name in told]

    def handle_data(self, data):
        self.words.append(data)


def test_every_link_leads_to_a_file_or_a_place_on_the_page(study):
    found = Found(study.page.read_text())

    links = [one for one in found.addresses if not one.startswith("data:")]

    assert len(links) > 15
    for link in links:
        path, _, anchor = link.partition("#")
        assert (study.results / path).exists() if path else anchor in found.anchors


def test_the_page_loads_nothing(study):
    page = study.page.read_text()

    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    assert not re.search(r"@import|url\(|\bfetch\(|XMLHttpRequest|import\(", page)


def test_texts_cannot_leave_their_place(study):
    page = study.page.read_text()

    assert "Depth &amp; &lt;width&gt;." in page
    assert page.count("</script>") == 2
    assert "<" not in gallery.embedded({"a": "</script><!--"})


def test_data_is_embedded_as_it_was(study):
    page = study.page.read_text()

    _, _, rest = page.partition('id="data">')
    told = json.loads(rest.partition("</script>")[0])

    assert told["surfaces"] == study.content["data"]["surfaces"]
    assert told["traces"]["figures/mine.png"]
    rules = {told["jobs"][k]["rule"] for k in told["traces"]["figures/mine.png"]}
    assert rules == {"dataset", "train", "directions", "surface", "along", "figure"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("0.5555555555555556", "0.5556"),
        ("270608", "270608"),
        ("90.0", "90"),
        ("-0.0000123456", "−1.235e−5"),
        ("inf", "not finite"),
        ("", ""),
        ("ResNet-20", "ResNet-20"),
        (None, ""),
    ],
)
def test_a_number_is_written_in_four_digits(told, words):
    assert gallery.number(told) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (3.21, "3.2 s"), (300, "5.0 min"), (9000, "2.5 h")],
)
def test_a_time_is_written_in_its_unit(seconds, words):
    assert gallery.hours(seconds) == words


def test_a_table_is_written_with_every_digit_at_hand(study):
    page = study.page.read_text()

    assert '<td title="0.555555">0.5556</td>' in page
    assert '<td title="270608">270608</td>' in page


def test_ours_stands_beside_the_papers(study):
    words = " ".join(" ".join(Found(study.page.read_text()).words).split())

    assert "ResNet-20 0.5556 7.37 P" in words
    assert "ResNet-56 ours: ResNet-20-noshort 41.94 13.31 P" in words
    assert "Only ours, on digits" not in words
    assert "Only the paper's Trust ResNet-110 5.79 P" in words
    assert "–" not in words.partition("Contours by depth.")[2].partition("Runs")[0]


def test_claims_are_told_by_paper_with_their_verdicts(study):
    words = " ".join(" ".join(Found(study.page.read_text()).words).split())

    assert "All (2) holds (1) does not hold (1)" in words
    assert "Li et al. 2 claims L1 Claim L1. holds" in words
    assert "L2 Claim L2. does not hold" in words
    ratio = f"{41.94 / 0.555555:.4g}"
    assert f"with them: {ratio} ratio, n = 1. Paper: 0.25 D" in words
    assert "do not count. " in words
    assert ".. " not in words


def test_a_claim_leads_to_its_evidence_and_to_the_jobs_behind_it(study):
    page = study.page.read_text()
    (article,) = re.findall(r'<article[^>]* id="claim-L1".*?</article>', page, re.S)
    _, _, rest = page.partition('id="data">')
    told = json.loads(rest.partition("</script>")[0])

    links = Found(article).addresses
    rules = [told["jobs"][k]["rule"] for k in told["traces"]["claims.csv#L1"]]

    for run in (exhibition.SHORT, exhibition.BARE):
        assert f"{run}/history.csv" in links
    assert 'data-trace="claims.csv#L1"' in article
    assert rules == ["dataset", "train", "train", "claims"]
    assert {"claims.html", "claims.csv"} <= set(Found(page).addresses)


def test_every_tag_of_the_claims_and_the_papers_says_how_far_it_is_to_be_trusted(study):
    catalogue = yaml.safe_load((ROOT / "workflow/claims.yaml").read_text())
    used = {claim["tag"] for claim in catalogue.values()}
    used |= {one["tag"] for told in PAPERS.values() for one in told.get("numbers", [])}

    assert used <= tags.TAGS.keys()
    assert f'<abbr title="{tags.TAGS["NF"]}">NF</abbr>' in study.page.read_text()


def test_tables_can_be_had_in_latex(study):
    assert "tables/errors.tex" in Found(study.page.read_text()).addresses


def test_time_and_cost_are_those_of_the_receipts(study):
    words = " ".join(" ".join(Found(study.page.read_text()).words).split())

    # Each of the 14 jobs took 90 s of two threads.
    assert "By the receipts of the 14 jobs" in words
    assert "train 3 4.5 min" in words
    assert "all 14 21.0 min 0.7 0 123" in words


def test_a_picture_is_made_small_enough(tmp_path):
    Image.new("RGB", (2000, 800), "red").save(tmp_path / "wide.png")

    told = gallery.picture(tmp_path / "wide.png")

    assert (told["width"], told["height"]) == (1000, 400)
    assert told["source"].startswith("data:image/webp;base64,")


def test_items_come_together_in_their_order():
    items = [{"paper": name, "k": k} for k, name in enumerate("bab")]

    grouped = gallery.by(items, "paper")

    assert [(name, [one["k"] for one in of]) for name, of in grouped] == [
        ("b", [0, 2]),
        ("a", [1]),
    ]


def test_nothing_is_told_to_be_in_an_appendix_of_which_that_is_not_known():
    places = {
        name: entry["place"]
        for name, entry in PAPERS.items()
        if name.startswith("li2018_")
    }
    # What is known of the appendix, which was not seen: by others and by the text.
    known = {"li2018_figure15", "li2018_normalisations", "li2018_repeatability"}
    known |= {"li2018_table1", "li2018_table2"}

    for name in places.keys() - known:
        is_in_text = re.fullmatch(r"Figures? [\d and]+", places[name])
        assert is_in_text or "not seen by us" in places[name], name
    assert PAPERS["garipov2018_uniqueness"]["place"] == "text"


def test_every_figure_and_table_of_the_shipped_studies_is_in_the_catalogue():
    named = set()
    for study in ("demo", "cifar10", "paper"):
        config = yaml.safe_load((ROOT / f"config/{study}.yaml").read_text())
        named |= {*config["figures"], *config["tables"]}

    assert named - PAPERS.keys() == set()


def test_printed_numbers_agree_with_those_of_the_paper_study():
    config = yaml.safe_load((ROOT / "config/paper.yaml").read_text())
    labels = config["labels"]
    printed = config["tables"]["li2018_table2"]["shows"]["errors"]["printed"]
    told = {
        labels.get(group.split("/")[1]): cell["test_error"]
        for group, cell in printed.items()
        if cell["tag"] == "P" and group.endswith("/sgd")
    }
    (numbers, _) = PAPERS["li2018_table2"]["numbers"]

    assert {name: numbers["of"].get(name) for name in told} == told
