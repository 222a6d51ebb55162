"""The formats of a report: HTML, PDF, Word, Excel and CSV."""
