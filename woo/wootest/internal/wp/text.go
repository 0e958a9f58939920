package wp

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Itoa is an id as text.
func Itoa(n int64) string { return strconv.FormatInt(n, 10) }

// EscHTML is WordPress' esc_html: what is encoded already is not encoded twice.
func EscHTML(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "&")
		b.WriteString(strings.NewReplacer("<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace(before))
		if !found {
			return b.String()
		}
		b.WriteByte('&')
		if name, _, ok := strings.Cut(rest, ";"); !ok || !isEntity(name) {
			b.WriteString("amp;")
		}
		text = rest
	}
}

// isEntity says whether & and ; make a character of a name.
func isEntity(name string) bool {
	whole := "&" + name + ";"
	return len(name) <= 10 && !strings.ContainsAny(name, "& <") && html.UnescapeString(whole) != whole
}

// WithoutTags is wp_strip_all_tags: scripts and styles go with what is in them, of
// other tags what is between < and >. A < before a space begins none.
func WithoutTags(text string) string {
	text = hiddenText.ReplaceAllString(text, "")
	var b strings.Builder
	depth := 0
	for i, r := range text {
		switch {
		case r == '<' && !strings.HasPrefix(text[i+1:], " "):
			depth++
		case r == '>' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// hiddenText is what a browser does not show.
var hiddenText = regexp.MustCompile(`(?is)<(?:script[^>]*>.*?</script|style[^>]*>.*?</style)>`)

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

// IsEmail is is_email: something before the @, and behind it two labels or more
// that a host may have.
func IsEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	labels := strings.Split(domain, ".")
	if !ok || len(text) < 6 || local == "" || len(labels) < 2 {
		return false
	}
	const marks = "!#$%&'*+/=?^_`{|}~.-"
	return onlyLetters(local, marks) && !slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || strings.Trim(label, "-") != label || !onlyLetters(label, "-")
	})
}

// onlyLetters says whether a text is of letters, digits and the marks alone.
func onlyLetters(text, marks string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(marks, r)
	})
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
