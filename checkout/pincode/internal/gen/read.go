package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// row is one line of the directory, with WooCommerce's state codes.
type row struct {
	pin       uint32
	districts []string
	states    []string
	delivers  bool
}

// read takes in the CSV: a PIN, its districts and its states, two joined by "|", and whether an office there delivers.
func read(in io.Reader) ([]row, error) {
	lines, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || !slices.Equal(lines[0], []string{"pin", "district", "state", "delivery"}) {
		return nil, fmt.Errorf("want the columns pin, district, state, delivery")
	}
	var rows []row
	for i, line := range lines[1:] {
		r, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func parse(line []string) (row, error) {
	pin, err := strconv.ParseUint(line[0], 10, 32)
	if err != nil || pin < 100_000 || pin > 999_999 {
		return row{}, fmt.Errorf("pin: want six digits, the first not 0")
	}
	if line[3] != "0" && line[3] != "1" {
		return row{}, fmt.Errorf("delivery: want 0 or 1")
	}
	r := row{pin: uint32(pin), districts: split(line[1]), delivers: line[3] == "1"}
	for _, name := range split(line[2]) {
		codes, err := stateCodes(name, r.districts)
		if err != nil {
			return row{}, err
		}
		r.states = append(r.states, codes...)
	}
	return r, nil
}

func split(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, "|")
}

// stateCodes gives WooCommerce's code for a state as the directory spells it. WooCommerce 9.6 to 10.1 has two codes for
// the union territory that was made of two: which it is, the district says.
func stateCodes(name string, districts []string) ([]string, error) {
	if name != "The Dadra And Nagar Haveli And Daman And Diu" {
		code, ok := states()[name]
		if !ok {
			return nil, fmt.Errorf("state: no code for %q", name)
		}
		return []string{code}, nil
	}
	var codes []string
	for _, d := range districts {
		switch d {
		case "Dadra And Nagar Haveli":
			codes = append(codes, "DN")
		case "Daman", "Diu":
			codes = append(codes, "DD")
		}
	}
	if len(codes) == 0 {
		return nil, fmt.Errorf("state: %q has none of its districts", name)
	}
	return slices.Compact(codes), nil
}

// states are the codes of WooCommerce's i18n/states.php (IN), since 9.6, by the directory's names.
func states() map[string]string {
	return map[string]string{
		"Andhra Pradesh": "AP", "Arunachal Pradesh": "AR", "Assam": "AS", "Bihar": "BR", "Chhattisgarh": "CT", "Goa": "GA",
		"Gujarat": "GJ", "Haryana": "HR", "Himachal Pradesh": "HP", "Jammu And Kashmir": "JK", "Jharkhand": "JH",
		"Karnataka": "KA", "Kerala": "KL", "Ladakh": "LA", "Madhya Pradesh": "MP", "Maharashtra": "MH", "Manipur": "MN",
		"Meghalaya": "ML", "Mizoram": "MZ", "Nagaland": "NL", "Odisha": "OD", "Punjab": "PB", "Rajasthan": "RJ",
		"Sikkim": "SK", "Tamil Nadu": "TN", "Telangana": "TS", "Tripura": "TR", "Uttarakhand": "UK", "Uttar Pradesh": "UP",
		"West Bengal": "WB", "Andaman And Nicobar Islands": "AN", "Chandigarh": "CH", "Delhi": "DL", "Lakshadweep": "LD",
		"Puducherry": "PY",
	}
}
