"""URL to page: idea and application, until the application is handed in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
