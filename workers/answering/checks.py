"""The guardrails of one answer: what they are shown, and what becomes of what they find."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.completions import NO_ANSWER, Prompt
from core.documents import Passage
from core.errors import CandorError
from core.guardrails import Material
from core.messages import Decision, Exchange, Outcome, Question, Stage
from core.policy import ChannelPolicy
from core.secrets import mask
from workers.answering.abstention import abstain
from workers.answering.calls import Calls
from workers.answering.conclusion import Conclusion, conclude
from workers.answering.context import Context
from workers.answering.generation import Draft, revise
from workers.guardrails._guard import Checked, Guard, reasons

_NOT_HERE = "I can't show this here: it says what may not be said in this channel."


@dataclass(slots=True)
class Checks:
    """The guard of a process at work on one question.

    Attributes:
        decisions: what the rules decided so far.
        remarks: sentences for the asker that stand under the answer.
    """

    guard: Guard
    question: Question
    decisions: list[Decision] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    _policy: ChannelPolicy = field(init=False)

    def __post_init__(self) -> None:
        self._policy = self.guard.at(self.question.address)

    @property
    def notes(self) -> tuple[str, ...]:
        """The decisions as remarks for the trace."""
        return reasons(self.decisions)

    def input(self) -> Conclusion | None:
        """Judge the question: None to go on, with a `question` from which is cut what may not be asked."""
        checked = self._run(Stage.INPUT, Material(self.question.text, self._policy, self.question))
        self.remarks += checked.remarks
        if checked.refusal:
            return Conclusion(Outcome.REFUSED, checked.refusal)
        self.question = self.question.model_copy(update={"text": checked.text})
        return None

    def history(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """Earlier exchanges, held to the same rules; one that would be refused is left out."""
        if not self.guard.rules:
            return tuple(exchanges)
        kept = []
        for each in exchanges:
            checked = self.guard.run(Stage.INPUT, Material(each.question, self._policy), asking=False)
            if not checked.refusal:
                kept.append(each.model_copy(update={"question": checked.text, "answer": mask(each.answer)}))
        return tuple(kept)

    def passages(self, found: Sequence[Passage]) -> list[Passage]:
        """Passages without what gives the model orders; one of which nothing else is left is left out."""
        kept = []
        for each in found:
            text = self.returned(each.chunk.text)
            if text == each.chunk.text:
                kept.append(each)
            elif text.count("[") < text.count(" "):
                kept.append(replace(each, chunk=replace(each.chunk, text=text)))
        return kept

    def returned(self, text: str) -> str:
        """A text of a document or a tool without what gives the model orders."""
        if not self.guard.rules:
            return text
        return self._run(Stage.PASSAGES, Material(mask(text), self._policy, self.question)).text

    def statement(self, text: str, passages: Sequence[Passage], system: str) -> tuple[str, tuple[str, ...]]:
        """A statement that is to be shown while the answer is written, and what keeps it from being shown."""
        material = Material(text, self._policy, self.question, tuple(passages), system, tuple(passages))
        checked = self.guard.run(Stage.OUTPUT, material, asking=False)
        self.decisions += [each for each in checked.decisions if each.action.value != "flag"]
        return checked.text, (*checked.faults, *([checked.refusal] if checked.refusal else []))

    def output(  # noqa: PLR0917  # the walk's parts, handed on as they are
        self,
        end: Conclusion,
        draft: Draft | None,
        prompt: Prompt,
        context: Context,
        documents: int,
        calls: Calls,
    ) -> Conclusion:
        """Judge the whole answer: as it is, else written again once, else quotes, else "I don't know"."""
        if not self.guard.rules or draft is None or end.confirmation:
            return self._signed(end)
        answered = end.outcome is Outcome.ANSWERED
        if not answered and not draft.withheld:
            return self._signed(end)
        checked = self._judged(end, draft, prompt) if answered else Checked(end.text)
        if checked.passed and not draft.withheld:
            return self._signed(replace(end, text=checked.text), checked)
        again = self._revised(draft, (*draft.withheld, *checked.faults), prompt, calls)
        if again and not again.withheld:
            second = conclude(again, context_query(prompt), context, documents)
            judged = self._judged(second, again, prompt)
            if judged.passed and second.outcome is Outcome.ANSWERED:
                note = "the answer was written again, since a guardrail held it back"
                return self._signed(replace(second, text=judged.text, notes=(*second.notes, note)), judged)
        if checked.passed:
            note = f"statements that a guardrail held back were left out: {len(draft.withheld)}"
            return self._signed(replace(end, text=checked.text, notes=(*end.notes, note)), checked)
        return self._quoted(end, draft, prompt, context, documents)

    def summary(self, end: Conclusion, passages: Sequence[Passage]) -> Conclusion:
        """Judge a summary: as it is, or not at all, since each of its lines stands in the text itself."""
        if end.outcome is not Outcome.ANSWERED:
            return self._signed(end)
        checked = self._run(Stage.OUTPUT, Material(end.text, self._policy, self.question, tuple(passages)))
        if checked.passed:
            return self._signed(replace(end, text=checked.text), checked)
        return self._signed(Conclusion(Outcome.REFUSED, _NOT_HERE, notes=end.notes))

    def _quoted(
        self, end: Conclusion, draft: Draft, prompt: Prompt, context: Context, documents: int
    ) -> Conclusion:
        lines = [f"> {' '.join(each.quote.split())} [{each.n}]" for each in end.citations if each.quote]
        quoted = replace(end, text="\n\n".join(lines), notes=(*end.notes, "a guardrail left only the quotes"))
        judged = self._judged(quoted, draft, prompt)
        if lines and judged.passed:
            return self._signed(replace(quoted, text=judged.text), judged)
        text = abstain(context_query(prompt), documents, context.candidates)
        notes = (*end.notes, "a guardrail left nothing of the answer")
        return self._signed(Conclusion(Outcome.ABSTAINED, text, notes=notes, tools=end.tools))

    def _judged(self, end: Conclusion, draft: Draft, prompt: Prompt) -> Checked:
        cited = tuple(draft.passages[number - 1] for number in draft.order)
        system = prompt.messages[0].content
        material = Material(end.text, self._policy, self.question, draft.passages, system, cited)
        checked = self._run(Stage.OUTPUT, material)
        return replace(checked, faults=(*checked.faults, checked.refusal)) if checked.refusal else checked

    def _revised(self, draft: Draft, faults: Sequence[str], prompt: Prompt, calls: Calls) -> Draft | None:
        try:
            return revise(draft, tuple(dict.fromkeys(faults)), prompt, calls, self)
        except CandorError:
            return None

    def _signed(self, end: Conclusion, checked: Checked | None = None) -> Conclusion:
        """The conclusion with what the asker must be told under it."""
        said = dict.fromkeys((*self.remarks, *(checked.remarks if checked else ())))
        lines = [end.text, *(f"_{each}_" for each in said)]
        return replace(end, text="\n\n".join(lines), notes=(*end.notes, *self.notes))

    def _run(self, stage: Stage, material: Material) -> Checked:
        checked = self.guard.run(stage, material)
        self.decisions += checked.decisions
        return checked


def context_query(prompt: Prompt) -> str:
    """What a prompt asks."""
    return str(prompt.variables.get("question", NO_ANSWER))
