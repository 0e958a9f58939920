package payment_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func wantInvalid(t *testing.T, err error, field string) {
	t.Helper()
	var invalid *payment.InvalidError
	if !errors.As(err, &invalid) || invalid.Field != field || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("%v, want an InvalidError for %q", err, field)
	}
}

func TestOrderRequestValidate(t *testing.T) {
	good := func() payment.OrderRequest {
		return payment.OrderRequest{Receipt: "01J9ZK-token_1", Amount: pricing.Paise(1), Notes: map[string]string{"order": "नमस्ते"}}
	}
	manyNotes := map[string]string{}
	for _, r := range "abcdefghijklmnop" {
		manyNotes[string(r)] = ""
	}
	tests := []struct {
		name   string
		change func(r *payment.OrderRequest)
		field  string // empty: accepted
	}{
		{"as it is", func(*payment.OrderRequest) {}, ""},
		{"40 characters", func(r *payment.OrderRequest) { r.Receipt = strings.Repeat("x", 40) }, ""},
		{"41 characters", func(r *payment.OrderRequest) { r.Receipt = strings.Repeat("x", 41) }, "receipt"},
		{"no receipt", func(r *payment.OrderRequest) { r.Receipt = "" }, "receipt"},
		{"a space", func(r *payment.OrderRequest) { r.Receipt = "a b" }, "receipt"},
		{"a line feed", func(r *payment.OrderRequest) { r.Receipt = "a\r\nb" }, "receipt"},
		{"not ASCII", func(r *payment.OrderRequest) { r.Receipt = "ರಸೀದಿ" }, "receipt"},
		{"DEL", func(r *payment.OrderRequest) { r.Receipt = "a\x7f" }, "receipt"},
		{"nothing", func(r *payment.OrderRequest) { r.Amount = pricing.Money{} }, "amount"},
		{"zero", func(r *payment.OrderRequest) { r.Amount = pricing.Paise(0) }, "amount"},
		{"negative", func(r *payment.OrderRequest) { r.Amount = pricing.Paise(-1) }, "amount"},
		{"16 notes", func(r *payment.OrderRequest) { r.Notes = manyNotes }, "notes"},
		{"a nameless note", func(r *payment.OrderRequest) { r.Notes[""] = "x" }, "notes"},
		{"256 characters of note", func(r *payment.OrderRequest) { r.Notes["n"] = strings.Repeat("न", 256) }, ""},
		{"257 characters of note", func(r *payment.OrderRequest) { r.Notes["n"] = strings.Repeat("न", 257) }, "notes"},
		{"a megabyte of note", func(r *payment.OrderRequest) { r.Notes["n"] = strings.Repeat("n", 1<<20) }, "notes"},
		{"NUL in a note", func(r *payment.OrderRequest) { r.Notes["n"] = "a\x00b" }, "notes"},
		{"broken UTF-8 in a note", func(r *payment.OrderRequest) { r.Notes["n"] = "\xff" }, "notes"},
		{"a long name of a note", func(r *payment.OrderRequest) { r.Notes[strings.Repeat("n", 257)] = "" }, "notes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := good()
			test.change(&r)
			err := r.Validate()
			if test.field == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantInvalid(t, err, test.field)
		})
	}
}

func TestRefundRequestValidate(t *testing.T) {
	good := payment.RefundRequest{PaymentID: paymentID, Amount: pricing.Paise(1), Key: "refund-0001", Reason: "surplus"}
	tests := []struct {
		name   string
		change func(r *payment.RefundRequest)
		field  string
	}{
		{"as it is", func(*payment.RefundRequest) {}, ""},
		{"no reason", func(r *payment.RefundRequest) { r.Reason = "" }, ""},
		{"no payment", func(r *payment.RefundRequest) { r.PaymentID = "" }, "payment_id"},
		{"an endless payment id", func(r *payment.RefundRequest) { r.PaymentID = strings.Repeat("x", 65) }, "payment_id"},
		{"no amount means nothing, not all", func(r *payment.RefundRequest) { r.Amount = pricing.Money{} }, "amount"},
		{"negative", func(r *payment.RefundRequest) { r.Amount = pricing.Paise(-1) }, "amount"},
		{"10 characters", func(r *payment.RefundRequest) { r.Key = "Abc-_01234" }, ""},
		{"9 characters", func(r *payment.RefundRequest) { r.Key = "Abc-_0123" }, "key"},
		{"64 characters", func(r *payment.RefundRequest) { r.Key = strings.Repeat("k", 64) }, ""},
		{"65 characters", func(r *payment.RefundRequest) { r.Key = strings.Repeat("k", 65) }, "key"},
		{"a colon", func(r *payment.RefundRequest) { r.Key = "refund:0001" }, "key"},
		{"CR LF", func(r *payment.RefundRequest) { r.Key = "refund-0001\r\n" }, "key"},
		{"a long reason", func(r *payment.RefundRequest) { r.Reason = strings.Repeat("r", 257) }, "reason"},
		{"NUL in the reason", func(r *payment.RefundRequest) { r.Reason = "\x00" }, "reason"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := good
			test.change(&r)
			err := r.Validate()
			if test.field == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantInvalid(t, err, test.field)
		})
	}
}
