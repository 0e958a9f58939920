package checkout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Address is a postal address in WooCommerce's form (WC_Customer billing and shipping fields). District is ours: India
// Post's district of the PIN; WooCommerce has no field for it and it is kept for shippers and staff.
type Address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company,omitempty"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2,omitempty"`
	City      string `json:"city"`
	District  string `json:"district,omitempty"`
	State     string `json:"state"` // the store's code, "KA"; free text where the country has no list
	Postcode  string `json:"postcode"`
	Country   string `json:"country"` // ISO 3166-1 alpha-2
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
}

// IsZero reports whether nothing is filled in.
func (a Address) IsZero() bool { return a == Address{} }

// Caps on the length of an address field, in bytes. They are those of WooCommerce's columns where it has one.
const (
	maxName    = 100
	maxLine    = 200
	maxEmail   = 320
	maxShort   = 32
	maxNote    = 2000
	maxCountry = 2
)

// field is one input of an address form with its rules.
type field struct {
	name     string
	value    *string
	max      int
	required bool
}

func (a *Address) fields(billing bool) []field {
	return []field{
		{"first_name", &a.FirstName, maxName, true},
		{"last_name", &a.LastName, maxName, true},
		{"company", &a.Company, maxLine, false},
		{"address_1", &a.Address1, maxLine, true},
		{"address_2", &a.Address2, maxLine, false},
		{"city", &a.City, maxName, true},
		{"district", &a.District, maxName, false},
		{"state", &a.State, maxName, false},
		{"postcode", &a.Postcode, maxShort, false},
		{"country", &a.Country, maxCountry, true},
		{"email", &a.Email, maxEmail, billing},
		{"phone", &a.Phone, maxShort, billing},
	}
}

// tidy trims every field, collapses runs of spaces and upper-cases the country.
func (a *Address) tidy() {
	for _, f := range a.fields(true) {
		if utf8.ValidString(*f.value) && len(*f.value) <= 4*maxLine {
			*f.value = strings.Join(strings.Fields(*f.value), " ")
		}
	}
	a.Country = strings.ToUpper(a.Country)
}

// checkText refuses what no address needs: invalid UTF-8, control characters, text beyond the field's cap.
func checkText(f field) string {
	v := *f.value
	switch {
	case v == "" && f.required:
		return "is required"
	case len(v) > f.max:
		return "is too long"
	case !utf8.ValidString(v):
		return "is not valid UTF-8"
	case strings.ContainsFunc(v, unicode.IsControl):
		return "contains a control character"
	}
	return ""
}

// validEmail is WordPress's is_email in spirit: one @, a local part, a domain with a dot, no spaces.
func validEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(local) > 64 || strings.ContainsAny(s, " <>()[],;:\\\"") {
		return false
	}
	if strings.Contains(domain, "@") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return false
	}
	return strings.Contains(domain, ".") && !strings.Contains(s, "..")
}
