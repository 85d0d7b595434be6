"""Where the workflow's own files are, wherever Snakemake has them from."""

import os
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
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
    if not isinstance(basedir, HostingProviderFile):
        raise WorkflowError(
            f"{basedir}: name this workflow by a path, or by github(…) or gitlab(…) with a "
            f"tag; Snakemake 9.27.1 finds no scripts in any other place"
        )
    repo = basedir.hosted_repo.repo
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


def own(library):
    """Import the library from its folder, where no other of its name is in the way.

    Nothing is added to `sys.path`: Snakemake 9.27.1 hands that to every job, where a
    script called `train` would stand before a module of somebody else who uses this.
    """
    found = sys.modules.get(library.name) or find_spec(library.name)
    if found is None:
        begin = {"submodule_search_locations": [str(library)]}
        found = spec_from_file_location(library.name, library / "__init__.py", **begin)
        sys.modules[library.name] = module_from_spec(found)
    (place,) = getattr(found, "__path__", None) or found.submodule_search_locations
    if Path(place).resolve() != library.resolve():
        raise WorkflowError(
            f"Python finds {library.name} in {place}, but this workflow's own is "
            f"{library}: uninstall the other, or run it in another environment"
        )


def forget(folder):
    """Take folders of this workflow back from the path that Snakemake hands to jobs."""
    ours = {folder.resolve(), (folder / "rules").resolve()}
    sys.path[:] = [path for path in sys.path if Path(path).resolve() not in ours]
