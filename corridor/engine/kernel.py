"""Engine room: the machine that numba compiles. The reference over again, on tables of integers.

Plain Python over arrays, which numba compiles; with ``NUMBA_DISABLE_JIT=1`` it runs as it stands.
A unit is a row of eight integers, one line of a processor's cache. It is in one list at most at a
time (a line, or what a station holds or works on), so two of its columns link all lists. The
calendar is a binary heap of what is in progress; arrivals and changes lie sorted beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numba

from corridor.engine.plan import LONGEST, ClosingRule, Int32, Int64, Verb

__all__ = ["Machine", "play", "stop"]

Function = TypeVar("Function", bound=Callable[..., Any])

MOVE, SERVE, TAKE, GIVE, DEPART, JOIN, LIMIT = map(int, Verb)
END = len(Verb)  # stands behind the last step of every route
FINISH, HOLD, RECALL = map(int, ClosingRule)
STATION, STOCK, PLATFORM = range(3)
ROW, STATE, AT, KEY, NEXT, BACK, RANK, JOINED = range(8)  # of a unit
AHEAD = AT  # in line nothing is under way
VERB, WHERE, AMOUNT, CLASS, CELL, LIMITED, CHOSEN, FREES = range(8)  # of a step
KIND, OPEN, BUSY, RULE, WAITING, LEVEL, CAPACITY, WHEN_FULL, CALLED = range(9)  # of a place
HEAD, TAIL, COUNT, SEEN = range(4)  # of a list
DUE, RINGING, CHOOSING, LEAVING, LOOKS = range(5)  # of which there are so many
BETWEEN, IN_LINE, AGAIN, ON_STEP, STOPPED = range(5)  # where a unit is with its step
CONTRACT = hashlib.sha256(Path(__file__).with_name("plan.py").read_bytes()).hexdigest()[:12]
NOTHING, SOMETHING, TRAIN = -1, -2, -3  # what started, if it is no unit that goes on at once


def compiled(function: Function) -> Function:
    """Compile into whoever calls it. Without `_nrt`, references would be counted at each access."""
    return numba.njit(  # type: ignore[call-overload, no-any-return]
        nogil=True, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False
    )(function)


def entry(function: Function) -> Function:
    """Compile, and keep the result on disk; where nothing can be kept, in memory.

    What is kept goes by the file that `function` stands in, and has the constants of the contract
    in it: so it is kept by a name that changes with the contract's file.
    """
    function.__qualname__ += f"_{CONTRACT}"
    try:
        return numba.njit(cache=True, nogil=True, _nrt=False)(function)  # type: ignore
    except RuntimeError:  # no folder to keep it in
        return numba.njit(nogil=True, _nrt=False)(function)  # type: ignore


class Machine(NamedTuple):
    """All that a run reads and writes. Places are stations, then stocks, then platforms."""

    unit: Int64  # in the order of their starts: who is there at one time lies close together
    number: Int64  # what the Plan calls them
    step: Int64
    place: Int64
    lists: Int64  # of each place a line a priority; then what each station holds; then its work
    held: int  # the first list of what is held
    work: int  # the first list of what is in work
    classes: int  # how many priorities there are
    size: Int64
    due_at: Int64
    due: Int64  # a unit; beyond the units a GIVE that comes back; below zero a patience
    ringing: Int64  # places where something may be able to start
    rung: Int64
    choosing: Int64
    leaving: Int64  # units that may give up at this instant
    time: Int64
    asked: Int64
    began: Int64
    ended: Int64
    worked: Int64
    joined: Int32


@compiled
def put(m: Machine, at: int, what: int) -> None:
    """Enter into the calendar."""
    due_at, due, i = m.due_at, m.due, m.size[DUE]
    m.size[DUE] = i + 1
    while i > 0 and due_at[(i - 1) >> 1] > at:
        due_at[i], due[i] = due_at[(i - 1) >> 1], due[(i - 1) >> 1]
        i = (i - 1) >> 1
    due_at[i], due[i] = at, what


@compiled
def strike(m: Machine, i: int) -> int:
    """Strike entry `i` off the calendar and return what it was.

    The gap goes down to the bottom, and what stood last goes up from there: it belongs low down.
    """
    due_at, due = m.due_at, m.due
    what, last = due[i], m.size[DUE] - 1
    m.size[DUE] = last
    at, moved, below = due_at[last], due[last], 2 * i + 2
    while below < last:
        below -= due_at[below - 1] <= due_at[below]
        due_at[i], due[i] = due_at[below], due[below]
        i, below = below, 2 * below + 2
    if below == last:
        due_at[i], due[i] = due_at[below - 1], due[below - 1]
        i = below - 1
    while i > 0 and due_at[(i - 1) >> 1] > at:
        due_at[i], due[i] = due_at[(i - 1) >> 1], due[(i - 1) >> 1]
        i = (i - 1) >> 1
    due_at[i], due[i] = at, moved
    return int(what)


@compiled
def sooner(m: Machine, u: int, other: int) -> bool:
    """Whether `u` comes before `other` in a list."""
    key, its = m.unit[u, KEY], m.unit[other, KEY]
    return bool(key < its or (key == its and m.number[u] < m.number[other]))


@compiled
def enlist(m: Machine, where: int, u: int) -> None:
    """Put a unit where it belongs in a list, by (key, number): nearly always last, or first."""
    unit, its = m.unit, m.lists[where]
    after = its[TAIL]
    if after >= 0 and sooner(m, u, its[HEAD]):
        after = -1
    while after >= 0 and sooner(m, u, after):
        after = unit[after, BACK]
    behind = its[HEAD] if after < 0 else unit[after, NEXT]
    unit[u, BACK], unit[u, NEXT] = after, behind
    if after < 0:
        its[HEAD] = u
    else:
        unit[after, NEXT] = u
    if behind < 0:
        its[TAIL] = u
    else:
        unit[behind, BACK] = u
    its[COUNT] += 1


@compiled
def delist(m: Machine, where: int, u: int) -> None:
    """Take a unit out of a list."""
    unit, its = m.unit, m.lists[where]
    before, behind = unit[u, BACK], unit[u, NEXT]
    if before < 0:
        its[HEAD] = behind
    else:
        unit[before, NEXT] = behind
    if behind < 0:
        its[TAIL] = before
    else:
        unit[behind, BACK] = before
    its[COUNT] -= 1


@compiled
def ring(m: Machine, place: int) -> None:
    """Note that something may be able to start at a place."""
    if not m.rung[place]:
        m.rung[place] = 1
        m.ringing[m.size[RINGING]] = place
        m.size[RINGING] += 1


@compiled
def place_of(m: Machine, u: int, row: int) -> int:
    """The place of a step that has a line."""
    return int(m.unit[u, JOINED] if m.step[row, CHOSEN] >= 0 else m.step[row, WHERE])


@compiled
def line_of(m: Machine, u: int, row: int) -> int:
    """The line of a step that has one."""
    return int(place_of(m, u, row) * m.classes + m.step[row, CLASS])


@compiled
def quiet(m: Machine, now: int, until: int) -> bool:
    """Whether nothing else can happen at this instant, but what the unit at hand does."""
    size = m.size
    alone = now < until and (size[DUE] == 0 or m.due_at[0] > now)
    return bool(alone and size[RINGING] == 0 and size[CHOOSING] == 0 and size[LEAVING] == 0)


@compiled
def stand(m: Machine, u: int, row: int, now: int, until: int) -> None:
    """Stand in line for a step, or begin it."""
    place, limit = m.place[place_of(m, u, row)], m.step[row, LIMITED]
    cell = m.step[row, CELL] + m.unit[u, RANK]
    m.ended[cell] = -1
    free_lane = m.step[row, VERB] == SERVE and place[BUSY] < place[OPEN] and m.time[cell] > 0
    if free_lane and quiet(m, now, until):  # then nobody is in line here, nor comes before `u`
        m.began[cell] = now
        work(m, u, place_of(m, u, row), m.time[cell], now)
        return
    m.began[cell] = -1
    m.unit[u, STATE], m.unit[u, KEY] = IN_LINE, now
    enlist(m, line_of(m, u, row), u)
    place[WAITING] += 1
    if place[KIND] != STATION or place[BUSY] < place[OPEN]:
        ring(m, place_of(m, u, row))
    if limit >= 0:
        m.leaving[m.size[LEAVING]] = u
        m.size[LEAVING] += 1
        patience = m.time[m.step[limit, CELL] + m.unit[u, RANK]]
        if patience < LONGEST:
            put(m, now + patience, -1 - u)


@compiled
def proceed(m: Machine, u: int, now: int, until: int) -> None:
    """Ask for the unit's next step, and for what follows as long as no time passes."""
    row = m.unit[u, ROW]
    while m.step[row, VERB] != END:
        verb, cell = m.step[row, VERB], m.step[row, CELL] + m.unit[u, RANK]
        m.unit[u, ROW], m.asked[cell] = row, now
        if verb in (SERVE, TAKE, DEPART):
            return stand(m, u, row, now, until)
        if verb == JOIN:
            m.choosing[m.size[CHOOSING]] = u
            m.size[CHOOSING] += 1
            return None
        m.began[cell] = now
        if verb == MOVE and m.time[cell] > 0:
            m.unit[u, STATE], m.ended[cell] = ON_STEP, -1
            return put(m, now + m.time[cell], u)
        if verb == GIVE and m.time[cell] > 0:
            put(m, now + m.time[cell], len(m.unit) + row)
        elif verb == GIVE:
            come_back(m, row)
        m.ended[cell] = now
        row += 1
    m.unit[u, ROW], m.unit[u, STATE] = row, BETWEEN
    return None


