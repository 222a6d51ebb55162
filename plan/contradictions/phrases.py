"""Find fixed phrases by which a text says something else than the status."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import plan
from core.characters import in_one_line
from plan.contradictions.warning import Mend, PlanWarning, status_words
from plan.fact import Fact
from plan.status import DEVIATING, Status

_SENTENCE_END = re.compile(r"[.!?;]\s+|\n")
_WORK = r"(?:initiativet|projektet|arbejdet|indsatsen|opgaven)"
# Words for work that is late. "Udsat" is left out: it is also said of citizens ("udsatte borgere").
_LATE = (
    r"(?:forsink\w+|forskyd\w+|forskudt\w*|udskudt\w*|udskyd\w+|udskød\w*"
    r"|(?:trækker|trukket)\s+ud)"
)
_NOT_LATE = rf"(?:ikke|uden|ingen|hverken|aldrig)\s+(?:[\w-]+\s+){{0,3}}?{_LATE}"
_PAUSED = (
    r"(?:(?:sat|stillet|sættes)\s+(?:midlertidigt\s+)?(?:på\s+pause|i\s+bero)|er\s+på\s+pause)"
)
_BACK_ON = r"(?:er|blev)\s+(?:nu\s+)?genoptaget|er\s+ikke\s+længere\s+på\s+pause"
_FINISHED = (
    rf"{_WORK}\s+(?:er|blev)\s+(?:nu\s+|dermed\s+|hermed\s+)?(?:afsluttet|gennemført|færdigt)"
    r"|udført\s+og\s+afsluttet"
)
_UNFINISHED = (
    r"(?:er|bliver)\s+(?:endnu\s+)?ikke\s+(?:endnu\s+)?(?:afsluttet|gennemført|færdig\w*)"
    rf"|{_WORK}\s+(?:fortsætter|pågår|udestår|mangler)"
)
_STARTED = rf"{_WORK}\s+(?:er|blev)\s+(?:nu\s+)?(?:igangsat|påbegyndt|(?:(?:sat|gået)\s+)?i\s+gang)"
_AS_PLANNED = (
    r"(?:(?:forløber|følger|går|kører)\s+(?:som\s+planlagt|efter\s+planen)|følger\s+planen)"
)


@dataclass(frozen=True)
class _Phrase:
    """A phrase that contradicts some statuses. Words that match `denied` are passed over, and a
    sentence that matches `unless` says something else with the phrase."""

    check: str
    statuses: Collection[str]
    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    denied: re.Pattern[str] | None = None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})\b", re.IGNORECASE)


_OPEN = (Status.NOT_STARTED, Status.ON_TRACK, *DEVIATING)
# "Forsinkelsen er indhentet."
_CAUGHT_UP = _pattern(r"indhentet|overstået|rettet\s+op|ikke\s+længere|har\s+været|undgå\w*")
# "Tidsplanen følger planen, men der mangler penge."
_BUT = _pattern(r"men|dog|bortset|undtagen|undtagelse|øvrige?|resten|ellers|tidligere|ikke")
_IF = _pattern(r"hvis|når|såfremt|inden|først|medmindre")
_MAYBE = _pattern(r"hvis|når|såfremt|kan|skal|først|forventes|ventes|vil|inden|medmindre|ikke")

_PHRASES = (
    _Phrase("says-late", (Status.ON_TRACK,), _pattern(_LATE), _CAUGHT_UP, _pattern(_NOT_LATE)),
    _Phrase("says-paused", (Status.ON_TRACK, Status.COMPLETED), _pattern(_PAUSED), _MAYBE),
    _Phrase("says-as-planned", DEVIATING, _pattern(_AS_PLANNED), _BUT),
    _Phrase("says-finished", _OPEN, _pattern(_FINISHED), _MAYBE),
    _Phrase("says-unfinished", (Status.COMPLETED,), _pattern(_UNFINISHED)),
    _Phrase("says-started", (Status.NOT_STARTED,), _pattern(_STARTED), _MAYBE),
)
_RESUMED = _Phrase("says-resumed", (), _pattern(_BACK_ON), _IF)


def texts_that_contradict(
    item: plan.Initiative, document: plan.PlanDocument
) -> Iterator[PlanWarning]:
    """Warn of a reason, an Uddybning or an open deadline whose words say another status than the
    one that stands. Of a check there is at most one warning."""
    for phrase in _PHRASES:
        if item.status not in phrase.statuses:
            continue
        for what, text, key, mend in _texts(item, with_deadlines=phrase.check == "says-late"):
            if said := _said(phrase, text):
                sentence = f"{what} nævner »{said}«, men {status_words(item)}."
                yield PlanWarning(phrase.check, sentence, mend, (text, item.status), key)
                break


def paused_but_resumed(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of a pause that stands although a text says that the work goes on."""
    paused = any(d.fact == Fact.PAUSED and d.action is None for d in item.deadlines)
    for what, text, _, mend in _texts(item) if paused else ():
        if said := _said(_RESUMED, text):
            sentence = f"{what} nævner »{said}«, men initiativet er sat på pause."
            yield PlanWarning(_RESUMED.check, sentence, mend, (text,))
            return


def _texts(
    item: plan.Initiative, *, with_deadlines: bool = False
) -> Iterator[tuple[str, str, str, Mend]]:
    """Yield what each text is called, the text, the key of its deadline, and where it is
    written."""
    if item.judgement:
        yield "Begrundelsen", item.judgement.reason, "", Mend.JUDGE
    yield "Uddybningen", item.report_text, "", Mend.WRITE
    for deadline in item.deadlines if with_deadlines else ():
        if deadline.met_on is None and deadline.fact != Fact.COMPLETED:
            yield "En deadline", deadline.wording, deadline.key, Mend.CHANGE_DEADLINE


def _said(phrase: _Phrase, text: str) -> str:
    """Return the words by which a text says the phrase, or ""."""
    for sentence in _SENTENCE_END.split(text):
        asserted = phrase.denied.sub("", sentence) if phrase.denied else sentence
        match = phrase.says.search(asserted)
        if match and not (phrase.unless and phrase.unless.search(sentence)):
            return in_one_line(match[0]).lower()
    return ""
