package session

import (
	"html"
	"regexp"
	"strings"
)

// longestMessage caps what is kept of a store's message, in bytes.
const longestMessage = 500

var tags = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)

// plainMessage makes a notice readable: tags go, entities become characters.
func plainMessage(s string) string {
	s = s[:min(len(s), 8*longestMessage)]
	s = html.UnescapeString(tags.ReplaceAllString(s, ""))
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if len(s) > longestMessage {
		s = strings.ToValidUTF8(s[:longestMessage], "")
	}
	return s
}

// statusSlug is a status as REST writes it: ON_HOLD is on-hold.
func statusSlug(enum string) string { return strings.ReplaceAll(strings.ToLower(enum), "_", "-") }

// attribute is an attribute's name as a cart's item has it: "pa_size" for
// "attribute_pa_size".
func (t text) attribute() string { return strings.TrimPrefix(string(t), "attribute_") }
