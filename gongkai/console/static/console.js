// Nothing here is needed: pages work without it. It moves the focus to what is wrong, and keeps a button from being pressed twice.
(function () {
  "use strict";
  var summary = document.getElementById("summary");
  if (summary) { summary.focus(); }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
})();
