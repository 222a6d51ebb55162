"""Strategies for the laws of the parser: wordings made of pieces that matter."""

from datetime import date

from hypothesis import strategies as st

PIECES = (
    *(
        "primo",
        "medio",
        "ultimo",
        "start",
        "slutningen af",
        "udgangen af",
        "først i",
        "uge",
        "uge 34",
    ),
    *("1.", "2.", "4.", "15", "26", "31.", "30. februar", "1/6", "24/7", "26/2-2026", "1.6.26"),
    *("2026", "2027", "2026/27", "'26", "2O26", "l.", "lO.", "kvartal", "halvår", "Q3", "H1"),
    *("maj", "juni", "marts", "dec.", "jan", "forår", "efteråret", "vinter", "sommerferien", "jul"),
    *(
        "årsskiftet",
        "månedsskiftet",
        "året",
        "måned",
        "måneden",
        "næste",
        "denne",
        "år",
        "skoleåret",
    ),
    *(
        "senest",
        "inden",
        "før",
        "efter",
        "fra",
        "til",
        "og med",
        "frem",
        "siden",
        "tidligst",
        "ikke",
    ),
    *("den", "d.", "i", "af", "og", "-", "–", "/", ",", ".", ":", ";", "(", ")", "?", "§", "%"),
    *("Deadline:", "Ny deadline", "tidligere", "opstart", "udskudt til", "forventes", "kl. 12-14"),
    *("afsluttet", "færdig", "sat på pause", "afventer", "løbende", "ingen deadline", "snarest"),
    *(
        "skulle",
        "have",
        "været",
        "forventedes",
        "var planlagt",
        "blevet",
        "til at",
        "planen var at",
    ),
    *(
        "går",
        "sættes",
        "i gang",
        "tager",
        "fat",
        "hul på",
        "starter",
        "med start",
        "halvårsskiftet",
    ),
    *("+", "7+8", "08/2026", "2026-08", "12.2026", "2026/1", "næste skoleår", "skoleårene"),
    *("K17", "pct.", "kr.", "nr.", "sag", "jf.", "fredag", "første", "anden", "sidste", "halvdel"),
    *("<p>", "</p>", "&nbsp;", "&amp;", "\N{SOFT HYPHEN}", "\N{NO-BREAK SPACE}", "Rapporten", "\n"),
)
wordings = st.builds(
    lambda pieces: "".join(piece + blank for piece, blank in pieces),
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(("", " ", "  "))), max_size=14),
)
texts = st.one_of(wordings, st.text(max_size=80))
references = st.dates(min_value=date(2001, 1, 1), max_value=date(2060, 12, 31))
