package pricing

import "strings"

// tag is an HTML tag as far as price texts need it.
type tag struct {
	name    string // lower case in what WooCommerce writes
	closing bool
	role    role
	end     int // offset behind the tag; 0 when there is none
}

// role is what an element means for the amounts in it.
type role uint8

const (
	plain     role = iota // formatting: its content reads as if the tag were not there
	struck                // <del>: the regular price of a sale
	current               // <ins>: the price of a sale
	spoken                // screen-reader text: says again what is shown
	suffix                // the price display suffix
	fromLabel             // "From:" in front of a lowest price
)

// priceTag begins the tags that wc_price writes around amounts and symbols.
const priceTag = `<span class="woocommerce-Price-`

// tagAt reads the tag that begins at s[i], a '<'. Without a complete tag
// there, its end is 0.
func tagAt(s string, i int) tag {
	end := tagEnd(s, i)
	if end == 0 {
		return tag{}
	}
	t := tag{end: end}
	inner := s[i+1 : end-1]
	inner, t.closing = strings.CutPrefix(inner, "/")
	name, attributes, _ := strings.Cut(inner, " ")
	t.name = strings.TrimSuffix(name, "/")
	if t.name == "" || !isLetter(t.name[0]) {
		return tag{}
	}
	t.role = roleOf(t.name, attributes)
	return t
}

// tagEnd finds the '>' that is not inside a quoted attribute.
func tagEnd(s string, i int) int {
	quotes := 0
	for from := i; ; {
		n := strings.IndexByte(s[from:], '>')
		if n < 0 {
			return 0
		}
		quotes += strings.Count(s[from:from+n], `"`)
		from += n + 1
		if quotes%2 == 0 {
			return from
		}
	}
}

func roleOf(name, attributes string) role {
	switch {
	case name == "del":
		return struck
	case name == "ins":
		return current
	case attributes == "":
		return plain
	case strings.Contains(attributes, "screen-reader-text"):
		return spoken
	case strings.Contains(attributes, "woocommerce-price-suffix"):
		return suffix
	case strings.Contains(attributes, `class="from"`):
		return fromLabel
	}
	return plain
}

// closingTag finds the tag that closes the element opened by t, minding
// elements of the same name in between. Its end is 0 when there is none.
func closingTag(s string, t tag) (start int, closing tag) {
	depth := 1
	for i := t.end; ; {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return 0, tag{}
		}
		i += n
		next := tagAt(s, i)
		switch {
		case next.end == 0:
			return 0, tag{}
		case next.name == t.name && next.closing:
			depth--
		case next.name == t.name:
			depth++
		}
		if depth == 0 {
			return i, next
		}
		i = next.end
	}
}

// formatting skips the tag at s[i] when it says nothing about the amounts
// around it. It answers i when there is no tag or the tag does. The tags that
// wc_price writes are recognised without reading them.
func formatting(s string, i int) int {
	rest := s[i:]
	switch {
	case strings.HasPrefix(rest, "</span>"):
		return i + len("</span>")
	case strings.HasPrefix(rest, "</bdi>"):
		return i + len("</bdi>")
	case strings.HasPrefix(rest, "<bdi>"):
		return i + len("<bdi>")
	case strings.HasPrefix(rest, priceTag):
		return i + strings.IndexByte(rest, '>') + 1
	}
	if t := tagAt(s, i); t.end > 0 && t.role == plain {
		return t.end
	}
	return i
}

// skipTags skips formatting tags, but no spaces: a sign stands directly at
// its amount.
func skipTags(s string, i int) int {
	for i < len(s) && s[i] == '<' {
		next := formatting(s, i)
		if next == i {
			break
		}
		i = next
	}
	return i
}

// gap skips spaces and formatting tags: what may stand between a symbol and
// a number.
func gap(s string, i int) int {
	for i < len(s) {
		next := i
		switch ch := s[i]; {
		case ch == ' ':
			next++
		case ch == '<':
			next = formatting(s, i)
		case ch < ' ' || ch >= 0x80 || ch == '&':
			if r, width := decode(s, i); fold(r) == ' ' {
				next += width
			}
		}
		if next == i {
			break
		}
		i = next
	}
	return i
}

func isLetter(ch byte) bool { return ch|0x20 >= 'a' && ch|0x20 <= 'z' }
