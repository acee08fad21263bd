"""URL to page: the council's own pages, which belong to no case."""

from django.urls import path

from reviews.views import council, meetings

urlpatterns = [
    path("", council.council, name="council"),
    path("ledamoter/ny/", council.seat, name="council_seat"),
    path("ledamoter/<int:pk>/avsluta/", council.unseat, name="council_unseat"),
    path("kriterier/<int:pk>/", council.edit_criteria, name="criteria"),
    path("moten/nytt/", meetings.plan, name="plan_meeting"),
    path("moten/<int:pk>/", meetings.meeting, name="meeting"),
    path("moten/<int:pk>/andra/", meetings.change, name="change_meeting"),
    path("moten/<int:pk>/stall-in/", meetings.cancel, name="cancel_meeting"),
    path("moten/<int:pk>/lagg-till/", meetings.add, name="add_item"),
    path("moten/<int:pk>/punkt/<int:item>/", meetings.arrange, name="arrange_item"),
    path("moten/<int:pk>/kalla/", meetings.call, name="call_meeting"),
    path("moten/<int:pk>/protokoll/", meetings.minute, name="minute_meeting"),
    path("moten/<int:pk>/lagg-fram/", meetings.forward, name="put_minutes_forward"),
    path("moten/<int:pk>/justera/", meetings.adjust, name="adjust_minutes"),
    path("moten/<int:pk>/protokoll/<int:paper>/", meetings.paper, name="meeting_paper"),
    path("moten/<int:pk>/protokoll/<int:paper>/pdf/", meetings.pdf, name="meeting_pdf"),
]
