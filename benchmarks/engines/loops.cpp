// Two loops as one would write them by hand in C++, for a network of stations with lanes, lines in
// order of coming, and hours. Units are numbered in the order of their coming. `asked`, where it is
// given, and `began` and `ended` are what an engine's Journal holds; else only departures are kept.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

using Time = int64_t;
using Due = std::pair<Time, int32_t>;  // when, and which unit
using Soonest = std::priority_queue<Due, std::vector<Due>, std::greater<Due>>;

struct Network {
    int32_t units, stations;
    const Time *start;                        // [units], rising
    const int32_t *route;                     // [units]
    const int64_t *route_first;               // the stations of a route are visits[first:next]
    const int32_t *visits;
    const Time *service;                      // [stations][units]
    const int64_t *lane_first;                // the lanes of a station are rows [first:next] of
    const Time *lane_at;
    const int64_t *lane_open;
    Time *left;                               // [units], written
    Time *asked, *began, *ended;              // [stations][units], written, or null
};

// Event by event: a heap of what is in progress, one line a station, lanes that come and go.
template <bool stamps> static void by_events(const Network &n) {
    struct Station { int64_t open, busy = 0; std::deque<int32_t> line; };
    struct Change { Time at; int32_t station; int64_t open; };
    std::vector<Station> stations(n.stations);
    std::vector<Change> changes;
    for (int32_t s = 0; s < n.stations; ++s) {
        stations[s].open = n.lane_open[n.lane_first[s]];
        for (int64_t i = n.lane_first[s] + 1; i < n.lane_first[s + 1]; ++i)
            changes.push_back({n.lane_at[i], s, n.lane_open[i]});
    }
    std::sort(changes.begin(), changes.end(),
              [](const Change &a, const Change &b) { return a.at < b.at; });
    std::vector<int32_t> step(n.units);       // where a unit is on its route
    for (int32_t u = 0; u < n.units; ++u) step[u] = n.route_first[n.route[u]];
    Soonest due;

    auto start = [&](int32_t s, Time now) {
        Station &here = stations[s];
        while (here.busy < here.open && !here.line.empty()) {
            int32_t u = here.line.front();
            here.line.pop_front();
            ++here.busy;
            int64_t cell = int64_t(s) * n.units + u;
            if (stamps) n.began[cell] = now;
            due.push({now + n.service[cell], u});
        }
    };
    auto ask = [&](int32_t u, Time now) {
        if (step[u] == n.route_first[n.route[u] + 1]) { n.left[u] = now; return; }
        int32_t s = n.visits[step[u]];
        if (stamps) n.asked[int64_t(s) * n.units + u] = now;
        stations[s].line.push_back(u);
        start(s, now);
    };
    const Time never = INT64_MAX;
    int32_t came = 0;
    size_t changed = 0;
    for (;;) {
        Time finish = due.empty() ? never : due.top().first;
        Time change = changed < changes.size() ? changes[changed].at : never;
        Time arrive = came < n.units ? n.start[came] : never;
        if (finish <= change && finish <= arrive) {
            if (finish == never) return;
            int32_t u = due.top().second, s = n.visits[step[u]++];
            due.pop();
            if (stamps) n.ended[int64_t(s) * n.units + u] = finish;
            --stations[s].busy;
            ask(u, finish);
            start(s, finish);
        } else if (change <= arrive) {
            stations[changes[changed].station].open = changes[changed].open;
            start(changes[changed++].station, change);
        } else {
            ask(came++, arrive);
        }
    }
}

// Station by station, where every route visits stations in rising order: who comes first is served
// first, by the lane that is free first (Kiefer and Wolfowitz). A station is open or closed.
template <bool stamps> static void by_stations(const Network &n) {
    std::vector<std::vector<std::vector<Due>>> coming(n.stations);  // sorted lists, to be merged
    std::vector<int32_t> step(n.units);
    for (int32_t u = 0; u < n.units; ++u) step[u] = n.route_first[n.route[u]];
    coming[0].emplace_back(n.units);
    for (int32_t u = 0; u < n.units; ++u) coming[0][0][u] = {n.start[u], u};
    for (int32_t s = 0; s < n.stations; ++s) {
        std::vector<Due> line;
        for (auto &other : coming[s]) {
            if (line.empty()) { line.swap(other); continue; }
            std::vector<Due> both(line.size() + other.size());
            std::merge(line.begin(), line.end(), other.begin(), other.end(), both.begin());
            line.swap(both);
        }
        coming[s].clear();
        const Time *at = n.lane_at + n.lane_first[s], *last = n.lane_at + n.lane_first[s + 1];
        const int64_t *open = n.lane_open + n.lane_first[s];
        const size_t lanes = *std::max_element(open, open + (last - at));
        std::vector<std::vector<Due>> next(n.stations);
        std::vector<Due> busy;                // in the order of their ends
        auto leave = [&](Due first) {
            auto [now, u] = first;
            if (++step[u] == n.route_first[n.route[u] + 1]) { n.left[u] = now; return; }
            std::vector<Due> &to = next[n.visits[step[u]]];
            if (to.empty()) to.reserve(line.size());
            to.push_back(first);
        };
        for (auto [asked, u] : line) {
            Time begin = asked;
            const bool full = busy.size() == lanes;
            if (full) { begin = std::max(begin, busy[0].first); leave(busy[0]); }
            while (at + 1 < last && at[1] <= begin) ++at, ++open;
            if (*open == 0) begin = at[1];
            int64_t cell = int64_t(s) * n.units + u;
            Time end = begin + n.service[cell];
            if (stamps) n.asked[cell] = asked, n.began[cell] = begin, n.ended[cell] = end;
            size_t i;
            if (full) {                       // those that end sooner move up
                for (i = 0; i + 1 < lanes && busy[i + 1].first < end; ++i) busy[i] = busy[i + 1];
            } else {                          // those that end later move down
                busy.emplace_back();
                for (i = busy.size() - 1; i > 0 && busy[i - 1].first > end; --i)
                    busy[i] = busy[i - 1];
            }
            busy[i] = {end, u};
        }
        for (Due each : busy) leave(each);
        for (int32_t to = 0; to < n.stations; ++to)
            if (!next[to].empty()) coming[to].push_back(std::move(next[to]));
    }
}

extern "C" void events(const Network *n) { n->asked ? by_events<true>(*n) : by_events<false>(*n); }
extern "C" void stations(const Network *n) {
    n->asked ? by_stations<true>(*n) : by_stations<false>(*n);
}
