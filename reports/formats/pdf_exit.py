"""The exit code that the process of a PDF shares with the one that starts it.

It is a module of its own because `pdf_worker` knows no Django and `pdf` may not load WeasyPrint.
"""

# The libraries that WeasyPrint draws with are not on the machine.
LIBRARIES_MISSING = 3
