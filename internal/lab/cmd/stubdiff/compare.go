package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// difference is one place in which the stand-in answers otherwise.
type difference struct {
	at, real, stood string
}

// compareAnswers tells how the stand-in's answer differs from the store's.
func compareAnswers(s step, real, stood answer) []difference {
	switch {
	case real.err != nil || stood.err != nil:
		return []difference{{"answer", fmt.Sprint(real.err), fmt.Sprint(stood.err)}}
	case real.status != stood.status:
		return []difference{{"status", describe(real), describe(stood)}}
	}
	c := comparison{step: s, real: real, stood: stood}
	c.headers()
	if s.shape {
		c.shapes()
	} else {
		c.values("", real.body, stood.body)
	}
	return c.found
}

func describe(a answer) string {
	text, err := json.Marshal(a.body)
	if err != nil {
		return fmt.Sprint(a.status)
	}
	return fmt.Sprintf("%d %.160s", a.status, text)
}

type comparison struct {
	step        step
	real, stood answer
	found       []difference
}

func (c *comparison) differ(at string, real, stood any) {
	if !slices.ContainsFunc(c.step.ignore, func(pattern string) bool { return fits(pattern, at) }) {
		c.found = append(c.found, difference{at, fmt.Sprintf("%.140v", real), fmt.Sprintf("%.140v", stood)})
	}
}

// fits matches a path with a pattern in which * stands for anything.
func fits(pattern, at string) bool {
	expression := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")
	return regexp.MustCompile(`^` + expression + `$`).MatchString(at)
}

// Headers that a client reads. Of those in present only the presence counts.
var (
	compared = []string{
		"Content-Type", "Allow", "Location", "X-Wp-Total", "X-Wp-Totalpages", "Cache-Control", "Retry-After", "X-Robots-Tag",
		"X-Content-Type-Options", "User-Id", "X-Ankkor-Companion", "X-Ankkor-Replay", "Link",
	}
	present = []string{"Cart-Token", "Nonce", "Nonce-Timestamp", "Cart-Hash", "Woocommerce-Session", "X-Jwt-Refresh"}
)

func (c *comparison) headers() {
	for _, name := range compared {
		if name == "Link" && strings.Contains(c.real.header.Get(name), "/wp-json/wc/") {
			c.paging()
			continue
		}
		real, stood := c.masked(c.real, strings.Join(c.real.header.Values(name), ", ")), c.masked(c.stood, strings.Join(c.stood.header.Values(name), ", "))
		if c.step.shape && (name == "X-Wp-Total" || name == "X-Wp-Totalpages" || name == "Link") {
			real, stood = fmt.Sprint(real != ""), fmt.Sprint(stood != "")
		}
		if !c.sameText(real, stood) {
			c.differ("header "+http.CanonicalHeaderKey(name), real, stood)
		}
	}
	for _, name := range present {
		if real, stood := c.real.header.Get(name) != "", c.stood.header.Get(name) != ""; real != stood {
			c.differ("header "+name, "present: "+fmt.Sprint(real), "present: "+fmt.Sprint(stood))
		}
	}
}

// paging compares the links to other pages by what they lead to: WordPress
// writes lists in their addresses in more than one way, and beside them leaves
// out the link to its API.
func (c *comparison) paging() {
	relations := regexp.MustCompile(`rel="(next|prev|first|last)"`)
	real := relations.FindAllString(strings.Join(c.real.header.Values("Link"), ", "), -1)
	stood := relations.FindAllString(strings.Join(c.stood.header.Values("Link"), ", "), -1)
	if !c.step.shape && !slices.Equal(real, stood) {
		c.differ("header Link", real, stood)
	}
}

// values compares keys, types and what they hold.
func (c *comparison) values(at string, real, stood any) {
	if kind(real) != kind(stood) {
		c.differ(at, kind(real)+" "+short(real), kind(stood)+" "+short(stood))
		return
	}
	switch a := real.(type) {
	case map[string]any:
		b := stood.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(a)) {
			if _, ok := b[key]; ok {
				c.values(join(at, key), a[key], b[key])
			} else {
				c.differ(join(at, key), kind(a[key])+" "+short(a[key]), "missing")
			}
		}
		for _, key := range slices.Sorted(maps.Keys(b)) {
			if _, ok := a[key]; !ok {
				c.differ(join(at, key), "missing", kind(b[key])+" "+short(b[key]))
			}
		}
	case []any:
		b := stood.([]any)
		if len(a) != len(b) {
			c.differ(at, fmt.Sprintf("%d elements %s", len(a), short(a)), fmt.Sprintf("%d elements %s", len(b), short(b)))
		}
		for i := range min(len(a), len(b)) {
			c.values(fmt.Sprint(at, "[", i, "]"), a[i], b[i])
		}
	default:
		if !c.same(real, stood) {
			c.differ(at, short(real), short(stood))
		}
	}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// same compares two scalars. Values that were learnt under the same name mean
