package razorpay_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout"
)

// decision is one row of checkout/CAPTURES.md.
type decision struct {
	name string
	// capture is who takes the money: Razorpay at once, or the shop.
	capture razorpay.Capture
	// happens does what the row says, from a checkout of one mug that was placed; it returns the checkout it is about.
	happens func(s *shop, r checkout.Record) checkout.Record
	want    decided
}

// decided is what a row comes to.
type decided struct {
	status   checkout.Status
	orders   int
	captures int  // payments that were captured at Razorpay, before any refund
	refunds  int  // made by the shop
	alert    bool // a person is told
}

const window = 31 * time.Minute // after it an unpaid checkout was given up

func decisions() []decision {
	auto, manual := razorpay.CaptureAutomatic, razorpay.CaptureManual
	pay := razorpaytest.Attempt{}
	sale := decided{checkout.StatusOrdered, 1, 1, 0, false}
	return []decision{
		{"exact", auto, paying(pay), sale},
		{"exact, held by the bank", manual, paying(pay), sale},
		{"short", auto, paying(razorpaytest.Attempt{Amount: 54700}), decided{checkout.StatusRefunded, 0, 1, 1, true}},
		{"short, held by the bank", manual, paying(razorpaytest.Attempt{Amount: 54700}), decided{checkout.StatusCancelled, 0, 0, 0, true}},
		{"partial", auto, paying(half, half), decided{checkout.StatusRefunded, 0, 2, 2, true}},
		{"partial, then the rest of the price in one", auto, paying(half, pay), decided{checkout.StatusOrdered, 1, 2, 1, true}},
		{"over", auto, paying(razorpaytest.Attempt{Amount: 54900}), decided{checkout.StatusRefunded, 0, 1, 1, true}},
		{"over, held by the bank", manual, paying(razorpaytest.Attempt{Amount: 54900}), decided{checkout.StatusCancelled, 0, 0, 0, true}},
		{"wrong currency", auto, paying(razorpaytest.Attempt{Currency: "USD"}), decided{checkout.StatusRefunded, 0, 1, 1, true}},
		{"duplicate", auto, paying(pay, again), decided{checkout.StatusOrdered, 1, 2, 1, true}},
		{"duplicate, after the order took effect", auto, func(s *shop, r checkout.Record) checkout.Record {
			s.try(r, pay)
			s.pass(5 * time.Minute)
			s.try(r, again)
			return r
		}, decided{checkout.StatusOrdered, 1, 2, 1, true}},
		{"late", auto, late(func(*shop) {}), sale},
		{"late, held by the bank", manual, late(func(*shop) {}), sale},
		{"late, stock gone", auto, late((*shop).sellOut), decided{checkout.StatusRefunded, 0, 1, 1, true}},
		{"late, stock gone, held by the bank", manual, late((*shop).sellOut), decided{checkout.StatusCancelled, 0, 0, 0, true}},
		{"late, price moved", auto, late((*shop).dearer), sale},
		{"price moved", auto, func(s *shop, r checkout.Record) checkout.Record { s.dearer(); s.try(r, pay); return r }, sale},
		{"stock edited away", auto, func(s *shop, r checkout.Record) checkout.Record { s.sellOut(); s.try(r, pay); return r }, sale},
		{"coupon spent", auto, couponSpent, decided{checkout.StatusRefunded, 0, 1, 1, true}},
		{"after a cancellation", auto, func(s *shop, r checkout.Record) checkout.Record {
			_, err := s.Cancel(s.t.Context(), r.Owner, r.ID, "changed my mind")
			s.check(err)
			s.try(r, pay)
			return r
		}, decided{checkout.StatusRefunded, 0, 1, 1, true}},
		{"after a cancellation, held by the bank", manual, func(s *shop, r checkout.Record) checkout.Record {
			_, err := s.Cancel(s.t.Context(), r.Owner, r.ID, "changed my mind")
			s.check(err)
			s.try(r, pay)
			return r
		}, decided{checkout.StatusCancelled, 0, 0, 0, false}},
		{"before a cancellation", auto, func(s *shop, r checkout.Record) checkout.Record {
			s.try(r, pay)
			_, err := s.Cancel(s.t.Context(), r.Owner, r.ID, "changed my mind")
			s.check(err)
			return r
		}, sale},
		{"failed, then authorised late", auto, paying(razorpaytest.Attempt{Fails: true, LateBy: 10 * time.Minute}), sale},
		{"failed, then paid", auto, paying(razorpaytest.Attempt{Fails: true}, pay), sale},
		{"failed", auto, paying(razorpaytest.Attempt{Fails: true}), decided{checkout.StatusCancelled, 0, 0, 0, false}},
	}
}

