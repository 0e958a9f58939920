package pricing

// Currency is an active ISO 4217 code in capitals, such as "INR". Text from
// outside becomes a Currency through ParseCurrency.
type Currency string

// Currencies that code names often. Every active ISO 4217 code is accepted.
const (
	INR Currency = "INR"
	USD Currency = "USD"
	EUR Currency = "EUR"
	GBP Currency = "GBP"
	JPY Currency = "JPY"
	KWD Currency = "KWD"
	AED Currency = "AED"
	AUD Currency = "AUD"
	CAD Currency = "CAD"
	SGD Currency = "SGD"
)

// ParseCurrency accepts an active ISO 4217 code in capitals. Lower case, the
// empty string and XXX (ISO's "no currency") are refused with an
// *InvalidError whose field is "currency".
func ParseCurrency(code string) (Currency, error) {
	if minorDigits(Currency(code)) < 0 {
		return "", errCurrency()
	}
	return Currency(code), nil
}

func errCurrency() error {
	return invalid("currency", "want an active ISO 4217 code in capitals, such as INR")
}

// MinorDigits is the number of decimals of the currency's minor unit: 2 for
// INR, 0 for JPY, 3 for KWD. It is 0 for what ParseCurrency refuses.
func (c Currency) MinorDigits() int { return max(minorDigits(c), 0) }

// minorDigits is ISO 4217 list one, as of 2026, without what no shop takes:
// metals, settlement units between banks (XDR, XUA, XSU, XAD), XTS and XXX.
// BGN, which the euro replaced that year, is still in shops' order books. It
// is -1 for every other code.
func minorDigits(c Currency) int {
	if c == INR { // spares most callers the search
		return 2
	}
	switch c {
	case "INR", "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD",
		"BDT", "BGN", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
		"CAD", "CDF", "CHE", "CHF", "CHW", "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK",
		"DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
		"GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "IRR", "JMD",
		"KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD",
		"MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV",
		"MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP",
		"PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
		"SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT",
		"TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "USN", "UYU", "UZS", "VED", "VES",
		"WST", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG":
		return 2
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
		"VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return -1
}
