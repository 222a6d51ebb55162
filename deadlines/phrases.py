"""Words that matter only together: "går … i gang", "skulle … have været", "planen var at".

`recode` gives the word that carries the meaning the code of the one word that would say the same
("starter", "forventes"); the other words keep theirs. So the grammar sees one row of codes still.
"""

from collections.abc import Callable, Sequence

from deadlines.tokens import Token, Tokens


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# How far before its last word a phrase may begin: "går efter planen den 4. maj i gang".
_REACH = 10
_SET = _set("sætte sætter satte sat sættes sattes")
_TAKE = _set("tage tager tog taget tages toges")
_GO = _SET | _set(
    "gå går gik gået gås komme kommer kom kommet få får fik fået fås skyde skyder skød skydes "
    "skudt sparke sparker sparkede sparkes sparket skal bør vil kan skulle burde ville"
)
# The last word of a phrase for "start", the word right before it and the verbs it goes with.
_BEGINNINGS: dict[str, tuple[str, frozenset[str]]] = {
    "gang": ("i", _GO),
    "værk": ("i", _SET),
    "fat": ("", _TAKE),
    "hul": ("", _TAKE),
    "begyndelse": ("sin", _TAKE | {"få", "får", "fik"}),
}
_IS = frozenset({"er", "var", "blev", "bliver", "været", "blevet", "havde"})
_INTENTIONS = _set(
    "plan planen planer planerne mening meningen mål målet målsætningen hensigten ambitionen "
    "tanken ideen aftalen aftalt håbet ønsket forventningen intentionen fastsat"
)
_COUNTERFACTUAL = frozenset({"skulle", "burde", "ville", "kunne"})
# "Med start i maj" is no third of May.
_START_AFTER = frozenset({"med", "forventet", "planlagt", "ønsket"})


def recode(tokens: Tokens) -> Tokens:
    """`tokens` with the codes of such phrases."""
    items = tokens.items
    changed = False
    for index, token in enumerate(items):
        rule = _RULES.get(token.text)
        if rule and (found := rule(items, index)):
            place, code, value = found
            items[place] = items[place]._replace(code=code, value=value)
            changed = True
    return Tokens("".join([item.code for item in items]), items) if changed else tokens


# The place of the token that changes, its code and its number; None: it is no such phrase.
_Change = tuple[int, str, int] | None


def _beginning(items: Sequence[Token], index: int) -> _Change:
    """ "Går arbejdet i gang", "tager vi fat": the verb is one of starting."""
    before, verbs = _BEGINNINGS[items[index].text]
    if before and (index == 0 or items[index - 1].text != before):
        return None
    for place in range(index - 1, max(index - 1 - _REACH, -1), -1):
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
    """ "Planen var at", "det er meningen, at", "sat til at": what follows is or was a plan."""
    before = [token.text for token in items[max(index - 4, 0) : index] if token.code != ","]
    if before and before[-1] == "til":
        return index, "x", 0
    said = set(before[-2:])
    is_said = bool(said & _IS) and bool(said & _INTENTIONS)
    return (index, "@" if "var" in said else "x", 0) if is_said else None


def _perfect(items: Sequence[Token], index: int) -> _Change:
    """ "Skulle … have været", "burde være blevet": it has not been done."""
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
    """ "Var forventet", "havde været planlagt"."""
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
