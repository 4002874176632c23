"use strict";
// A link to something folded unfolds it; everything can be read without this script.
function unfold() {
  var name = decodeURIComponent(location.hash.slice(1));
  var at = name ? document.getElementById(name) : null;
  for (var node = at; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") { node.open = true; }
  }
  if (at) { at.scrollIntoView(); }
}
window.addEventListener("hashchange", unfold);
unfold();
