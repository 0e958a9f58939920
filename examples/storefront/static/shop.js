// The shop works without this file; it only saves the shopper a click and a reload here and there.
"use strict";

// put shows the main part of a page that was fetched, and keeps the focus where it was.
function put(html, url) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const at = document.activeElement;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.querySelector("header.top nav").replaceWith(page.querySelector("header.top nav"));
  document.title = page.title;
  history.replaceState(null, "", url);
  enliven(document.querySelector("main"));
  if (!at || !at.name) return;
  [...document.querySelectorAll("main [name]")].find((e) => e.name === at.name && e.value === at.value)?.focus();
}

// send submits a form without leaving the page; if anything is odd, the browser does it in the usual way.
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    put(await answer.text(), answer.redirected ? answer.url : location.href);
  } catch {
    form.submit();
  }
}

function enliven(root) {
  // Choosing shipping or payment sends its form at once.
  for (const form of root.querySelectorAll("[data-auto]")) {
    form.classList.add("auto");
    form.addEventListener("change", () => form.requestSubmit());
  }

  // A change of the cart or of a choice comes without a reload.
  for (const form of root.querySelectorAll("[data-swap]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, event.submitter);
    });
  }

  // The order button works once; the server would recognise the second press anyway.
  for (const form of root.querySelectorAll("[data-once]")) {
    form.addEventListener("submit", () => setTimeout(() => { form.querySelector("button").disabled = true; }));
  }

  // A page that only carries something on sends itself.
  for (const form of root.querySelectorAll("[data-submit]")) setTimeout(() => form.requestSubmit(), 700);

  for (const form of root.querySelectorAll("[data-pin]")) fillFromPIN(form);
  for (const form of root.querySelectorAll("[data-variants]")) showVariant(form);
  if (root.querySelector("[data-live]")) setTimeout(lookAgain, 2000);
}

// A PIN code fills in district and state, unless the shopper has written something there.
function fillFromPIN(form) {
  const { postcode, district, state } = form.elements;
  const filled = { district: "", state: "" };
  postcode.addEventListener("input", async () => {
    const pin = postcode.value.replace(/\s/g, "");
    if (!/^[1-9]\d{5}$/.test(pin)) return;
    const answer = await fetch("/pincode/" + pin);
    if (!answer.ok || postcode.value.replace(/\s/g, "") !== pin) return;
    const known = await answer.json();
    if (known.districts?.length && (district.value === "" || district.value === filled.district)) {
      district.value = filled.district = known.districts[0];
    }
    if (known.states?.length === 1 && (state.value === "" || state.value === filled.state)) {
      state.value = filled.state = known.states[0];
    }
  });
}

// Choosing a variation shows its price and what is left of it.
function showVariant(form) {
  const variants = JSON.parse(form.dataset.variants);
  const price = document.querySelector("[data-price]");
  const was = document.querySelector("[data-was]");
  const stock = form.querySelector("[data-stock]");
  const button = form.querySelector("button");
  const names = [...new Set([...form.querySelectorAll("[data-attribute]")].map((e) => e.dataset.attribute))];
  const show = () => {
    const picked = names.map((name) => [name, form.elements["attribute_" + name].value]);
    const whole = picked.every(([, value]) => value !== "");
    const match = whole && variants.find((v) => picked.every(([name, value]) => !v.attributes[name] || v.attributes[name] === value));
    price.textContent = match ? match.price : price.dataset.price;
    if (was) was.hidden = Boolean(match);
    stock.textContent = match ? match.note || "In stock" : whole ? "That combination is not made" : stock.dataset.stock;
    stock.className = "stock " + (match ? match.tone : whole ? "out" : "");
    button.disabled = whole && !(match && match.available);
  };
  form.addEventListener("change", show);
  show();
}

// An order that waits is looked at again every few seconds.
async function lookAgain() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok) {
    setTimeout(lookAgain, 5000);
    return;
  }
  const open = [...document.querySelectorAll("details")].map((d) => d.open);
  put(await answer.text(), answer.url);
  document.querySelectorAll("details").forEach((d, i) => { d.open = Boolean(open[i]); });
}

// Going back can bring a page out of the browser's memory whose form was sent: where it stands now, the server says.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-submit], [data-once], [data-razorpay]")) location.replace(location.href);
});

enliven(document);
