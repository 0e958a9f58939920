package browser_test

import (
	"testing"

	"github.com/ankkor/ankkor/internal/lab/servers"
)

func TestStorefront(t *testing.T) {
	chromium := servers.Chromium(t)
	program := build(t)
	for name, journey := range map[string]func(t *testing.T, visit func(screen) *window){
		"Razorpay at a desk":          razorpayAtADesk,
		"cash on delivery on a phone": cashOnAPhone,
		"cash on terms":               cashOnTerms,
		"the last piece":              theLastPiece,
		"mistakes":                    mistakes,
		"payments that go wrong":      paymentsThatGoWrong,
		"without scripts":             withoutScripts,
	} {
		t.Run(name, func(t *testing.T) {
			base := start(t, program)
			journey(t, func(s screen) *window { return open(t, chromium, base, s) })
		})
	}
}

// address fills in the form; district and state come from the PIN.
func (w *window) address() {
	w.t.Helper()
	w.fill("first_name", "Asha")
	w.fill("last_name", "Rao")
	w.fill("email", "asha@example.in")
	w.fill("phone", "98450 12345")
	w.fill("address_1", "12 MG Road")
	w.fill("city", "Bengaluru")
	w.fill("postcode", "560001")
	w.until("the district of the PIN", `document.querySelector("[name=district]").value === "Bengaluru Urban"`)
	if state := w.value("state"); state != "KA" {
		w.t.Errorf("the PIN filled in the state %q, want KA", state)
	}
}

// choose picks a way to pay and waits until the page has taken it.
func (w *window) choose(method string) {
	w.t.Helper()
	w.click(`label:has(input[value="` + method + `"])`)
	w.until("choosing "+method, `document.querySelector('input[value="`+method+`"]')?.checked && !document.querySelector("[data-once] button").disabled`)
}

func (w *window) atReview() {
	w.t.Helper()
	w.until("the review", `document.readyState === "complete" && location.pathname.endsWith("/review")`)
	w.looksRight()
}

// put puts a simple product into the cart.
func (w *window) put(slug string) {
	w.t.Helper()
	w.visit("/products/" + slug)
	w.click(`.buy .primary`)
	w.at("/cart")
}

func razorpayAtADesk(t *testing.T, visit func(screen) *window) {
	w := visit(desk)
	w.visit("/")
	w.sees("Masala Chai Mug", "₹1,25,000.00", "Only 2 left")
	w.picture("catalogue")
	w.click(`a[href="/products/handblock-kurta"]`)
	w.at("/products/")
	w.sees("₹1,349.00", "In stock") // what the shop keeper chose to begin with
	w.click(`.pills label:has(input[value="s"])`)
	w.click(`.pills label:has(input[value="red"])`)
	w.sees("₹1,299.00", "Only 5 left")
	w.picture("product")
	w.click(`.buy .primary`)
	w.at("/cart")
	w.put("masala-chai-mug")
	w.click(`.line:last-child button[name=remove]`)
	w.until("the mug to go", `document.querySelectorAll(".line").length === 1`)
	w.put("masala-chai-mug")
	w.fillLast("quantity", "2")
	w.click(`.line:last-child button:not([name])`)
	w.sees("₹998.00")
	w.looksRight()

	w.click(`aside .primary`)
	w.at("/checkout/")
	w.address()
	w.click(`.form .primary`)
	w.atReview()
	w.sees("Karnataka", "IGST", "Free shipping")
	w.choose("razorpay")
	w.looksRight()
	w.picture("review")
	total := w.text("#total")
	w.click(`[data-once] .primary`)
	w.at("/pay/")
	w.sees("A simulation", total)
	w.click(`button[value="pay"]`)
	w.at("/orders/")
	w.sees("Thank you, it is ordered")
	if paid := w.text("#total"); paid != total {
		t.Errorf("the order costs %s, the review said %s", paid, total)
	}
	w.back("/orders/")
	number := w.text("#number")
	w.visit("/counter")
	w.sees("Every piece accounted for", "order took effect", "order "+number)
	w.picture("counter")
}

// fillLast writes into the last field of that name.
func (w *window) fillLast(name, text string) {
	w.t.Helper()
	w.do("writing into the last "+name, setLast(name, text))
}

func cashOnAPhone(t *testing.T, visit func(screen) *window) {
	w := visit(phone)
	w.visit("/")
	w.picture("phone-catalogue")
	w.visit("/?q=%E0%A4%9A%E0%A4%BE%E0%A4%AF")
	w.click(`.card a`)
	w.at("/products/")
	w.sees("चाय मसाला", "₹120.00")
	w.click(`.buy .primary`)
	w.at("/cart")
	w.click(`aside .primary`)
	w.at("/checkout/")
	w.address()
	w.click(`.form .primary`)
	w.atReview()
	w.choose("cod")
	total := w.text("#total")
	w.click(`[data-once] .primary`)
	w.at("/orders/")
	w.sees("Thank you, it is ordered", "at the door, in cash")
	if due := w.text("#total"); due != total {
		t.Errorf("the order costs %s, the review said %s", due, total)
	}
	w.visit("/counter")
}

