package quote_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// full is an input that fills every part of a quote.
func full(t testing.TB) quote.Input {
	in := shop(t)
	in.Lines = append(in.Lines, quote.Line{
		Key: "b", ProductID: 2, UnitPrice: dec("1299"), Quantity: 1, TaxClass: "gst-18",
		Adjustments: []quote.Adjustment{{Rule: "tier", Label: "Tier price", Amount: dec("-100")}},
	})
	in.Shipping = flat("49")
	in.Fees = []quote.Fee{{Name: "COD", Amount: dec("30"), Taxable: true, TaxClass: "gst-18"}}
	in.Coupons = []quote.Coupon{{ID: 7, Code: "diwali", Type: quote.PercentCoupon, Amount: dec("10")}, {Code: "nothing"}}
	in.At = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	in.RulesVersion = "r1"
	in.Exchange = &quote.Exchange{From: pricing.USD, To: pricing.INR, Rate: dec("84.5"), At: in.At, Source: "bank"}
	in.Explain = true
	return in
}

func TestHashIgnoresWhatIsNotCharged(t *testing.T) {
	q := calculate(t, full(t))
	want := q.Hash()
	if len(want) != 64 {
		t.Fatalf("hash %q", want)
	}
	for name, change := range map[string]func(*quote.Quote){
		"at":            func(q *quote.Quote) { q.At = q.At.Add(time.Hour) },
		"trace":         func(q *quote.Quote) { q.Trace = nil },
		"cart":          func(q *quote.Quote) { q.Cart = nil },
		"rules version": func(q *quote.Quote) { q.RulesVersion = "r2" },
		"name":          func(q *quote.Quote) { q.Lines[0].Name = "Saree" },
		"refused":       func(q *quote.Quote) { q.Refused = nil },
		"how a number is written": func(q *quote.Quote) {
			q.Lines[0].UnitPrice = dec("499.000")
			q.Lines[0].Total = decimal.NewFromBigInt(q.Lines[0].Total.Shift(9).BigInt(), -9)
		},
		"when the rate was read": func(q *quote.Quote) { e := *q.Exchange; e.At = time.Time{}; q.Exchange = &e },
	} {
		other := calculate(t, full(t))
		change(&other)
		if other.Hash() != want {
			t.Errorf("%s changes the hash", name)
		}
		if d := quote.Compare(q, other); !d.Empty() {
			t.Errorf("%s is a difference: %+v", name, d)
		}
	}
}

