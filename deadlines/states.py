"""Recognises wordings with a state instead of a time: paused, waiting, done, ongoing, none."""

import re

from deadlines.conventions import DeadlineKind


def _any_of(*patterns: str) -> re.Pattern[str]:
    """Compile a pattern for any of `patterns` as whole words."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


# The repetitions are bounded, so that the search stays linear in a long run of letters.
_DEADLINE = r"(?:\w{0,20}(?:deadline|frist)\w{0,4}|dato|slutdato|tidsplan|tidspunkt)"
_NO = r"(?:ingen|uden|ikke nogen|intet)(?: (?:fast|konkret|endelig|aktuel|særlig|specifik)\w*)?"
_UNKNOWN = (
    r"(?:fastlagt|fastsat|aftalt|oplyst|angivet|besluttet|afklaret|planlagt|bestemt|kendt"
    r"|defineret|tidsfastsat|relevant|iværksat|igangsat|påbegyndt|startet)"
)
_PERIODS = r"(?:år|måned|uge|kvartal|halvår|dag|forår|efterår)"
_WORK = (
    r"(?:udarbejdelse|udvikling|udførelse|behandling|implementering|forberedelse|etablering"
    r"|opbygning|planlægning|indfasning)"
)
_MEETINGS = r"\w{0,20}(?:møde|møder|mødet|samling|seminar)"
_SPELLS = r"(?:dage|uger|måneder|hverdage)"

PAUSED = _any_of(
    r"(?:på|i) pause\w*",
    r"pauser\w+",
    r"i bero",
    r"berostil\w+",
    r"on hold",
    r"sat på hold",
    r"stand[- ]?by",
    r"på ubestemt tid",
    r"mølpose\w*",
    r"suspender\w+",
    r"midlertidigt (?:stoppet|indstillet|standset)",
    r"parkeret",
)
NO_DEADLINE = _any_of(
    rf"{_NO} {_DEADLINE}",
    rf"{_DEADLINE}:? ?(?:er |p\.t\. )?(?:endnu )?(?:ikke {_UNKNOWN}|ingen|ukendt|mangler)",
)
WAITING = _any_of(
    r"afvent\w*", r"avvent\w*", r"vente[rt]? på", r"afhæng(?:er|ig\w*) af", r"under afklaring"
)
_NOT_YET = _any_of(rf"ikke (?:endnu )?(?:\w+ )?{_UNKNOWN}", r"ikke (?:\w+ )?i ?gang", "tbd", "tba")
_CLOSED = re.compile(r"\blukkes\b|^[\W_]*(?:ok|done|klar|sket)[\W_]*$")
_POSTPONED = re.compile(r"\b(?:udskudt|udskydes|udsat)\b(?! til)|\bindtil videre\b")
_UNDATED = _any_of(
    r"snarest\w*",
    r"hurtigst mulig\w*",
    r"asap",
    r"straks",
    r"snart",
    r"omgående",
    r"med det samme",
    r"inden længe",
    r"på (?:længere )?sigt",
    rf"(?:næste|kommende|førstkommende) {_MEETINGS}",
    rf"inden (?:næste|behandling|beslutning|politisk|{_MEETINGS})",
    r"inden ?for (?:de |den |en )?(?:kort|nær|næste|kommende|overskuelig|få|nogle|et par)\w*",
    rf"inden(?: ?for)? \d+ {_SPELLS}",
    rf"\d+ {_SPELLS} (?:før|efter|inden)",
    r"efter (?:aftale|behov)",
    r"(?:aftales|fastsættes) (?:nærmere|senere)",
    r"senere",
    r"i den kommende tid",
    r"(?:senest|inden|på) (?:man|tirs|ons|tors|fre|lør|søn)dag",
    r"(?:udskudt|udsat|udskydes|udsættes) til",
    r"(?<!.)(?:inden|når|efter|før|forud for)(?! ?for)",
)
_ONGOING = _any_of(
    r"\w{0,10}løbende",
    r"kontinuer\w+",
    r"igangværende",
    r"i ?gang",
    r"pågår|pågående",
    r"årligt?|årlige",
    r"måned(?:svis|ligt?|lige)",
    r"kvartals(?:vis|vist|ligt?)",
    r"ugentligt?|ugentlige",
    r"halvårligt?|halvårlige",
    r"dagligt",
    rf"hvert? (?:\w+\.? )?{_PERIODS}",
    r"permanent|vedvarende|tilbagevendende|gentages",
    rf"under (?:\w+ )?{_WORK}",
    r"i proces|i drift",
    r"arbejdes (?:\w+ )?(?:på|med)",
    r"igangsat|påbegyndt|opstartet|iværksat|startet op",
)
# The first pattern that fits decides the kind of a wording without a time.
_TIMELESS: tuple[tuple[re.Pattern[str], DeadlineKind], ...] = (
    (_NOT_YET, "none"),
    (_CLOSED, "done"),
    (_POSTPONED, "paused"),
    (_UNDATED, "open"),
    (_ONGOING, "ongoing"),
)


def state(wording: str) -> DeadlineKind | None:
    """Find the state that is stronger than any time in the wording, except one that is labelled
    "deadline". None when the wording has no such state."""
    if PAUSED.search(wording):
        return "paused"
    if NO_DEADLINE.search(wording):
        return "none"
    if WAITING.search(wording):
        return "waiting"
    return None


def timeless(wording: str) -> DeadlineKind:
    """Find the kind of a wording that names no time."""
    return next((kind for pattern, kind in _TIMELESS if pattern.search(wording)), "none")
