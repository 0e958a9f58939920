// The shop works without this file; it only saves the shopper a click here and there.
"use strict";

// Choosing shipping or payment sends its form at once.
for (const form of document.querySelectorAll("[data-auto]")) {
  form.classList.add("auto");
  form.addEventListener("change", () => form.requestSubmit());
}

// The order button works once; the server would recognise the second press anyway.
for (const form of document.querySelectorAll("[data-once]")) {
  form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
}

// A page that only carries something on sends itself.
for (const form of document.querySelectorAll("[data-submit]")) setTimeout(() => form.requestSubmit(), 600);

// A PIN code fills in district and state, unless the shopper has written something there.
for (const form of document.querySelectorAll("[data-pin]")) {
  const { postcode, district, state } = form.elements;
  let filled = { district: "", state: "" };
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
for (const form of document.querySelectorAll("[data-variants]")) {
  const variants = JSON.parse(form.dataset.variants);
  const price = document.querySelector("[data-price]");
  const stock = document.querySelector("[data-stock]");
  const button = form.querySelector("button");
  const range = price.innerHTML;
  const show = () => {
    const picked = [...form.querySelectorAll("[data-attribute]")].map((s) => [s.dataset.attribute, s.value]);
    const whole = picked.every(([, value]) => value !== "");
    const match = whole && variants.find((v) => picked.every(([name, value]) => !v.Attributes[name] || v.Attributes[name] === value));
    if (match) price.textContent = match.Price; else price.innerHTML = range;
    stock.textContent = match ? match.Stock.Note : whole ? "That combination is not made." : "";
    stock.hidden = stock.textContent === "";
    button.disabled = whole && !(match && match.Stock.Available);
  };
  form.addEventListener("change", show);
  show();
}
