"""The site's map. Paths are Swedish, since users see them; names are the acts' names."""

from django.urls import include, path

from fundportal.views import pages

handler400 = "fundportal.views.pages.handler400"
handler403 = "fundportal.views.pages.handler403"
handler404 = "fundportal.views.pages.handler404"
handler500 = "fundportal.views.pages.handler500"

CASE = "arenden/<str:number>/"

urlpatterns = [
    path(CASE, include("applications.urls")),
    path(CASE, include("reviews.urls")),
    path(CASE, include("repayment.urls")),
]
