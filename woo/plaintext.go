package woo

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestMessage caps what is kept of a store's message, in bytes.
const longestMessage = 500

// plainText makes a message readable: tags go, entities become characters,
// runs of space become one. Login errors come encoded twice
// ("&lt;strong&gt;Error:"), so both steps are done twice.
func plainText(s string) string {
	if isPlain(s) {
		return s
	}
	if len(s) > 8*longestMessage {
		s = s[:8*longestMessage]
	}
	for range 2 {
		s = html.UnescapeString(stripTags(s))
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
	return cut(strings.Map(dropControl, s), longestMessage)
}

// isPlain reports whether plainText would change nothing, as with most names:
// printable ASCII of a bearable length, no tag, no entity, single spaces.
func isPlain(s string) bool {
	space := true // none at the beginning either
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '<', c == '&', c == ' ' && space:
			return false
		default:
			space = c == ' '
		}
	}
	return len(s) <= longestMessage && (s == "" || !space)
}

// stripTags removes everything between '<' and '>' where a tag can begin; a
// '<' before a space or a digit is a comparison and stays.
func stripTags(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 == len(s) {
			b.WriteString(s)
			return b.String()
		}
		end := strings.IndexByte(s[i:], '>')
		if end < 0 || !tagStart(s[i+1]) {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[:i])
		if breaksLine(s[i+1 : i+end]) {
			b.WriteByte(' ')
		}
		s = s[i+end+1:]
	}
}

// breaksLine reports whether a tag stands for a gap between words.
func breaksLine(tag string) bool {
	name := strings.TrimPrefix(strings.ToLower(tag), "/")
	if i := strings.IndexAny(name, " \t\r\n/"); i >= 0 {
		name = name[:i]
	}
	switch name {
	case "br", "p", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "title", "body":
		return true
	}
	return false
}

func tagStart(c byte) bool {
	return c == '/' || c == '!' || c == '?' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func dropControl(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}

// cut shortens s to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
