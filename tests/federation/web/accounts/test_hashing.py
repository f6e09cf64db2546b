"""What a password costs, and that strangers cannot make it cost all the memory there is."""

import threading

from federation.web.accounts.hashing import AT_ONCE, Hasher, turns
from tests.federation.web.site import PASSWORD, Site


def test_only_so_many_passwords_are_reckoned_at_once(site: Site) -> None:
    kept, found = site.account("territory").password, list[bool]()
    for _ in range(AT_ONCE):
        turns.acquire()
    waiting = threading.Thread(target=lambda: found.append(Hasher().verify(PASSWORD, kept)))
    waiting.start()
    waiting.join(0.3)
    assert (waiting.is_alive(), found) == (True, [])
    for _ in range(AT_ONCE):
        turns.release()
    waiting.join(30)
    assert found == [True]