@compiled
def come_back(m: Machine, row: int) -> None:
    """Raise the stock of a GIVE."""
    m.place[m.step[row, WHERE], LEVEL] += m.step[row, AMOUNT]
    if m.place[m.step[row, WHERE], WAITING]:
        ring(m, m.step[row, WHERE])


@compiled
def finish(m: Machine, u: int, now: int) -> None:
    """End the step the unit is on."""
    row = m.unit[u, ROW]
    cell = m.step[row, CELL] + m.unit[u, RANK]
    m.ended[cell] = now
    m.unit[u, ROW], m.unit[u, STATE] = row + 1, BETWEEN
    if m.step[row, VERB] == SERVE:
        place = place_of(m, u, row)
        m.worked[cell] += m.time[cell]
        if m.place[place, RULE] != FINISH:
            delist(m, m.work + place, u)
        if m.step[row, AMOUNT] == 0:
            free(m, place)


@compiled
def free(m: Machine, place: int) -> None:
    """Make a lane free again."""
    m.place[place, BUSY] -= 1
    if m.place[place, WAITING] or m.lists[m.held + place, COUNT]:
        ring(m, place)


@compiled
def work(m: Machine, u: int, place: int, left: int, now: int) -> int:
    """Occupy a lane for `left`; the unit if that takes no time, else `SOMETHING`."""
    m.unit[u, STATE], m.unit[u, AT] = ON_STEP, now + left
    m.place[place, BUSY] += 1
    if m.place[place, RULE] != FINISH:
        m.unit[u, KEY] = m.began[m.step[m.unit[u, ROW], CELL] + m.unit[u, RANK]]
        enlist(m, m.work + place, u)
    if left == 0:
        return u
    put(m, now + left, u)
    return SOMETHING


