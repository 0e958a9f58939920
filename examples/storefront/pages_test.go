package main

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheCatalogue(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	front := asha.get("/").want(http.StatusOK, "/").
		says("₹1,25,000.00", "₹1,00,000.00", "₹749.00 instead of ₹999.00", "₹1,099.00 – ₹1,399.00", "Only 2 left", "Sold out", "Price on request", "Free", "चाय मसाला")
	front.saysNot("Draft Item").saysNot("Private Item").saysNot("Hidden Item").saysNot("Uncategorized")
	if at, gone := strings.Index(front.body, "recipe-ebook"), strings.Index(front.body, "price-on-request"); at > gone {
		t.Error("what nobody can buy stands before what can be had")
	}
	asha.get("/?category=jewellery").says("22k Gold Necklace").saysNot("Masala Chai Mug").says("Kitchen & Dining")
	asha.get("/?q=MUG").says("Found for “MUG”", "Masala Chai Mug").saysNot("Necklace")
	asha.get("/?q="+url.QueryEscape("<script>alert(1)</script>")).want(http.StatusOK, "/").says("Nothing like that here", "<script>")
	asha.get("/?q="+strings.Repeat("m", 600)).want(http.StatusOK, "/").says("Nothing like that here")
}

func TestProductPages(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	for slug, says := range map[string][]string{
		mug:                {"Masala Chai Mug", "350 ml mug", "Hand-painted ceramic mug & saucer", "In stock"},
		kurta:              {"Size", "Color", "Indigo", "Fabric", "Cotton, Khadi"},
		"handloom-rug":     {"Made to order", "Put in the cart"},
		"sold-out-diary":   {"Sold out"},
		"price-on-request": {"Price on request", "cannot be bought online"},
		"diwali-gift-set":  {"In this set", "Gel Pen"},
		"recipe-ebook":     {"Nothing to send"},
		kurta + "?attribute_pa_size=s&attribute_pa_color=red": {"₹1,299.00", "Only 5 left"},
		bangle: {"₹450.00 – ₹650.00", "Choose to see what is left", "Name · L"},
		url.PathEscape("चाय-मसाला"): {"चाय मसाला", "₹120.00"},
	} {
		asha.get("/products/"+slug).want(http.StatusOK, "/products/").says(says...)
	}
	if p := asha.get("/products/brass-idol"); !strings.Contains(p.body, `rel="noopener noreferrer nofollow"`) {
		t.Error("a product sold elsewhere has no safe link there")
	}
	asha.get("/products/draft-item").want(http.StatusNotFound, "/products/")
	asha.get("/products/"+url.PathEscape("../../admin")).want(http.StatusNotFound, "/")
}

// TestEveryPictureIsDrawn: each product on the front has a picture that is well-formed.
func TestEveryPictureIsDrawn(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	front := asha.get("/")
	for _, img := range strings.Split(front.body, `<img src="/picture/`)[1:] {
		slug, _, _ := strings.Cut(img, `"`)
		p := asha.get("/picture/"+slug).want(http.StatusOK, "/picture/")
		d := xml.NewDecoder(strings.NewReader(p.body))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("picture of %s: %v", slug, err)
			}
		}
	}
	for _, m := range motifs {
		if _, err := pictures.ReadFile("pictures/" + m.drawing + ".svg"); err != nil {
			t.Error(err)
		}
	}
	if len(shop.categories) < 5 {
		t.Errorf("%d categories", len(shop.categories))
	}
}

func TestWrongQuantities(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	form := asha.get("/products/" + mug)
	for quantity, says := range map[string]string{
		"0": "quantity", "-3": "quantity", "1.5": "must be a whole number", "": "must be a whole number", "eleven": "must be a whole number",
		"9223372036854775808": "must be a whole number", "11": "only 10 left", "99999": "quantity",
	} {
		asha.submit(form, "/cart/add", map[string]string{"quantity": quantity}).want(http.StatusUnprocessableEntity, "/cart/add").says(says)
	}
	for slug, says := range map[string]string{
		"sold-out-diary": "sold out", "price-on-request": "cannot be bought", "brass-idol": "cannot be bought", "diwali-gift-set": "how many you want of which part",
	} {
		asha.post("/cart/add", url.Values{"slug": {slug}, "quantity": {"1"}}).want(http.StatusUnprocessableEntity, "/cart/add").says(says)
	}
	asha.post("/cart/add", url.Values{"slug": {"draft-item"}, "quantity": {"1"}}).want(http.StatusNotFound, "/cart/add")
	asha.get("/cart").says("It is empty")
}

