"""URL to page: saved views, acts on many cases, handing over, and the rules for officers."""

from django.urls import path

from fundportal.views import many, officers, saved

urlpatterns = [
    path("arenden/vyer/", saved.overview, name="saved_views"),
    path("arenden/vyer/spara/", saved.save, name="save_view"),
    path("arenden/vyer/<int:pk>/", saved.one, name="saved_view"),
    path("arenden/flera/", many.overview, name="many"),
    path("arenden/flera/ny/", many.new, name="many_new"),
    path("arenden/flera/<int:pk>/", many.one, name="many_one"),
    path("arenden/flera/<int:pk>/arenden.<str:kind>", many.file, name="many_file"),
    path("arenden/overlamna/", many.hand_over, name="hand_over_cases"),
    path("administration/handlaggarregler/", officers.overview, name="officer_rules"),
    path("administration/handlaggarregler/ny/", officers.edit, name="add_officer_rule"),
    path("administration/handlaggarregler/<int:pk>/", officers.edit, name="change_officer_rule"),
]
