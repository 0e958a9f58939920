package pricing

// Currency is an active ISO 4217 code in capitals, such as "INR".
// Conversions from untrusted text go through ParseCurrency.
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

// Active codes of ISO 4217 list one by their number of minor digits. Fund
// codes, metals and the testing codes (XXX, XTS, ...) are not money a shop
// takes and are left out.
const (
	codes0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "
	codes3 = "BHD IQD JOD KWD LYD OMR TND "
	codes4 = "CLF UYW "
	codes2 = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD " +
		"CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD " +
		"HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK " +
		"MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB " +
		"SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD " +
		"UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "
)

// minorDigits answers without a table of strings: -1 for an unknown code.
func minorDigits(code string) int {
	if len(code) != 3 {
		return -1
	}
	switch {
	case listed(codes2, code):
		return 2
	case listed(codes0, code):
		return 0
	case listed(codes3, code):
		return 3
	case listed(codes4, code):
		return 4
	}
	return -1
}

// listed reports whether the three letters stand in the list at a multiple
// of four.
func listed(list, code string) bool {
	for i := 0; i+3 < len(list); i += 4 {
		if list[i] == code[0] && list[i+1] == code[1] && list[i+2] == code[2] {
			return true
		}
	}
	return false
}

// ParseCurrency accepts an active ISO 4217 code in capitals. Lower case, the
// empty string and XXX (ISO's "no currency") are refused with an
// *InvalidError whose field is "currency".
func ParseCurrency(code string) (Currency, error) {
	if minorDigits(code) < 0 {
		return "", invalid("currency", "want an active ISO 4217 code in capitals, such as INR")
	}
	return Currency(code), nil
}

// MinorDigits is the number of decimals of the currency's minor unit: 2 for
// INR, 0 for JPY, 3 for KWD. It is 0 for what ParseCurrency refuses.
func (c Currency) MinorDigits() int { return max(minorDigits(string(c)), 0) }
