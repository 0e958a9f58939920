package checkout_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
)

// pins is a directory of three PINs.
type pins struct{}

func (pins) Pincode(_ context.Context, pin string) (checkout.Pincode, error) {
	switch pin {
	case "560001":
		return checkout.Pincode{PIN: pin, Districts: []string{"Bengaluru Urban"}, States: []string{"KA"}, Deliverable: true}, nil
	case "751001":
		return checkout.Pincode{PIN: pin, Districts: []string{"Khordha"}, States: []string{"OD"}, Deliverable: true}, nil
	case "605007":
		return checkout.Pincode{PIN: pin, Districts: []string{"Puducherry", "Villupuram"}, States: []string{"PY", "TN"}, Deliverable: true}, nil
	}
	return checkout.Pincode{}, checkout.ErrUnknownPincode
}

func form() checkout.AddressForm {
	return checkout.AddressForm{Prefix: "billing", Billing: true, Rules: karnataka(), Pincodes: pins{}}
}

func TestAddressIsBroughtIntoForm(t *testing.T) {
	in := checkout.Address{
		FirstName: "  Asha ", LastName: "Rao", Address1: "12  MG\tRoad", City: "Bengaluru", Postcode: "560 001",
		Email: "asha@example.in", Phone: "098450-12345",
	}
	got, err := checkout.CheckAddress(t.Context(), in, form())
	if err != nil {
		t.Fatal(err)
	}
	want := checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", District: "Bengaluru Urban", State: "KA",
		Postcode: "560001", Country: "IN", Email: "asha@example.in", Phone: "+919845012345",
	}
	if diff := cmp.Diff(want, got.Address); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAddressState(t *testing.T) {
	tests := []struct {
		name, pin, typed, want, notice string
	}{
		{"from the PIN", "560001", "", "KA", "billing.state"},
		{"code", "560001", "KA", "KA", ""},
		{"lower case", "560001", "ka", "KA", ""},
		{"name", "560001", "karnataka", "KA", ""},
		{"older code", "751001", "OR", "OD", ""},
		{"other than the PIN's", "560001", "TN", "TN", "billing.state"},
		{"unknown PIN", "799999", "KA", "KA", "billing.postcode"},
		{"a PIN in two states", "605007", "TN", "TN", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := asha()
			in.Postcode, in.State = tt.pin, tt.typed
			got, err := checkout.CheckAddress(t.Context(), in, form())
			if err != nil {
				t.Fatal(err)
			}
			if got.Address.State != tt.want {
				t.Errorf("state %q, want %q", got.Address.State, tt.want)
			}
			noticed := ""
			for _, n := range got.Notices {
				noticed = n.Field
			}
			if noticed != tt.notice {
				t.Errorf("notices %v, want one on %q", got.Notices, tt.notice)
			}
		})
	}
}

