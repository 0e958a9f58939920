package main

import (
	"slices"

	"github.com/ankkor/ankkor/checkout/pincode/internal/table"
)

// slip is a state that the directory names for PINs that are not there: a row or two of an office that was filed under a
// wrong PIN.
type slip struct {
	from, to uint32
	state    string
}

// slips were found by comparing each PIN with its neighbours of the same three digits, which are one sorting district.
func slips() []slip {
	return []slip{
		{301_000, 345_999, "TS"}, // Rajasthan, with offices of Mulugu
		{334_002, 334_002, "CT"}, // Bikaner, as Raipur
		{384_316, 384_316, "RJ"}, // Mahesana, as Nagaur
		{500_000, 509_999, "AP"}, // Telangana, with single offices of Andhra Pradesh
		{531_149, 531_149, "TS"}, // Visakhapatnam, with an office of Medak
		{612_906, 612_906, "KL"}, // Thanjavur, as Kozhikode
		{756_048, 756_048, "TS"}, // Baleshwar, with an office of Mulugu
		{791_701, 791_701, "MZ"}, // Arunachal Pradesh, as Aizawl
		{799_001, 799_001, "TS"}, // Agartala, as Nirmal
	}
}

// army is where the PINs of the Army Postal Service begin. Their mail goes to units wherever those are: the directory's
// district is that of a sorting office, not of the addressee.
const army = 900_000

// entries corrects the rows and fills in what the neighbours know.
func entries(rows []row) []table.Entry {
	homes := districtStates(rows)
	var corrected []row
	for _, r := range rows {
		corrected = append(corrected, correct(r, homes))
	}
	prefixes := prefixStates(corrected)
	var entries []table.Entry
	for _, r := range corrected {
		if states := prefixes[r.pin/1000]; len(r.states) == 0 && len(states) == 1 {
			r.states = states
		}
		entries = append(entries, table.Entry{PIN: r.pin, Districts: r.districts, States: r.states, Deliverable: r.delivers})
	}
	return entries
}

// correct takes out a state that is a slip, and the districts that are in no state that is left.
func correct(r row, homes map[string][]string) row {
	if r.pin >= army {
		r.districts, r.states = nil, nil
		return r
	}
	kept := slices.DeleteFunc(slices.Clone(r.states), func(state string) bool {
		return slices.ContainsFunc(slips(), func(s slip) bool { return s.from <= r.pin && r.pin <= s.to && s.state == state })
	})
	if len(kept) == len(r.states) {
		return r
	}
	r.states = kept
	r.districts = slices.DeleteFunc(slices.Clone(r.districts), func(district string) bool {
		return !slices.ContainsFunc(homes[district], func(home string) bool { return slices.Contains(kept, home) })
	})
	return r
}

// districtStates says in which states a district is, by the PINs that lie in one state only.
func districtStates(rows []row) map[string][]string {
	homes := map[string][]string{}
	for _, r := range rows {
		if len(r.states) != 1 {
			continue
		}
		for _, d := range r.districts {
			if !slices.Contains(homes[d], r.states[0]) {
				homes[d] = append(homes[d], r.states[0])
			}
		}
	}
	return homes
}

// prefixStates lists the states of each sorting district, the first three digits.
func prefixStates(rows []row) map[uint32][]string {
	states := map[uint32][]string{}
	for _, r := range rows {
		for _, s := range r.states {
			if prefix := r.pin / 1000; !slices.Contains(states[prefix], s) {
				states[prefix] = append(states[prefix], s)
			}
		}
	}
	return states
}