@compiled
def first_in_line(m: Machine, place: int) -> int:
    """Who heads a line that is not empty."""
    where = place * m.classes
    while m.lists[where, COUNT] == 0:
        where += 1
    return int(m.lists[where, HEAD])


@compiled
def next_in_line(m: Machine, place: int, now: int) -> int:
    """Take the head out of a line that is not empty; it begins."""
    u = first_in_line(m, place)
    delist(m, line_of(m, u, m.unit[u, ROW]), u)
    m.place[place, WAITING] -= 1
    m.began[m.step[m.unit[u, ROW], CELL] + m.unit[u, RANK]] = now
    m.unit[u, STATE] = ON_STEP
    return u


@compiled
def start(m: Machine, place: int, now: int) -> int:
    """Start one thing at a place: the unit if that takes no time, else what kind of thing."""
    its = m.place[place]
    if its[KIND] == STOCK:
        return start_taking(m, place, now)
    if its[KIND] == PLATFORM:
        return start_train(m, place, now)
    held = m.lists[m.held + place, HEAD]
    if its[BUSY] >= its[OPEN] or (held < 0 and its[WAITING] == 0):
        return NOTHING
    if held >= 0:
        delist(m, m.held + place, held)
        u, left = held, m.unit[held, AT]
    else:
        u = next_in_line(m, place, now)
        left = m.time[m.step[m.unit[u, ROW], CELL] + m.unit[u, RANK]]
    return work(m, u, place, left, now)


@compiled
def start_taking(m: Machine, place: int, now: int) -> int:
    """Let the head of the line have its amount, if there is so much."""
    if m.place[place, WAITING] == 0:
        return NOTHING
    row = m.unit[first_in_line(m, place), ROW]
    if m.step[row, AMOUNT] > m.place[place, LEVEL]:
        return NOTHING
    m.place[place, LEVEL] -= m.step[row, AMOUNT]
    u = next_in_line(m, place, now)
    if m.step[row, FREES]:
        free(m, place_of(m, u, row - 1))
    return u


