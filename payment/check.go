package payment

import (
	"unicode/utf8"

	"github.com/ankkor/ankkor/pricing"
)

// maxID caps every id that comes from outside, before anything is done with it.
const maxID = 64

func checkReceipt(s string) error {
	if len(s) == 0 || len(s) > MaxReceipt {
		return invalid("receipt", "want 1 to 40 characters")
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return invalid("receipt", "want printable ASCII without spaces")
		}
	}
	return nil
}

func checkAmount(field string, m pricing.Money) error {
	if m.Sign() <= 0 {
		return invalid(field, "want more than zero")
	}
	if _, err := pricing.ParseCurrency(string(m.Currency())); err != nil {
		return invalid(field, "want a currency")
	}
	return nil
}

func checkNotes(notes map[string]string) error {
	if len(notes) > MaxNotes {
		return invalid("notes", "want at most 15 entries")
	}
	for key, value := range notes {
		if key == "" {
			return invalid("notes", "want a name for each entry")
		}
		if checkText("notes", key) != nil || checkText("notes", value) != nil {
			return invalid("notes", "want names and values of at most 256 characters in UTF-8, without NUL")
		}
	}
	return nil
}

func checkText(field, s string) error {
	if len(s) > 4*MaxNoteValue || !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxNoteValue {
		return invalid(field, "want at most 256 characters in UTF-8")
	}
	for i := range len(s) {
		if s[i] == 0 {
			return invalid(field, "want a text without NUL")
		}
	}
	return nil
}

func checkRefundKey(key string) error {
	if len(key) < MinRefundKey || len(key) > MaxRefundKey {
		return invalid("key", "want 10 to 64 characters")
	}
	for i := range len(key) {
		if c := key[i]; !alphanumeric(c) && c != '-' && c != '_' {
			return invalid("key", `want letters, digits, "-" and "_"`)
		}
	}
	return nil
}

func alphanumeric(c byte) bool {
	return (c|0x20)-'a' < 26 || c-'0' < 10 // a byte below the first wraps around
}
