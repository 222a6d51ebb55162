"""Write what changed of the frame of a plan as Danish sentences, for `change_text.py`: the
programme and its years, the statuses, the banner. Pure."""

import plan
from core import danish
from core.characters import as_displayed
from reports.comparison.change_words import named, quoted
from reports.comparison.diff import Edited


def _years(change: Edited) -> str:
    old, new = ({year.year: year for year in node.years} for node in (change.old, change.new))
    clauses = [
        f"er kommet med i Program {y} som nr. {_number(new[y])}" for y in new if y not in old
    ]
    clauses += [
        f"har nu nr. {_number(new[y])} i Program {y} mod før nr. {_number(old[y])}"
        for y in new
        if y in old and new[y] != old[y]
    ]
    if gone := danish.listed(f"Program {y}" for y in old if y not in new):
        clauses.append(f"indgår ikke længere i {gone}")
    area = named("Indsatsområdet", change.title)
    return f"{area} {danish.listed(clauses) or 'har fået sine programår angivet på en anden måde'}."


def _number(year: plan.YearNumber) -> str:
    if year.repeated_number is None:
        return str(year.number)
    return f"{year.number} (også {year.repeated_number})"


def _banner(change: Edited) -> str:
    if not change.new.banner:
        return "Bemærkningen om eksempeldata er fjernet."
    verb = "ændret" if change.old.banner else "tilføjet"
    return f"Bemærkningen om eksempeldata er {verb}."


def _statuses(change: Edited) -> str:
    """Say that statuses have other names, or else other meanings, or else another look."""
    old = {status.value: status for status in change.old.statuses}
    common = [(old[new.value], new) for new in change.new.statuses if new.value in old]
    renamed = [f"{quoted(a.label)} nu {quoted(b.label)}" for a, b in common if a.label != b.label]
    if renamed:
        return f"Blandt statusserne hedder {danish.listed(renamed)}."
    explained = [quoted(b.label) for a, b in common if a.meaning != b.meaning]
    if explained:
        return f"Forklaringen af {danish.listed(explained)} er ændret."
    if {status.value for status in change.new.statuses} != set(old):
        return "Der er andre statusser at vælge imellem."
    return "Visningen af statusserne er ændret."


def _programme(change: Edited) -> str:
    old, new = change.old, change.new
    if change.what == "title":
        return f"Programmet {quoted(old.title)} hedder nu {quoted(new.title)}."
    if change.what == "authority":
        return f"Programmet hører nu under {quoted(new.authority)} mod før {quoted(old.authority)}."
    if change.what == "top_level":
        many = quoted(new.top_level_label_plural)
        return f"Planens øverste niveau hedder nu {quoted(new.top_level_label)}, i flertal {many}."
    return _purposes(change)


def _purposes(change: Edited) -> str:
    old, new = (list(map(as_displayed, node.purposes)) for node in (change.old, change.new))
    added = sum(purpose not in old for purpose in new)
    removed = sum(purpose not in new for purpose in old)
    parts = [f"{n} {word}" for n, word in ((added, "ny"), (removed, "fjernet")) if n]
    return f"Programmets formål er ændret{f' ({danish.listed(parts)})' if parts else ''}."


SENTENCES = {
    ("area", "years"): _years,
    ("document", "banner"): _banner,
    ("document", "statuses"): _statuses,
    ("programme", "title"): _programme,
    ("programme", "authority"): _programme,
    ("programme", "top_level"): _programme,
    ("programme", "purposes"): _programme,
}
