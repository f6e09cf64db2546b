"""A question after the number: one a page, each with *Je préfère ne pas dire*."""

from kivy.app import App
from kivy.properties import NumericProperty, StringProperty

from ...models import questions as model
from ...models.questions import Choice
from ...widgets.answer import Answer
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Question(DeskScreen):
    """Built anew for each question; remembers no answer."""

    code = StringProperty("")
    step = NumericProperty(0)
    steps = NumericProperty(0)

    _built: tuple[object, ...] = ()

    def refresh(self) -> None:
        """Take the question that is asked now."""
        super().refresh()
        asked = self.desk.visitors.questions
        if self.state.question >= len(asked):
            return
        question, wide = asked[self.state.question], App.get_running_app().wide
        self.code, self.step, self.steps = question.code, self.state.question + 1, len(asked)
        if self._built != (question, wide):
            self._built = (question, wide)
            self._build(question, wide)

    def _build(self, question: model.Question, wide: bool) -> None:
        self.ids.answers.clear_widgets()
        left = list(question.choices)
        for count in model.rows(question, wide):
            row = Row(spacing=self.ids.answers.spacing)
            for choice in left[:count]:
                row.add_widget(self._answer(question.code, choice))
            self.ids.answers.add_widget(row)
            del left[:count]

    def _answer(self, question: str, choice: Choice) -> Answer:
        answer = Answer(
            code=choice.code,
            key="" if choice.text else f"{question}.{choice.code}",
            given=choice.text,
            pictogram=choice.pictogram,
        )
        answer.bind(on_release=lambda _: self.touch("answer", choice.code))
        return answer


load_rules(__file__)
