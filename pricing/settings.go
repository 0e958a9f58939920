package pricing

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// check finds everything in the settings that would make prices unreadable.
func (f Format) check() error {
	text := f.plain()
	var problems []error
	refuse := func(bad bool, field, reason string) {
		if bad {
			problems = append(problems, invalid(field, reason))
		}
	}
	refuse(f.Position > RightSpace, "position", "want Left, Right, LeftSpace or RightSpace")
	refuse(f.Decimals < 0 || f.Decimals > maxDecimals, "decimals", "want 0 to 10")
	refuse(strings.ContainsFunc(text.Symbol, unicode.IsNumber), "symbol", "must not hold digits")
	refuse(strings.HasPrefix(strings.TrimSpace(text.Symbol), "-"), "symbol", "must not begin with a minus")
	refuse(!separates(text.Thousand), "thousand", "want one character that is no letter, digit, sign or tag, or none")
	refuse(!separates(text.Decimal), "decimal", "want one character that is no letter, digit, sign or tag")
	refuse(f.Decimals > 0 && separatorRune(text.Thousand) == separatorRune(text.Decimal),
		"decimal", "is the thousand separator too, so 1.000 would have two readings")
	return errors.Join(problems...)
}

// separates reports whether s can stand between digits: one character, or
// none.
func separates(s string) bool {
	r, width := utf8.DecodeRuneInString(s)
	if s == "" {
		return true
	}
	return width == len(s) && r != utf8.RuneError && !unicode.IsLetter(r) && !unicode.IsDigit(r) &&
		!strings.ContainsRune("-–—+%<>&", r)
}
