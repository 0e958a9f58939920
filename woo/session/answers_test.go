package session_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// bothDoors scripts the same answers for either door.
func bothDoors(t *testing.T, answers ...answer) map[string]func() (*script, *session.Session) {
	t.Helper()
	return map[string]func() (*script, *session.Session){
		"WooGraphQL": func() (*script, *session.Session) {
			s := newScript(t, answers...)
			return s, resume(t, s.graphQL(), graphToken("t_1", 0))
		},
		"Store API": func() (*script, *session.Session) {
			s := newScript(t, answers...)
			return s, resume(t, s.storeAPI(), cartToken("t_1", 0))
		},
	}
}

// TestOddAnswers: what firewalls, plugins and broken networks answer instead of a
// cart. A read is then unavailable; a change is unknown, unless it was refused
// before anything was done, and is never sent a second time.
func TestOddAnswers(t *testing.T) {
	tests := map[string]struct {
		answer      answer
		read, write error
	}{
		"an HTML page":           {answer{body: `<html><title>Checking your browser</title></html>`}, woo.ErrUnavailable, woo.ErrUnknown},
		"nothing":                {answer{body: ``}, woo.ErrUnavailable, woo.ErrUnknown},
		"null":                   {answer{body: `null`}, woo.ErrUnavailable, woo.ErrUnknown},
		"an empty object":        {answer{body: `{}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"a list":                 {answer{body: `[]`}, woo.ErrUnavailable, woo.ErrUnknown},
		"PHP talks":              {answer{body: `<b>Notice</b>: Undefined index in <b>/x.php</b> on line <b>3</b>{"items":[]}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"it breaks off":          {answer{body: `{"data":{"cart":{"total":"1`}, woo.ErrUnavailable, woo.ErrUnknown},
		"502":                    {answer{status: 502, body: `<html>Bad Gateway</html>`}, woo.ErrUnavailable, woo.ErrUnknown},
		"503":                    {answer{status: 503, body: `<html>Maintenance</html>`}, woo.ErrUnavailable, woo.ErrUnknown},
		"429":                    {answer{status: 429, header: http.Header{"Retry-After": {"1"}}, body: `{"code":"rate_limit_exceeded","message":"slow","data":{"status":400}}`}, woo.ErrRateLimited, woo.ErrRateLimited},
		"a redirect":             {answer{status: 302, header: http.Header{"Location": {"https://elsewhere.test/"}}}, woo.ErrUnavailable, woo.ErrUnknown},
		"a cart without a total": {answer{body: `{"data":{"cart":{"contents":{"nodes":[]}}},"items":[],"totals":{"currency_code":"INR","currency_minor_unit":2}}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"no such currency":       {answer{body: `{"items":[],"totals":{"total_price":"1","currency_code":"ZZZ","currency_minor_unit":2}}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"an odd minor unit":      {answer{body: `{"items":[],"totals":{"total_price":"1","currency_code":"INR","currency_minor_unit":99}}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"an amount of words":     {answer{body: `{"data":{"cart":{"total":"lots","contents":{"nodes":[]}}},"items":[],"totals":{"total_price":"lots","currency_code":"INR"}}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"an endless exponent":    {answer{body: `{"data":{"cart":{"total":"1e1000000000","contents":{"nodes":[]}}},"items":[],"totals":{"total_price":"1e1000000000","currency_code":"INR"}}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"a line of nothing":      {answer{body: `{"data":{"cart":{"total":"1","contents":{"nodes":[{"key":"k","quantity":0}]}}},"items":[{"key":"k","quantity":0}],"totals":{"total_price":"1","currency_code":"INR","currency_minor_unit":2}}`}, woo.ErrUnavailable, woo.ErrUnknown},
		"a negative quantity":    {answer{body: `{"data":{"cart":{"total":"1","contents":{"nodes":[{"key":"k","quantity":-1}]}}},"items":[{"key":"k","id":1,"quantity":-1}],"totals":{"total_price":"1","currency_code":"INR","currency_minor_unit":2}}`}, woo.ErrUnavailable, woo.ErrUnknown},
	}
	for name, test := range tests {
		for door, open := range bothDoors(t, test.answer) {
			t.Run(name+", "+door, func(t *testing.T) {
				_, reading := open()
				if _, err := reading.Cart(t.Context()); !errors.Is(err, test.read) || errors.Is(err, woo.ErrUnknown) {
					t.Errorf("read: %v, want %v", err, test.read)
				}
				script, changing := open()
				if _, err := changing.Add(t.Context(), mug(1)); !errors.Is(err, test.write) || strings.Contains(err.Error(), "\n") {
					t.Errorf("change: %v, want %v", err, test.write)
				}
				if n := len(script.seen()); n != 1 {
					t.Errorf("the change was sent %d times", n)
				}
			})
		}
	}
}

// TestReadsAreTriedAgain: a read that fails in passing is made again with the
// same token; Retry-After does not outlast the caller.
func TestReadsAreTriedAgain(t *testing.T) {
	for name, body := range map[string]string{"WooGraphQL": `{"data":{"cart":` + oneLineCart1 + `}}`, "Store API": recorded(t, "storeapi/read.json")} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t, answer{status: 503, header: http.Header{"Retry-After": {"3600"}}, body: `<html>`}, answer{body: body})
			var waited []time.Duration
			client, err := woo.New(woo.Config{URL: script.URL, Sleep: func(_ context.Context, d time.Duration) error {
				waited = append(waited, d)
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			with := graphToken("t_1", 0)
			if name == "Store API" {
				with = cartToken("t_1", 0)
			}
			s := resume(t, doors[name](t, client), with)
			ok(t)(s.Cart(t.Context()))
			got := script.seen()
			if len(got) != 2 || got[0].token != got[1].token || len(waited) != 1 || waited[0] > woo.LongestWait {
				t.Errorf("%d requests after waiting %v", len(got), waited)
			}
		})
	}
}

// TestDataBesideErrors: a cart that comes with errors is not trusted.
func TestDataBesideErrors(t *testing.T) {
	script := newScript(t, answer{body: `{"errors":[{"message":"Internal server error","path":["cart","contents"]}],"data":{"cart":` + oneLineCart1 + `}}`})
	s := resume(t, script.graphQL(), graphToken("t_1", 0))
	if c, err := s.Cart(t.Context()); !errors.Is(err, woo.ErrUnavailable) || len(c.Lines) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := s.Add(t.Context(), mug(1)); !errors.Is(err, woo.ErrUnknown) || len(c.Lines) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestInternalErrorOfALine: WooGraphQL fails with an internal error on the key of
// no line, and on others things too. Only reading the cart tells them apart, and
// a line that was to go and is gone may have gone just now.
func TestInternalErrorOfALine(t *testing.T) {
	broken := answer{body: recorded(t, "graphql/bad-key.json")}
	there := answer{body: `{"data":{"cart":` + oneLineCart1 + `}}`}
	none := answer{body: recorded(t, "graphql/empty.json")}
	tests := map[string]struct {
		then answer
		call func(*session.Session) (session.Cart, error)
		want error
		not  error
	}{
		"no such line":          {none, func(s *session.Session) (session.Cart, error) { return s.SetQuantity(t.Context(), "k", 2) }, session.ErrNoSuchLine, woo.ErrUnknown},
		"the line is there":     {there, func(s *session.Session) (session.Cart, error) { return s.SetQuantity(t.Context(), "k", 2) }, woo.ErrUnknown, session.ErrNoSuchLine},
		"set to 0, and gone":    {none, func(s *session.Session) (session.Cart, error) { return s.SetQuantity(t.Context(), "k", 0) }, woo.ErrUnknown, session.ErrNoSuchLine},
		"removed, and gone":     {none, func(s *session.Session) (session.Cart, error) { return s.Remove(t.Context(), "k") }, woo.ErrUnknown, session.ErrNoSuchLine},
		"it cannot be read":     {answer{status: 503, body: `<html>`}, func(s *session.Session) (session.Cart, error) { return s.SetQuantity(t.Context(), "k", 2) }, woo.ErrUnknown, session.ErrNoSuchLine},
		"no line's business":    {none, func(s *session.Session) (session.Cart, error) { return s.ApplyCoupon(t.Context(), "x") }, woo.ErrUnknown, session.ErrNoSuchLine},
		"choosing a rate fails": {none, func(s *session.Session) (session.Cart, error) { return s.RemoveCoupon(t.Context(), "x") }, woo.ErrUnknown, session.ErrNoSuchLine},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			script := newScript(t, broken, test.then)
			_, err := test.call(resume(t, script.graphQL(), graphToken("t_1", 0)))
			if !errors.Is(err, test.want) || errors.Is(err, test.not) {
				t.Errorf("%v; want %v", err, test.want)
			}
		})
	}
}

// TestEmptyingNothing: WooGraphQL refuses to empty an empty cart; that is no
// reason to bother a shopper.
func TestEmptyingNothing(t *testing.T) {
	script := newScript(t, answer{body: recorded(t, "graphql/empty.json")}, answer{body: recorded(t, "graphql/empty-again.json")})
	if c, err := resume(t, script.graphQL(), graphToken("t_1", 0)).Clear(t.Context()); err != nil || len(c.Lines) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if n := len(script.seen()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

const twoPackages = `{"items":[],"needs_shipping":true,"totals":{"total_price":"0","currency_code":"INR","currency_minor_unit":2},"shipping_rates":[
	{"package_id":0,"name":"One","shipping_rates":[{"rate_id":"flat_rate:1","price":"4900","taxes":"588","selected":%A},{"rate_id":"local_pickup:3","price":"0","taxes":"0","selected":%B}]},
	{"package_id":"eggs","name":"Two","shipping_rates":[{"rate_id":"flat_rate:1","price":"4900","taxes":"588","selected":%C}]}]}`

// packages is a cart in two packages; which rate of the first, and whether any of
// the second, is chosen is said.
func packages(first, second bool) answer {
	say := map[bool]string{true: "true", false: "false"}
	return answer{token: cartToken("t_1", 1), body: strings.NewReplacer("%A", say[!first], "%B", say[first], "%C", say[second]).Replace(twoPackages)}
}

// TestTwoPackages: each has a rate of its own, chosen by the package's id; what
// was not taken is said.
func TestTwoPackages(t *testing.T) {
	choose := func(answers ...answer) (*script, error) {
		script := newScript(t, answers...)
		_, err := resume(t, script.storeAPI(), cartToken("t_1", 0)).ChooseShipping(t.Context(), "local_pickup:3", "flat_rate:1")
		return script, err
	}
	script, err := choose(packages(false, true), packages(true, true))
	if err != nil {
		t.Fatal(err)
	}
	got := script.seen()
	if len(got) != 3 || !strings.Contains(string(got[1].body), `"package_id":"0"`) || !strings.Contains(string(got[2].body), `"package_id":"eggs"`) {
		t.Errorf("%d requests, %s, %s", len(got), got[1].body, got[len(got)-1].body)
	}
	if _, err := choose(packages(false, true)); !errors.Is(err, session.ErrConflict) {
		t.Errorf("the store took another rate: %v", err)
	}
	if _, err := choose(packages(false, true), packages(true, true), answer{body: recorded(t, "storeapi/empty.json"), token: cartToken("t_1", 2)}); !errors.Is(err, session.ErrConflict) {
		t.Errorf("the store dropped the packages: %v", err)
	}
	if _, err := choose(packages(false, true), packages(true, true), answer{status: 400, body: recorded(t, "storeapi/sold-out.json")}); !errors.Is(err, woo.ErrUnknown) {
		t.Errorf("the first package's rate is chosen, the second's is not: %v", err)
	}
	script = newScript(t, packages(false, true))
	s := resume(t, script.storeAPI(), cartToken("t_1", 0))
	for _, rates := range [][]string{{"flat_rate:1"}, {"flat_rate:1", "flat_rate:1", "flat_rate:1"}, {"flat_rate:1", "local_pickup:3"}} {
		var invalid *woo.InvalidError
		if _, err := s.ChooseShipping(t.Context(), rates...); !errors.As(err, &invalid) || invalid.Field != "shipping_rate" {
			t.Errorf("%v: %v", rates, err)
		}
	}
	for _, r := range script.seen() {
		if r.method != "GET" {
			t.Error("a rate that is not offered was sent")
		}
	}
	if _, err := s.Checkout(t.Context(), session.Order{Token: "tok_12345678", Billing: bengaluru, PaymentMethod: "cod"}); !errors.Is(err, woo.ErrRefused) {
		t.Errorf("checkout of no lines: %v", err)
	}
}

const storeExtras = `{"items":[{"key":"k","id":9,"type":"simple","quantity":"2","name":"Tea &amp; chai","item_data":[{"name":"Gift","value":"for &quot;you&quot;"},{"key":"note","value":"x"}],
	"variation":[{"raw_attribute":"attribute_pa_size","attribute":"Size","value":"L"}],"totals":{"line_subtotal":"100","line_total":"100","line_subtotal_tax":"18","line_total_tax":"18"}}],
	"fees":[{"key":"cod","name":"Cash &amp; carry","totals":{"total":"2500","total_tax":"450"}},{"key":"less","name":"Less","totals":{"total":"-100","total_tax":"-18"}}],
	"errors":[{"code":"woocommerce_rest_product_out_of_stock","message":"&quot;Tea&quot; is <strong>out of stock</strong>\n now"}],
	"totals":{"total_price":"2432","total_fees":"2400","total_fees_tax":"432","currency_code":"JPY","currency_minor_unit":0,"tax_lines":[]},"payment_methods":["cod"]}`

// TestStoreExtras: fees, notices, data and other currencies' minor units.
func TestStoreExtras(t *testing.T) {
	script := newScript(t, answer{token: cartToken("t_1", 0), body: storeExtras})
	c := ok(t)(session.New(script.storeAPI(), session.Options{}).Cart(t.Context()))
	if c.Currency != "JPY" || c.Places != 0 || c.Totals.Total.String() != "JPY 2432" {
		t.Errorf("%s in %d places", c.Totals.Total, c.Places)
	}
	l := c.Lines[0]
	if l.Name != "Tea & chai" || l.Quantity != 2 || l.Data["Gift"] != `for "you"` || l.Data["note"] != "x" || l.Attributes["pa_size"] != "L" || l.UnitPrice.Valid {
		t.Errorf("%+v", l)
	}
	if len(c.Fees) != 2 || c.Fees[0].Name != "Cash & carry" || !c.Fees[0].Tax.Decimal.Equal(dec("450")) || !c.Fees[1].Total.Equal(dec("-100")) {
		t.Errorf("%+v", c.Fees)
	}
	if len(c.Notices) != 1 || c.Notices[0] != (session.Notice{Code: "woocommerce_rest_product_out_of_stock", Message: `"Tea" is out of stock now`}) {
		t.Errorf("%+v", c.Notices)
	}
}

// TestGraphExtras: fees, data and whatever PHP makes of a number.
func TestGraphExtras(t *testing.T) {
	body := `{"data":{"cart":{"total":1052.87,"feeTotal":"25","feeTax":"4.5","fees":[{"id":"wrap","name":"Wrap &amp; bow","total":25,"taxable":true,"taxClass":"GST_18"},{"id":"x","name":"x","total":-1.0E-5,"taxable":true,"taxClass":"STANDARD"}],
		"totalTaxes":[{"label":"IGST","amount":null}],"chosenShippingMethods":null,"availableShippingMethods":[{"packageDetails":"x","rates":null}],
		"contents":{"nodes":[{"key":"k","quantity":"2","subtotal":"891.07142858","total":997.99,"tax":"106.91857142","extraData":[{"key":"gift","value":true},{"key":"n","value":7}],
		"product":{"node":{"databaseId":"16","name":"Mug","sku":null}},"variation":{"attributes":null,"node":null}}]}}}}`
	script := newScript(t, answer{token: graphToken("t_1", 0), body: body})
	c := ok(t)(session.New(script.graphQL(), session.Options{}).Cart(t.Context()))
	if c.Totals.Total.Minor() != 105287 || !c.Totals.FeesTax.Equal(dec("4.5")) || !c.NeedsShipping || len(c.Packages) != 1 || len(c.Packages[0].Rates) != 0 {
		t.Errorf("%+v", c)
	}
	if len(c.Fees) != 2 || c.Fees[0].Name != "Wrap & bow" || c.Fees[0].TaxClass != "GST_18" || c.Fees[1].TaxClass != "" || !c.Fees[1].Total.Equal(dec("-0.00001")) {
		t.Errorf("%+v", c.Fees)
	}
	if l := c.Lines[0]; l.VariationID != 0 || l.ProductID != 16 || l.Data["gift"] != "true" || l.Data["n"] != "7" || !l.Total.Equal(dec("891.07142858")) {
		t.Errorf("%+v", l)
	}
}

// TestRulesOfTheStore: without its rules addresses are checked by their form, and
// rules that cannot be had are no reason to send them unchecked.
func TestRulesOfTheStore(t *testing.T) {
	script := newScript(t, answer{body: recorded(t, "graphql/read.json")})
	door := script.graphQL()
	s, err := session.Resume(door, graphToken("t_1", 0), session.Options{Rules: noRules{}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.SetCustomer(t.Context(), bengaluru, bengaluru)
	_, orderErr := s.Checkout(t.Context(), order(1))
	if !errors.Is(err, checkout.ErrUnavailable) || !errors.Is(orderErr, checkout.ErrUnavailable) || len(script.seen()) != 0 {
		t.Errorf("%v, %v; %d requests", err, orderErr, len(script.seen()))
	}
	if _, err := session.NewQuoter(door, noRules{}, session.QuoterOptions{}).Quote(t.Context(), checkout.QuoteRequest{}); !errors.Is(err, checkout.ErrUnavailable) {
		t.Errorf("a quote without rules: %v", err)
	}
}

type noRules struct{}

func (noRules) Rules(context.Context) (checkout.Rules, error) {
	return checkout.Rules{}, checkout.ErrUnavailable
}

// TestGraphQLOptions: a currency that is none is refused, and another one counts.
func TestGraphQLOptions(t *testing.T) {
	script := newScript(t, answer{token: graphToken("t_1", 0), body: `{"data":{"cart":` + oneLineCart1 + `}}`})
	if _, err := session.NewGraphQL(script.client(), session.GraphQLOptions{Currency: "rupees"}); !errors.Is(err, woo.ErrConfig) {
		t.Errorf("%v", err)
	}
	door, err := session.NewGraphQL(script.client(), session.GraphQLOptions{Currency: "USD"})
	if err != nil {
		t.Fatal(err)
	}
	if c := ok(t)(session.New(door, session.Options{}).Cart(t.Context())); c.Currency != "USD" || c.Totals.Total.String() != "USD 499.00" {
		t.Errorf("%+v", c.Totals)
	}
}

// TestWhatADoorCannotDo is said, and nothing is sent.
func TestWhatADoorCannotDo(t *testing.T) {
	script := newScript(t, answer{token: cartToken("t_1", 1), body: recorded(t, "storeapi/read.json")})
	s := resume(t, script.storeAPI(), cartToken("t_1", 0))
	_, dataErr := s.Add(t.Context(), session.AddItem{ProductID: 1, Quantity: 1, Data: map[string]string{"engraving": "Asha"}})
	o := order(1)
	o.Prepaid, o.TransactionID = true, "pay_1"
	_, paidErr := s.Checkout(t.Context(), o)
	for field, err := range map[string]error{"data": dataErr, "prepaid": paidErr} {
		var invalid *woo.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, r := range script.seen() {
		if r.method != "GET" || strings.HasSuffix(r.path, "/checkout") {
			t.Errorf("%s %s was sent", r.method, r.path)
		}
	}
}

// TestNoTokenAtAll: a store that gives no token has no cart that could be found
// again, so nothing is put into it.
func TestNoTokenAtAll(t *testing.T) {
	for name, script := range map[string]*script{
		"WooGraphQL": newScript(t, answer{body: recorded(t, "graphql/empty.json")}),
		"Store API":  newScript(t, answer{body: recorded(t, "storeapi/empty.json")}),
	} {
		s := session.New(doors[name](t, script.client()), session.Options{})
		if _, err := s.Add(t.Context(), mug(1)); !errors.Is(err, woo.ErrUnavailable) || len(script.seen()) != 1 {
			t.Errorf("%s: %v after %d requests", name, err, len(script.seen()))
		}
	}
}
