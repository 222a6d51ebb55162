"""The Danish words that matter, each with a one-letter code and a number.

The patterns of `expressions` and `context` are written over these letters:

    M m   month, abbreviated month        e   udgang, udløb (the last day of …)
    S     season                          h   halvdel
    Q H   kvartal, halvår                 O   første … fjerde, sidste
    K J   Q1 … Q4, H1 H2 (see `tokens`)   R r næste; denne, indeværende
    U W y uge, måned, år                  P p primo, medio, ultimo; begyndelsen af …
    D     weekday                         q   dage, uger, måneder (a length of time)
    F T t holiday, årsskifte, månedsskifte
    C     skoleår

    L senest   I inden   f for ("inden for")   B før     A fra     E efter   Z siden
    X tidligst V frem    > til   = mod         b indtil  l fremefter
    d den      a af      g og    i i, på, ca. …
    # deadline N ny, nu  G tidligere           v udskudt, flyttet
    o opstart  ^ start   x forventes, skal     u implementering … (a year may follow)
    @ forventedes, skulle                      ! have, in "skulle have været" (see `phrases`)
    z afsluttet          < afsluttes, evalueres          ~ ikke    ? når
    k kl.      j jf.     $ kr., pct.           s side, sag, nr. (what follows is no date)
    | som ("som planlagt")
"""

