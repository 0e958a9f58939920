package canary

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Marks are values that occur nowhere else, by what they stand for.
type Marks map[string]string

// Find returns what of the marks is in a text, plainly or in a spelling that an encoder may give it: hexadecimal, in
// base64 at any alignment, escaped for a URL, as a list of numbers, in another case.
func (m Marks) Find(text string) []string {
	var found []string
	folded := strings.ToLower(text)
	for name, value := range m {
		if slices.ContainsFunc(spellings(value), func(s string) bool { return strings.Contains(folded, strings.ToLower(s)) }) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func spellings(value string) []string {
	list := []string{value, hex.EncodeToString([]byte(value)), url.QueryEscape(value), url.PathEscape(value)}
	list = append(list, strings.TrimSuffix(fmt.Sprintf("% x", value), " "), strings.Trim(fmt.Sprint([]byte(value)), "[]"))
	for shift := range 3 {
		list = append(list, inBase64(value, shift, base64.StdEncoding), inBase64(value, shift, base64.URLEncoding))
	}
	return list
}

// inBase64 is how a value looks inside of something longer: without the characters that depend on its neighbours.
func inBase64(value string, shift int, e *base64.Encoding) string {
	text := e.EncodeToString([]byte(strings.Repeat("\x00", shift) + value))
	from := (shift*8 + 5) / 6
	to := (shift + len(value)) * 8 / 6
	return text[from:to]
}
