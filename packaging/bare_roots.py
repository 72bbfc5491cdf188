"""Try README's two commands in bare roots of Debian 12 and 13, as root and as an ordinary user.

    python3 packaging/bare_roots.py                                        all of it, each command twice
    python3 packaging/bare_roots.py --release bookworm --user root --tests 1
    python3 packaging/bare_roots.py --keep roots --tests 0                 the first command alone, and then
    python3 packaging/bare_roots.py --keep roots --go-on --starts 0        the second one in the same roots

It needs root, ``debootstrap`` and the network; the host's own settings of pip and apt are taken along.  Each
command runs in namespaces of its own, so that its mounts and processes end with it, however it ends.
"""

from __future__ import annotations

import argparse
import configparser
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
USERS = {"root": "root", "tester": "home/tester"}  # and their homes
START = ("python3", "packaging/run.py")
TEST = (*START, "test")
MADE = ("window.png", "weights.npz", "project.bpviz")  # some of what the first command leaves in bpviz-out
PIP_CONFIGURATIONS = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")
TAKEN_FILES = ("/etc/hosts", "/etc/resolv.conf")
TAKEN_VARIABLES = ("pip_", "http_proxy", "https_proxy", "no_proxy", "ssl_cert_file", "openblas_")
LONGEST_S = 3600
NO_ROOT = 3  # the exit code where none can be made
# For a second Python: not again what takes longest and asks for nothing that Python or Debian bring along.
QUICK = {"PYTEST_ADDOPTS": "-m 'not thorough'", "BPVIZ_EXAMPLES": "3"}
LINES_OF_A_FAILURE = 80

ENTER = """
mount --rbind /dev "$0/dev" && mount --rbind /sys "$0/sys" && mount -t proc proc "$0/proc" && exec chroot "$@"
"""


@dataclass(frozen=True)
class Step:
    """One command that was run, for the table at the end."""

    machine: str
    user: str
    about: str
    seconds: float
    trouble: str  # empty if all went well


Check = Callable[[str], str]  # from what a command printed to what is wrong about it; empty if nothing is


class HostError(Exception):
    """What this machine can't do; the text says what to do about it."""


def main(arguments: Sequence[str]) -> int:
    """Make the roots, run the commands, print the table; 1 if one failed."""
    options = parse(arguments)
    check_host()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that roots are removed then, too
    steps: list[Step] = []
    with folder_for_roots(options.keep) as folder:
        for release in options.release or RELEASES:
            base = bare_root(folder, release, options.mirror)
            for user in options.user or USERS:
                machine = Machine(folder / f"{release}-{user}", RELEASES[release], user, steps)
                if not (options.go_on and machine.is_there):
                    machine.make_from(base)
                machine.variables |= QUICK if options.quick else {}
                machine.try_commands(options.starts, options.tests)
    print(table(steps))
    return int(any(step.trouble for step in steps))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--release", action="append", choices=RELEASES, help="only this one (repeatable)")
    parser.add_argument("--user", action="append", choices=USERS, help="only as this one (repeatable)")
    parser.add_argument("--starts", type=int, default=2, metavar="N", help="how often the first command runs")
    parser.add_argument("--tests", type=int, default=2, metavar="N", help="how often the tests run")
    parser.add_argument("--mirror", help="where debootstrap finds Debian, if not where it looks by itself")
    parser.add_argument("--quick", action="store_true", help="leave out the tests marked as thorough")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the roots here; bare ones are used again"
    )
    parser.add_argument("--go-on", action="store_true", help="take those that are kept as they were left")
    return parser.parse_args(arguments)


def check_host() -> None:
    """See that roots can be made here.

    Raises:
        HostError: If not.
    """
    if os.geteuid() != 0:
        raise HostError("Bare roots are made by root; start this again as root.")
    for program in ("debootstrap", "unshare", "git"):
        if shutil.which(program) is None:
            raise HostError(f"{program} is missing: apt-get install {program}")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode != 0:
        raise HostError("This machine lets nobody mount anything, which a root of its own needs.")