_WORDS: dict[str, str] = {
    "d": "den d dn dato datoen dag dagen",
    "i": (
        "i på om ved omkring omkr ca cirka circa løbet over under hele pr dagene med gennem "
        "igennem formentlig sandsynligvis evt eventuelt gerne allerede typisk tentativt foreløbig "
        "foreløbigt endelig endeligt også igen mellem måske"
    ),
    "a": "af",
    "f": "for",
    "g": "og samt eller",
    ">": "til",
    "L": "senest",
    "I": "inden",
    "B": "før forud",
    "A": "fra",
    "E": "efter",
    "Z": "siden",
    "X": "tidligst",
    "V": "frem op ind hen",
    "=": "mod",
    "b": "indtil",
    "l": "fremefter fremover fremad fremadrettet fremefter",
    "^": "start",
    "N": "ny nye nyt nu",
    "G": "tidligere tidl oprindelig oprindeligt oprindelige gammel gl førhen forrige stedet",
    "o": (
        "opstart opstarten startdato startdatoen starttidspunkt starttidspunktet startskud "
        "startskuddet påbegyndelse påbegyndelsen igangsætning igangsætningen igangsættelse "
        "igangsættelsen iværksættelse iværksættelsen indfasning indfasningen virkning"
    ),
    "v": (
        "udskudt udskydes udskyde udsat udsættes udsætte flyttet flyttes flytte rykket rykkes "
        "fremrykket fremrykkes ændret ændres ændring fastsat fastsættes fastlagt fastlægges "
        "berammet sat sættes aftalt forlænget forlænges forskudt"
    ),
    # What somebody will, may, must, expects, plans or hopes, now …
    "x": (
        "skal bør vil kan bliver agter agtes forvente forventer forventes forventet forventeligt "
        "forventelig forventning forventningen ventes ventet ventelig planlægge planlægger "
        "planlægges planlagt påregner påregnes påregnet regner regnes beregnet antages formodes "
        "formodet anslås anslået estimerer estimeres estimeret skønnes skønnet sigter sigtes "
        "tilsigtes tilsigtet stiler stiles satser satses tilstræber tilstræbes tilstræbt ønsker "
        "ønskes ønsket håber håbes håbet lover loves lovet påtænkes påtænkt tiltænkt foreslås "
        "foreslået"
    ),
    # … and in the past tense: the promise stands, with its day.
    "@": (
        "skulle burde ville kunne agtede agtedes forventede forventedes ventede ventedes "
        "planlagde planlagdes påregnede påregnedes regnede regnedes antoges formodedes anslog "
        "ansloges estimerede estimeredes skønnede skønnedes sigtede sigtedes tilsigtede "
        "tilsigtedes stilede stiledes satsede satsedes tilstræbte tilstræbtes ønskede ønskedes "
        "håbede håbedes lovede lovedes påtænkte påtænktes foreslog foresloges"
    ),
    "u": (
        "implementering ibrugtagning idriftsættelse færdiggørelse aflevering gennemførelse "
        "indflytning afslutning anlæg udførelse drift ikrafttræden kraft tidsplan tidshorisont "
        "periode perioden planperioden kontraktperioden projektperioden årene evaluering "
        "afrapportering byggeri udbud"
    ),
    "z": (
        "afsluttet udført gennemført færdig færdigt færdige færdiggjort fuldført godkendt "
        "vedtaget lukket leveret afleveret implementeret afholdt opfyldt indfriet "
        "realiseret effektueret løst afviklet gennemfort udfort afslutet færdigbehandlet"
    ),
    "<": (
        "afsluttes afslutter slutter ender færdiggøres afleveres forelægges fremlægges evalueres "
        "implementeres gennemføres foreligger udarbejdes leveres lukkes godkendes behandles "
        "udsendes præsenteres vedtages løber varer udløber ophører"
    ),
    "~": "ikke ingen uden intet endnu delvist delvis næsten mangler aldrig",
    "?": "når hvis såfremt hvornår",
    "|": "som",
    "k": "kl klokken",
    "j": "jf jævnfør",
    "s": (
        "side s sag sagen sagsnr sagsnummer nr nummer j jnr journalnr punkt pkt pkts bilag kap "
        "kapitel afsnit lov stk version v ver vers fase etape runde del trin spor tabel figur "
        "tlf telefon mobil cvr cpr matr matrikel lokale klasse hold forhold paragraf artikel art "
        "dagsordenspunkt id dok doknr dokumentnr ref udgave niveau model gruppe tema mål fokus "
        "acadre esdh journal løbenr løbenummer faktura fakturanr fakturanummer ordre ordrenr"
    ),
    "$": (
        "kr kroner mio mia mill tkr pct procent stk timer time minutter min m km kg ha kvm "
        "kvadratmeter borgere personer boliger pladser årsværk sager"
    ),
    "q": "dage dages uger ugers måneder måneders mdr mdrs hverdage arbejdsdage kvartaler",
    "e": "udgang udgangen udløb udløbet ende enden",
    "h": "halvdel halvdelen",
    "U": "uge ugen ugerne uges ugens",
    "W": "måned måneden måneds månedens md",
    "y": "år året årets kalenderåret kalenderår budgetåret budgetår finansåret regnskabsåret",
    "Q": "kvartal kvartalet kvartals kvartalets kvt kv kvart",
    "H": "halvår halvåret halvårs halvårets halvar halvaar",
    "t": "månedsskifte månedsskiftet månedskiftet",
    "C": "skoleår skoleåret skoleårets skoleårene",
    "R": "næste",
    "r": "denne dette indeværende",
}
# The verbs of starting. `phrases` finds those of two words, and the nouns are in `_WORDS`.
_BEGIN = (
    "starte starter startede startes startedes startet opstarte opstarter opstartede opstartes "
    "opstartedes opstartet genstarte genstarter genstartede genstartes genstartedes genstartet "
    "begynde begynder begyndte begyndes begyndtes begyndt påbegynde påbegynder påbegyndte "
    "påbegyndes påbegyndtes påbegyndt pabegynde pabegynder pabegyndes pabegyndt indlede "
    "indleder indledte indledes indledtes indledt initiere initierer initierede initieres "
    "initieredes initieret igangsætte igangsætter igangsatte igangsættes igangsattes igangsat "
    "iværksætte iværksætter iværksatte iværksættes iværksattes iværksat indfases"
)
_NUMBERED: dict[str, tuple[tuple[int, str], ...]] = {
    "M": (
        (1, "januar januars"),
        (2, "februar februars febuar feburar"),
        (3, "marts"),
        (4, "april aprils"),
        (5, "maj majs"),
        (6, "juni junis"),
        (7, "juli julis"),
        (8, "august augusts"),
        (9, "september septembers"),
        (10, "oktober oktobers october"),
        (11, "november novembers"),
        (12, "december decembers"),
    ),
    "m": (
        (1, "jan"),
        (2, "feb febr"),
        (3, "mar"),
        (4, "apr"),
        (6, "jun"),
        (7, "jul"),
        (8, "aug"),
        (9, "sep sept"),
        (10, "okt"),
        (11, "nov"),
        (12, "dec"),
    ),
    "S": (
        (1, "forår foråret forårets forar foraret"),
        (2, "sommer sommeren sommerens"),
        (3, "efterår efteråret efterårets efterar efteraret"),
        (4, "vinter vinteren vinterens"),
        (5, "forsommer forsommeren"),
        (6, "sensommer sensommeren eftersommeren"),
    ),
    "F": (
        (1, "sommerferien sommerferie"),
        (2, "efterårsferien efterårsferie"),
        (3, "vinterferien vinterferie"),
        (4, "jul julen juleferien juleferie"),
        (5, "påske påsken påskeferien påskeferie paske"),
        (6, "pinse pinsen"),
        (7, "nytår nytåret nytar"),
    ),
    "D": (
        (1, "mandag mandagen"),
        (2, "tirsdag tirs"),
        (3, "onsdag ons"),
        (4, "torsdag tors"),
        (5, "fredag fre"),
        (6, "lørdag lør"),
        (7, "søndag søn"),
    ),
    "o": ((1, _BEGIN),),
    "T": (
        (0, "årsskifte årsskiftet arsskiftet årskiftet"),
        (1, "halvårsskifte halvårsskiftet halvårskiftet halvarsskiftet"),
    ),
    # A third of a year; the word stands where "kvartal" does.
    "Q": ((3, "tertial tertialet tertials"),),
    "P": (
        (1, "primo prim pirmo prlmo"),
        (2, "medio meido medlo"),
        (3, "ultimo ult utlimo ultmo ultlmo ulitmo"),
    ),
    "p": (
        (1, "starten begyndelsen begyndelse først tidligt tidlig tidlige indledningen"),
        (2, "midt midten"),
        (3, "slut slutning slutningen sidst sent sene afslutningen"),
    ),
    "O": (
        (1, "første"),
        (2, "anden andet"),
        (3, "tredje tredie"),
        (4, "fjerde"),
        (9, "sidste"),
    ),
}
# Typing errors are recognised in long words only: "mats" and "prio" are words of their own.
_MIN_MISSPELT_LENGTH = 6
# Typing errors that could mean June as well as July.
_AMBIGUOUS_SPELLINGS = {"juil", "jull", "juii"}
_DEADLINE_ENDINGS = (
    *("deadline", "deadlinen", "deadlines", "frist", "fristen", "frister"),
    *("forfaldsdato", "slutdato", "dealine", "deadlin", "deadine"),
)
_OPENING_ENDINGS = ("start", "starten")
# The children's first day at school is no start of an initiative.
_NO_OPENINGS = ("skolestart", "skolestarten")
_FOLDED = str.maketrans({"ä": "æ", "ö": "ø", "à": "å", "á": "å", "â": "å", "ã": "å"})


