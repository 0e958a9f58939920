package woo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

var _ checkout.Rulebook = (*Client)(nil)

// How old rules may be.
const (
	// RulesFresh is how long a snapshot is used without asking the store.
	RulesFresh = time.Minute
	// RulesStale is how long the last good snapshot stands in while the store
	// cannot be reached, so that a shop goes on selling. Rules.At tells its age.
	RulesStale = time.Hour
	// RulesPause is how long after a failure the store is not asked again while
	// an older snapshot stands in: a store that hangs must not slow every page.
	RulesPause = 15 * time.Second
)

// readingTries bounds how often the store is read until two readings agree.
const readingTries = 4

// rulebook keeps the last good snapshot. The channel is a lock that a context
// can give up waiting for: of many callers one reads, the others get its
// snapshot.
type rulebook struct {
	lock    chan struct{}
	current checkout.Rules
	checked time.Time // when current was last known to hold
	failed  time.Time // when the last reading failed
	failure error     // with what
}

// known reports whether there is a snapshot at all.
func (b *rulebook) known() bool { return b.current.Version != "" }

// answer is what can be said without asking the store; ok is false when it has
// to be asked. A caller that waited while another one failed shares its
// failure, or the snapshot that stands in for it.
func (b *rulebook) answer(since, now time.Time) (rules checkout.Rules, ok bool, err error) {
	switch {
	case b.known() && now.Sub(b.checked) < RulesFresh:
		return b.current, true, nil
	case b.failure == nil || now.Sub(b.failed) >= RulesPause:
		return checkout.Rules{}, false, nil
	case b.standsIn(now):
		return b.current, true, nil
	case !b.failed.Before(since):
		return checkout.Rules{}, true, b.failure
	}
	return checkout.Rules{}, false, nil
}

// standsIn reports whether the last good snapshot covers for the last failure.
func (b *rulebook) standsIn(now time.Time) bool {
	return b.known() && passing(b.failure) && now.Sub(b.checked) < RulesStale
}

// Rules implements checkout.Rulebook over REST: general, tax and shipping
// settings, tax rates and classes, shipping zones with their methods, coupons,
// countries and states.
//
// The REST API has no snapshots, so a change in the middle of a reading could
// mix two sets of rules. Therefore a reading counts only when it equals the one
// before it: an unchanged store is read once, a changed one twice. What the
// engine cannot represent, such as a tax rate limited to postcodes, is an error
// wrapping quote.ErrUnsupported: no rules are better than wrong ones.
func (c *Client) Rules(ctx context.Context) (checkout.Rules, error) {
	since := c.now()
	select {
	case c.rules.lock <- struct{}{}:
		defer func() { <-c.rules.lock }()
	case <-ctx.Done():
		return checkout.Rules{}, &Error{Kind: Unavailable, Op: "read rules", Cause: ctx.Err()}
	}
	if rules, ok, err := c.rules.answer(since, c.now()); ok {
		return rules, err
	}
	read, err := c.agreedRules(ctx)
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return checkout.Rules{}, err // this caller gave up; the store may be well
	}
	now := c.now()
	if err == nil {
		c.rules.current, c.rules.checked, c.rules.failure = read, now, nil
		return read, nil
	}
	c.rules.failed, c.rules.failure = now, err
	if c.rules.standsIn(now) {
		return c.rules.current, nil
	}
	return checkout.Rules{}, err
}

// passing reports whether an error says nothing about the rules themselves.
func passing(err error) bool {
	return errors.Is(err, checkout.ErrUnavailable) && !errors.Is(err, quote.ErrUnsupported) && !errors.Is(err, ErrUnauthorised)
}

// agreedRules reads until two readings in a row are the same, the last known
// one counting as the first.
func (c *Client) agreedRules(ctx context.Context) (checkout.Rules, error) {
	before, err := fingerprint(steady(c.rules.current))
	if err != nil {
		return checkout.Rules{}, err
	}
	for range readingTries {
		read, err := c.readRules(ctx)
		if err != nil {
			return checkout.Rules{}, err
		}
		print, err := fingerprint(steady(read))
		if err != nil {
			return checkout.Rules{}, err
		}
		if print == before {
			read.Version, err = fingerprint(read)
			read.At = c.now()
			return read, err
		}
		before = print
	}
	return checkout.Rules{}, &Error{Kind: Unavailable, Op: "read rules", Message: "the settings keep changing while they are read"}
}

// fingerprint is a hash of the rules' content, whenever they were read.
func fingerprint(r checkout.Rules) (string, error) {
	r.Version, r.At = "", time.Time{}
	text, err := json.Marshal(r)
	if err != nil {
		return "", &Error{Kind: Unavailable, Op: "read rules", Cause: err}
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// steady leaves out what every sale changes: how often coupons were used.
func steady(r checkout.Rules) checkout.Rules {
	coupons := make(map[string]quote.Coupon, len(r.Coupons))
	for code, coupon := range r.Coupons {
		coupon.UsageCount, coupon.UsedBy = 0, nil
		coupons[code] = coupon
	}
	r.Coupons = coupons
	return r
}

// readRules reads everything once, a few requests at a time.
func (c *Client) readRules(ctx context.Context) (checkout.Rules, error) {
	settings, err := c.readSettings(ctx)
	if err != nil {
		return checkout.Rules{}, err
	}
	r := checkout.Rules{HideRatesWhenFree: settings.yes("woocommerce_shipping_hide_rates_when_free")}
	if r.Settings, err = c.quoteSettings(settings); err != nil {
		return checkout.Rules{}, err
	}
	// Each job fills fields of its own.
	_, err = inParallel(ctx, parallel, []func(context.Context) (struct{}, error){
		into(&r.Settings.TaxClasses, c.readTaxClasses),
		into(&r.Settings.Version, c.readVersion),
		into(&r.TaxRates, c.readTaxRates),
		into(&r.Zones, c.readZones),
		into(&r.Coupons, func(ctx context.Context) (map[string]quote.Coupon, error) { return c.readCoupons(ctx, settings) }),
		func(ctx context.Context) (_ struct{}, err error) {
			r.Countries, r.States, err = c.readCountries(ctx, settings)
			return struct{}{}, err
		},
	})
	return r, err
}

// into makes a job of a reader and the place for what it reads.
func into[T any](place *T, read func(context.Context) (T, error)) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (_ struct{}, err error) {
		*place, err = read(ctx)
		return struct{}{}, err
	}
}