@compiled
def start_train(m: Machine, place: int, now: int) -> int:
    """Let a train leave: one of the timetable, else a full one."""
    its = m.place[place]
    if not its[CALLED] and (not its[WHEN_FULL] or its[WAITING] < its[CAPACITY]):
        return NOTHING
    its[CALLED] = 0
    for _ in range(min(its[CAPACITY], its[WAITING])):
        put(m, now, next_in_line(m, place, now))  # all have left before the first asks for more
    return TRAIN


@compiled
def choose(m: Machine, now: int) -> int:
    """Let one unit, of those who want to, join a station; returns it."""
    best, choosing = 0, m.choosing
    for i in range(1, m.size[CHOOSING]):
        u, other = choosing[i], choosing[best]
        first, its = m.step[m.unit[u, ROW], CLASS], m.step[m.unit[other, ROW], CLASS]
        if first < its or (first == its and m.number[u] < m.number[other]):
            best = i
    u = choosing[best]
    m.size[CHOOSING] -= 1
    choosing[best] = choosing[m.size[CHOOSING]]
    row, shortest = m.unit[u, ROW], -1
    for place in range(m.step[row, WHERE], m.step[row, WHERE] + m.step[row, AMOUNT]):
        here = m.place[place, WAITING] + m.place[place, BUSY] + m.lists[m.held + place, COUNT]
        if shortest < 0 or here < shortest:
            shortest, m.unit[u, JOINED] = here, place
    m.joined[m.step[row, CHOSEN] + m.unit[u, RANK]] = m.unit[u, JOINED]
    m.began[m.step[row, CELL] + m.unit[u, RANK]] = now
    m.unit[u, STATE] = ON_STEP
    return int(u)


@compiled
def count_ahead(m: Machine, where: int, now: int) -> None:
    """Note of those who asked at this instant how many stand ahead: they are the end of a line."""
    ahead = m.lists[where, COUNT]
    for first in range(where - where % m.classes, where):
        ahead += m.lists[first, COUNT]
    u = m.lists[where, TAIL]
    while u >= 0 and m.unit[u, KEY] == now:
        ahead -= 1
        m.unit[u, AHEAD] = ahead
        u = m.unit[u, BACK]


@compiled
def gives_up(m: Machine, u: int, where: int, now: int) -> bool:
    """Whether the patience of a unit in this line is over, or too many are ahead of it."""
    limit, asked = m.step[m.unit[u, ROW], LIMITED], m.unit[u, KEY]
    if asked + m.time[m.step[limit, CELL] + m.unit[u, RANK]] <= now:
        return True
    if asked < now:
        return False
    if m.lists[where, SEEN] != m.size[LOOKS]:  # a walk for each who asks would cost the cube
        m.lists[where, SEEN] = m.size[LOOKS]
        count_ahead(m, where, now)
    return bool(m.unit[u, AHEAD] >= m.step[limit, AMOUNT])


@compiled
def first_to_leave(m: Machine, now: int) -> int:
    """The first in line of those who give up, or `NOTHING`; strikes off who is in line no more."""
    best, its, left = NOTHING, len(m.lists), 0
    m.size[LOOKS] += 1
    for i in range(m.size[LEAVING]):
        u = m.leaving[i]
        row = m.unit[u, ROW]
        if m.unit[u, STATE] == IN_LINE and m.step[row, LIMITED] >= 0:
            m.leaving[left] = u
            left += 1
            where = line_of(m, u, row)
            first = where < its or (where == its and sooner(m, u, best))
            if first and gives_up(m, u, where, now):
                best, its = u, where
    m.size[LEAVING] = left
    return int(best)


@compiled
def give_up(m: Machine, now: int) -> int:
    """Let the first in line of those who give up go, and return it; `NOTHING` if none does."""
    u = first_to_leave(m, now)
    if u >= 0:
        row = m.unit[u, ROW]
        place = place_of(m, u, row)
        delist(m, line_of(m, u, row), u)
        m.place[place, WAITING] -= 1
        ring(m, place)
        m.ended[m.step[row, CELL] + m.unit[u, RANK]] = now
        m.unit[u, STATE] = BETWEEN
        m.unit[u, ROW] = row + 1 + m.step[m.step[row, LIMITED], WHERE]
        never(m, u, row + 1, m.unit[u, ROW])
    return u