def fold_word(word: str) -> str:
    """Write `word` in small letters with one spelling of æ, ø and å."""
    word = word.lower()
    if word.isascii():
        if "aa" in word or "ae" in word or "oe" in word:
            word = word.replace("aa", "å").replace("ae", "æ").replace("oe", "ø")
        return word
    return word.translate(_FOLDED)


def lookup(folded: str) -> tuple[str, int]:
    """Look up the code and number of a folded word; ("w", 0) for a word without a meaning here."""
    if entry := _LEXICON.get(folded):
        return entry
    if folded.endswith(_DEADLINE_ENDINGS):
        return ("#", 0)
    if folded.endswith(_OPENING_ENDINGS) and folded not in _NO_OPENINGS:
        return ("o", 0)
    return ("w", 0)


def _misspelt(word: str) -> set[str]:
    """Make the likely misspellings of a word: one letter left out, doubled or swapped with the
    next, and those of `_misread`."""
    spots = range(1, len(word))
    left_out = {word[:i] + word[i + 1 :] for i in spots}
    doubled = {word[:i] + word[i] + word[i:] for i in spots}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return left_out | doubled | swapped | _misread(word)


def _misread(word: str) -> set[str]:
    """Make the spellings of a scanner: m read as rn, l as i, i as l."""
    return {word.replace("m", "rn"), word.replace("l", "i"), word.replace("i", "l")} - {word}


def _another_letter(word: str) -> set[str]:
    letters = "abcdefghijklmnoprstuvyæøå"
    return {word[:i] + letter + word[i + 1 :] for i in range(1, len(word)) for letter in letters}


def _build() -> dict[str, tuple[str, int]]:
    lexicon: dict[str, tuple[str, int]] = {}
    for code, groups in _NUMBERED.items():
        for number, words in groups:
            lexicon |= dict.fromkeys(words.split(), (code, number))
    for code, words in _WORDS.items():
        for word in words.split():
            lexicon.setdefault(word, (code, 0))
    # Genitives get no misspellings: those of "augusts" would make a month of "augusta".
    right = [
        (word, entry)
        for word, entry in lexicon.items()
        if entry[0] in "MSQH" and word.removesuffix("s") not in lexicon.keys() - {word}
    ]
    for word, entry in right:
        wrong = _misread(word) - _AMBIGUOUS_SPELLINGS
        if len(word) >= _MIN_MISSPELT_LENGTH:
            wrong |= _misspelt(word)
            if entry[0] == "M":
                wrong |= _another_letter(word)
        for spelling in wrong:
            lexicon.setdefault(spelling, entry)
    return lexicon


_LEXICON = _build()
