package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/checkout"
)

// addressPage is the address form.
type addressPage struct {
	Record checkout.Record
	Rows   [][]input
	States []checkout.State
	State  string
	Note   string
	Errors map[string]string // by field name
}

// input is one field of the form.
type input struct {
	Name, Label  string
	Type         string
	Autocomplete string
	Hint         string
	Max          int
	Optional     bool
	Numeric      bool
	Value, Error string
}

// addressRows are the fields, one or two to a row.
func addressRows(a checkout.Address) [][]input {
	return [][]input{
		{
			{Name: "first_name", Label: "First name", Autocomplete: "given-name", Value: a.FirstName},
			{Name: "last_name", Label: "Last name", Autocomplete: "family-name", Value: a.LastName},
		},
		{
			{Name: "email", Label: "E-mail", Type: "email", Autocomplete: "email", Hint: "asha@example.in", Value: a.Email},
			{Name: "phone", Label: "Mobile number", Type: "tel", Autocomplete: "tel", Hint: "98450 12345", Value: a.Phone},
		},
		{
			{Name: "postcode", Label: "PIN code", Autocomplete: "postal-code", Hint: "560001", Max: 7, Numeric: true, Value: a.Postcode},
			{Name: "district", Label: "District", Optional: true, Value: a.District},
		},
		{{Name: "address_1", Label: "House and street", Autocomplete: "address-line1", Value: a.Address1}},
		{
			{Name: "address_2", Label: "Area or landmark", Autocomplete: "address-line2", Optional: true, Value: a.Address2},
			{Name: "city", Label: "Town or city", Autocomplete: "address-level2", Value: a.City},
		},
	}
}

func (s *server) addressForm(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record.Placed != nil || record.Closing != nil {
		http.Redirect(w, r, orderURL(record), http.StatusSeeOther)
		return nil
	}
	return s.showAddress(w, r, http.StatusOK, record.Billing, addressPage{Record: record, Note: record.CustomerNote})
}

func (s *server) showAddress(w http.ResponseWriter, r *http.Request, status int, form checkout.Address, page addressPage) error {
	rules, err := s.Rules(r.Context())
	if err != nil {
		return err
	}
	page.States, page.State, page.Rows = rules.States["IN"], form.State, addressRows(form)
	for _, row := range page.Rows {
		for i := range row {
			row[i].Error = page.Errors[row[i].Name]
		}
	}
	s.show(w, r, status, "address", page)
	return nil
}

func addressOf(r *http.Request) checkout.Address {
	v := r.PostFormValue
	return checkout.Address{
		FirstName: v("first_name"), LastName: v("last_name"), Address1: v("address_1"), Address2: v("address_2"), City: v("city"),
		District: v("district"), State: v("state"), Postcode: v("postcode"), Country: "IN", Email: v("email"), Phone: v("phone"),
	}
}

func (s *server) setAddress(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	form, note := addressOf(r), r.PostFormValue("note")
	_, err = s.checkout.SetAddresses(r.Context(), record.Owner, record.ID, checkout.Addresses{Billing: form, Note: note})
	var refused checkout.FieldErrors
	switch {
	case errors.As(err, &refused):
		return s.showAddress(w, r, http.StatusUnprocessableEntity, form, addressPage{Record: record, Note: note, Errors: byField(refused)})
	case err != nil:
		return s.cannotGoOn(w, r, err)
	}
	http.Redirect(w, r, "/checkout/"+string(record.ID)+"/review", http.StatusSeeOther)
	return nil
}

// byField sorts what was refused to the inputs of the form.
func byField(refused checkout.FieldErrors) map[string]string {
	out := map[string]string{}
	for _, f := range refused {
		out[strings.TrimPrefix(f.Field, "billing.")] = f.Reason
	}
	return out
}

// doubts are remarks on an address that was taken: a PIN nobody knows, a state that does not go with it.
func (s *server) doubts(r *http.Request, a checkout.Address) ([]string, error) {
	rules, err := s.Rules(r.Context())
	if err != nil {
		return nil, err
	}
	checked, err := checkout.CheckAddress(r.Context(), a, checkout.AddressForm{Billing: true, Rules: rules, Pincodes: s.pins})
	if err != nil {
		return nil, nil //nolint:nilerr // it was accepted when it was given; this page only remarks
	}
	var out []string
	for _, n := range checked.Notices {
		switch n.Field {
		case "postcode":
			out = append(out, "The PIN code "+n.Reason+".")
		case "state":
			out = append(out, "The state "+n.Reason+".")
		}
	}
	return out, nil
}

// pincode answers the address form's script.
func (s *server) pincode(w http.ResponseWriter, r *http.Request) error {
	status := http.StatusOK
	known, err := s.pins.Pincode(r.Context(), r.PathValue("pin"))
	switch {
	case errors.Is(err, checkout.ErrUnknownPincode):
		status = http.StatusNotFound
	case errors.Is(err, checkout.ErrInvalid):
		status = http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(map[string][]string{"districts": known.Districts, "states": known.States})
}