// the same in both stores.
func (c *comparison) same(real, stood any) bool {
	if real == stood {
		return true
	}
	a, b := fmt.Sprint(real), fmt.Sprint(stood)
	if c.sameName(a, b) {
		return true
	}
	_, text := real.(string)
	return text && c.sameText(c.masked(c.real, a), c.masked(c.stood, b))
}

// sameText compares two texts in which every number is equal or was learnt
// under the same name.
func (c *comparison) sameText(real, stood string) bool {
	digits := regexp.MustCompile(`\d+`)
	if digits.ReplaceAllString(real, "0") != digits.ReplaceAllString(stood, "0") {
		return false
	}
	b := digits.FindAllString(stood, -1)
	for i, n := range digits.FindAllString(real, -1) {
		if n != b[i] && !c.sameName(n, b[i]) {
			return false
		}
	}
	return true
}

// sameName reports whether two values were learnt under one name.
func (c *comparison) sameName(real, stood string) bool {
	for name, value := range c.real.learnt {
		if value == real && c.stood.learnt[name] == stood {
			return true
		}
	}
	return false
}

// changing are forms of values that nobody can determine.
var changing = []struct {
	form *regexp.Regexp
	as   string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\+00:00|Z)?`), "(time)"},
	{regexp.MustCompile(`wc_order_\w{13}`), "(order key)"},
	{regexp.MustCompile(`eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+`), "(token)"},
	{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "(hash)"},
	{regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f-]{27}\b`), "(uuid)"},
	{regexp.MustCompile(`\b\d{4}/\d\d/`), "(year/month)/"},
	{regexp.MustCompile(`[A-Z][a-z]+ \d{1,2}, \d{4}`), "(day)"},
}

// masked replaces a store's own address, what was learnt in it and what is new
// every time.
func (c *comparison) masked(a answer, text string) string {
	for _, address := range a.addresses {
		_, host, ok := strings.Cut(address, "://")
		if !ok {
			continue // a stand-in does not tell
		}
		text = strings.NewReplacer("http://"+host, "(store)", "https://"+host, "(store)").Replace(text)
	}
	for _, x := range changing {
		text = x.form.ReplaceAllString(text, x.as)
	}
	for _, name := range slices.Sorted(maps.Keys(a.learnt)) {
		if value := a.learnt[name]; len(value) > 8 {
			text = strings.ReplaceAll(text, value, "("+name+")")
		}
	}
	return text
}

// shapes compares which kinds of value stand where, over all elements of a
// list. A place that one of them has no example of says nothing.
func (c *comparison) shapes() {
	a, b := shape{}, shape{}
	a.add("", c.real.body)
	b.add("", c.stood.body)
	for _, at := range slices.Sorted(maps.Keys(a)) {
		if _, ok := b[at]; !ok && b.hasParent(at) {
			c.differ(at, a.kinds(at), "missing")
		} else if ok && !a.shares(b, at) {
			c.differ(at, a.kinds(at), b.kinds(at))
		}
	}
	for _, at := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[at]; !ok && a.hasParent(at) {
			c.differ(at, "missing", b.kinds(at))
		}
	}
}

// shape is the kinds of value at each path; a list's elements are at path[].
type shape map[string]map[string]bool

func (s shape) add(at string, v any) {
	if s[at] == nil {
		s[at] = map[string]bool{}
	}
	s[at][kind(v)] = true
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			s.add(at+"."+key, member)
		}
	case []any:
		for _, element := range v {
			s.add(at+"[]", element)
		}
	}
}

func (s shape) kinds(at string) string {
	return strings.Join(slices.Sorted(maps.Keys(s[at])), " or ")
}

func (s shape) shares(other shape, at string) bool {
	for k := range s[at] {
		if other[at][k] {
			return true
		}
	}
	return false
}

// hasParent reports whether there is an object in which the path's last member
// could have stood.
func (s shape) hasParent(at string) bool {
	i := strings.LastIndexByte(at, '.')
	return !strings.HasSuffix(at, "[]") && i >= 0 && s[at[:i]]["object"]
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func short(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("%.120s", text)
}
