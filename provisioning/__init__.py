"""Who a unit is: keys, registry, bundles, certificates, the broker's files. Stores no event.

Start at `cli.py`. What lies here, from the bottom up:

- `files`, `passphrase`, `keys`: the federation's folder; `issuing`: certificates out of keys
- `facts`, `state`, `registry`: what was ever decided, one line each, and what it amounts to
- `founding`, `statements`, `rotation`, `services`: the federation's own keys
- `units`, `bundles`, `slip`: vans, and what a blank card is given
- `broker*`, `acl`, `firewall`, `revocation_lists`: the files that the broker reads
- `connection`, `server*`: requests answered; `revocation`, `kick`: somebody thrown out
- `check*`: each line of those files proved on a broker started for it
"""
