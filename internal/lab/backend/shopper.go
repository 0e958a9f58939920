package backend

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// Checkout is what a shopper reads of one.
type Checkout struct {
	ID          checkout.ID
	Status      checkout.Status
	QuoteHash   string `json:"quote_hash"`
	Quote       struct{ Totals struct{ Total pricing.Money } }
	OrderNumber string `json:"order_number"`
	Gateway     struct {
		OrderID string `json:"order_id"`
	}
}

// RefusalError is an answer other than a success.
type RefusalError struct {
	Status int
	Code   string
	Body   string
}

// Error implements error.
func (r *RefusalError) Error() string { return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Body) }

// Shopper is somebody with a browser. It is used by one goroutine.
type Shopper struct {
	// Home is the body of PUT …/addresses.
	Home string
	// Seen, if set, is given every body that the shopper was answered.
	Seen func(method, path string, status int, body []byte)

	shop    *Backend
	client  http.Client
	changes int
	name    string
}

// Home is an address in Bengaluru.
const Home = `{"billing":{"first_name":"Asha","last_name":"Rao","address_1":"12 MG Road","city":"Bengaluru","state":"KA",` +
	`"postcode":"560001","country":"IN","email":"asha@example.in","phone":"9845012345"}}`

// Shopper is a new one, whose connections are their own.
func (b *Backend) Shopper() *Shopper {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Shopper{
		Home: Home, shop: b, name: rand.Text(),
		client: http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 2}, Timeout: time.Minute},
	}
}

// Cookies are the values of the shopper's cookies.
func (s *Shopper) Cookies() []string {
	at, err := url.Parse(s.shop.URL)
	if err != nil {
		return nil
	}
	var values []string
	for _, c := range s.client.Jar.Cookies(at) {
		values = append(values, c.Value)
	}
	return values
}

// Close gives the shopper's connections back.
func (s *Shopper) Close() { s.client.CloseIdleConnections() }

// Send makes a request as the shop's own page would and decodes the answer; *RefusalError when it is none of success.
func (s *Shopper) Send(ctx context.Context, method, path, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, s.shop.URL+"/api"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Idempotency-Key", s.name+path)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if s.Seen != nil {
		s.Seen(method, path, answer.StatusCode, data)
	}
	if answer.StatusCode >= 300 {
		refused := &RefusalError{Status: answer.StatusCode, Body: string(bytes.TrimSpace(data))}
		_ = json.Unmarshal(data, &refused) // what is no problem+json has no code
		return refused
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(data, into)
}

// Fill puts pieces of a product into the cart.
func (s *Shopper) Fill(ctx context.Context, product, quantity int64) error {
	s.changes++
	return s.fill(ctx, s.changes, product, quantity)
}

// fill makes a change that counts once, however often it is sent.
func (s *Shopper) fill(ctx context.Context, change int, product, quantity int64) error {
	body := fmt.Sprintf(`{"id":"%s-%d","op":"add","product_id":%d,"quantity":%d}`, s.name, change, product, quantity)
	return s.Send(ctx, "POST", "/cart/changes", body, nil)
}

// Ready takes the cart to the point where only Commit is missing.
func (s *Shopper) Ready(ctx context.Context, method string) (c Checkout, err error) {
	var started struct{ Checkout Checkout }
	if err := s.Send(ctx, "POST", "/checkouts", `{}`, &started); err != nil {
		return c, err
	}
	at := "/checkouts/" + string(started.Checkout.ID)
	if err := s.Send(ctx, "PUT", at+"/addresses", s.Home, nil); err != nil {
		return c, err
	}
	err = s.Send(ctx, "PUT", at+"/payment-method", `{"method":"`+method+`"}`, &c)
	return c, err
}

// Commit places the order: it then waits for its payment, or is to be paid at the door.
func (s *Shopper) Commit(ctx context.Context, c Checkout) (Checkout, error) {
	err := s.Send(ctx, "POST", "/checkouts/"+string(c.ID)+"/place", `{"quote_hash":"`+c.QuoteHash+`"}`, &c)
	return c, err
}

// Place is Ready and Commit.
func (s *Shopper) Place(ctx context.Context, method string) (Checkout, error) {
	c, err := s.Ready(ctx, method)
	if err != nil {
		return c, err
	}
	return s.Commit(ctx, c)
}

// Pay pays at the gateway and brings the callback to the shop.
func (s *Shopper) Pay(ctx context.Context, c Checkout) (Checkout, error) {
	callback, err := s.shop.Gateway.Pay(c.Gateway.OrderID)
	if err != nil {
		return c, err
	}
	body, err := json.Marshal(callback)
	if err != nil {
		return c, err
	}
	err = s.Send(ctx, "POST", "/checkouts/"+string(c.ID)+"/payment", string(body), &c)
	return c, err
}

// Buy is a whole purchase, paid online.
func (s *Shopper) Buy(ctx context.Context, product, quantity int64) (Checkout, error) {
	if err := s.Fill(ctx, product, quantity); err != nil {
		return Checkout{}, err
	}
	c, err := s.Place(ctx, "razorpay")
	if err != nil {
		return c, err
	}
	return s.Pay(ctx, c)
}

// Insist buys as somebody who tries again for as long as the server is away or answers with a failure of its own, and who
// pays once. Every request can be repeated: a change of the cart has an id, a placement a key, a payment one callback.
func (s *Shopper) Insist(ctx context.Context, product, quantity int64) (c Checkout, err error) {
	s.changes++
	if err := s.again(ctx, func() error { return s.fill(ctx, s.changes, product, quantity) }); err != nil {
		return c, err
	}
	if err := s.again(ctx, func() error { c, err = s.Ready(ctx, "razorpay"); return err }); err != nil {
		return c, err
	}
	if err := s.again(ctx, func() error { c, err = s.Commit(ctx, c); return err }); err != nil {
		return c, err
	}
	callback, err := s.shop.Gateway.Pay(c.Gateway.OrderID)
	if err != nil {
		return c, err
	}
	body, err := json.Marshal(callback)
	if err != nil {
		return c, err
	}
	err = s.again(ctx, func() error {
		return s.Send(ctx, "POST", "/checkouts/"+string(c.ID)+"/payment", string(body), &c)
	})
	return c, err
}

// again repeats what may succeed a moment later.
func (s *Shopper) again(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !Passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, and before: %w", ctx.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Get reads a checkout.
func (s *Shopper) Get(ctx context.Context, id checkout.ID) (c Checkout, err error) {
	err = s.Send(ctx, "GET", "/checkouts/"+string(id), "", &c)
	return c, err
}

// SoldOut reports whether there was too little left, which is no failure of the shop.
func SoldOut(err error) bool {
	var refused *RefusalError
	return errors.As(err, &refused) && refused.Code == "out_of_stock"
}

// Passing reports whether the same request may succeed a moment later: the server is away, or starting, or a copy of the
// request is being worked on, perhaps by a server that was killed.
func Passing(err error) bool {
	var refused *RefusalError
	if errors.As(err, &refused) {
		return refused.Status >= 500 || refused.Code == "idempotency_key_busy"
	}
	return err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}
