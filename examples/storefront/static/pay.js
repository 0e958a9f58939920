// Opens Razorpay's window. What it returns is sent to the shop, which believes none of it before it has checked.
"use strict";

const pay = document.querySelector("[data-razorpay]");
const paid = document.querySelector("#paid");
const said = document.querySelector("#said");

// In the browsers inside other apps a payment window cannot be a frame: there Razorpay takes the whole page and posts its
// answer to callback_url.
const inApp = /FBAN|FBAV|Instagram|Line\/|; wv\)/.test(navigator.userAgent);

function bring(answer) {
  for (const name of ["razorpay_order_id", "razorpay_payment_id", "razorpay_signature"]) {
    paid.elements[name].value = answer[name];
  }
  paid.requestSubmit();
}

pay?.addEventListener("click", () => {
  if (!window.Razorpay) {
    said.textContent = "Razorpay cannot be reached right now. Please try again in a moment.";
    return;
  }
  const { callback_url, ...options } = JSON.parse(pay.dataset.razorpay);
  const way = inApp ? { callback_url: new URL(callback_url, location.href).href, redirect: true } : { handler: bring };
  said.textContent = "";
  const opened = new window.Razorpay({ ...options, ...way });
  opened.on("payment.failed", () => {
    said.textContent = "The payment has failed so far. If money left your account, do not pay again: your bank may still say yes.";
  });
  opened.open();
});
