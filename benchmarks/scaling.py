"""How many of what: from one question a day to ten million, by a simulation of the busiest hour.

    python -m benchmarks.scaling
    python -m benchmarks.scaling --day 250000 --chunks 2000000 --seconds 5 --cpu-ms 40

Questions come at random (a Poisson process) at the rate of the busiest hour; each holds a thread of a worker
for as long as a model takes, which is drawn from a lognormal distribution. The number of threads is the
smallest at which nineteen questions of twenty wait for a thread no longer than is allowed.
"""

import argparse
import heapq
import math
import random
from dataclasses import dataclass

DAYS = (1, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)

# The busiest hour's share of a day's questions: an office day of ten hours with a peak of twice its mean.
BUSIEST_HOUR = 0.2

# Cores are planned to be busy for this share of the time.
BUSY = 0.7

THREADS = 64
WRITES = 9  # of the ledger for one turn: insert, claim, placeholder, heartbeats, answer, close
ROWS_A_PARTITION = 50_000_000
DISCORD_GUILDS_A_SHARD = 1_000  # Discord asks for sharding at 2,500 and recommends about this many
MOST_EVENTS = 40_000


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked, and what one answer takes."""

    day: int
    seconds: float
    spread: float
    cpu: float
    wait: float

    @property
    def rate(self) -> float:
        """Questions a second in the busiest hour."""
        return self.day * BUSIEST_HOUR / 3600

    def threads(self) -> int:
        """The smallest number with which one in twenty waits no longer than allowed."""
        low = max(1, math.ceil(self.rate * self.mean))
        high = low + 1
        while self.p95(high) > self.wait:
            low, high = high, high * 2
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.p95(middle) <= self.wait else (middle + 1, high)
        return low

    @property
    def mean(self) -> float:
        """Seconds that an answer takes on average."""
        return self.seconds * math.exp(self.spread**2 / 2)

    def p95(self, threads: int) -> float:
        """Seconds that one question in twenty waits for a thread, or longer."""
        draw = random.Random(7)
        free = [0.0] * threads
        heapq.heapify(free)
        events = min(MOST_EVENTS, max(2_000, math.ceil(self.rate * 3600)))
        now, waits = 0.0, []
        for _ in range(events):
            now += draw.expovariate(self.rate)
            began = max(now, heapq.heappop(free))
            waits.append(began - now)
            heapq.heappush(free, began + draw.lognormvariate(math.log(self.seconds), self.spread))
        return sorted(waits)[int(len(waits) * 0.95)]

    def processes(self) -> int:
        """Worker processes: enough threads, and enough cores, since one process keeps about one core busy."""
        return max(math.ceil(self.threads() / THREADS), math.ceil(self.rate * self.cpu / BUSY), 1)


def index_gb(chunks: int, dimension: int = 384) -> tuple[float, float]:
    """Memory of the vectors in Qdrant as floats, and quantised to bytes, with half more for the graph."""
    return tuple(chunks * dimension * size * 1.5 / 1e9 for size in (4, 1))  # type: ignore[return-value]


def report(arguments: argparse.Namespace) -> None:
    print(
        "| Questions a day | a second, busiest hour | threads | worker processes | ledger writes a second | "
        "ledger partitions a year | Discord shards | US dollars a day |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for day in [arguments.day] if arguments.day else DAYS:
        load = Load(day, arguments.seconds, arguments.spread, arguments.cpu_ms / 1000, arguments.wait)
        guilds = max(1, day // arguments.guild)
        print(
            f"| {day:,} | {load.rate:.3g} | {load.threads():,} | {load.processes():,} "
            f"| {load.rate * WRITES:.3g} | {max(1, math.ceil(day * 365 / ROWS_A_PARTITION))} "
            f"| {math.ceil(guilds / DISCORD_GUILDS_A_SHARD)} | {day * arguments.usd:,.2f} |"
        )
    floats, bytes_ = index_gb(arguments.chunks)
    print(
        f"\n{arguments.chunks:,} chunks of 384 numbers in Qdrant: {floats:.1f} GB as floats, "
        f"{bytes_:.1f} GB quantised."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--day", type=int, default=0, help="questions a day; all sizes by default")
    parser.add_argument("--seconds", type=float, default=4.0, help="median of one answer")
    parser.add_argument("--spread", type=float, default=0.6, help="sigma of its lognormal distribution")
    parser.add_argument("--cpu-ms", type=float, default=60.0, help="processor time of one answer")
    parser.add_argument("--wait", type=float, default=1.0, help="seconds that one in twenty may wait")
    parser.add_argument("--usd", type=float, default=0.002, help="what the model costs for one answer")
    parser.add_argument("--guild", type=int, default=20, help="questions a day of one Discord server")
    parser.add_argument("--chunks", type=int, default=1_000_000, help="chunks in the index")
    report(parser.parse_args())


if __name__ == "__main__":
    main()
