// A stand-in for Razorpay's checkout.js, for development without an account. No money moves.
"use strict";

(() => {
  const attemptURL = new URL("attempt", document.currentScript.src);

  // make builds an element without markup, so that no text becomes any.
  const make = (tag, text, style, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    Object.assign(element.style, style);
    parent?.append(element);
    return element;
  };

  // money writes minor units as the currency has them.
  const money = (minor, currency) => {
    const format = new Intl.NumberFormat("en-IN", { style: "currency", currency });
    return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
  };

  // post leaves the page, as Razorpay does for callback_url.
  const post = (url, fields) => {
    const form = make("form", "", {}, document.body);
    form.method = "post";
    form.action = url;
    for (const [name, value] of Object.entries(fields)) {
      const input = make("input", "", {}, form);
      Object.assign(input, { type: "hidden", name, value });
    }
    form.submit();
  };

  window.Razorpay = class {
    #options;
    #listeners = {};
    #dialog = null;

    constructor(options) {
      if (!options?.key || !options.order_id) throw new Error("key and order_id are required");
      this.#options = options;
    }

    on(event, listener) {
      this.#listeners[event] = listener;
    }

    open() {
      const { name, amount, currency } = this.#options;
      const dialog = make("dialog", "", { border: "0", borderRadius: "12px", padding: "2rem", maxWidth: "22rem" }, document.body);
      this.#dialog = dialog;
      dialog.setAttribute("aria-label", "Simulated Razorpay window");
      make("p", "Razorpay, simulated. No money moves.", { margin: "0 0 1rem", fontSize: "0.85rem" }, dialog);
      make("strong", name ?? "", { display: "block" }, dialog);
      make("p", amount && currency ? money(amount, currency) : "", { fontSize: "1.8rem", margin: "0.5rem 0 1rem" }, dialog);
      for (const [what, label] of [["pay", "Pay"], ["late", "The bank says yes later"], ["fail", "The payment fails"]]) {
        this.#button(label).addEventListener("click", () => this.#press(what));
      }
      this.#button("Close").addEventListener("click", () => this.close());
      dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        this.close();
      });
      dialog.showModal();
    }

    close() {
      this.#dialog?.remove();
      this.#dialog = null;
      this.#options.modal?.ondismiss?.();
    }

    #button(label) {
      const button = make("button", label, { display: "block", width: "100%", margin: "0.5rem 0", padding: "0.7rem" }, this.#dialog);
      button.type = "button";
      return button;
    }

    async #press(what) {
      const { key, order_id, handler, callback_url, redirect } = this.#options;
      const answer = await fetch(attemptURL, { method: "POST", body: new URLSearchParams({ key, order_id, do: what }) });
      const result = await answer.json();
      const leave = callback_url && (redirect || !handler);
      if (answer.ok) {
        this.#dialog?.remove();
        if (leave) post(callback_url, result);
        else handler(result);
        return;
      }
      if (leave) {
        const fields = Object.entries(result.error).map(([name, value]) => [`error[${name}]`, typeof value === "string" ? value : JSON.stringify(value)]);
        post(callback_url, Object.fromEntries(fields));
        return;
      }
      this.#listeners["payment.failed"]?.(result);
      make("p", result.error.description, { color: "#a00", margin: "0" }, this.#dialog);
    }
  };
})();
