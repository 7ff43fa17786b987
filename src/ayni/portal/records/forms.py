"""Forms: whose record of which year, files, remarks, and the rows of a sheet made from its own schema."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from ayni.base.findings import Finding
from ayni.base.sheets import Choice, is_month, kind_of
from ayni.base.texts import Language, say
from ayni.parks.parts import sheet_named
from ayni.portal.places.models import Site
from ayni.portal.places.words import said
from ayni.portal.records.models import EvidenceKind
from ayni.portal.records.permissions import Subject
from ayni.portal.records.queries.lists import latest_full_year, subject_key
from ayni.portal.site.language import page_language

REMARKS_MAX = 4_000
TEXT_MAX = 2_000
FILES_MAX = 12
"""Profile files of one upload."""


class ManyFiles(forms.ClearableFileInput):
    """A field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; none is fine."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, each of them checked."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > FILES_MAX:
            raise forms.ValidationError(say("records.form.many_files", page_language(), count=FILES_MAX))
        return [super(FilesField, self).clean(one, initial) for one in files]


class SubjectForm(forms.Form):
    """Whose record, and of which year."""

    subject = forms.ChoiceField(label=said("records.form.subject"))
    year = forms.IntegerField(label=said("records.form.year"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, subjects: Sequence[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [(subject_key(one), _subject_words(one)) for one in subjects]  # type: ignore[attr-defined]
        self.fields["year"].initial = latest_full_year()


def _subject_words(subject: Subject) -> str:
    if isinstance(subject, Site):
        return f"{subject.name} ({subject.code})"
    return say("records.form.park", page_language(), name=subject.name)


class NewForm(SubjectForm):
    """How a record is to be handed in."""

    way = forms.ChoiceField(
        label=said("records.form.way"), widget=forms.RadioSelect, initial="upload",
        choices=[("upload", said("records.form.way_upload")), ("form", said("records.form.way_form"))],
    )  # fmt: skip


class UploadForm(SubjectForm):
    """A workbook, and the profile files that it names."""

    file = forms.FileField(
        label=said("records.form.file"), help_text=said("records.form.file_help"), max_length=400,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip
    profiles = FilesField(
        label=said("records.form.profiles"), help_text=said("records.form.profiles_help"), required=False,
        max_length=400, widget=ManyFiles(attrs={"accept": ".csv,.gz"}),
    )  # fmt: skip


class EvidenceForm(forms.Form):
    """A file behind a draft."""

    kind = forms.ChoiceField(label=said("records.form.kind"))
    file = forms.FileField(
        label=said("records.form.evidence"), help_text=said("records.form.evidence_help"), max_length=400,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.csv,.gz,.xlsx"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in EvidenceKind if kind is not EvidenceKind.WORKBOOK]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, say(f"records.evidence.{kind.value}", page_language())) for kind in kinds
        ]


class SubmitForm(forms.Form):
    """Whether the person accepts the warnings."""

    accept_warnings = forms.BooleanField(required=False)


class RemarksForm(forms.Form):
    """What an officer remarks."""

    remarks = forms.CharField(
        label=said("records.form.remarks"), required=False, max_length=REMARKS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class RowForm(forms.Form):
    """One row of a sheet: a field per column. What is wrong is said by the checks of the workbook, not by the form."""

    def __init__(self, *args: Any, sheet: str, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.language = sheet_named(sheet), language
        for name, info in self.sheet.row.model_fields.items():
            title = self.sheet.header(name, language)
            label = f"{title} *" if info.is_required() else title
            self.fields[name] = _field(kind_of(info), info, label, self.sheet.field_note(name, language), language)

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return {name: self.cleaned_data[name] for name in self.sheet.row.model_fields if self.cleaned_data.get(name)}

    def tell(self, findings: Iterable[Finding]) -> None:
        """Put findings where they belong: at their field, else above the form."""
        by_header = {self.sheet.header(name, self.language): name for name in self.fields}
        for finding in findings:
            self.add_error(by_header.get(finding.place.column or ""), finding.message(self.language))


def _field(kind: type, info: Any, label: str, note: str, language: Language) -> forms.Field:
    common: dict[str, Any] = {"label": label, "help_text": note, "required": False}
    if issubclass(kind, Choice):
        choices = [(one.value, one.label(language)) for one in kind]
        return forms.ChoiceField(**common, choices=[("", "–"), *choices])
    if kind is bool:
        return forms.ChoiceField(
            **common, choices=[("", "–"), ("yes", say("yes", language)), ("no", say("no", language))]
        )
    if kind is datetime.date:
        return forms.CharField(**common, widget=forms.TextInput(attrs={"type": "month" if is_month(info) else "date"}))
    if kind in (int, float):
        widget = forms.TextInput(attrs={"inputmode": "decimal" if kind is float else "numeric", "autocomplete": "off"})
        return forms.CharField(**common, max_length=40, widget=widget)
    return forms.CharField(**common, max_length=TEXT_MAX)


def initial_of_row(content: Mapping[str, Any], sheet: str) -> dict[str, Any]:
    """A kept row as its form shows it."""
    fields = sheet_named(sheet).row.model_fields
    initial = {}
    for name, value in content.items():
        kind = kind_of(fields[name])
        if isinstance(value, bool):
            initial[name] = "yes" if value else "no"
        elif kind is datetime.date and is_month(fields[name]) and value:
            initial[name] = str(value)[:7]
        elif kind is float and isinstance(value, int | float):
            initial[name] = repr(float(value)).removesuffix(".0")
        else:
            initial[name] = value
    return initial


def initial_of_new(sheet: str, subject: Subject, last: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a new row is likely to repeat: the firm, and of the row before it all but amounts; the next month."""
    fields = sheet_named(sheet).row.model_fields
    initial: dict[str, Any] = {}
    if last is not None:
        kept = {name: value for name, value in last.items() if kind_of(fields[name]) is not float}
        initial = initial_of_row(kept, sheet)
        if last.get("month"):
            month = datetime.date.fromisoformat(last["month"])
            initial["month"] = f"{(month + datetime.timedelta(days=31)):%Y-%m}"
    if isinstance(subject, Site):
        of_firm = {"firm": subject.code, "ruc": subject.organisation.ruc, "name": subject.name, "isic": subject.isic}
        known = of_firm | {"latitude": subject.latitude, "longitude": subject.longitude}
        offered = known if sheet == "firms" else {"firm": subject.code}
        initial = {name: value for name, value in offered.items() if name in fields} | initial
    return initial
