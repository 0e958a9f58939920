package gst

import "strings"

// GSTIN is the number under which a taxpayer is registered.
type GSTIN string

// alphabet are the digits of the check sum.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// ParseGSTIN reads a GSTIN as it is typed, with spaces and small letters, and checks its form, its state and its check
// digit. That a number passes does not mean that it was issued or is in force: only the GST portal knows. It returns an
// *InvalidError on "gstin" that says what is wrong without repeating the number.
func ParseGSTIN(text string) (GSTIN, error) {
	if len(text) > 64 {
		return "", &InvalidError{"gstin", "must have 15 characters"}
	}
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	switch {
	case len(text) != 15 || strings.Trim(text, alphabet) != "":
		return "", &InvalidError{"gstin", "must have 15 letters and digits"}
	case !matches(text, "00AAAAA0000ANXN"):
		return "", &InvalidError{"gstin", "must be two digits of a state, a PAN, and three more characters such as 1Z5"}
	case stateOf(text[:2]) == "" && text[:2] != "97" && text[:2] != "99":
		return "", &InvalidError{"gstin", "must begin with the number of a state"}
	case checkDigit(text[:14]) != text[14]:
		return "", &InvalidError{"gstin", "has a wrong check digit: one character was mistyped"}
	}
	return GSTIN(text), nil
}

// matches compares with a pattern: 0 is a digit, A a letter, N either, X a letter or a digit other than 0.
func matches(text, pattern string) bool {
	for i := range pattern {
		c := text[i]
		digit := c >= '0' && c <= '9'
		if (pattern[i] == '0' && !digit) || (pattern[i] == 'A' && digit) {
			return false
		}
	}
	return text[12] != '0'
}

// checkDigit weighs the characters 1, 2, 1, 2 … and adds up both digits of each product in base 36.
func checkDigit(text string) byte {
	sum := 0
	for i := range len(text) {
		product := strings.IndexByte(alphabet, text[i]) * (1 + i%2)
		sum += product/36 + product%36
	}
	return alphabet[(36-sum%36)%36]
}

// PAN is the taxpayer's permanent account number.
func (g GSTIN) PAN() string {
	if len(g) != 15 {
		return ""
	}
	return string(g[2:12])
}

// State is the state of registration in WooCommerce's code (MH), "" for one that is none. WooCommerce renamed some over
// time: Odisha is OD here (OR before 9.6), and Dadra and Nagar Haveli and Daman and Diu DN.
func (g GSTIN) State() string {
	if len(g) != 15 {
		return ""
	}
	return stateOf(string(g[:2]))
}

// stateOf looks a number of a state up. Numbers 25 and 28 are of states that are no more.
func stateOf(number string) string {
	const states = "01JK 02HP 03PB 04CH 05UK 06HR 07DL 08RJ 09UP 10BR 11SK 12AR 13NL 14MN 15MZ 16TR 17ML 18AS 19WB 20JH " +
		"21OD 22CT 23MP 24GJ 25DD 26DN 27MH 28AP 29KA 30GA 31LD 32KL 33TN 34PY 35AN 36TS 37AP 38LA "
	for rest := states; rest != ""; rest = rest[5:] {
		if rest[:2] == number {
			return rest[2:4]
		}
	}
	return ""
}
