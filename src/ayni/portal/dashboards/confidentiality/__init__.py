"""Rule 11 of the design on tables of totals: which cells may be published. Pure functions, no Django.

``schema`` says what is counted, ``rule`` judges one total, ``span`` knows what follows from published totals, and
``suppression`` decides cell by cell. ``docs/confidentiality.md`` explains the whole in plain words.
"""
