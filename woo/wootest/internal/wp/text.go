package wp

import (
	"html"
	"strconv"
	"strings"
)

// Itoa is an id as text.
func Itoa(n int64) string { return strconv.FormatInt(n, 10) }

// EscHTML is WordPress' esc_html: quotes have names, and what is encoded
// already is not encoded twice.
func EscHTML(text string) string {
	return strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#039;", "&amp;lt;", "&lt;", "&amp;gt;", "&gt;", "&amp;amp;", "&amp;",
		"&amp;#34;", "&quot;", "&amp;quot;", "&quot;", "&amp;#039;", "&#039;").Replace(html.EscapeString(text))
}

// WithoutTags is wp_strip_all_tags: what is between < and > goes.
func WithoutTags(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '<':
			depth++
		case r == '>' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SanitizeTitle is sanitize_title for the plain texts attribute values are.
func SanitizeTitle(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), "-")
}

// CutLast is strings.Cut at the last separator.
func CutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// IsEmail is a rough is_email(): something, an @, a domain with a dot.
func IsEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(text, " \t\r\n<>")
}

// Nullable is null for an empty text.
func Nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// ContainsText says whether a list has a text.
func ContainsText(list []string, text string) bool {
	for _, x := range list {
		if x == text {
			return true
		}
	}
	return false
}

// WordList is wp_sprintf's %l: "a, b, and c".
func WordList(words []string) string {
	if len(words) < 3 {
		return strings.Join(words, " and ")
	}
	return strings.Join(words[:len(words)-1], ", ") + ", and " + words[len(words)-1]
}

// Truthy says whether a parameter switches something on.
func Truthy(text string) bool { return text == "1" || text == "true" }

// PageText is what the_content's filters make of a text: paragraphs.
func PageText(text string, edited bool) string {
	if text == "" || edited {
		return text
	}
	if strings.HasPrefix(text, "<p") {
		return text + "\n"
	}
	return "<p>" + text + "</p>\n"
}