@compiled
def never(m: Machine, u: int, row: int, end: int) -> None:
    """Note that a unit does not ask for the steps from `row` to `end`."""
    for skipped in range(row, end):
        cell = m.step[skipped, CELL] + m.unit[u, RANK]
        m.asked[cell], m.began[cell], m.ended[cell] = -1, -1, -1


@compiled
def settle(m: Machine, now: int) -> int:
    """Start what can be, until a unit goes on at once, or leaves in a `TRAIN`, or gives up."""
    size, ringing = m.size, m.ringing
    if size[CHOOSING]:
        return choose(m, now)
    while size[RINGING]:
        first = 0
        for i in range(1, size[RINGING]):
            if ringing[i] < ringing[first]:
                first = i
        place = ringing[first]
        started = SOMETHING
        while started == SOMETHING:
            started = start(m, place, now)
        if started != NOTHING:
            return started
        size[RINGING] -= 1
        ringing[first], m.rung[place] = ringing[size[RINGING]], 0
    return give_up(m, now) if size[LEAVING] else NOTHING


@compiled
def change(m: Machine, place: int, lanes: int, now: int) -> None:
    """So many lanes are open from now on; or a train comes in."""
    its = m.place[place]
    if its[KIND] == PLATFORM:
        its[CALLED] = 1
    its[OPEN] = lanes
    while its[RULE] != FINISH and its[BUSY] > lanes and m.lists[m.work + place, COUNT]:
        interrupt(m, m.lists[m.work + place, TAIL], place, now)
    ring(m, place)


@compiled
def interrupt(m: Machine, u: int, place: int, now: int) -> None:
    """Take away a lane."""
    i, row = 0, m.unit[u, ROW]
    while m.due[i] != u:
        i += 1
    strike(m, i)
    delist(m, m.work + place, u)
    m.place[place, BUSY] -= 1
    if m.place[place, RULE] == HOLD:
        m.unit[u, STATE], m.unit[u, AT] = STOPPED, m.unit[u, AT] - now
        enlist(m, m.held + place, u)
    else:
        cell = m.step[row, CELL] + m.unit[u, RANK]
        m.worked[cell] += now - m.began[cell]
        m.unit[u, STATE], m.unit[u, KEY], m.began[cell] = AGAIN, m.asked[cell], -1
        enlist(m, line_of(m, u, row), u)
        m.place[place, WAITING] += 1


@compiled
def upcoming(start_at: Int64, arrived: int, changes: Int64, changed: int, horizon: int) -> int:
    """When the next unit arrives or the next change is made, at the latest at the horizon."""
    at = horizon
    if arrived < len(start_at):
        at = min(at, start_at[arrived])
    if changed < len(changes):
        at = min(at, changes[changed, 0])
    return at


@entry
def play(m: Machine, start_at: Int64, changes: Int64, horizon: int) -> None:
    """Run to the horizon. The starts rise; a change is a row (at, place, lanes)."""
    arrived = changed = now = until = 0
    while now < horizon:
        u = SOMETHING
        if m.size[DUE] and m.due_at[0] == now:
            u = strike(m, 0)
            if u < 0:
                m.leaving[m.size[LEAVING]] = -1 - u
                m.size[LEAVING] += 1
                u = SOMETHING
            elif u >= len(m.unit):
                come_back(m, u - len(m.unit))
                u = SOMETHING
        elif now == until:
            if changed < len(changes) and changes[changed, 0] == now:
                change(m, changes[changed, 1], changes[changed, 2], now)
                changed += 1
            elif arrived < len(start_at) and start_at[arrived] == now:
                u = arrived
                arrived += 1
            until = upcoming(start_at, arrived, changes, changed, horizon)
        else:
            u = settle(m, now)
        if u >= 0:
            if m.unit[u, STATE] == ON_STEP:
                finish(m, u, now)
            proceed(m, u, now, until)
        elif u == NOTHING:
            m.size[LEAVING] = 0
            now = min(until, m.due_at[0]) if m.size[DUE] else until


@entry
def stop(m: Machine, horizon: int) -> None:
    """Count what has been worked on and is not done; note what was not asked for."""
    for u in range(len(m.unit)):
        state, row = m.unit[u, STATE], m.unit[u, ROW]
        end = row
        while m.step[end, VERB] != END:
            end += 1
        never(m, u, row if state == BETWEEN else row + 1, end)
        if state == STOPPED or (state == ON_STEP and m.step[row, VERB] == SERVE):
            cell = m.step[row, CELL] + m.unit[u, RANK]
            gone = horizon if state == ON_STEP else 0
            m.worked[cell] += m.time[cell] - (m.unit[u, AT] - gone)
