"""A fleet that does not exist, at work: it speaks to a real broker as real units do.

Start at `cli.py`; nobody imports this package. What lies here, from the bottom up:

- `vehicles`, `places`: who they are and where they go; `plans`: the tour of a day
- `days`, `visitors`: what happens on a day, as a script that is played one deed at a time
- `weather`: when a unit has no network; `clock`: what time it is on board
- `papers`, `authority`: certificates, issued by a provisioning folder
- `pages`, `light`: a unit that keeps only what is not receipted, in memory
- `full`: a unit of real code alone: journals on disk and the uplink of the card
- `fleet`: one loop over all of them
"""
