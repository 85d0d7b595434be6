"""What figures, tables, claims, the page and the crate of a study show."""

from losslandscape import albums, evidence, exhibits, nearby, study

# The workflow itself, as it goes with its results.
WORKFLOW = [
    *("Snakefile", "workflow", "config", "profiles", "envs", "requirements.txt"),
    *("CITATION.cff", "LICENSE"),
]
REPORT = HERE / "report"
# What the two papers have where figures and tables have these names.
PAPERS = yaml.safe_load((REPORT / "papers.yaml").read_text())


def theirs(wildcards):
    """The user's own Python files that the study stands on, of where snakemake runs."""
    here, named = Path.cwd(), set(study.own_files(config))
    files = {path for file in named for path in nearby.reached(Path(file))}
    inside = [path for path in files if path.is_relative_to(here)]
    return sorted(path.relative_to(here).as_posix() for path in inside)


def made(target):
    """The files of the figures and tables that go by one name."""
    return [
        *collect(
            "<results>/figures/{name}.{form}",
            name=target["figures"],
            form=["pdf", "png"],
        ),
        *collect("<results>/tables/{name}.csv", name=target["tables"]),
    ]


def drawn(wildcards):
    """The files that the panels of a figure draw, in order."""
    return exhibits.files(exhibits.panels(config, wildcards.figure))


def panels(wildcards):
    """The panels of a figure, with the roles of what they draw."""
    return exhibits.roles(exhibits.panels(config, wildcards.figure))


def tabled(wildcards):
    """The files that a table shows, in order."""
    return exhibits.files(exhibits.tabled(config, wildcards.table))


def tabled_runs(wildcards):
    """The runs of a table, with the roles of what it shows of them."""
    return exhibits.roles(exhibits.tabled(config, wildcards.table))


def claimed(wildcards):
    """The claims of the papers, with the cases that the study has of each."""
    return evidence.gathered(config, CATALOGUE)


def claimed_files(wildcards):
    """The files that the verdicts rest on, under the study's results."""
    return evidence.files(claimed(wildcards))


def evidenced(wildcards):
    """The same files as inputs."""
    return [f"<results>/{path}" for path in claimed_files(wildcards)]


def last_receipts(wildcards):
    """The receipts of all that a study shows: where its chains of jobs end."""
    return [
        *collect("<results>/figures/{name}.receipt.json", name=config["figures"]),
        *collect("<results>/tables/{name}.receipt.json", name=config["tables"]),
        "<results>/claims.receipt.json",
        "<results>/index.receipt.json",
    ]


def exhibited(wildcards):
    """The files that the study's page reads of what figures draw."""
    shown = albums.files(albums.album(config, PAPERS))
    return [f"<results>/{path}" for path in shown]


def received(wildcards):
    """The receipts of the images that the page's figures and claims stand on."""
    used = set(albums.datasets(albums.album(config, PAPERS)))
    used |= {path.split("/")[0] for path in claimed_files(wildcards)}
    return [f"<resources>/{dataset}.receipt.json" for dataset in sorted(used)]


def in_report(kind):
    """The part of Snakemake's report that a figure or a table belongs to: its paper."""

    def paper(wildcards):
        return albums.title(config, PAPERS, wildcards[kind])

    return paper


def labelled(kind):
    """What Snakemake's report calls a figure or a table: its name, and the paper's."""

    def labels(wildcards):
        name = wildcards[kind]
        place = PAPERS.get(name, {}).get("place", "")
        return {"name": name, "in the paper": place}

    return labels


def looks_of_page():
    """The digest of what the study's page is made with, beside code."""
    files = sorted((REPORT / "gallery").iterdir())
    return code_digest.text("".join(file.read_text() for file in files))
