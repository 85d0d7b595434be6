"""A SLURM of one node for the tests: real daemons in a folder of their own.

munged, slurmctld and slurmd run in the foreground as children, on free ports of the
loopback, without root, systemd or cgroups. GPUs are links to /dev/null.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PATH = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
NEEDED = ("munged", "slurmctld", "slurmd", "sinfo", "squeue", "sbatch", "srun")

SETTINGS = Path(__file__).with_name("slurm.conf")


def missing() -> list[str]:
    """The programs that a node needs and that are not installed."""
    return [name for name in NEEDED if not shutil.which(name, path=PATH)]


class Node:
    """The daemons, from `with Node() as node` to its end."""

    def __init__(self, gpus: int = 4, cpus: int = 8, age: int = 600) -> None:
        """Say how many GPUs and CPUs it pretends to have, and how long it remembers."""
        self.gpus, self.cpus, self.age = gpus, cpus, age
        self.daemons: list[subprocess.Popen] = []
        self.host = socket.gethostname().split(".")[0]
        # Short: the path of a socket may have 107 characters.
        self.root = Path(tempfile.mkdtemp(prefix="slurm-"))

    def __enter__(self) -> "Node":
        """Start, and wait until jobs would run."""
        self._write()
        socket_, run = self.root / "run/munge.sock", self.root / "run"
        try:
            self._spawn(
                *("munged", "-F", "--force", f"--socket={socket_}"),
                *(f"--key-file={self.root}/key", f"--pid-file={run}/munged.pid"),
                *(f"--log-file={self.root}/log/munged.log", f"--seed-file={run}/seed"),
            )
            self._wait(socket_.exists, "munged")
            self._spawn("slurmctld", "-D", "-i")
            self._spawn("slurmd", "-D", "-N", self.host)
            self._wait(lambda: "idle" in self.run("sinfo", "-h", "-o", "%T"), "a node")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """Cancel what runs, end the daemons, and remove all that they wrote."""
        with contextlib.suppress(Exception):
            self.run("scancel", "--state=PENDING")
            self.run("scancel", "--state=RUNNING")
            time.sleep(1)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(15)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def env(self) -> dict[str, str]:
        """The environment in which its commands find it."""
        path = f"{self.root}/bin{os.pathsep}{PATH}"
        return os.environ | {"SLURM_CONF": f"{self.root}/slurm.conf", "PATH": path}

    def run(self, *command: str) -> str:
        """What a command of SLURM prints."""
        ended = subprocess.run(
            command, env=self.env, text=True, capture_output=True, timeout=60
        )
        return ended.stdout

    def jobs(self) -> list[tuple[str, str, str]]:
        """All jobs that it knows: number, state, and Snakemake's comment."""
        told = self.run("squeue", "--states=all", "-h", "-o", "%i|%T|%k")
        return [tuple(line.split("|", 2)) for line in told.splitlines()]

    def _write(self) -> None:
        for name in ("bin", "run", "log", "state/ctld", "state/d"):
            (self.root / name).mkdir(parents=True)
        (self.root / "key").write_bytes(os.urandom(128))
        (self.root / "key").chmod(0o400)
        for index in range(self.gpus):
            (self.root / f"state/gpu{index}").symlink_to("/dev/null")
        pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        controller, daemon = _free_ports(2)
        loopback = "CommunicationParameters=NoCtldInAddrAny,NoInAddrAny"
        (self.root / "slurm.conf").write_text(
            SETTINGS.read_text().format(
                host=self.host,
                controller=controller,
                daemon=daemon,
                loopback=loopback if _is_loopback(socket.gethostname()) else "",
                user=subprocess.check_output(["id", "-un"], text=True).strip(),
                root=self.root,
                cpus=self.cpus,
                gpus=self.gpus,
                age=self.age,
                memory=int(pages / 2**20 * 0.8),
            )
        )
        (self.root / "gres.conf").write_text(
            f"NodeName={self.host} Name=gpu Type=fake "
            f"File={self.root}/state/gpu[0-{self.gpus - 1}]\n"
        )
        # Snakemake's job step drops SLURM_CONF before its srun.
        srun = self.root / "bin/srun"
        real = shutil.which("srun", path=PATH)
        srun.write_text(
            f'#!/bin/sh\nSLURM_CONF={self.root}/slurm.conf exec {real} "$@"\n'
        )
        srun.chmod(0o755)

    def _spawn(self, name: str, *options: str) -> None:
        with open(self.root / "log" / f"{name}.out", "w") as out:
            self.daemons.append(
                subprocess.Popen(
                    [shutil.which(name, path=PATH), *options],
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            )

    def _wait(self, is_there: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + 30
        while not is_there():
            dead = [one.args[0] for one in self.daemons if one.poll() is not None]
            if dead or time.monotonic() > end:
                files = sorted((self.root / "log").iterdir())
                logs = "\n".join(f"{f.name}: {f.read_text()[-1500:]}" for f in files)
                raise RuntimeError(f"no {what} (ended: {dead})\n{logs}")
            time.sleep(0.05)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _is_loopback(host: str) -> bool:
    try:
        return socket.gethostbyname(host).startswith("127.")
    except OSError:
        return False
