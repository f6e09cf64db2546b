"""Workshops, seats and tours as plain values: what each van should be told. Pure; knows no store.

`seats` shares the seats of a workshop among those who give them away, `documents` makes what vans
hold, `tours` says which stops are planned on which day.
"""
