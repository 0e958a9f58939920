package pricing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAmounts is more than any price text holds: a sale has four, a suffix
// two.
const maxAmounts = 12

// scanner goes once through a text and collects its amounts, what stands
// before each, and what its HTML says about them.
type scanner struct {
	parser *Parser
	s      string
	i      int
	role   role // of the element around i
	ends   int  // where the suffix element ends, when role is suffix
	from   bool // a "From:" label was there
	text   gapText
	list   [maxAmounts]amount
	n      int
}

// gapText is what stands between two amounts, spaces apart.
type gapText uint8

const (
	words   gapText = 1 << iota // letters
	dash                        // one dash, first of all
	stop                        // a full stop
	opening                     // a bracket or slash: (18% GST), / 500 g
	other                       // any other sign
)

func (sc *scanner) amounts() []amount { return sc.list[:sc.n] }

func (sc *scanner) fail(reason string, cause error) error {
	return &ParseError{Offset: sc.i, Reason: reason, Err: cause}
}

// scan goes through the whole text.
func (sc *scanner) scan() error {
	for sc.i < len(sc.s) {
		if sc.role == suffix && sc.i >= sc.ends {
			sc.role = plain
		}
		var err error
		if sc.s[sc.i] == '<' {
			err = sc.tag()
		} else {
			err = sc.step()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// step takes a space, an amount, a word or a sign.
func (sc *scanner) step() error {
	r, width := decode(sc.s, sc.i)
	if fold(r) == ' ' {
		sc.i += width
		return nil
	}
	if !sc.isDash(r) {
		var a amount
		found, reason := sc.parser.amountAt(sc.s, sc.i, &a)
		if reason != "" {
			sc.i = max(a.end, sc.i)
			return sc.fail(reason, nil)
		}
		if found {
			return sc.add(a)
		}
	}
	return sc.sign(r, width)
}

// isDash tells a dash between two amounts from the sign of the next one:
// ₹5 - ₹9 and ₹5-₹9 are ranges, -₹5 is negative.
func (sc *scanner) isDash(r rune) bool {
	if r != '-' || sc.parser.signAt(sc.i) {
		return false
	}
	tight := sc.n > 0 && sc.amounts()[sc.n-1].end == sc.i
	return tight || gap(sc.s, sc.i+1) > skipTags(sc.s, sc.i+1)
}

func (sc *scanner) add(a amount) error {
	if sc.n == maxAmounts {
		return sc.fail("more amounts than a price text has", ErrAmbiguous)
	}
	a.before, a.role = sc.text, sc.role
	sc.list[sc.n] = a
	sc.n++
	sc.text = 0
	sc.i = a.end
	return nil
}

// sign takes whatever is neither space nor amount.
func (sc *scanner) sign(r rune, width int) error {
	switch {
	case unicode.IsLetter(r):
		return sc.word()
	case r == utf8.RuneError && width == 1:
		return sc.fail("not UTF-8", nil)
	case unicode.IsNumber(r):
		return sc.fail("digits other than 0 to 9", nil)
	case sc.n > 0 && sc.role != suffix && sc.parser.symbolAt(sc.s, sc.i) > sc.i:
		return sc.fail("a symbol without a number", ErrAmbiguous)
	case (r == '-' || r == '–' || r == '—') && sc.text == 0:
		sc.text |= dash
	case r == '.' || r == '。' || r == '।':
		sc.text |= stop
	case r == '(' || r == '[' || r == '/':
		sc.text |= opening
	default:
		sc.text |= other
	}
	sc.i += width
	return nil
}

// word takes letters up to anything else.
func (sc *scanner) word() error {
	start := sc.i
	for sc.i < len(sc.s) {
		r, width := decode(sc.s, sc.i)
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		sc.i += width
	}
	if sc.text == 0 && sc.n > 0 && multiplies(sc.s[start:sc.i]) {
		return sc.fail("a word that multiplies the amount", ErrAmbiguous)
	}
	sc.text |= words
	return nil
}

// multiplies recognises the words that make ₹5 something else: ₹5 lakh.
func multiplies(word string) bool {
	switch strings.ToLower(word) {
	case "k", "thousand", "lac", "lacs", "lakh", "lakhs", "cr", "crore", "crores", "million", "mn", "billion", "bn":
		return true
	}
	return false
}

// tag takes a tag, and the whole element when it says nothing new.
func (sc *scanner) tag() error {
	if next := formatting(sc.s, sc.i); next > sc.i {
		sc.i = next
		return nil
	}
	t := tagAt(sc.s, sc.i)
	if t.end == 0 {
		return sc.fail("'<' without a tag", nil)
	}
	switch t.role {
	case struck, current:
		sc.role = t.role
		if t.closing {
			sc.role = plain
		}
	case spoken, fromLabel, suffix:
		return sc.element(t)
	}
	sc.i = t.end
	return nil
}

// element finds the end of an element that is read, or skipped, as a whole.
func (sc *scanner) element(t tag) error {
	start, closing := closingTag(sc.s, t)
	if closing.end == 0 {
		return sc.fail("an element that is not closed", nil)
	}
	if t.role == suffix {
		sc.role, sc.ends, sc.i = suffix, start, t.end
		sc.text |= other // a dash in the suffix makes no range
		return nil
	}
	sc.from = sc.from || t.role == fromLabel && sc.n == 0
	sc.i = closing.end
	return nil
}
