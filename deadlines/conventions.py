"""The debatable points of reading a Danish deadline, each named once.

Danish law and the dictionaries settle few of them; whoever reads one of them otherwise changes
it here, and staff can set the interval of one deadline by hand.
"""

from datetime import date, timedelta
from typing import Literal

Kind = Literal[
    "day",
    "week",
    "month",
    "quarter",
    "half",
    "season",
    "year",
    "range",
    "open",
    "none",
    "paused",
    "waiting",
    "done",
    "ongoing",
]

# Thirds: the wide reading of primo, medio and ultimo, so that "overdue" comes late and not
# falsely. Bookkeeping reads primo as the first day and ultimo as the last.
THIRDS_OF_A_YEAR = ((1, 4), (5, 8), (9, 12))  # months
THIRDS_OF_A_MONTH = ((1, 10), (11, 20), (21, 31))  # days
# "Første halvdel af maj" ends on this day.
HALF_OF_A_MONTH = 15

# Seasons of the calendar as first and last month; winter ends in the next year.
SEASONS = {1: (3, 5), 2: (6, 8), 3: (9, 11), 4: (12, 2)}
# "Vinter 2026" begins in December of the named year (others: the winter that ends in it).
WINTER_BEGINS_IN_NAMED_YEAR = True

# A turn of the year, a half year or a month: ultimo of the one and primo of the next.
TURN_FIRST_DAY = 21
TURN_LAST_DAY = 10

# Holidays. School dates differ from one municipality to the next.
SUMMER_HOLIDAY_MONTH = 7
AUTUMN_HOLIDAY_WEEK = 42
WINTER_HOLIDAY_WEEKS = (7, 8)
CHRISTMAS_DAYS = (24, 26)  # of December: "inden jul" ends on the 23rd
# "Skoleåret 2026/27" is 1 August to 31 July, as the Folkeskole Act has it; its thirds are four
# months each.
SCHOOL_YEAR_FIRST_MONTH = 8

# "Inden 1. juni" includes 1 June, as "senest 1. juni" does; "før 1. juni" never does.
BEFORE_INCLUDES_THE_DAY = True
# "Inden ultimo maj" ends with that third; "inden maj" ends before May begins.
BEFORE_INCLUDES_THE_THIRD = True
# "Indsendes til 1. juni" is a limit; "udskudt til 1. juni" and "til foråret" are the time itself.
UNTIL_A_DAY_IS_A_LIMIT = True

# A missing year: the time that contains the reference day, or else the earliest one that ended
# at most this long ago.
LONGEST_AGO = timedelta(days=92)

# "November - februar" and "1. september - 30. juni" go over New Year, "10. maj - 3. maj" does
# not: so far apart two times that are named together may begin.
LONGEST_OVER_NEW_YEAR = timedelta(days=330)

# "Skal være færdig 12. februar", written on the 26th, is of this year: a promise that has just
# passed is overdue. Only these, which last about as long as `LONGEST_AGO` or longer, lie ahead
# where somebody still expects them: "forventes 2. halvår".
PLANS_LIE_AHEAD = ("season", "half")
# "Skulle have været afsluttet i juni" is the latest June that has begun or will this soon ("… den
# 1. marts, men bliver forsinket"), however long ago it is.
LONGEST_UNTIL_MISSED = timedelta(days=31)

# Two digits are a year of this century, if it lies so near the reference day (years).
SHORT_YEAR_BACK, SHORT_YEAR_AHEAD = 20, 15
# Four digits are a year only this near: "2000 borgere" is a number.
YEAR_BACK, YEAR_AHEAD = 25, 50

# Longer texts, and texts with more times, are minutes and no deadline: nothing is found.
MAX_LENGTH = 10_000
MAX_TIMES = 50
# Reference days outside are moved to the border, so that every calculation stays in the calendar.
FIRST_REFERENCE, LAST_REFERENCE = date(1900, 1, 1), date(2200, 12, 31)
