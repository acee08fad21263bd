"""URL to page: a table for each half of the phase."""

from django.urls import URLPattern

from applications.urls import decision, intake, investment

urlpatterns: list[URLPattern] = [*intake.urlpatterns, *decision.urlpatterns, *investment.urlpatterns]
