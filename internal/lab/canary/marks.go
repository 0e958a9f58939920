package canary

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Marks are values that occur nowhere else, by what they stand for.
type Marks map[string]string

// Find returns what of the marks is in a text, plainly or in a spelling that an encoder may give it: hexadecimal, in
// base64 at any alignment, escaped for a URL, as a list of numbers, in another case.
func (m Marks) Find(text string) []string { return m.finder().find(text) }

// finder knows the spellings of marks, in lower case.
type finder map[string][]string

func (m Marks) finder() finder {
	f := finder{}
	for name, value := range m {
		f[name] = spellings(value)
	}
	return f
}

func (f finder) find(text string) []string {
	var found []string
	folded := strings.ToLower(text)
	for name, spelled := range f {
		if slices.ContainsFunc(spelled, func(s string) bool { return strings.Contains(folded, s) }) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func spellings(value string) []string {
	var numbers []string
	for _, b := range []byte(value) {
		numbers = append(numbers, strconv.Itoa(int(b)))
	}
	list := []string{
		value, hex.EncodeToString([]byte(value)), fmt.Sprintf("% x", value), strings.Join(numbers, " "),
		url.QueryEscape(value), url.PathEscape(value),
	}
	for shift := range 3 {
		list = append(list, inBase64(value, shift, base64.StdEncoding), inBase64(value, shift, base64.URLEncoding))
	}
	for i, s := range list {
		list[i] = strings.ToLower(s)
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
