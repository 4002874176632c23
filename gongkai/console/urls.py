"""The addresses of the pages."""

from django.urls import path

from gongkai.console.screens import (
    account,
    analysis,
    audit_log,
    county,
    duties,
    entries,
    feeds,
    health,
    new,
    people,
    requests,
    review,
    upload,
)
from gongkai.console.urls_office import urlpatterns as office
from gongkai.console.web import static

handler400 = "gongkai.console.web.errors.bad_request"
handler403 = "gongkai.console.web.errors.denied"
handler404 = "gongkai.console.web.errors.not_found"
handler500 = "gongkai.console.web.errors.failed"

urlpatterns = [
    path("", duties.home, name="home"),
    path("login", account.login_page, name="login"),
    path("logout", account.logout_page, name="logout"),
    path("start", account.start_by_code, name="start-code"),
    path("start/<str:token>", account.start, name="start"),
    path("password", account.password, name="password"),
    path("static/<str:name>", static.serve, name="static"),
    path("alive", health.alive, name="alive"),
    path("u/<slug:unit>/", duties.unit_page, name="unit"),
    path("u/<slug:unit>/duty/<str:key>", duties.explanation, name="duty"),
    path("u/<slug:unit>/print", duties.printable, name="print"),
    path("u/<slug:unit>/fill-in.xlsx", duties.fill_in, name="fill-in"),
    path("u/<slug:unit>/template.xlsx", duties.template, name="template"),
    path("u/<slug:unit>/calendar", feeds.address, name="feed"),
    path("ics/<str:token>.ics", feeds.calendar, name="ics"),
    path("u/<slug:unit>/new/", new.matters, name="new"),
    path("u/<slug:unit>/new/<str:kind>", new.form, name="new-entry"),
    path("u/<slug:unit>/entries/", entries.listing, name="entries"),
    path("u/<slug:unit>/entries/<path:entry>/correct", entries.correct, name="correct"),
    path("u/<slug:unit>/entries/<path:entry>/withdraw", entries.withdraw, name="withdraw"),
    path("u/<slug:unit>/submissions/", review.listing, name="submissions"),
    path("u/<slug:unit>/submissions/<int:number>/", review.detail, name="submission"),
    path("u/<slug:unit>/submissions/<int:number>/edit", new.edit, name="edit"),
    path("u/<slug:unit>/submissions/<int:number>/attach", new.attach, name="attach"),
    path("u/<slug:unit>/submissions/<int:number>/files/<int:file>", review.attachment, name="attachment"),
    path("u/<slug:unit>/submissions/<int:number>/submit", review.submit, name="submit"),
    path("u/<slug:unit>/submissions/<int:number>/recall", review.recall, name="recall"),
    path("u/<slug:unit>/submissions/<int:number>/discard", review.discard, name="discard"),
    path("u/<slug:unit>/submissions/<int:number>/return", review.send_back, name="return"),
    path("u/<slug:unit>/submissions/<int:number>/approve", review.approve, name="approve"),
    path("u/<slug:unit>/upload/", upload.upload, name="upload"),
    path("u/<slug:unit>/submissions/<int:number>/grid", upload.grid, name="grid"),
    path("u/<slug:unit>/submissions/<int:number>/problems.xlsx", upload.problems_file, name="problems"),
    path("u/<slug:unit>/requests/", requests.listing, name="requests"),
    path("u/<slug:unit>/requests/new", requests.add, name="request-new"),
    path("u/<slug:unit>/requests/analysis", analysis.unit, name="request-analysis"),
    path("u/<slug:unit>/requests/<int:year>-<int:number>/", requests.detail, name="request"),
    path("u/<slug:unit>/requests/<int:year>-<int:number>/step/<str:step>", requests.step, name="request-step"),
    path("u/<slug:unit>/requests/<int:year>-<int:number>/document", requests.document, name="request-document"),
    path("u/<slug:unit>/requests/<int:year>-<int:number>/documents/<int:file>", requests.download, name="request-file"),
    path("u/<slug:unit>/requests/<int:year>-<int:number>/file.zip", requests.whole_file, name="request-zip"),
    path("county/submissions/", county.submissions, name="county-submissions"),
    path("county/requests/", analysis.county, name="county-requests"),
    path("admin/people/", people.listing, name="people"),
    path("admin/people/new", people.add, name="person-new"),
    path("admin/people/<int:key>/", people.detail, name="person"),
    path("admin/people/<int:key>/role", people.role, name="person-role"),
    path("admin/people/<int:key>/mail", people.mail, name="person-mail"),
    path("admin/people/<int:key>/link", people.link, name="person-link"),
    path("admin/people/<int:key>/active", people.active, name="person-active"),
    path("admin/health", health.health, name="health"),
    path("admin/health/verify", health.verify, name="health-verify"),
    path("audit/", audit_log.listing, name="audit"),
    *office,
]
