"""Finds words that matter only together: "går … i gang", "skulle … have været", "planen var at".

`recode` gives the main word of such a phrase the code of a single word with the same meaning
("starter", "forventes"). The other words keep their codes, so the grammar sees single codes only.
"""

from collections.abc import Callable, Sequence

from deadlines.tokens import Token, Tokens


def _words_in(words: str) -> frozenset[str]:
    return frozenset(words.split())


# How many words before its last one a phrase may begin: "går efter planen den 4. maj i gang".
_MAX_WORDS_BEFORE = 10
_SET = _words_in("sætte sætter satte sat sættes sattes")
_TAKE = _words_in("tage tager tog taget tages toges")
_GO = _SET | _words_in(
    "gå går gik gået gås komme kommer kom kommet få får fik fået fås skyde skyder skød skydes "
    "skudt sparke sparker sparkede sparkes sparket skal bør vil kan skulle burde ville"
)
# The last word of each phrase for "start", with the word right before it and its verbs.
_BEGINNINGS: dict[str, tuple[str, frozenset[str]]] = {
    "gang": ("i", _GO),
    "værk": ("i", _SET),
    "fat": ("", _TAKE),
    "hul": ("", _TAKE),
    "begyndelse": ("sin", _TAKE | {"få", "får", "fik"}),
}
_IS = frozenset({"er", "var", "blev", "bliver", "været", "blevet", "havde"})
_INTENTIONS = _words_in(
    "plan planen planer planerne mening meningen mål målet målsætningen hensigten ambitionen "
    "tanken ideen aftalen aftalt håbet ønsket forventningen intentionen fastsat"
)
_COUNTERFACTUAL = frozenset({"skulle", "burde", "ville", "kunne"})
# "Med start i maj" is no third of May.
_START_AFTER = frozenset({"med", "forventet", "planlagt", "ønsket"})


def recode(tokens: Tokens) -> Tokens:
    """Return `tokens` with the codes of the phrases in them."""
    items = tokens.items
    changed = False
    for index, token in enumerate(items):
        rule = _RULES.get(token.text)
        if rule and (change := rule(items, index)):
            place, code, value = change
            items[place] = items[place]._replace(code=code, value=value)
            changed = True
    return Tokens("".join([item.code for item in items]), items) if changed else tokens


# The place of the token that changes, and its new code and number; None if it is no such phrase.
_Change = tuple[int, str, int] | None


def _beginning(items: Sequence[Token], index: int) -> _Change:
    """Make the verb of "går arbejdet i gang" or "tager vi fat" one of starting."""
    before, verbs = _BEGINNINGS[items[index].text]
    if before and (index == 0 or items[index - 1].text != before):
        return None
    for place in range(index - 1, max(index - 1 - _MAX_WORDS_BEFORE, -1), -1):
        token = items[place]
        if token.text in verbs:
            return place, "o", 1
        if token.text in _IS or _ends_a_clause(items, place):
            return None
    return None


def _ends_a_clause(items: Sequence[Token], place: int) -> bool:
    code = items[place].code
    if code == ".":  # not in "d. 4. maj"
        return place == 0 or items[place - 1].code not in "12dm"
    return code in ",;:()?"


def _intention(items: Sequence[Token], index: int) -> _Change:
    """Mark what follows "planen var at", "det er meningen, at" or "sat til at" as a plan."""
    before = [token.text for token in items[max(index - 4, 0) : index] if token.code != ","]
    if before and before[-1] == "til":
        return index, "x", 0
    two_before = set(before[-2:])
    is_plan = bool(two_before & _IS) and bool(two_before & _INTENTIONS)
    return (index, "@" if "var" in two_before else "x", 0) if is_plan else None


def _perfect(items: Sequence[Token], index: int) -> _Change:
    """Mark "skulle … have været" and "burde være blevet": it has not been done."""
    after = items[index + 1].text if index + 1 < len(items) else ""
    before = items[max(index - 5, 0) : index]
    if items[index].text == "have":
        is_perfect = after == "været" or (len(after) > 3 and after.endswith("t"))
    else:
        is_perfect = before != [] and before[-1].text == "være"
    if is_perfect and any(token.text in _COUNTERFACTUAL for token in before):
        return index, "!", 0
    return None


def _start(items: Sequence[Token], index: int) -> _Change:
    return (index, "o", 0) if index and items[index - 1].text in _START_AFTER else None


def _past_plan(items: Sequence[Token], index: int) -> _Change:
    """Mark "var forventet" and "havde været planlagt" as a plan of the past."""
    before = {token.text for token in items[max(index - 2, 0) : index]}
    return (index, "@", 0) if before & {"var", "blev", "havde"} else None


_RULES: dict[str, Callable[[Sequence[Token], int], _Change]] = {
    **dict.fromkeys(_BEGINNINGS, _beginning),
    "at": _intention,
    "have": _perfect,
    "blevet": _perfect,
    "start": _start,
    **dict.fromkeys(
        (
            *("forventet", "ventet", "planlagt", "påregnet", "beregnet", "anslået", "estimeret"),
            *("skønnet", "tilsigtet", "tilstræbt", "ønsket", "lovet", "påtænkt", "tiltænkt"),
            "foreslået",
        ),
        _past_plan,
    ),
}
