package wp

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"
)

// RawOf is the JSON of a member that was decoded by DecodeObject, nil for an object.
func RawOf(v any) json.RawMessage {
	raw, _ := v.(json.RawMessage)
	return raw
}

// RawText is a decoded JSON string, or the literal of anything else.
func RawText(v any) string {
	raw := RawOf(v)
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// TextOf is a JSON string's text, or the literal itself.
func TextOf(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.TrimSpace(string(raw))
}

// IntOf reads a whole number, sent as one or as text; what is no number counts as 0, as in PHP.
func IntOf(raw json.RawMessage) int64 {
	d, err := decimal.NewFromString(TextOf(raw))
	if err != nil {
		return 0
	}
	return d.IntPart()
}

// DecimalOf reads an amount; what is not a number counts as 0, as in PHP.
func DecimalOf(raw json.RawMessage) decimal.Decimal {
	text := strings.TrimSpace(TextOf(raw))
	if len(text) > 40 {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > 20 || d.Exponent() < -40 {
		return decimal.Zero
	}
	return d.Round(RoundingPrecision)
}

// JSONNumber writes a decimal as a JSON number.
func JSONNumber(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// RoundingPrecision is the precision WooCommerce keeps taxes with: six decimals.
const RoundingPrecision = 6
