"""Seats are shared so that none is promised twice, whatever is lowered while a van is away."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from federation.planning import seats
from federation.planning.seats import DESK, Claim, Sharing, lease, share
from protocol.event import Key

VANS = ("van-a", "van-b", "van-c")


def claim(unit: str, number: int, count: int = 1, waiting: int = 0) -> Claim:
    return Claim(unit, Key(7, number), count, waiting, since=number)


def test_what_nobody_was_allotted_is_the_desks() -> None:
    found = share(12, {"van-a": 5, "van-b": 3}, {}, [])
    assert found == Sharing({"van-a": 5, "van-b": 3}, 4, (), {}, {}, 0, ())


def test_a_van_that_was_lowered_below_its_sign_ups_keeps_them_and_the_desk_pays() -> None:
    claims = [claim("van-a", n) for n in range(4)]
    found = share(10, {"van-a": 2, "van-b": 4}, {"van-a": 6, "van-b": 4}, claims)
    assert found.seats == {"van-a": 4, "van-b": 4}
    assert found.covered == {"van-a": 2}
    assert (found.desk, found.overbooked) == (0, 0)


def test_beyond_the_desks_seats_it_is_paid_by_what_is_free_elsewhere() -> None:
    claims = [claim("van-a", n) for n in range(4)] + [claim("van-b", 9)]
    found = share(6, {"van-a": 2, "van-b": 4}, {"van-a": 6, "van-b": 4}, claims)
    assert found.seats == {"van-a": 4, "van-b": 2}
    assert found.overbooked == 0


def test_beyond_the_total_everybody_keeps_the_seat_and_who_came_last_is_named() -> None:
    claims = [claim("van-a", 1, 2), claim("van-b", 2), claim(DESK, 3), claim("van-a", 4, 2)]
    found = share(4, {"van-a": 3, "van-b": 1}, {"van-a": 5, "van-b": 1}, claims)
    assert found.seats == {"van-a": 4, "van-b": 1}
    assert found.overbooked == 2
    assert found.last == (claims[3],)


def test_a_seat_moves_only_when_the_van_that_had_it_has_let_it_go() -> None:
    before = share(10, {"van-a": 4, "van-b": 6}, {"van-a": 10}, [])
    assert before.seats == {"van-a": 4, "van-b": 0}
    assert before.owed == {"van-b": 6}
    assert before.desk == 0
    after = share(10, {"van-a": 4, "van-b": 6}, {"van-a": 4}, [])
    assert after.seats == {"van-a": 4, "van-b": 6}
    assert after.owed == {}


def test_who_waited_longest_moves_up_and_a_group_that_does_not_fit_keeps_its_place() -> None:
    group, desk, van = claim(DESK, 1, 4, 4), claim(DESK, 2, 1, 1), claim("van-a", 3, 2, 2)
    found = share(5, {"van-a": 2}, {"van-a": 2}, [group, desk, van, claim("van-a", 4, 2)])
    assert found.moves_up == (desk,)
    assert found.seats == {"van-a": 4}
    assert found.desk == 0


def test_the_desks_seats_pay_for_no_one_else_before_vans_have_their_allotment() -> None:
    waiting = claim("van-b", 1, 2, 2)
    found = share(6, {"van-a": 6, "van-b": 0}, {"van-b": 0}, [waiting])
    assert found.seats == {"van-a": 6, "van-b": 0}


def test_a_lease_ends_when_the_van_has_said_so() -> None:
    sent = [(1, 10), (2, 4), (3, 6)]
    assert [lease(sent, settled) for settled in (0, 1, 2, 3)] == [10, 10, 6, 6]
    assert lease([], 0) == 0


counts = st.integers(0, 8)


@st.composite
def _claims(draw: st.DrawFn) -> list[Claim]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        people = draw(st.integers(1, 4))
        waiting = draw(st.integers(0, people))
        unit = draw(st.sampled_from((DESK, *VANS)))
        found.append(claim(unit, number, people, waiting))
    return found


@given(st.integers(0, 20), st.lists(counts, min_size=3, max_size=3), _claims())
def test_what_was_shared_and_is_known_is_shared_the_same_again(
    total: int, allotted: list[int], claims: list[Claim]
) -> None:
    wishes = dict(zip(VANS, allotted, strict=True))
    found = share(total, wishes, {}, claims)
    seated = [each._replace(waiting=0) if each in found.moves_up else each for each in claims]
    again = share(total, wishes, found.seats, seated)
    assert (again.seats, again.desk, again.moves_up) == (found.seats, found.desk, ())
    check(found, total, claims)


class Fleet(RuleBasedStateMachine):
    """Vans that give seats away by what they hold, and a federation that hears of it late."""

    def __init__(self) -> None:
        super().__init__()
        self.total = self.most = 12
        self.wishes = {"van-a": 4, "van-b": 4}
        self.holds = dict.fromkeys(VANS, 0)
        self.revision = dict.fromkeys(VANS, 0)
        self.sent: dict[str, list[tuple[int, int]]] = {van: [] for van in VANS}
        self.settled = dict.fromkeys(VANS, 0)
        self.real: dict[str, dict[int, Claim]] = {van: {} for van in (*VANS, DESK)}
        self.known: dict[str, dict[int, Claim]] = {van: {} for van in (*VANS, DESK)}
        self.clock = 0
        self.publish()

    def now(self) -> int:
        self.clock += 1
        return self.clock

    def shared(self) -> Sharing:
        claims = [each for unit in self.known.values() for each in unit.values()]
        leases = {van: lease(self.sent[van], self.settled[van]) for van in VANS}
        return share(self.total, self.wishes, leases, claims)

    def held(self, unit: str) -> int:
        return sum(each.held for each in self.real[unit].values())

    @rule()
    def publish(self) -> None:
        found = self.shared()
        for moved in found.moves_up:
            seated = moved._replace(waiting=0)
            self.real[DESK][moved.key.seq] = self.known[DESK][moved.key.seq] = seated
        for van in VANS:
            seats = found.seats.get(van, 0)
            if not self.sent[van] or self.sent[van][-1][1] != seats:
                self.sent[van].append((len(self.sent[van]) + 1, seats))

    @rule(total=st.integers(0, 16), a=counts, b=counts, c=counts)
    def plan(self, total: int, a: int, b: int, c: int) -> None:
        if a + b + c <= total:
            self.total, self.wishes = total, dict(zip(VANS, (a, b, c), strict=True))
            self.most = max(self.most, total)

    @rule(van=st.sampled_from(VANS), people=st.integers(1, 3))
    def sign_up(self, van: str, people: int) -> None:
        free = self.holds[van] - self.held(van)
        at = self.now()
        self.real[van][at] = claim(van, at, people, 0 if people <= free else people)

    @rule(people=st.integers(1, 3))
    def sign_up_by_phone(self, people: int) -> None:
        at, free = self.now(), self.shared().desk
        made = claim(DESK, at, people, 0 if people <= free else people)
        self.real[DESK][at] = self.known[DESK][at] = made

    @rule(unit=st.sampled_from((*VANS, DESK)), which=st.integers(0, 20))
    def give_back(self, unit: str, which: int) -> None:
        if self.real[unit]:
            gone = sorted(self.real[unit])[which % len(self.real[unit])]
            del self.real[unit][gone]
            if unit == DESK:
                del self.known[DESK][gone]

    @rule(van=st.sampled_from(VANS))
    def receive(self, van: str) -> None:
        if self.sent[van]:
            self.revision[van], self.holds[van] = self.sent[van][-1]
        for at, each in sorted(self.real[van].items()):
            if each.waiting and each.waiting <= self.holds[van] - self.held(van):
                self.real[van][at] = each._replace(waiting=0)

    @rule(van=st.sampled_from(VANS))
    def tell(self, van: str) -> None:
        self.known[van] = dict(self.real[van])
        self.settled[van] = self.revision[van]

    @invariant()
    def no_seat_is_given_twice(self) -> None:
        assert sum(self.held(unit) for unit in self.real) <= self.most

    @invariant()
    def sharing_holds(self) -> None:
        found = self.shared()
        claims = [each for unit in self.known.values() for each in unit.values()]
        check(found, self.total, claims)


def check(found: Sharing, total: int, claims: list[Claim]) -> None:
    """What must be so of every answer."""
    held = seats._held(claims)
    taken = sum(held.values())
    assert all(found.seats.get(van, 0) >= held.get(van, 0) for van in VANS), "nobody loses a seat"
    moved = sum(each.waiting for each in found.moves_up)
    assert found.overbooked == max(0, taken - total)
    told = sum(found.seats.values()) + held.get(DESK, 0) + moved + found.desk
    assert told <= max(total, taken), "no more is promised than there is"
    assert found.overbooked == 0 or (found.desk, found.moves_up) == (0, ())
    order = [each.since for each in found.moves_up]
    assert order == sorted(order)
    assert sum(each.held for each in found.last) >= found.overbooked


TestFleet = Fleet.TestCase
TestFleet.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
