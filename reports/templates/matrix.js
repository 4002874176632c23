"use strict";
// Filters and sorts the matrices; without this script they are there whole.
(function () {
  var form = document.getElementById("filter"), output = form.querySelector("output");
  var words = {}, options = form.elements.status.options;
  for (var n = 1; n < options.length; n += 1) { words[options[n].value] = options[n].textContent.trim(); }
  var matrices = Array.prototype.map.call(document.querySelectorAll("table.matrix"), function (table) {
    return {
      table: table, body: table.tBodies[0], rows: Array.prototype.slice.call(table.tBodies[0].rows),
      groups: table.tHead.rows[0], heads: table.tHead.rows[1], folded: table.closest("details")
    };
  });
  var FIRST = 2; // the columns before: the unit, how many problems it has
  function wordsOf(head) { return head.textContent.trim() + " " + head.querySelector("a").title; }
  function has(text, part) { return text.toLowerCase().indexOf(part.trim().toLowerCase()) >= 0; }
  function fits(cell, status) { return cell.className !== "" && (!status || cell.className === status); }
  function columns(heads, clause) {
    var shown = [];
    for (var i = FIRST; i < heads.cells.length; i += 1) {
      var said = wordsOf(heads.cells[i]), id = said.split(" ")[0];
      shown[i] = !clause || (/^[A-Za-z]*[\d.]+$/.test(clause.trim())
        ? id.toLowerCase() === clause.trim().toLowerCase() || id.toLowerCase().indexOf(clause.trim().toLowerCase() + ".") === 0
        : has(said, clause));
    }
    return shown;
  }
  function filter(matrix) {
    var rows = matrix.rows, heads = matrix.heads, groups = matrix.groups;
    var unit = form.elements.unit.value, sort = form.elements.sort.value, status = form.elements.status.value;
    var clause = form.elements.clause.value, shown = columns(heads, clause), used = [], count = 0;
    rows.forEach(function (row) {
      var found = false, i;
      if (has(row.cells[0].textContent, unit) && (!sort || row.dataset.sort === sort)) {
        for (i = FIRST; i < row.cells.length; i += 1) {
          if (shown[i] && fits(row.cells[i], status)) { found = true; used[i] = true; }
        }
      }
      row.hidden = !found;
      count += found ? 1 : 0;
    });
    var narrow = Boolean(unit || sort || status || clause), total = 0, at = FIRST;
    for (var i = FIRST; i < heads.cells.length; i += 1) {
      shown[i] = !narrow || Boolean(used[i]);
      heads.cells[i].hidden = !shown[i];
      total += shown[i] ? 1 : 0;
    }
    rows.forEach(function (row) {
      for (var i = FIRST; i < row.cells.length; i += 1) {
        row.cells[i].hidden = !shown[i];
        if (row.cells[i].firstElementChild) { row.cells[i].firstElementChild.style.opacity = fits(row.cells[i], status) ? "" : ".25"; }
      }
    });
    for (var g = FIRST; g < groups.cells.length; g += 1) {
      var cell = groups.cells[g], width = 0;
      cell.dataset.span = cell.dataset.span || cell.colSpan;
      for (var k = 0; k < Number(cell.dataset.span); k += 1, at += 1) { width += shown[at] ? 1 : 0; }
      cell.hidden = width === 0;
      if (width) { cell.colSpan = width; }
    }
    if (matrix.folded && narrow) { matrix.folded.open = count > 0; }
    return { rows: count, columns: total };
  }
  function order(matrix) {
    var by = form.elements.order.value, sorted = matrix.rows.slice();
    if (by === "breaches") { sorted.sort(function (a, b) { return b.dataset.breaches - a.dataset.breaches; }); }
    if (by === "score") { sorted.sort(function (a, b) { return b.dataset.score - a.dataset.score; }); }
    if (by === "name") {
      sorted.sort(function (a, b) {
        return a.cells[0].textContent.localeCompare(b.cells[0].textContent, document.documentElement.lang);
      });
    }
    sorted.forEach(function (row) { matrix.body.appendChild(row); });
  }
  function show() {
    var shown = 0, all = 0, most = 0;
    matrices.forEach(function (matrix) {
      order(matrix);
      var found = filter(matrix);
      shown += found.rows;
      all += matrix.rows.length;
      most = found.rows ? Math.max(most, found.columns) : most;
    });
    output.textContent = output.dataset.text.replace("{shown}", shown).replace("{all}", all).replace("{columns}", most);
  }
  matrices.forEach(function (matrix) {
    matrix.table.addEventListener("mouseover", function (event) {
      var cell = event.target.closest("td");
      if (!cell || !cell.firstElementChild || cell.title || cell.parentElement.parentElement !== matrix.body) { return; }
      var head = matrix.heads.cells[cell.cellIndex], link = cell.firstElementChild;
      var said = link.getAttribute("aria-label") || words[cell.className] + " " + ((link.querySelector("small") || {}).textContent || 1);
      cell.title = cell.parentElement.cells[0].textContent.trim() + " " + wordsOf(head) + "\n" + said;
    });
  });
  form.addEventListener("input", show);
  form.addEventListener("reset", function () { setTimeout(show, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  show();
}());
