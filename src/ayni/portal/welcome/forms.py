"""The three questions of a first visit. What is typed is read, answered and forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from ayni.base.texts import Word, say
from ayni.ledger.schema import Carrier
from ayni.portal.site.language import page_language
from ayni.zones.first_look import FUELS, SHIFTS, Bill, Branch, Visit

AMOUNT_MAX = 10_000_000.0
"""Above this a month's bill is no small firm's."""
WORKERS_MAX = 2000
COST, QUANTITY = "cost", "quantity"
NO_FUEL = "none"
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?")
PLAIN = re.compile(r"\d+([.,]\d{1,2})?")
DOTTED_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?")


class UnclearAmount(ValueError):
    """A text that is no amount, or that can be read as two."""


def amount_of(text: str) -> float:
    """An amount as people in Peru write it: ``1,250.50``, ``S/ 850``, ``850,50``. Raises UnclearAmount.

    ``1.250`` is refused: it can be one and a quarter or twelve hundred and fifty.
    """
    bare = re.sub(r"^s/\.?\s*|\s", "", text.strip().lower())
    if THOUSANDS.fullmatch(bare):
        return float(bare.replace(",", ""))
    if PLAIN.fullmatch(bare):
        return float(bare.replace(",", "."))
    if DOTTED_THOUSANDS.fullmatch(bare) and ("," in bare or bare.count(".") > 1):
        return float(bare.replace(".", "").replace(",", "."))
    raise UnclearAmount(text)


class AmountField(forms.CharField):
    """A month's cost or quantity; empty is zero."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 20})
        super().__init__(required=False, max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """The amount."""
        text = super().clean(value)
        if not text:
            return 0.0
        try:
            amount = amount_of(text)
        except UnclearAmount:
            raise forms.ValidationError(say("welcome.wrong.amount", page_language())) from None
        if amount > AMOUNT_MAX:
            raise forms.ValidationError(say("welcome.wrong.large", page_language(), most=AMOUNT_MAX))
        return amount


class FirstVisitForm(forms.Form):
    """Branch, size, last month's bills."""

    branch = forms.ChoiceField()
    workers = forms.IntegerField(
        min_value=1, max_value=WORKERS_MAX, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    shifts = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, initial=1)
    power = AmountField()
    power_in = forms.ChoiceField(widget=forms.RadioSelect, initial=COST)
    fuel = forms.ChoiceField(initial=NO_FUEL)
    fuel_amount = AmountField()
    fuel_in = forms.ChoiceField(widget=forms.RadioSelect, initial=COST)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
        words = {name: say(f"welcome.field.{name}", page_language()) for name in self.fields}
        for name, field in self.fields.items():
            field.label = words[name]
            field.error_messages["required"] = say("welcome.wrong.required", page_language())
        for name in ("power", "fuel_amount"):
            self.fields[name].help_text = say(f"welcome.help.{name}", page_language())
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.choices = _choices(name)
                field.error_messages["invalid_choice"] = say("welcome.wrong.choice", page_language())
        workers = self.fields["workers"]
        for error in ("invalid", "min_value", "max_value"):
            workers.error_messages[error] = say("welcome.wrong.workers", page_language(), most=WORKERS_MAX)

    def clean(self) -> dict[str, Any]:
        """A fuel goes with its amount, and one bill at least says something."""
        data = super().clean() or {}
        amount, fuel = data.get("fuel_amount"), data.get("fuel")
        if amount and fuel == NO_FUEL:
            self.add_error("fuel", say("welcome.wrong.which_fuel", page_language()))
        if not self.errors and not data["power"] and not amount:
            self.add_error("power", say("welcome.wrong.no_bill", page_language()))
        return data

    def visit(self) -> Visit:
        """The answers, once the form is valid."""
        data = self.cleaned_data
        bills = [_bill(Carrier.ELECTRICITY, data["power"], data["power_in"])]
        if data["fuel"] != NO_FUEL:
            bills.append(_bill(Carrier(data["fuel"]), data["fuel_amount"], data["fuel_in"]))
        return Visit(Branch(data["branch"]), data["workers"], data["shifts"], tuple(bills))


def _bill(carrier: Carrier, amount: float, given_in: str) -> Bill:
    if given_in == COST:
        return Bill(carrier, paid=amount)
    return Bill(carrier, used=amount)


def _choices(name: str) -> list[tuple[str, str]]:
    """What a question offers, in the page's language."""
    language = page_language()
    if name == "branch":
        nothing = ("", say("welcome.choose", language))
        return [nothing, *((branch.value, branch.label(language)) for branch in Branch)]
    if name == "shifts":
        return [(str(shifts), Word(f"welcome.shifts.{shifts}").label(language)) for shifts in SHIFTS]
    if name == "fuel":
        none = (NO_FUEL, say("welcome.no_fuel", language))
        return [none, *((fuel.value, say(f"welcome.fuel.{fuel.value}", language)) for fuel in FUELS)]
    return [(given, say(f"welcome.{name}.{given}", language)) for given in (COST, QUANTITY)]