func TestWrongQuantitiesInTheCart(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "2")
	form := asha.get("/cart")
	for _, quantity := range []string{"-1", "2.5", "x", "11"} {
		asha.submit(form, "/cart/quantity", map[string]string{"quantity": quantity}).want(http.StatusUnprocessableEntity, "/cart/quantity")
	}
	asha.get("/cart").says("₹998.00", "Cart 2 in it")
	asha.submit(form, "/cart/quantity", map[string]string{"quantity": "3"}).want(http.StatusOK, "/cart").says("₹1,497.00")
	asha.submit(form, "/cart/quantity", map[string]string{"remove": "1"}).want(http.StatusOK, "/cart").says("It is empty")
	asha.submit(form, "/cart/quantity", map[string]string{"quantity": "1"}).want(http.StatusOK, "/cart").says("It is empty")
}

// TestAddressErrors: each refused field says why beside itself, and what was typed stays.
func TestAddressErrors(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	form := asha.submit(asha.get("/cart"), "/checkout", nil).want(http.StatusOK, "/checkout/")
	long := strings.Repeat("a", 300)
	tests := map[string]struct{ field, value, says string }{
		"no name":           {"first_name", "", "First name is required."},
		"no second name":    {"last_name", "  ", "Last name is required."},
		"no e-mail":         {"email", "", "E-mail is required."},
		"half an e-mail":    {"email", "asha@", "E-mail is not an e-mail address."},
		"short number":      {"phone", "12345", "Mobile number is not a phone number"},
		"words for a phone": {"phone", "call me", "Mobile number is not a phone number"},
		"no PIN":            {"postcode", "", "PIN code is required."},
		"PIN with 0":        {"postcode", "012345", "PIN code is not a PIN code"},
		"short PIN":         {"postcode", "5600", "PIN code is not a PIN code"},
		"Devanagari PIN":    {"postcode", "५६०००१", "PIN code is not a PIN code"},
		"no street":         {"address_1", "", "House and street is required."},
		"long street":       {"address_1", long, "House and street is too long."},
		"no town":           {"city", "", "Town or city is required."},
		"a control char":    {"city", "Benga\x00luru", "Town or city contains a control character."},
		"no such state":     {"state", "ZZ", "State is not a state"},
		"broken text":       {"address_2", "\xff\xfe", "Area or landmark is not valid UTF-8."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			fields := address()
			fields["district"] = "Kept District"
			fields[tc.field] = tc.value
			p := asha.submit(form, form.path, fields)
			p.t = t
			p.want(http.StatusUnprocessableEntity, form.path).says("Please look at the marked fields", tc.says)
			if !strings.Contains(p.body, `aria-describedby="e-`+tc.field+`"`) || !strings.Contains(p.body, `id="e-`+tc.field+`"`) {
				t.Errorf("the message is not tied to the field %s", tc.field)
			}
			if !strings.Contains(p.body, `value="Kept District"`) {
				t.Error("what was typed is gone")
			}
		})
	}
	asha.get(strings.TrimSuffix(form.path, "address")+"review").want(http.StatusOK, form.path)
}

func TestAddressDoubts(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	odd := address()
	odd["state"] = "MH"
	asha.toReview(odd).says("The state does not match the PIN code")
	unknown := address()
	unknown["postcode"], unknown["state"] = "999999", "KA"
	asha.toReviewAgain(unknown).says("The PIN code is not in our directory")
}

// toReviewAgain gives the open checkout another address.
func (s *shopper) toReviewAgain(fields map[string]string) page {
	s.t.Helper()
	review := s.submit(s.get("/cart"), "/checkout", nil).want(http.StatusOK, "/checkout/")
	form := s.get(strings.TrimSuffix(review.path, "review") + "address")
	return s.submit(form, form.path, fields).want(http.StatusOK, review.path)
}

func TestPincodes(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	for pin, want := range map[string]struct {
		status int
		body   string
	}{
		"560001": {http.StatusOK, `"KA"`}, "400001": {http.StatusOK, `"MH"`}, "999999": {http.StatusNotFound, "null"},
		"012345": {http.StatusUnprocessableEntity, "null"}, "abcdef": {http.StatusUnprocessableEntity, "null"},
	} {
		p := asha.get("/pincode/"+pin).want(want.status, "/pincode/")
		if !strings.Contains(p.body, want.body) {
			t.Errorf("%s answers %s", pin, p.body)
		}
	}
}