// cashOnTerms pays part of a large order beforehand, and is told where the courier takes no cash.
func cashOnTerms(t *testing.T, visit func(screen) *window) {
	w := visit(phone)
	w.put("masala-chai-mug")
	w.fillLast("quantity", "5")
	w.click(`.line:last-child button:not([name])`)
	w.sees("₹2,495.00")
	w.click(`aside .primary`)
	w.at("/checkout/")
	w.address()
	w.click(`.form .primary`)
	w.atReview()
	w.sees("₹199.00 now, ₹2,336.00 at the door", "+ ₹40.00")
	w.choose("cod")
	w.sees("Order and pay ₹199.00 now", "The rest, ₹2,336.00, at the door, in cash")
	w.looksRight()
	w.pictureFrom("phone-cash", "section:has(#how)")
	total := w.text("#total")
	w.click(`[data-once] .primary`)
	w.at("/pay/")
	w.sees("The rest, ₹2,336.00, you pay at the door")
	w.looksRight()
	w.click(`button[value="pay"]`)
	w.at("/orders/")
	w.sees("Thank you, it is ordered", "₹199.00 beforehand, ₹2,336.00 at the door")
	w.looksRight()
	if due := w.text("#total"); due != total {
		t.Errorf("the order costs %s, the review said %s", due, total)
	}

	w.put("22k-gold-necklace")
	w.click(`aside .primary`)
	w.at("/checkout/")
	w.address()
	w.click(`.form .primary`)
	w.atReview()
	w.sees("Cash on delivery is available up to ₹5,000.00.")
	w.looksRight()
}

func theLastPiece(_ *testing.T, visit func(screen) *window) {
	asha, ravi := visit(desk), visit(phone)
	asha.visit("/counter")
	asha.do("counting one mug", setStock("Masala Chai Mug", "1"))
	asha.until("the count", `[...document.querySelectorAll("#stock tr")].some((r) => r.innerText.startsWith("Masala Chai Mug") && r.cells[1].innerText === "1")`)
	asha.put("masala-chai-mug")
	ravi.put("masala-chai-mug")
	asha.click(`aside .primary`)
	asha.at("/checkout/")
	ravi.click(`aside .primary`)
	ravi.sees("Somebody was a moment faster", "Masala Chai Mug", "none left, you wanted 1", "Nothing was charged")
	ravi.looksRight()
	ravi.picture("phone-sorry")
	asha.address()
	asha.click(`.form .primary`)
	asha.sees("How to pay")
	asha.choose("cod")
	asha.click(`[data-once] .primary`)
	asha.at("/orders/")
	asha.sees("Thank you, it is ordered")
	ravi.click(`button[name="remove"]`)
	ravi.sees("It is empty")
	ravi.visit("/products/masala-chai-mug")
	ravi.sees("Sold out")
}

func mistakes(t *testing.T, visit func(screen) *window) {
	w := visit(phone)
	w.put("gel-pen")
	w.click(`aside .primary`)
	w.at("/checkout/")
	w.fill("first_name", "Asha")
	w.click(`.form .primary`)
	w.sees("Please look at the marked fields", "Last name is required", "E-mail is required")
	w.looksRight()
	w.address()
	w.fill("postcode", "0123")
	w.fill("email", "asha at home")
	w.click(`.form .primary`)
	w.sees("PIN code is not a PIN code", "E-mail is not an e-mail address")
	if kept := w.value("first_name"); kept != "Asha" {
		t.Errorf("the first name became %q", kept)
	}
	w.visit("/products/diwali-gift-set")
	w.sees("Parts ₹25.00 – ₹1,199.25")
	w.fill("part_16", "0")
	w.click(`.buy .primary`)
	w.at("/cart")
	w.sees("Gel Pen", "Festive Lamp")
	w.visit("/products/brass-bangle")
	w.click(`.pills label:has(input[value="Date"])`)
	w.click(`.pills label:has(input[value="l"])`)
	w.sees("That combination is not made")
	w.visit("/nowhere")
	w.sees("We cannot find that page")
}

func paymentsThatGoWrong(_ *testing.T, visit func(screen) *window) {
	w := visit(desk)
	w.put("masala-chai-mug")
	w.click(`aside .primary`)
	w.at("/checkout/")
	w.address()
	w.click(`.form .primary`)
	w.sees("How to pay")
	w.choose("razorpay")
	w.click(`[data-once] .primary`)
	w.at("/pay/")
	w.click(`button[value="fail"]`)
	w.at("/orders/")
	w.sees("Waiting for your payment", "has failed so far")
	w.looksRight()
	w.click(`a[href^="/pay/"]`)
	w.at("/pay/")
	w.sees("Pay again only if no money has left your account")
	w.click(`button[value="late"]`)
	w.at("/orders/")
	w.sees("Thank you, it is ordered") // by itself: nobody reloads
	w.looksRight()
}

// withoutScripts buys with nothing but links, forms and the server.
func withoutScripts(_ *testing.T, visit func(screen) *window) {
	w := visit(desk).withoutScripts()
	w.visit("/products/handblock-kurta")
	w.click(`.pills label:has(input[value="l"])`)
	w.click(`.pills label:has(input[value="indigo"])`)
	w.click(`.buy .primary`)
	w.at("/cart")
	w.click(`aside .primary`)
	w.at("/checkout/")
	for name, text := range map[string]string{
		"first_name": "Asha", "last_name": "Rao", "email": "asha@example.in", "phone": "98450 12345", "postcode": "560001",
		"address_1": "12 MG Road", "city": "Bengaluru",
	} {
		w.fill(name, text)
	}
	w.click(`.form .primary`)
	w.sees("Bengaluru Urban", "Karnataka")
	w.click(`label:has(input[value="razorpay"])`)
	w.click(`form[action$="/payment"] button`)
	w.until("the order button", `!document.querySelector("[data-once] button").disabled`)
	w.click(`[data-once] .primary`)
	w.at("/pay/")
	w.click(`button[value="pay"]`)
	w.sees("Back to the shop")
	w.click(`.window .primary`)
	w.at("/orders/")
	w.sees("Thank you, it is ordered")
}
