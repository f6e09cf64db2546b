"""A fleet that does not exist, at work: it speaks to a real broker as real units do.

Start at `cli.py`; nobody imports this package. What lies here, from the bottom up:

- `vehicles`, `places`: who they are and where they go; `plans`: tours and workshops
- `script`, `days`, `visitors`: what happens, told one deed at a time; `acting` plays it, `standing`
  is what becomes of it; `clock`: what time it is; `weather`: when there is no network
- `papers`, `authority`: certificates, issued by a provisioning folder
- `pages`, `sending`, `hearing`, `words`, `light`: a unit that keeps in memory what is not receipted
- `boxes`, `full`, `past`: a unit of real code alone, its journals on disk
- `shared`, `making`, `fleet`, `limits`, `running`: one loop over all of them
"""