func TestNothingIsPlacedHalfChosen(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	review := asha.toReview(address())
	base := strings.TrimSuffix(review.path, "review")
	asha.places(review).want(http.StatusUnprocessableEntity, base).says("Please choose how to pay, then order")
	asha.post(base+"payment", url.Values{"method": {"gold"}}).want(http.StatusUnprocessableEntity, base).says("Please choose one of what is offered")
	asha.post(base+"shipping", url.Values{"rate": {"free_shipping:2"}}).want(http.StatusUnprocessableEntity, base).says("₹49.00")
	asha.pays(review, "cod")
	asha.post(base+"place", url.Values{"key": {"k"}, "quote": {"forged"}}).want(http.StatusConflict, base)
	asha.post(base+"place", url.Values{"quote": {"forged"}}).want(http.StatusUnprocessableEntity, base)
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders", n)
	}
}

// TestSomebodyElse: no page of a checkout shows anything to another shopper, not even that it is there.
func TestSomebodyElse(t *testing.T) {
	_, server := open(t)
	asha, ravi := newShopper(t, server), newShopper(t, server)
	window := toWindow(t, asha)
	id := idOfPage(window)
	none := ravi.get("/orders/chk_nobodys").want(http.StatusNotFound, "/orders/").text()
	for _, path := range []string{"/checkout/" + id + "/address", "/checkout/" + id + "/review", "/pay/" + id, "/orders/" + id} {
		if got := ravi.get(path).want(http.StatusNotFound, path).text(); got != none {
			t.Errorf("%s says something else of another's checkout than of none:\n%s", path, got)
		}
	}
	for _, path := range []string{
		"/checkout/" + id + "/address", "/checkout/" + id + "/shipping", "/checkout/" + id + "/payment", "/checkout/" + id + "/place",
		"/checkout/" + id + "/cancel", "/pay/" + id, "/orders/" + id + "/confirm",
	} {
		ravi.post(path, url.Values{"do": {"pay"}, "key": {"k"}}).want(http.StatusNotFound, path)
	}
	asha.get("/orders/" + id).says("Waiting for your payment")
}

func TestUnknownAndForeignRequests(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.get("/nope").want(http.StatusNotFound, "/nope").says("We cannot find that page")
	asha.get("/?q=%zz").want(http.StatusUnprocessableEntity, "/").says("Something in that form is not right")
	asha.get("/static/nope.css").want(http.StatusNotFound, "/static/")
	asha.post("/cart/add", url.Values{"slug": {mug}, "quantity": {"1"}, "fill": {strings.Repeat("x", maxForm)}}).
		want(http.StatusRequestEntityTooLarge, "/cart/add").says("That was too much")
	window := toWindow(t, asha)
	asha.post(window.path, url.Values{"do": {"dance"}}).want(http.StatusUnprocessableEntity, window.path)

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/cart/add", strings.NewReader("slug="+mug+"&quantity=1"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	asha.do(req).want(http.StatusForbidden, "/cart/add")
}

// TestReloads: the address of a form that was answered with a page leads somewhere sensible.
func TestReloads(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.get("/checkout").want(http.StatusOK, "/cart")
	asha.get("/cart/add").want(http.StatusOK, "/cart").says("It is empty")
	window := toWindow(t, asha)
	asha.get("/checkout/"+idOfPage(window)+"/place").want(http.StatusOK, window.path)
	newShopper(t, server).get("/checkout/"+idOfPage(window)+"/place").want(http.StatusNotFound, "/checkout/")
}

// TestOddAddresses: nothing that can be typed into an address bar is the shop's own failure.
func TestOddAddresses(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	for _, path := range []string{
		"/products/%00", "/products/%ff%fe", "/products/" + strings.Repeat("a", 3000), "/picture/%ff", "/picture/nope", "/orders/%2e%2e",
		"/orders/" + strings.Repeat("x", 3000), "/pincode/" + url.PathEscape("५६०००१"), "/pay/%27", "/checkout/%00/address", "/checkout/x/review",
		"/?category=%00", "/?category=nosuch", "/?q=%ff", "/?q=%00", "/products/", "//", "/static/", "/static/../main.go",
	} {
		p := asha.get(path)
		if p.status >= http.StatusInternalServerError {
			t.Errorf("%s: %d\n%s", path, p.status, p.text())
		}
	}
}

func TestHeaders(t *testing.T) {
	_, server := open(t)
	answer, err := http.Get(server.URL + "/cart")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8",
	} {
		if got := answer.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	cookies := answer.Cookies()
	if len(cookies) != 1 || cookies[0].Secure || !cookies[0].HttpOnly {
		t.Errorf("cookies %v, want one that works on plain HTTP and that scripts cannot read", cookies)
	}
}
