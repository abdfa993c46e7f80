"""What one process counts and measures, for Prometheus. Labels never hold a person's id or text."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from core import telemetry as names
from core.errors import CandorError
from core.messages import Action, Answer

# From a cached word to a turn that uses up its minute, and beyond it a turn that waited.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 120, 300)
_TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
_PERPLEXITIES = (1.05, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100)

Reading = Mapping[tuple[str, ...], float]
"""What a gauge shows: a value for each combination of its labels' values."""


class Metrics:
    """One process's metrics, in a registry of their own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(name, text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(name, text, labels, buckets=buckets, registry=registry)

        self._questions = counter(names.QUESTIONS, "Questions heard.", "platform")
        self._unqueued = counter(
            names.UNQUEUED, "Questions that the broker did not take; a sweep brings them."
        )
        self._feedback = counter(names.FEEDBACK, "Thumbs, by `up` and `down`.", "value")
        self._turns = counter(names.TURNS, "Turns that ended.", "platform", "outcome")
        self._turn_seconds = histogram(
            names.TURN_SECONDS, "From the question's arrival to its outcome.", _SECONDS, "platform"
        )
        self._wait_seconds = histogram(
            names.WAIT_SECONDS, "From the question's arrival to the first attempt.", _SECONDS
        )
        self._step_seconds = histogram(names.STEP_SECONDS, "Steps of the pipeline.", _SECONDS, "step")
        self._tokens = counter(names.TOKENS, "Tokens that vendors counted.", "model", "direction")
        self._cost = counter(names.COST_USD, "US dollars spent on models.", "model")
        self._unpriced = counter(names.UNPRICED, "Answers whose price is unknown.", "model")
        self._perplexity = histogram(
            names.PERPLEXITY, "Perplexity of answers whose model gives probabilities.", _PERPLEXITIES, "model"
        )
        self._actions = counter(names.GUARDRAIL_ACTIONS, "What guardrails did.", "rule", "stage", "action")
        self._scores = histogram(names.GUARDRAIL_SCORE, "How sure guardrails were.", _TENTHS, "rule")
        self._retries = counter(names.RETRIES, "Attempts that are made again.", "error")
        self._swept = counter(names.SWEPT, "Turns that a sweep brought back to the queue.")

    def heard(self, platform: str, *, queued: bool) -> None:
        """A new question was written down."""
        self._questions.labels(platform).inc()
        if not queued:
            self._unqueued.inc()

    def rated(self, value: int) -> None:
        """Somebody gave a thumb: 1 or -1."""
        self._feedback.labels("up" if value > 0 else "down").inc()

    def began(self, waited: float) -> None:
        """The first attempt at a turn began, so many seconds after its question."""
        self._wait_seconds.observe(waited)

    def answered(self, answer: Answer) -> None:
        """The pipeline has made an answer; what it took is counted once for each that is made."""
        model = answer.model or "none"
        for step, milliseconds in answer.timings.items():
            self._step_seconds.labels(step).observe(milliseconds / 1000)
        self._tokens.labels(model, "input").inc(answer.usage.input_tokens)
        self._tokens.labels(model, "output").inc(answer.usage.output_tokens)
        if answer.cost_usd is None:
            self._unpriced.labels(model).inc()
        else:
            self._cost.labels(model).inc(answer.cost_usd)
        if answer.trace.perplexity is not None:
            self._perplexity.labels(model).observe(answer.trace.perplexity)
        for each in answer.trace.decisions:
            self._scores.labels(each.rule).observe(each.score)
            if each.action is not Action.ALLOW:
                self._actions.labels(each.rule, each.stage.value, each.action.value).inc()

    def ended(self, platform: str, outcome: str, seconds: float) -> None:
        """A turn has its outcome, so many seconds after its question."""
        self._turns.labels(platform, outcome).inc()
        self._turn_seconds.labels(platform).observe(seconds)

    def retried(self, error: Exception) -> None:
        """An attempt failed and another one will be made."""
        self._retries.labels(type(error).__name__).inc()

    def swept(self, turns: int) -> None:
        """A sweep brought turns back."""
        self._swept.inc(turns)

    def gauge(self, name: str, text: str, labels: tuple[str, ...], read: Callable[[], Reading]) -> None:
        """Add a value that is read whenever the metrics are; while it cannot be read, it is left out."""
        self._registry.register(_Gauge(name, text, labels, read))

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _Gauge:
    def __init__(self, name: str, text: str, labels: tuple[str, ...], read: Callable[[], Reading]) -> None:
        self._name = name
        self._text = text
        self._labels = labels
        self._read = read

    def describe(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(self._name, self._text, labels=self._labels)

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(self._name, self._text, labels=self._labels)
        try:
            for labels, value in self._read().items():
                family.add_metric(labels, value)
        except CandorError:  # absent: an alert on it says so
            return
        yield family
