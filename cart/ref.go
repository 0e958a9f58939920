package cart

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// ItemRef says which item a line is about: its identity, and nothing else.
type ItemRef struct {
	ProductID int64
	// VariationID is 0 for a product without variations.
	VariationID int64
	// Attributes are what the shopper chose of a variation that leaves it open ("any size"), by attribute
	// name: "pa_size": "l". What the variation itself fixes needs no mention.
	Attributes map[string]string
	// Data is whatever else makes two pieces different: an engraving, a gift message. WooCommerce calls it
	// cart item data.
	Data map[string]string
}

// LineKey names a line within a cart: 32 hexadecimal digits, the same on every machine and in every release.
type LineKey string

// Key returns the identity of the ref. Refs that mean the same have the same key: the order of attributes
// and data does not matter, an empty attribute is none, "attribute_pa_size" (the name in WooCommerce's
// forms) is "pa_size", attribute names are compared in lower case, and the values of global attributes
// (pa_…), which are term slugs, in lower case and with percent-escapes resolved. Data counts byte by byte.
//
// It is the first half of the SHA-256 of: product id, variation id, number of attributes, each attribute's name and
// value in the order of the names, number of data entries, each one's name and value in the same way. Numbers
// are eight bytes, most significant first; texts are their length in bytes as such a number, then UTF-8.
func (r ItemRef) Key() LineKey {
	h := sha256.New()
	writeInts(h, r.ProductID, r.VariationID)
	writePairs(h, canonicalAttributes(r.Attributes))
	writePairs(h, r.Data)
	return LineKey(hex.EncodeToString(h.Sum(nil)[:16]))
}

// Equal reports whether both refs mean the same item.
func (r ItemRef) Equal(o ItemRef) bool { return r.Key() == o.Key() }

func canonicalAttributes(attributes map[string]string) map[string]string {
	out := make(map[string]string, len(attributes))
	for name, value := range attributes {
		if value != "" {
			name = canonicalName(name)
			out[name] = canonicalValue(name, value)
		}
	}
	return out
}

func canonicalName(name string) string {
	return strings.TrimPrefix(strings.ToLower(name), "attribute_")
}

func canonicalValue(name, value string) string {
	if !strings.HasPrefix(name, "pa_") {
		return value
	}
	if plain, err := url.PathUnescape(value); err == nil && utf8.ValidString(plain) {
		value = plain
	}
	return strings.ToLower(value)
}

// writePairs writes the pairs sorted and each text with its length before it, so that no two maps give the
// same bytes.
func writePairs(h hash.Hash, pairs map[string]string) {
	writeInts(h, int64(len(pairs)))
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		writeText(h, name)
		writeText(h, pairs[name])
	}
}

func writeText(h hash.Hash, s string) {
	writeInts(h, int64(len(s)))
	h.Write([]byte(s))
}

func writeInts(h hash.Hash, ns ...int64) {
	for _, n := range ns {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
}
