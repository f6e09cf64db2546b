"""French plurals: nothing and one are singular."""

from django import template

register = template.Library()


@register.filter
def s(count: object, forms: str = ",s") -> str:
    """The ending after so many: `{{ n|s }}`, `{{ n|s:"est,sont" }}`."""
    singular, _, plural = forms.partition(",")
    return plural if isinstance(count, int) and count > 1 else singular
