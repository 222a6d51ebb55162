"""The debatable choices in reading a Danish deadline, each in one place.

Danish law and the dictionaries settle few of them. To read one differently, change it here; users
can set the days of a single deadline by hand.
"""

from datetime import date, timedelta
from typing import Literal

DeadlineKind = Literal[
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

# Thirds: the wide reading of primo, medio and ultimo, so that a deadline is rather overdue too late
# than too early. Bookkeeping reads primo as the first day and ultimo as the last.
THIRDS_OF_A_YEAR = ((1, 4), (5, 8), (9, 12))  # months
THIRDS_OF_A_MONTH = ((1, 10), (11, 20), (21, 31))  # days
# "Første halvdel af maj" ends on this day.
HALF_OF_A_MONTH = 15

# The first and the last month of each season; winter ends in the next year.
SEASONS = {1: (3, 5), 2: (6, 8), 3: (9, 11), 4: (12, 2)}
# "Vinter 2026" begins in December of the named year. Others mean the winter that ends in it.
WINTER_BEGINS_IN_NAMED_YEAR = True

# The turn of a year, half year or month lasts from ultimo of one month to primo of the next.
TURN_FIRST_DAY = 21
TURN_LAST_DAY = 10

# Holidays. School dates differ from one municipality to the next.
SUMMER_HOLIDAY_MONTH = 7
AUTUMN_HOLIDAY_WEEK = 42
WINTER_HOLIDAY_WEEKS = (7, 8)
CHRISTMAS_DAYS = (24, 26)  # of December: "inden jul" ends on the 23rd
# "Skoleåret 2026/27" is 1 August to 31 July, according to the Folkeskole Act; each third of it is
# four months.
SCHOOL_YEAR_FIRST_MONTH = 8

# "Inden 1. juni" includes 1 June, as "senest 1. juni" does; "før 1. juni" never does.
BEFORE_INCLUDES_THE_DAY = True
# "Inden ultimo maj" ends with that third of the month; "inden maj" ends before May begins.
BEFORE_INCLUDES_THE_THIRD = True
# "Indsendes til 1. juni" is a limit; "udskudt til 1. juni" and "til foråret" are the time itself.
UNTIL_A_DAY_IS_A_LIMIT = True

# A time without a year is the one that contains the reference day, or else the earliest one that
# ended at most this long ago.
MAX_AGO = timedelta(days=92)

# "November - februar" and "1. september - 30. juni" cross New Year, "10. maj - 3. maj" does not:
# two times that are named together may begin at most this far apart.
MAX_OVER_NEW_YEAR = timedelta(days=330)

# "Skal være færdig 12. februar", written on the 26th, means this year: a promise that has just
# passed is overdue. Only these, which last about as long as `MAX_AGO` or longer, lie ahead when
# somebody still expects them: "forventes 2. halvår".
PLANS_LIE_AHEAD = ("season", "half")
# "Skulle have været afsluttet i juni" is the latest June that has begun or will begin this soon
# ("… den 1. marts, men bliver forsinket"), however long ago that is.
MAX_UNTIL_MISSED = timedelta(days=31)

# Two digits are a year of this century if it is at most this many years before or after the
# reference day.
MAX_SHORT_YEARS_BACK, MAX_SHORT_YEARS_AHEAD = 20, 15
# Four digits are a year only within these limits: "2000 borgere" is a number.
MAX_YEARS_BACK, MAX_YEARS_AHEAD = 25, 50

# Longer texts, and texts with more times, are minutes of a meeting: no deadline is found in them.
MAX_LENGTH = 10_000
MAX_TIMES = 50
# A reference day outside these is moved to the nearer one, so that no calculation leaves the range
# of dates.
MIN_REFERENCE, MAX_REFERENCE = date(1900, 1, 1), date(2200, 12, 31)