func TestAddressRefused(t *testing.T) {
	tests := []struct {
		name, field string
		spoil       func(*checkout.Address)
	}{
		{"no name", "billing.first_name", func(a *checkout.Address) { a.FirstName = "" }},
		{"only spaces", "billing.last_name", func(a *checkout.Address) { a.LastName = " \t " }},
		{"name of 10 kB", "billing.first_name", func(a *checkout.Address) { a.FirstName = strings.Repeat("a", 10_000) }},
		{"NUL in a name", "billing.first_name", func(a *checkout.Address) { a.FirstName = "As\x00ha" }},
		{"invalid UTF-8", "billing.city", func(a *checkout.Address) { a.City = "Beng\xffaluru" }},
		{"no street", "billing.address_1", func(a *checkout.Address) { a.Address1 = "" }},
		{"PIN 00000", "billing.postcode", func(a *checkout.Address) { a.Postcode = "00000" }},
		{"PIN starts with 0", "billing.postcode", func(a *checkout.Address) { a.Postcode = "012345" }},
		{"PIN of 7 digits", "billing.postcode", func(a *checkout.Address) { a.Postcode = "5600011" }},
		{"PIN of letters", "billing.postcode", func(a *checkout.Address) { a.Postcode = "ABCDEF" }},
		{"PIN with two spaces", "billing.postcode", func(a *checkout.Address) { a.Postcode = "56 00 01" }},
		{"PIN in Devanagari", "billing.postcode", func(a *checkout.Address) { a.Postcode = "५६०००१" }},
		{"no PIN", "billing.postcode", func(a *checkout.Address) { a.Postcode = "" }},
		{"no such state", "billing.state", func(a *checkout.Address) { a.State = "XX" }},
		{"not sold there", "billing.country", func(a *checkout.Address) { a.Country = "US" }},
		{"no country code", "billing.country", func(a *checkout.Address) { a.Country = "I1" }},
		{"phone of 40 digits", "billing.phone", func(a *checkout.Address) { a.Phone = strings.Repeat("9", 40) }},
		{"phone of 9 digits", "billing.phone", func(a *checkout.Address) { a.Phone = "984501234" }},
		{"phone from 5", "billing.phone", func(a *checkout.Address) { a.Phone = "5845012345" }},
		{"phone with letters", "billing.phone", func(a *checkout.Address) { a.Phone = "98450x2345" }},
		{"no phone", "billing.phone", func(a *checkout.Address) { a.Phone = "" }},
		{"e-mail of 321 characters", "billing.email", func(a *checkout.Address) { a.Email = strings.Repeat("a", 310) + "@example.in" }},
		{"e-mail without a domain", "billing.email", func(a *checkout.Address) { a.Email = "asha@" }},
		{"e-mail without a dot", "billing.email", func(a *checkout.Address) { a.Email = "asha@localhost" }},
		{"two addresses in one", "billing.email", func(a *checkout.Address) { a.Email = "a@b.in,c@d.in" }},
		{"CR and LF in the e-mail", "billing.email", func(a *checkout.Address) { a.Email = "a@b.in\r\nBcc: c@d.in" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := asha()
			tt.spoil(&in)
			_, err := checkout.CheckAddress(t.Context(), in, form())
			var fields checkout.FieldErrors
			if !errors.Is(err, checkout.ErrInvalid) || !errors.As(err, &fields) || fields.Field(tt.field) == "" {
				t.Fatalf("%v, want %s refused", err, tt.field)
			}
		})
	}
}

func TestEveryRefusedFieldIsNamedAtOnce(t *testing.T) {
	in := checkout.Address{State: "", Postcode: "0123", Email: "x", Phone: "12", City: "Bengaluru"}
	_, err := checkout.CheckAddress(t.Context(), in, form())
	var fields checkout.FieldErrors
	if !errors.As(err, &fields) {
		t.Fatal(err)
	}
	var names []string
	for _, f := range fields {
		names = append(names, strings.TrimPrefix(f.Field, "billing."))
	}
	want := []string{"first_name", "last_name", "address_1", "postcode", "email", "phone"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

func TestNamesFromRightToLeftAreKept(t *testing.T) {
	in := asha()
	in.FirstName = "\u202Eअशा\u200D"
	got, err := checkout.CheckAddress(t.Context(), in, form())
	if err != nil || got.Address.FirstName != in.FirstName {
		t.Fatalf("%q %v", got.Address.FirstName, err)
	}
}

func TestShippingAddressNeedsNoPhone(t *testing.T) {
	in := asha()
	in.Phone, in.Email = "", ""
	shipping := checkout.AddressForm{Prefix: "shipping", Rules: karnataka(), Pincodes: pins{}}
	if _, err := checkout.CheckAddress(t.Context(), in, shipping); err != nil {
		t.Fatal(err)
	}
}

func TestSameState(t *testing.T) {
	for _, pair := range [][2]string{{"OR", "OD"}, {"DN", "DH"}, {"DD", "DN"}, {"CG", "CT"}, {"TG", "TS"}, {"UT", "UK"}, {"UA", "UK"}, {"KA", "KA"}} {
		if !checkout.SameState(pair[0], pair[1]) {
			t.Errorf("%v are not the same", pair)
		}
	}
	if checkout.SameState("KA", "KL") {
		t.Error("KA and KL are the same")
	}
}

func FuzzCheckAddress(f *testing.F) {
	f.Add("Asha", "12 MG Road", "560001", "KA", "9845012345", "asha@example.in")
	f.Add("", "\x00", "00000", "Karnataka", "+91", "@")
	f.Fuzz(func(t *testing.T, name, line, pin, state, phone, email string) {
		in := asha()
		in.FirstName, in.Address1, in.Postcode, in.State, in.Phone, in.Email = name, line, pin, state, phone, email
		got, err := checkout.CheckAddress(t.Context(), in, form())
		if err != nil {
			if !errors.Is(err, checkout.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := checkout.CheckAddress(t.Context(), got.Address, form())
		if err != nil || again.Address != got.Address {
			t.Fatalf("checking a checked address changed it: %v %v", again.Address, err)
		}
	})
}
