"""How forms look: label, help, field, errors, one under the other."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Django's forms in our template."""

    form_template_name = "site/form.html"