var (
	half  = razorpaytest.Attempt{Amount: 27400}
	again = razorpaytest.Attempt{Anyway: true}
)

// paying tries to pay so many times, one after the other.
func paying(attempts ...razorpaytest.Attempt) func(*shop, checkout.Record) checkout.Record {
	return func(s *shop, r checkout.Record) checkout.Record {
		for _, a := range attempts {
			s.try(r, a)
		}
		return r
	}
}

// late pays after the window has closed and something has happened.
func late(happened func(*shop)) func(*shop, checkout.Record) checkout.Record {
	return func(s *shop, r checkout.Record) checkout.Record {
		s.pass(window)
		happened(s)
		s.try(r, razorpaytest.Attempt{})
		return r
	}
}

// dearer doubles the price.
func (s *shop) dearer() {
	item := mug
	item.UnitPrice = decimal.NewFromInt(998)
	s.catalog.Put(item)
}

// couponSpent lets a checkout with the coupon's one use lapse, sells it to somebody else, and then has it paid.
func couponSpent(s *shop, _ checkout.Record) checkout.Record {
	first := s.placed("guest:2", 1, "diwali")
	s.pass(window)
	second := s.placed("guest:3", 1, "diwali")
	s.try(second, razorpaytest.Attempt{})
	s.pass(time.Minute)
	if got := s.load(second).Status(); got != checkout.StatusOrdered {
		s.t.Fatalf("the second use: %s", got)
	}
	s.try(first, razorpaytest.Attempt{})
	return first
}

func TestDecisions(t *testing.T) {
	for _, d := range decisions() {
		t.Run(d.name, func(t *testing.T) {
			s := newShop(t, d.capture)
			r := d.happens(s, s.placed("guest:1", 1))
			s.pass(2 * time.Hour)
			s.pass(7 * 24 * time.Hour) // until nothing more is followed, and what was held has lapsed
			got := s.load(r)
			_, captures := s.money(r)
			is := decided{got.Status(), len(s.effective(r)), captures, len(got.Refunds), len(got.Alerts) > 0}
			if is != d.want {
				t.Errorf("%+v, want %+v\nalerts %q\n%v", is, d.want, got.Alerts, got.Timeline)
			}
			if err := s.balanced(r); err != nil {
				t.Error(err)
			}
			for _, o := range s.effective(r) {
				if !o.Total.Equal(r.Gateway.Amount) {
					t.Errorf("the order is for %s, %s was paid", o.Total, r.Gateway.Amount)
				}
			}
			s.level()
		})
	}
}

// TestEveryDecisionIsPublished compares the rows tested with those of the page.
func TestEveryDecisionIsPublished(t *testing.T) {
	page, err := os.ReadFile("../../checkout/CAPTURES.md")
	if err != nil {
		t.Fatal(err)
	}
	var published []string
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z][^|]*?) +\|`).FindAllStringSubmatch(string(page), -1) {
		published = append(published, strings.TrimSpace(m[1]))
	}
	var tested []string
	for _, d := range decisions() {
		tested = append(tested, d.name)
	}
	slices.Sort(published)
	slices.Sort(tested)
	if !slices.Equal(published, tested) {
		t.Errorf("published %q\ntested %q", published, tested)
	}
}