func TestHashCoversWhatIsCharged(t *testing.T) {
	q := calculate(t, full(t))
	paise := func(m *pricing.Money) { *m, _ = m.Add(pricing.Paise(1)) }
	changes := map[string]func(*quote.Quote){
		"currency":         func(q *quote.Quote) { q.Currency = pricing.USD },
		"decimals":         func(q *quote.Quote) { q.Decimals = 0 },
		"exempt":           func(q *quote.Quote) { q.VATExempt = true },
		"exchange":         func(q *quote.Quote) { q.Exchange = nil },
		"exchange rate":    func(q *quote.Quote) { e := *q.Exchange; e.Rate = dec("84.6"); q.Exchange = &e },
		"key":              func(q *quote.Quote) { q.Lines[0].Key = "z" },
		"product":          func(q *quote.Quote) { q.Lines[0].ProductID++ },
		"variation":        func(q *quote.Quote) { q.Lines[0].VariationID++ },
		"quantity":         func(q *quote.Quote) { q.Lines[0].Quantity++ },
		"unit price":       func(q *quote.Quote) { q.Lines[0].UnitPrice = dec("498") },
		"tax class":        func(q *quote.Quote) { q.Lines[0].TaxClass = "gst-5" },
		"tax status":       func(q *quote.Quote) { q.Lines[0].TaxStatus = quote.NotTaxable },
		"line subtotal":    func(q *quote.Quote) { q.Lines[0].Subtotal = dec("1") },
		"line total":       func(q *quote.Quote) { q.Lines[0].Total = dec("1") },
		"line tax":         func(q *quote.Quote) { q.Lines[0].TotalTax = dec("1") },
		"tax share":        func(q *quote.Quote) { q.Lines[0].Taxes[0].Total = dec("1") },
		"gross":            func(q *quote.Quote) { paise(&q.Lines[0].Gross) },
		"adjustment":       func(q *quote.Quote) { q.Lines[1].Adjustments[0].Amount = dec("-99") },
		"lines swapped":    func(q *quote.Quote) { q.Lines[0], q.Lines[1] = q.Lines[1], q.Lines[0] },
		"line removed":     func(q *quote.Quote) { q.Lines = q.Lines[:1] },
		"shipping method":  func(q *quote.Quote) { q.Shipping[0].RateID = "flat_rate:4" },
		"shipping":         func(q *quote.Quote) { q.Shipping[0].Total = dec("50") },
		"no shipping":      func(q *quote.Quote) { q.Shipping = nil },
		"fee":              func(q *quote.Quote) { q.Fees[0].Total = dec("31") },
		"fee tax":          func(q *quote.Quote) { q.Fees[0].TotalTax = dec("31") },
		"coupon":           func(q *quote.Quote) { q.Coupons[0].Discount = dec("1") },
		"coupon removed":   func(q *quote.Quote) { q.Coupons = nil },
		"tax row":          func(q *quote.Quote) { paise(&q.Taxes[0].Tax) },
		"shipping tax row": func(q *quote.Quote) { paise(&q.Taxes[0].ShippingTax) },
		"total":            func(q *quote.Quote) { paise(&q.Totals.Total) },
		"discount":         func(q *quote.Quote) { paise(&q.Totals.DiscountTotal) },
	}
	seen := map[string]string{q.Hash(): "unchanged"}
	for name, change := range changes {
		other := calculate(t, full(t))
		change(&other)
		if before, ok := seen[other.Hash()]; ok {
			t.Errorf("%s has the hash of %s", name, before)
		}
		seen[other.Hash()] = name
		if quote.Compare(q, other).Empty() || quote.Compare(other, q).Empty() {
			t.Errorf("%s is no difference", name)
		}
	}
}

// TestHashIsFixed guards against a change of the canonical form: stored hashes must stay valid.
func TestHashIsFixed(t *testing.T) {
	const want = "06544e92c374626fe559b7f595db4174ff6d7be5fb5741a5ee24c183f412cfbc"
	if got := calculate(t, full(t)).Hash(); got != want {
		t.Errorf("hash %s", got)
	}
}

func TestQuoteSurvivesJSON(t *testing.T) {
	q := calculate(t, full(t))
	data, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	var back quote.Quote
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if back.Hash() != q.Hash() {
		t.Error("the hash of a stored quote is another")
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(data) {
		t.Errorf("%v\nfirst %s\nthen  %s", err, data, again)
	}
}

func TestInputSurvivesJSON(t *testing.T) {
	in := full(t)
	in.Lines[1].Given = &quote.Given{Total: ptr("12.5")}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var back quote.Input
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if a, b := calculate(t, in).Hash(), calculate(t, back).Hash(); a != b {
		t.Errorf("the stored input gives another quote")
	}
}

func TestDecimalsWithoutEndAreNotWritten(t *testing.T) {
	for _, v := range []any{
		quote.Line{UnitPrice: decimal.New(1, 1_000_000)}, quote.Fee{Amount: decimal.New(1, -1_000_000)}, quote.Step{To: decimal.New(1, 101)},
	} {
		if data, err := json.Marshal(v); err == nil {
			t.Errorf("%T: %d bytes", v, len(data))
		}
	}
	q := quote.Quote{Lines: []quote.QuoteLine{{UnitPrice: decimal.New(1, 1_000_000_000)}}}
	if q.Hash() == (quote.Quote{}).Hash() {
		t.Error("the hash does not see the price")
	}
}
