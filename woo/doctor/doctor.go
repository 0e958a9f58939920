package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// Options say what the store is needed for. The zero value asks what every shop
// needs.
type Options struct {
	// Currency is the one the shop sells in; empty means INR.
	Currency pricing.Currency
	// Policy is the checkout's; what is zero is DefaultPolicy's.
	Policy checkout.Policy
	// Gateways are WooCommerce's ids of the ways to pay that orders will name;
	// nil means razorpay and cod.
	Gateways []string
	// WebhookURL is where the shop receives webhooks, and WebhookTopics which
	// ones; nil means webhook.Topics(). Without an address they are unchecked.
	WebhookURL    string
	WebhookTopics []string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// ErrNotAsked says that the store could not be asked at all: it is not there, or
// what is there is no WooCommerce. The report beside it says which.
var ErrNotAsked = errors.New("doctor: the store could not be asked")

// Diagnose looks at a store and changes nothing in it. It makes about fifty
// requests, a few at a time, and takes some seconds; ctx bounds it.
//
// The report is complete whatever happens: a question that could not be asked is
// a finding of severity Unchecked. An error wraps ErrNotAsked, or is the
// context's.
//
// Whether the key may write is found with two empty batches (POST orders/batch
// and products/batch), which WooCommerce answers after it has looked at the
// permission (WC_REST_Controller::batch_items) and which change nothing.
func Diagnose(ctx context.Context, client *woo.Client, o Options) (Report, error) {
	e := newExam(client, o.withDefaults())
	e.gather(ctx)
	r := e.report()
	switch {
	case ctx.Err() != nil:
		return r, fmt.Errorf("doctor: %w", ctx.Err())
	case e.away != nil:
		return r, fmt.Errorf("%w: %w", ErrNotAsked, e.away)
	}
	return r, nil
}

func (o Options) withDefaults() Options {
	if o.Currency == "" {
		o.Currency = pricing.INR
	}
	standard := checkout.DefaultPolicy()
	for _, t := range []struct{ is, or *time.Duration }{
		{&o.Policy.Settle, &standard.Settle}, {&o.Policy.Lease, &standard.Lease}, {&o.Policy.HoldFor, &standard.HoldFor},
		{&o.Policy.PaymentWindow, &standard.PaymentWindow},
	} {
		if *t.is == 0 {
			*t.is = *t.or
		}
	}
	if o.Gateways == nil {
		o.Gateways = []string{"razorpay", "cod"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// report runs every check on what was gathered.
func (e *exam) report() Report {
	r := Report{Store: e.store(), CheckedAt: e.o.Now().UTC(), Versions: e.versions(), Settings: e.settings(), Findings: []Finding{}, Passed: []Code{}}
	for _, c := range checks() {
		found := c.look(e)
		if len(found) == 0 {
			r.Passed = append(r.Passed, c.code)
			continue
		}
		for _, f := range found {
			r.Findings = append(r.Findings, f.explained(c.code))
		}
	}
	r.Findings = sorted(r.Findings)
	return r
}

// check is one question. Nothing found means that all is well.
type check struct {
	code Code
	look func(*exam) []Finding
}

// found is a single finding; what it breaks and how to mend it follow from the
// code.
func found(s Severity, format string, args ...any) []Finding {
	return []Finding{{Severity: s, Found: fmt.Sprintf(format, args...)}}
}

// unchecked is a question that could not be asked.
func unchecked(reason string) []Finding {
	return found(Unchecked, "could not be checked: %s", reason)
}

// explained completes a finding with what is known of its code.
func (f Finding) explained(code Code) Finding {
	known, _ := Explain(code)
	f.Code, f.Subject, f.Found = code, plain(f.Subject, mostWord), plain(f.Found, mostFound)
	if f.Breaks == "" {
		f.Breaks = known.Breaks
	}
	if f.Mend == "" {
		f.Mend = known.Mend
	}
	return f
}

// The most runes of what a store says that a report repeats.
const (
	mostWord  = 100
	mostFound = 500
)

// plain makes a store's text fit for a terminal and a file: valid, in one line,
// of a bounded length.
func plain(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
