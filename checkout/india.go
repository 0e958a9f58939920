package checkout

import "strings"

// NormalizePIN accepts an Indian postal index number as WooCommerce does (six digits, the first 1 to 9, at most one space
// after the third) and returns it without the space.
func NormalizePIN(s string) (string, bool) {
	if len(s) == 7 && s[3] == ' ' {
		s = s[:3] + s[4:]
	}
	if len(s) != 6 || s[0] == '0' || !digits(s) {
		return "", false
	}
	return s, true
}

// SameState reports whether two codes mean the same Indian state: WooCommerce and ISO 3166-2 have renamed several
// (OR became OD in WooCommerce 9.6; DN and DD were merged into DH).
func SameState(a, b string) bool {
	return a == b || canonicalState(a) == canonicalState(b)
}

func canonicalState(code string) string {
	switch code {
	case "OR":
		return "OD"
	case "DN", "DD":
		return "DH"
	case "CG":
		return "CT"
	case "TG":
		return "TS"
	case "UT", "UA":
		return "UK"
	}
	return code
}

// normalizePhone returns an Indian mobile number as +91 and ten digits; a number of another country keeps its digits and
// a leading plus.
func normalizePhone(s, country string) (string, bool) {
	bare, ok := phoneDigits(s)
	if !ok {
		return "", false
	}
	if country != countryIndia {
		return bare, len(bare) >= 7 && len(bare) <= 16
	}
	if strings.HasPrefix(bare, "+") && !strings.HasPrefix(bare, "+91") {
		return bare, len(bare) >= 8 && len(bare) <= 16
	}
	return indianMobile(strings.TrimPrefix(bare, "+"))
}

func indianMobile(bare string) (string, bool) {
	bare = strings.TrimPrefix(bare, "00")
	if len(bare) == 12 {
		bare = strings.TrimPrefix(bare, "91")
	}
	bare = strings.TrimPrefix(bare, "0")
	if len(bare) != 10 || bare[0] < '6' {
		return "", false
	}
	return "+91" + bare, true
}

// phoneDigits drops the punctuation WooCommerce allows (WC_Validation::is_phone) and refuses anything else.
func phoneDigits(s string) (string, bool) {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -_./()#", r):
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
