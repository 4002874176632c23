"use strict";
// Filters and sorts the matrix; without this script it is there whole.
(function () {
  var form = document.getElementById("filter"), table = document.getElementById("table");
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var groups = table.tHead.rows[0], heads = table.tHead.rows[1], output = form.querySelector("output");
  function has(text, part) { return text.toLowerCase().indexOf(part.trim().toLowerCase()) >= 0; }
  function fits(cell, status) { return cell.className !== "" && (!status || cell.className === status); }
  function columns(clause) {
    var shown = [];
    for (var i = 1; i < heads.cells.length; i += 1) {
      var words = heads.cells[i].dataset.words, id = words.split(" ")[0];
      shown[i] = !clause || (/^[A-Za-z]*[\d.]+$/.test(clause.trim())
        ? id.toLowerCase() === clause.trim().toLowerCase() || id.toLowerCase().indexOf(clause.trim().toLowerCase() + ".") === 0
        : has(words, clause));
    }
    return shown;
  }
  function filter() {
    var unit = form.elements.unit.value, sort = form.elements.sort.value, status = form.elements.status.value;
    var clause = form.elements.clause.value, shown = columns(clause), used = [], count = 0;
    rows.forEach(function (row) {
      var found = false, i;
      if (has(row.cells[0].textContent, unit) && (!sort || row.dataset.sort === sort)) {
        for (i = 1; i < row.cells.length; i += 1) {
          if (shown[i] && fits(row.cells[i], status)) { found = true; used[i] = true; }
        }
      }
      row.hidden = !found;
      count += found ? 1 : 0;
    });
    var narrow = Boolean(unit || sort || status || clause), total = 0, at = 1;
    for (var i = 1; i < heads.cells.length; i += 1) {
      shown[i] = !narrow || Boolean(used[i]);
      heads.cells[i].hidden = !shown[i];
      total += shown[i] ? 1 : 0;
    }
    rows.forEach(function (row) {
      for (var i = 1; i < row.cells.length; i += 1) {
        row.cells[i].hidden = !shown[i];
        if (row.cells[i].firstChild) { row.cells[i].firstChild.style.opacity = fits(row.cells[i], status) ? "" : ".25"; }
      }
    });
    for (var g = 1; g < groups.cells.length; g += 1) {
      var cell = groups.cells[g], width = 0;
      cell.dataset.span = cell.dataset.span || cell.colSpan;
      for (var k = 0; k < Number(cell.dataset.span); k += 1, at += 1) { width += shown[at] ? 1 : 0; }
      cell.hidden = width === 0;
      if (width) { cell.colSpan = width; }
    }
    output.textContent = output.dataset.text.replace("{shown}", count).replace("{all}", rows.length).replace("{columns}", total);
  }
  function order() {
    var by = form.elements.order.value, sorted = rows.slice();
    if (by === "breaches") { sorted.sort(function (a, b) { return b.dataset.breaches - a.dataset.breaches; }); }
    if (by === "score") { sorted.sort(function (a, b) { return b.dataset.score - a.dataset.score; }); }
    if (by === "name") {
      sorted.sort(function (a, b) {
        return a.cells[0].textContent.localeCompare(b.cells[0].textContent, document.documentElement.lang);
      });
    }
    sorted.forEach(function (row) { body.appendChild(row); });
  }
  table.addEventListener("mouseover", function (event) {
    var cell = event.target.closest("td");
    if (!cell || !cell.firstChild || cell.title) { return; }
    var head = heads.cells[cell.cellIndex];
    cell.title = cell.parentElement.cells[0].textContent.trim() + " " + head.dataset.words + "\n" + cell.firstChild.getAttribute("aria-label");
  });
  form.addEventListener("input", function () { order(); filter(); });
  form.addEventListener("reset", function () { setTimeout(function () { order(); filter(); }, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  filter();
}());
