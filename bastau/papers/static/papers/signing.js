// Signs the documents of the signing page with NCALayer, the national signing program on the signer's own computer.
// It speaks JSON over a WebSocket: a request {module, method, args}, an answer {code, message, responseObject}.
"use strict";

(() => {
  const preparing = document.querySelector("[data-preparing]");
  if (preparing) {
    setTimeout(() => location.reload(), 2500);
    return;
  }
  const form = document.getElementById("signing");
  const button = form && form.querySelector("[data-sign]");
  if (!button || !("WebSocket" in window) || !window.crypto || !crypto.subtle) return;
  button.hidden = false;

  const state = form.querySelector("[data-state]");
  const problem = form.querySelector("[data-problem]");

  function tell(place, text) {
    for (const one of [state, problem]) {
      one.hidden = one !== place;
      one.textContent = one === place ? text : "";
    }
  }

  // A refusal whose sentence stands in the form's data attribute of that name.
  class Refusal extends Error {}

  async function load(field) {
    let response;
    try {
      response = await fetch(field.dataset.paper, { credentials: "same-origin", cache: "no-store" });
    } catch {
      throw new Refusal("lost");
    }
    if (response.status !== 200) throw new Refusal("lost");
    const bytes = new Uint8Array(await response.arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (hex !== field.dataset.sha256) throw new Refusal("changed");
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }

  function connect() {
    return new Promise((done, fail) => {
      const socket = new WebSocket(form.dataset.ncalayer);
      const late = setTimeout(() => socket.close(), 5000);
      socket.onopen = () => {
        clearTimeout(late);
        socket.onclose = null;
        done(socket);
      };
      socket.onclose = () => {
        clearTimeout(late);
        fail(new Refusal("absent"));
      };
    });
  }

  function ask(socket, content) {
    return new Promise((done, fail) => {
      socket.onclose = () => fail(new Refusal("absent"));
      socket.onmessage = (event) => {
        let answer;
        try {
          answer = JSON.parse(event.data);
        } catch {
          fail(new Refusal("wrong"));
          return;
        }
        // On connecting the program tells its version by itself.
        if (answer.result && answer.result.version) return;
        if (String(answer.code) === "200" && typeof answer.responseObject === "string") done(answer.responseObject);
        else fail(new Refusal(/cancel/i.test(answer.message || "") ? "cancelled" : "wrong"));
      };
      socket.send(
        JSON.stringify({
          module: "kz.gov.pki.knca.commonUtils",
          method: "createCAdESFromBase64",
          args: ["PKCS12", "SIGNATURE", content, false],
        }),
      );
    });
  }

  async function sign() {
    const fields = Array.from(form.querySelectorAll("[data-paper]"));
    const contents = [];
    for (const field of fields) contents.push(await load(field));
    const socket = await connect();
    try {
      for (const [at, field] of fields.entries()) field.value = await ask(socket, contents[at]);
    } finally {
      socket.onclose = null;
      socket.close();
    }
  }

  button.addEventListener("click", async () => {
    button.disabled = true;
    tell(state, form.dataset.choose);
    try {
      await sign();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tell(problem, form.dataset[error.message]);
      return;
    } finally {
      button.disabled = false;
    }
    button.disabled = true;
    tell(state, form.dataset.sending);
    const how = document.createElement("input");
    how.type = "hidden";
    how.name = "sign_with";
    how.value = "ncalayer";
    form.append(how);
    form.submit();
  });
})();