@contextmanager
def folder_for_roots(kept: Path | None) -> Iterator[Path]:
    """Yield the folder that was asked for, or one that is removed in the end."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="bpviz-roots-") as folder:
        yield Path(folder)


def bare_root(folder: Path, release: str, mirror: str | None) -> Path:
    """Make a root that holds Debian's smallest system and Python, unless it is there already."""
    base = folder / release
    if base.is_dir():
        return base
    print(f"Making a bare root of {RELEASES[release]}", flush=True)
    growing = folder / f"{release}.growing"
    shutil.rmtree(growing, ignore_errors=True)
    line: list[str | Path] = ["debootstrap", "--variant=minbase", "--include=python3", release, growing]
    line += [mirror] if mirror else []
    code = run(["unshare", "--mount", *line], folder / f"{release}.log")
    if code != 0:
        print(tail(folder / f"{release}.log"))
        raise HostError(f"debootstrap failed with {code}; the lines above say why.")
    growing.rename(base)
    return base


class Machine:
    """A root that one user tries the commands in; what came of it goes into ``steps``."""

    def __init__(self, root: Path, name: str, user: str, steps: list[Step]) -> None:
        self.root, self.name, self.user, self.steps = root, name, user, steps
        self.checkout = f"/{USERS[user]}/bpviz"
        self.variables = take_settings(root, os.environ) if self.is_there else {}

    @property
    def is_there(self) -> bool:
        """Whether it was made before, and has the checkout."""
        return (self.root / self.checkout.lstrip("/")).is_dir()

    def make_from(self, base: Path) -> None:
        """Begin with a copy of a bare root, and put the checkout into it."""
        shutil.rmtree(self.root, ignore_errors=True)
        subprocess.run(["cp", "--archive", base, self.root], check=True)
        self.variables = take_settings(self.root, os.environ)
        if self.user != "root":
            subprocess.run(["chroot", self.root, "useradd", "--create-home", self.user], check=True)
        copy_checkout(self.root / self.checkout.lstrip("/"))
        subprocess.run(["chroot", self.root, "chown", "-R", f"{self.user}:", self.checkout], check=True)

    def try_commands(self, starts: int, tests: int) -> None:
        """Run both commands so many times each; an ordinary user has to be told first what root has to do."""
        if self.user != "root" and starts:
            refused = self._step("start, refused", START, names_a_line_for_root, code=1)
            if self.steps[-1].trouble:
                return
            self._step("that line, as root", ("sh", "-c", *lines_for_root(refused)), has_ended, user="root")
        for number in range(1, starts + 1):
            self._step(f"start {number}", START, has_set_up if number == 1 else has_found_all)
            self._see_results()
        for number in range(1, tests + 1):
            self._step(f"test {number}", TEST, has_tested)

    def _see_results(self) -> None:
        """Look at what the first command leaves."""
        folder = self.root / self.checkout.lstrip("/") / "bpviz-out"
        empty = [name for name in MADE if not (folder / name).is_file() or not (folder / name).stat().st_size]
        if empty and not self.steps[-1].trouble:
            self.steps[-1] = replace(self.steps[-1], trouble=f"{', '.join(empty)} not written")

    def _step(
        self, about: str, command: Sequence[str], check: Check, *, user: str | None = None, code: int = 0
    ) -> str:
        """Run a command in the checkout, note how it ended, and return what it printed."""
        print(f"{self.name}, {self.user}: {about}", flush=True)
        log = self.root.with_name(f"{self.root.name}.log")
        began = time.monotonic()
        ended = run(self._entering(command, user or self.user), log)
        seconds = time.monotonic() - began
        text = log.read_text(errors="replace")
        trouble = check(text) if ended == code else f"exit code {ended}"
        if trouble:
            print(tail(log))
        self.steps.append(Step(self.name, self.user, about, seconds, trouble))
        return text

    def _entering(self, command: Sequence[str], user: str) -> list[str]:
        variables = {"HOME": f"/{USERS[user]}", "USER": user, "LANG": "C.UTF-8", **self.variables}
        variables["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        words = [f"{name}={value}" for name, value in variables.items()]
        inside = ["env", "--ignore-environment", f"--chdir={self.checkout}", *words, *command]
        alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        return [*alone, "sh", "-c", ENTER, str(self.root), f"--userspec={user}:", str(self.root), *inside]


# ---- what a command has to have printed: each answers with what is wrong, empty if nothing is


def has_ended(log: str) -> str:  # noqa: ARG001 - the exit code says it all
    """Be content."""
    return ""


def lines_for_root(log: str) -> list[str]:
    """Find the lines to type that were printed."""
    return [line.strip() for line in log.splitlines() if line.startswith("    ")]


def names_a_line_for_root(log: str) -> str:
    """Want just one line that root has to type."""
    return "" if "root" in log and len(lines_for_root(log)) == 1 else "no line for root"


def has_set_up(log: str) -> str:
    """Want what happens once."""
    return "" if "Setting up bpviz" in log else "nothing was set up"


def has_found_all(log: str) -> str:
    """Want nothing to be set up a second time."""
    return "set up again" if "Setting up bpviz" in log or "Installing packages" in log else ""


def has_tested(log: str) -> str:
    """Want tests that ran."""
    return "" if " passed" in log else "no test ran"


# ---- what a root gets from the host


def copy_checkout(target: Path) -> None:
    """Copy what git would keep of this checkout, as it stands."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    asked = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if asked.returncode != 0:
        raise HostError(f"git does not say what belongs to this checkout: {asked.stderr.strip()}")
    for name in asked.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def take_settings(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Give a root the host's way to the network, with the files named on it; return the variables."""
    for file in TAKEN_FILES:
        if Path(file).is_file():
            shutil.copyfile(file, root / file.lstrip("/"))
    asked = subprocess.run(["apt-config", "dump"], check=False, capture_output=True, text=True).stdout
    lines = [line for line in asked.splitlines() if line.startswith("Acquire::")]
    (root / "etc/apt/apt.conf.d/00host").write_text("\n".join([*lines, ""]))
    pip = configparser.RawConfigParser()
    pip.read([Path(file).expanduser() for file in PIP_CONFIGURATIONS])
    for section in pip.sections():
        settings = take_all(root, dict(pip.items(section)))
        pip[section].clear()
        pip[section].update(settings)
    with (root / "etc/pip.conf").open("w") as configuration:
        pip.write(configuration)
    return take_all(
        root, {name: value for name, value in environment.items() if name.lower().startswith(TAKEN_VARIABLES)}
    )


def take_all(root: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Take the settings that mean something in a root, not those that name folders of the host."""
    found = {name: take(root, value) for name, value in settings.items()}
    return {name: value for name, value in found.items() if value is not None}


def take(root: Path, setting: str) -> str | None:
    """Copy the files that a setting names, and name the copies; None if it names what can't be copied."""
    words = []
    for word in setting.split():
        if word.startswith("file:") or (word.startswith("/") and not Path(word).is_file()):
            return None
        if word.startswith("/"):
            # Not to the same place: packages of the root may write there, too.
            copy = root / f"opt/host{word}"
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(word, copy)
            word = f"/opt/host{word}"
        words.append(word)
    return " ".join(words)


# ---- commands and what came of them


def run(command: Sequence[str | Path], log: Path) -> int:
    """Run a command without input and write what it prints to a file; return its exit code."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            return process.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            return -signal.SIGALRM
        finally:
            process.kill()  # with it go its namespaces, and all that runs in them


def tail(log: Path) -> str:
    """The last lines of a file."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-LINES_OF_A_FAILURE:])


def table(steps: Iterable[Step]) -> str:
    """Lay the steps out, a line each."""
    rows = [("machine", "user", "step", "seconds", "verdict")]
    rows += [
        (step.machine, step.user, step.about, f"{step.seconds:.0f}", step.trouble or "good") for step in steps
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except HostError as error:
        print(error, file=sys.stderr)
        sys.exit(NO_ROOT)
    except KeyboardInterrupt:
        sys.exit(130)
