/* Helps where JavaScript runs; every page works without it. */
(function () {
  "use strict";

  /* Day strip: Escape puts a reason away (WCAG 1.4.13); leaving the day lets it show again. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("[data-tip]").forEach(function (face) { face.classList.add("is-closed"); });
  });
  ["focusout", "mouseout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.target.closest && event.target.closest("[data-tip]")) event.target.closest("[data-tip]").classList.remove("is-closed");
    });
  });
  /* Safari gives a tapped button no focus. */
  document.addEventListener("click", function (event) {
    var face = event.target.closest("[data-tip]");
    if (face) { face.classList.remove("is-closed"); face.focus(); }
  });

  /* Three-field date: the browser's own calendar as a help beside it. */
  document.querySelectorAll("[data-date-parts]").forEach(function (group) {
    var inputs = group.querySelectorAll("input");
    var picker = document.createElement("input");
    if (!("showPicker" in picker) || inputs.length !== 3) return;
    picker.type = "date";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button button--second";
    button.textContent = group.dataset.open;
    var holder = document.createElement("div");
    holder.className = "date-parts__open";
    holder.append(picker, button);
    group.append(holder);
    button.addEventListener("click", function () {
      var parts = [inputs[2].value.padStart(4, "0"), inputs[1].value.padStart(2, "0"), inputs[0].value.padStart(2, "0")];
      picker.value = parts.join("-");
      picker.showPicker();
    });
    picker.addEventListener("change", function () {
      if (!picker.value) return;
      var parts = picker.value.split("-");
      inputs[2].value = parts[0];
      inputs[1].value = String(Number(parts[1]));
      inputs[0].value = String(Number(parts[2]));
      inputs[0].focus();
    });
  });

  /* Idle session: ask five minutes before the end; "stay" in one tab counts for all. */
  var dialog = document.getElementById("session-warning");
  if (!dialog || !dialog.showModal) return;
  var idle = Number(dialog.dataset.idle) * 1000;
  var ask = Math.min(5 * 60 * 1000, idle / 2);
  var left = dialog.querySelector("[data-left]");
  var problem = dialog.querySelector("[data-problem]");
  var form = dialog.querySelector("form");
  var tabs = "BroadcastChannel" in window ? new BroadcastChannel("bastau-session") : null;
  var ends = 0;

  function restart() {
    ends = performance.timeOrigin + performance.now() + idle;
    problem.hidden = true;
    if (dialog.open) dialog.close();
  }
  function look() {
    var rest = ends - (performance.timeOrigin + performance.now());
    if (rest <= 0) { window.location.assign(dialog.dataset.ended || window.location.href); return; }
    if (rest > ask) return;
    left.textContent = String(Math.ceil(rest / 60000));
    if (!dialog.open) dialog.showModal();
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Requested-With": "fetch" }, redirect: "manual" })
      .then(function (answer) {
        if (!answer.ok) { window.location.assign(dialog.dataset.ended || window.location.href); return; }
        restart();
        if (tabs) tabs.postMessage("stay");
      })
      .catch(function () { problem.hidden = false; });
  });
  dialog.addEventListener("cancel", function (event) { event.preventDefault(); form.requestSubmit(); });
  if (tabs) { tabs.onmessage = restart; tabs.postMessage("stay"); }
  restart();
  window.setInterval(look, 1000);
})();
