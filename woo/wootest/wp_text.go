package wootest

import (
	"html"
	"strconv"
	"strings"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// escHTML is WordPress' esc_html: quotes have names, and what is encoded
// already is not encoded twice.
func escHTML(text string) string {
	return strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#039;", "&amp;lt;", "&lt;", "&amp;gt;", "&gt;", "&amp;amp;", "&amp;",
		"&amp;#34;", "&quot;", "&amp;quot;", "&quot;", "&amp;#039;", "&#039;").Replace(html.EscapeString(text))
}

// withoutTags is wp_strip_all_tags: what is between < and > goes.
func withoutTags(text string) string {
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

// sanitizeTitle is sanitize_title for the plain texts attribute values are.
func sanitizeTitle(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), "-")
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// isEmail is a rough is_email(): something, an @, a domain with a dot.
func isEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(text, " \t\r\n<>")
}

// nullable is null for an empty text.
func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func containsText(list []string, text string) bool {
	for _, x := range list {
		if x == text {
			return true
		}
	}
	return false
}

// wordList is wp_sprintf's %l: "a, b, and c".
func wordList(words []string) string {
	if len(words) < 3 {
		return strings.Join(words, " and ")
	}
	return strings.Join(words[:len(words)-1], ", ") + ", and " + words[len(words)-1]
}

func truthy(text string) bool { return text == "1" || text == "true" }
