"""Where the workflow's own files are, wherever Snakemake has them from."""

import os
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from git import Repo
from snakemake.exceptions import WorkflowError
from snakemake.sourcecache import HostingProviderFile, LocalSourceFile


def home(basedir):
    """The folder of the Snakefile, with all that is beside and below it.

    Of a workflow that is named by its repository, Snakemake 9.27.1 fetches the files that
    rules name, one by one, and the library is none of them. So it is checked out whole.
    """
    if isinstance(basedir, LocalSourceFile):
        return Path(basedir.path)
    hosted = isinstance(basedir, HostingProviderFile)
    repo = basedir.hosted_repo.repo if hosted else Repo(basedir.repo_path)
    commit = repo.commit(basedir.ref).hexsha
    folder = Path(workflow.sourcecache.cache_path) / "losslandscape" / commit
    if not folder.exists():
        check_out(repo, commit, folder)
    found = folder / basedir.path
    lay_beside_scripts(basedir, found / "scripts" / "losslandscape")
    return found


def check_out(repo, commit, folder):
    """Put a commit into a folder; of several processes that do, one wins."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f"{commit}.", dir=folder.parent))
    Repo.clone_from(repo.common_dir, beside, no_checkout=True).git.checkout(commit)
    try:
        beside.rename(folder)
    except OSError:
        rmtree(beside)


def lay_beside_scripts(basedir, library):
    """Link the library to where jobs look: beside the scripts that Snakemake fetched."""
    script = workflow.sourcecache.get_path(basedir.join("scripts/figure.py"))
    link = Path(script).with_name(library.name)
    if link.resolve() != library.resolve():
        beside = link.with_name(f".{link.name}-{os.getpid()}")
        beside.symlink_to(library.resolve())
        beside.replace(link)


def require_own(library):
    """Refuse to run with another package of the library's name."""
    found = Path(find_spec(library.name).origin).parent
    if found.resolve() != library.resolve():
        raise WorkflowError(
            f"Python finds {library.name} in {found}, but this workflow's own is "
            f"{library}: uninstall the other, or run it in another environment"
        )
