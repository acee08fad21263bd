"""URL to page: a table for each half of the phase."""

from django.urls import URLPattern

from applications.urls import intake

urlpatterns: list[URLPattern] = [*intake.urlpatterns]
