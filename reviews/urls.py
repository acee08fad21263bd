"""URL to page: a table."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
