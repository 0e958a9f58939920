package wootest

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"
)

func rawOf(v any) json.RawMessage {
	raw, _ := v.(json.RawMessage)
	return raw
}

// rawText is a decoded JSON string, or the literal of anything else.
func rawText(v any) string {
	raw := rawOf(v)
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// textOf is a JSON string's text, or the literal itself.
func textOf(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.TrimSpace(string(raw))
}

func intOf(raw json.RawMessage) int64 {
	d, err := decimal.NewFromString(textOf(raw))
	if err != nil {
		return 0
	}
	return d.IntPart()
}

// decimalOf reads an amount; what is not a number counts as 0, as in PHP.
func decimalOf(raw json.RawMessage) decimal.Decimal {
	text := strings.TrimSpace(textOf(raw))
	if len(text) > 40 {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > 20 || d.Exponent() < -40 {
		return decimal.Zero
	}
	return d.Round(taxPrecision)
}

func jsonNumber(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// taxPrecision is the precision WooCommerce keeps taxes with: six decimals.
const taxPrecision = 6
